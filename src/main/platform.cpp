#include "main/platform.hpp"

#include "access/bootstrap.hpp"
#include "main/device_certificates.hpp"
#include "operators/connectors.hpp"
#include "store/flow_command.hpp"
#include "world/files.hpp"

namespace msp {

static std::shared_ptr<const AddressGuard> webhook_guard(const std::string& allowed) {
    AddressRules rules;
    for (std::size_t at = 0; at < allowed.size();) {
        const std::size_t end = std::min(allowed.find(',', at), allowed.size());
        if (const auto target = parse_allowed_target(allowed.substr(at, end - at)))
            rules.allowed.push_back(*target);
        at = end + 1;
    }
    return std::make_shared<const AddressGuard>(std::move(rules));
}

Platform::Platform(Loop& loop, Log& log, const Config& config)
    : loop_(loop), log_(log), config_(config), begun_(loop.now()) {}

Platform::~Platform() = default;

std::string Platform::path(std::string_view name) const {
    return config_.text("data") + "/" + std::string(name);
}

void Platform::fail(const Failure& failure) {
    log_.error("could not start", {{"why", failure.what}});
    started_(failure);
}

void Platform::break_off() {
    log_.error("the store is broken", {{"next", "free the disk or mend it, then start again"}});
    if (broken_) broken_();
}

void Platform::start(Started started, std::function<void()> broken) {
    started_ = std::move(started);
    broken_ = std::move(broken);
    if (const auto made = make_folder(config_.text("data"), 0700); !made)
        return fail(made.reason());
    metrics_ = make_metrics();
    operator_client_ = make_http_client(loop_);
    webhook_client_ = make_http_client(loop_);
    auto opened = open_store(
        {.folder = config_.text("data"),
         .lane = {},
         .limits = {.batch_most = 256, .waiting_most = config_.number("limits.waiting-commands")},
         .reading_threads = 1,
         .latched = [this] { break_off(); }},
        loop_, log_);
    if (!opened) return fail(opened.reason());
    store_ = std::move(opened).value();
    learn_access();
}

void Platform::learn_access() {
    parties_ = std::make_unique<Parties>(*store_.store);
    keys_ = std::make_unique<Keys>(*store_.store, *parties_);
    auto known = std::make_shared<std::optional<Result<KnownAccess, Failure>>>();
    store_.reader->read([known](Archive& archive) { *known = load_access(archive); },
                        [this, known](const Result<Done, Failure>& read) {
                            if (!read) return fail(read.reason());
                            if (!**known) return fail((*known)->reason());
                            learn(***known, *parties_, *keys_);
                            if (parties_->find(m2m_sp()))
                                run_operators();
                            else
                                begin_with_staff();
                        });
}

// The token is on disk before the key is true: what is lost in between is begun anew.
void Platform::begin_with_staff() {
    FirstStaff first = first_staff(random_, loop_.now());
    if (const auto written = write_file(path("staff.key"), first.token + "\n", 0600); !written)
        return fail(written.reason());
    store_.store->submit(flow_command(std::move(first.command)),
                         [this](const Result<Answer, Failure>& answer) {
                             if (!answer) return fail(answer.reason());
                             log_.info("first staff key written", {{"file", path("staff.key")}});
                             run_operators();
                         });
}

void Platform::run_operators() {
    operators_ =
        std::make_unique<Operators>(OperatorWorld{.loop = loop_,
                                                  .store = *store_.store,
                                                  .reader = *store_.reader,
                                                  .random = random_,
                                                  .metrics = *metrics_,
                                                  .log = log_,
                                                  .started = begun_},
                                    [this](const OperatorSettings& settings) {
                                        return connect_operator(settings, loop_, *operator_client_);
                                    });
    operators_->start(store_.due, [this](const Result<Done, Failure>& ready) {
        if (!ready) return fail(ready.reason());
        run_doors();
    });
}

void Platform::run_doors() {
    follower_ = std::make_unique<FeedFollower>(loop_, *store_.store, *store_.reader);
    streams_ = std::make_unique<EventStreams>(loop_, *store_.reader, *follower_);
    DeliverySettings deliveries;
    deliveries.limits.concurrency = config_.number("webhooks.concurrency");
    webhooks_ = std::make_unique<WebhookEndpoints>(
        DeliveryWorld{.loop = loop_,
                      .store = *store_.store,
                      .reader = *store_.reader,
                      .client = *webhook_client_,
                      .random = random_,
                      .log = log_,
                      .metrics = *metrics_,
                      .follower = *follower_,
                      .guard = webhook_guard(config_.text("webhooks.allow"))},
        deliveries);
    webhooks_->start();
    reports_ =
        std::make_unique<DeviceReports>(*store_.store, *parties_, loop_, random_, *metrics_, log_);
    gateway_ = std::make_unique<HttpGateway>(*parties_, *reports_, loop_);
    ApiOptions options;
    options.body_bytes = config_.number("limits.body-bytes");
    api_ = std::make_unique<Api>(ApiParts{.store = *store_.store,
                                          .reader = *store_.reader,
                                          .loop = loop_,
                                          .random = random_,
                                          .log = log_,
                                          .metrics = *metrics_,
                                          .parties = *parties_,
                                          .keys = *keys_,
                                          .operators = *operators_,
                                          .streams = *streams_,
                                          .webhooks = *webhooks_,
                                          .device_reports = gateway_->handler()},
                                 options);
    api_->withdraw_incomplete_batches([this](const Result<Done, Failure>& withdrawn) {
        if (!withdrawn) return fail(withdrawn.reason());
        const auto listening = listen();
        if (!listening) return fail(listening.reason());
        started_(Done{});
    });
}

Result<Done, Failure> Platform::listen() {
    const HostPort where = *parse_host_port(config_.text("listen.address"));
    HttpListen plain{.address = where.host, .port = where.port, .limits = {}, .tls = nullptr};
    plain.limits.body_bytes = config_.number("limits.body-bytes");
    plain.limits.large_body_prefix = "/v1/card-batches";
    plain.limits.large_body_bytes = config_.number("limits.batch-bytes");
    plain.limits.connections = plain.limits.connections_per_address =
        config_.number("limits.connections");
    auto listener = listen_http(
        loop_, plain, [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
            api_->handle(std::move(request), std::move(exchange));
        });
    if (!listener) return listener.reason();
    api_listener_ = std::move(listener).value();
    return config_.text("listen.devices") == "off" ? Result<Done, Failure>(Done{})
                                                   : listen_to_devices();
}

Result<Done, Failure> Platform::listen_to_devices() {
    const auto tls = device_certificates(config_);
    if (!tls) return tls.reason();
    const HostPort where = *parse_host_port(config_.text("listen.devices"));
    HttpListen secure{.address = where.host,
                      .port = where.port,
                      .limits = {},
                      .tls = std::make_shared<const TlsFiles>(*tls)};
    secure.limits.body_bytes = 16 * 1024;
    auto listener = listen_http(loop_, secure, gateway_->handler());
    if (!listener) return listener.reason();
    device_listener_ = std::move(listener).value();
    return Done{};
}

void Platform::drain(std::function<void()> drained) {
    api_->drain();
    const Duration patience = config_.duration("drain.patience");
    auto open = std::make_shared<int>(device_listener_ ? 2 : 1);
    const auto one_less = [open, drained = std::move(drained)] {
        if (--*open == 0) drained();
    };
    api_listener_->drain(patience, one_less);
    if (device_listener_) device_listener_->drain(patience, one_less);
}

}  // namespace msp
