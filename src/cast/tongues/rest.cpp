// The interface of docs/operators/rest.md.
#include "cast/operator_tongue.hpp"
#include "world/crypto.hpp"

#include <algorithm>
#include <utility>

namespace msp {

namespace {

constexpr std::size_t list_most = 1'000;

HttpResponse busy(int status, const char* code, const char* seconds) {
    HttpResponse out = error_response(status, code);
    out.headers.add("Retry-After", seconds);
    return out;
}

std::string key_of(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return {};
    return from_base64(secret.substr(prefix.size())).value_or("");
}

class RestTongue final : public OperatorTongue {
public:
    explicit RestTongue(const OperatorFront& front)
        : token_(front.token),
          callback_url_(front.callback_url),
          callback_key_(key_of(front.callback_secret)) {}

    bool knows(const HttpRequest& request) const override {
        return token_.empty() || request.headers.find("Authorization") == "Bearer " + token_;
    }

    bool is_order(const HttpRequest& request) const override { return request.method == "PUT"; }

    Said answer(SimulatedOperator& played, const HttpRequest& request, const ReadTarget& target,
                Time latest) override {
        const auto& path = target.path;
        const OperatorKind kind = played.knobs().kind;
        if (path.empty() || path[0] != "subscriptions")
            return {error_response(404, "no-such-resource"), {}};
        if (path.size() == 1) {
            const auto after = target.query.find("after");
            const auto limit = std::min<std::size_t>(number(target, "limit", 100), list_most);
            const std::string from = after == target.query.end() ? "" : after->second;
            return {list_response(played.book(), kind, from, limit), {}};
        }
        if (path.size() == 4 && path[2] == "orders")
            return answer_order(played, request, target, latest);
        const auto one = played.shown(path[1]);
        if (path.size() != 2 || !one) return {error_response(404, "no-such-subscription"), {}};
        const std::string state(played.odd_word() ? "INVENTORY" : state_word(*one, kind));
        return {subscription_response(*one, kind, state), {}};
    }

    HttpResponse trouble(Trouble trouble) const override {
        switch (trouble) {
            case Trouble::internal: return error_response(500, "internal");
            case Trouble::too_many: return busy(429, "too-many", "1");
            case Trouble::maintenance: return busy(503, "maintenance", "2");
            case Trouble::credentials: break;
        }
        return error_response(401, "credentials");
    }

    std::optional<HttpRequest> report(const OperatorReport& happened, Time now) const override {
        return report_request(happened, callback_url_, callback_key_, now);
    }

private:
    static Said answer_order(SimulatedOperator& played, const HttpRequest& request,
                             const ReadTarget& target, Time latest) {
        const std::string& subscription = target.path[1];
        const std::string& reference = target.path[3];
        if (request.method == "PUT") {
            auto order = read_order(request.body, subscription, reference);
            if (!order) return {error_response(400, "invalid-order"), {}};
            const BookedOrder outcome = played.take(std::move(*order), latest);
            return {order_response(outcome, false), outcome.status};
        }
        const SimulatedSubscription* one = played.book().find(subscription);
        if (!one) return {error_response(404, "no-such-subscription"), {}};
        for (const BookedOrder& order : one->orders)
            if (order.reference == reference) return {order_response(order, true), {}};
        return {error_response(404, "no-such-order"), {}};
    }

    std::string token_;
    std::string callback_url_;
    std::string callback_key_;
};

}  // namespace

extern const TongueKind rest_tongue;

const TongueKind rest_tongue{
    .name = "rest", .make = [](const OperatorFront& front) -> std::unique_ptr<OperatorTongue> {
        return std::make_unique<RestTongue>(front);
    }};

}  // namespace msp
