#include "main/platform.hpp"

#include "main/device_certificates.hpp"
#include "world/descriptors.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <limits>

namespace msp {

static unsigned fitting(std::uint64_t number) {
    return static_cast<unsigned>(
        std::min<std::uint64_t>(number, std::numeric_limits<unsigned>::max()));
}

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
    : loop_(loop), log_(log), config_(config) {}

Platform::~Platform() = default;

std::string Platform::path(std::string_view name) const {
    return config_.text("data") + "/" + std::string(name);
}

void Platform::fail(const Failure& failure, std::string_view next) {
    log_.error("could not start", {{"why", failure.what}, {"next", next}});
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
        return fail(made.reason(), "let this user write there, or name another folder with --data");
    metrics_ = make_metrics();
    operator_client_ = make_http_client(loop_);
    operator_streams_ = make_tcp_dialer(loop_);
    webhook_client_ = make_http_client(loop_);
    auto opened = open_store(
        {.folder = config_.text("data"),
         .lane = {},
         .limits = {.batch_most = 256, .waiting_most = config_.number("limits.waiting-commands")},
         .reading_threads = 1,
         .latched = [this] { break_off(); }},
        loop_, log_);
    if (!opened)
        return fail(opened.reason(), "free or mend this folder, or name another with --data");
    store_ = std::move(opened).value();
    run_node();
}

Result<Done, Failure> Platform::keep_staff_token(const std::string& token) {
    const auto written = write_file(path("staff.key"), token + "\n", 0600);
    if (written) log_.info("first staff key written", {{"file", path("staff.key")}});
    return written;
}

void Platform::run_node() {
    NodeSettings settings{.webhook_guard = webhook_guard(config_.text("webhooks.allow")),
                          .deliveries = {},
                          .api = {}};
    settings.deliveries.limits.concurrency = config_.number("webhooks.concurrency");
    settings.api.body_bytes = config_.number("limits.body-bytes");
    settings.api.party_calls_per_second = fitting(config_.number("limits.party-calls-per-second"));
    settings.api.party_calls_burst = fitting(config_.number("limits.party-calls-burst"));
    node_ = std::make_unique<Node>(
        NodeWindows{
            .loop = loop_,
            .log = log_,
            .random = random_,
            .metrics = *metrics_,
            .operator_client = *operator_client_,
            .operator_streams = *operator_streams_,
            .webhook_client = *webhook_client_,
            .store = *store_.store,
            .reader = *store_.reader,
            .due = store_.due,
            .keep_staff_token = [this](const auto& token) { return keep_staff_token(token); }},
        std::move(settings));
    node_->start([this](const Result<Done, Failure>& ready) {
        if (!ready) return fail(ready.reason(), "mend the data folder, then start again");
        if (const auto listening = listen(); !listening)
            return fail(listening.reason(), "free this address, or name another with --listen");
        if (const auto listening = listen_to_devices(); !listening)
            return fail(listening.reason(),
                        "name another address with --listen-devices, or mend the files of tls.*");
        started_(Done{});
    });
}

// Connections that there are no descriptors for would not be refused but left without an answer.
std::size_t Platform::connections_each() {
    constexpr std::size_t for_others = 512;  // the store's files, operators, webhooks
    const std::size_t wanted = config_.number("limits.connections");
    const std::size_t listeners = config_.text("listen.devices") == "off" ? 1 : 2;
    const std::size_t allowed = allow_descriptors(listeners * wanted + for_others);
    const std::size_t out = allowed > for_others ? (allowed - for_others) / listeners : 1;
    if (out >= wanted) return wanted;
    log_.warning("the system allows fewer connections than are configured",
                 {{"configured", wanted}, {"each-listener", out}, {"next", "raise ulimit -n"}});
    return out;
}

Result<Done, Failure> Platform::listen() {
    const HostPort where = *parse_host_port(config_.text("listen.address"));
    HttpListen plain{.address = where.host, .port = where.port, .limits = {}, .tls = nullptr};
    plain.limits.body_bytes = config_.number("limits.body-bytes");
    plain.limits.large_body_prefix = "/v1/card-batches";
    plain.limits.large_body_bytes = config_.number("limits.batch-bytes");
    plain.limits.connections = plain.limits.connections_per_address = connections_each();
    auto listener = listen_http(
        loop_, plain, [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
            node_->handle(std::move(request), std::move(exchange));
        });
    if (!listener) return listener.reason();
    api_listener_ = std::move(listener).value();
    return Done{};
}

Result<Done, Failure> Platform::listen_to_devices() {
    if (config_.text("listen.devices") == "off") return Done{};
    const auto tls = device_certificates(config_);
    if (!tls) return tls.reason();
    const HostPort where = *parse_host_port(config_.text("listen.devices"));
    HttpListen secure{.address = where.host,
                      .port = where.port,
                      .limits = {},
                      .tls = std::make_shared<const TlsFiles>(*tls)};
    secure.limits.body_bytes = 16 * 1024;
    secure.limits.connections = secure.limits.connections_per_address = connections_each();
    auto listener = listen_http(loop_, secure, node_->device_handler());
    if (!listener) return listener.reason();
    device_listener_ = std::move(listener).value();
    return Done{};
}

void Platform::drain(std::function<void()> drained) {
    node_->drain();
    const Duration patience = config_.duration("drain.patience");
    auto open = std::make_shared<int>(device_listener_ ? 2 : 1);
    const auto one_less = [open, drained = std::move(drained)] {
        if (--*open == 0) drained();
    };
    api_listener_->drain(patience, one_less);
    if (device_listener_) device_listener_->drain(patience, one_less);
}

}  // namespace msp
