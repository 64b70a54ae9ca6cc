#include "main/node.hpp"

#include "access/bootstrap.hpp"
#include "operators/connectors.hpp"
#include "store/flow_command.hpp"

#include <optional>
#include <utility>

namespace msp {

Node::Node(NodeWindows windows, NodeSettings settings)
    : windows_(std::move(windows)), settings_(std::move(settings)), begun_(windows_.loop.now()) {}

Node::~Node() = default;

void Node::start(Started started) {
    started_ = std::move(started);
    learn_access();
}

void Node::learn_access() {
    parties_ = std::make_unique<Parties>(windows_.store);
    keys_ = std::make_unique<Keys>(windows_.store, *parties_);
    auto known = std::make_shared<std::optional<Result<KnownAccess, Failure>>>();
    windows_.reader.read([known](Archive& archive) { *known = load_access(archive); },
                         [this, known](const Result<Done, Failure>& read) {
                             if (!read) return started_(read.reason());
                             if (!**known) return started_((*known)->reason());
                             learn(***known, *parties_, *keys_);
                             if (parties_->find(m2m_sp()))
                                 run_operators();
                             else
                                 begin_with_staff();
                         });
}

// The token is on disk before the key is true: what is lost in between is begun anew.
void Node::begin_with_staff() {
    FirstStaff first = first_staff(windows_.random, windows_.loop.now());
    if (const auto kept = windows_.keep_staff_token(first.token); !kept)
        return started_(kept.reason());
    windows_.store.submit(flow_command(std::move(first.command)),
                          [this](const Result<Answer, Failure>& answer) {
                              if (!answer) return started_(answer.reason());
                              run_operators();
                          });
}

void Node::run_operators() {
    operators_ = std::make_unique<Operators>(
        OperatorWorld{.loop = windows_.loop,
                      .store = windows_.store,
                      .reader = windows_.reader,
                      .random = windows_.random,
                      .metrics = windows_.metrics,
                      .log = windows_.log,
                      .started = begun_},
        [this](const OperatorSettings& settings) {
            return connect_operator(settings, {.loop = windows_.loop,
                                               .http = windows_.operator_client,
                                               .streams = windows_.operator_streams,
                                               .random = windows_.random});
        });
    operators_->start(windows_.due, [this](const Result<Done, Failure>& ready) {
        if (!ready) return started_(ready.reason());
        run_webhooks();
        open_doors();
    });
}

void Node::run_webhooks() {
    follower_ = std::make_unique<FeedFollower>(windows_.loop, windows_.store, windows_.reader);
    streams_ = std::make_unique<EventStreams>(windows_.loop, windows_.reader, *follower_);
    webhooks_ = std::make_unique<WebhookEndpoints>(DeliveryWorld{.loop = windows_.loop,
                                                                 .store = windows_.store,
                                                                 .reader = windows_.reader,
                                                                 .client = windows_.webhook_client,
                                                                 .random = windows_.random,
                                                                 .log = windows_.log,
                                                                 .metrics = windows_.metrics,
                                                                 .follower = *follower_,
                                                                 .guard = settings_.webhook_guard},
                                                   settings_.deliveries);
    webhooks_->start();
}

void Node::open_doors() {
    reports_ = std::make_unique<DeviceReports>(windows_.store, *parties_, windows_.loop,
                                               windows_.random, windows_.metrics, windows_.log);
    gateway_ = std::make_unique<HttpGateway>(*parties_, *reports_, windows_.loop);
    api_ = std::make_unique<Api>(ApiParts{.store = windows_.store,
                                          .reader = windows_.reader,
                                          .loop = windows_.loop,
                                          .random = windows_.random,
                                          .log = windows_.log,
                                          .metrics = windows_.metrics,
                                          .parties = *parties_,
                                          .keys = *keys_,
                                          .operators = *operators_,
                                          .streams = *streams_,
                                          .webhooks = *webhooks_,
                                          .device_reports = gateway_->handler()},
                                 settings_.api);
    api_->withdraw_incomplete_batches(
        [this](const Result<Done, Failure>& withdrawn) { started_(withdrawn); });
}

void Node::handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
    api_->handle(std::move(request), std::move(exchange));
}

HttpHandler Node::device_handler() {
    return gateway_->handler();
}

}  // namespace msp
