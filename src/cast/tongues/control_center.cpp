// The interface of docs/operators/control-center.md.
#include "cast/operator_tongue.hpp"
#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace msp {

namespace json = boost::json;

namespace {

using What = BookedOrder::What;
using State = SimulatedSubscription::State;

constexpr std::size_t page_most = 50;
constexpr Duration year{std::chrono::hours(24 * 366)};

HttpResponse error(int status, std::string_view code, std::string_view message) {
    return json_response(status,
                         json::serialize(json::object{{"errorMessage", json::string(message)},
                                                      {"errorCode", json::string(code)}}));
}

std::string_view status_of(const SimulatedSubscription& one) {
    if (one.state == State::terminated) return "RETIRED";
    if (one.in_service()) return "ACTIVATED";
    return one.change == 0 ? "INVENTORY" : "DEACTIVATED";
}

std::optional<What> asked_for(std::string_view status) {
    if (status == "ACTIVATED") return What::activate;
    if (status == "DEACTIVATED") return What::de_activate;
    if (status == "RETIRED") return What::reclaim;
    return std::nullopt;
}

class ControlCenterTongue final : public OperatorTongue {
public:
    explicit ControlCenterTongue(const OperatorFront& front)
        : authorization_(front.token.empty() ? "" : "Basic " + base64(front.token)) {}

    std::optional<OperatorKind> kind() const override { return OperatorKind::overwritten_combined; }

    bool knows(const HttpRequest& request) const override {
        return authorization_.empty() || request.headers.find("Authorization") == authorization_;
    }

    bool is_order(const HttpRequest& request) const override { return request.method == "PUT"; }

    Said answer(SimulatedOperator& played, const HttpRequest& request, const ReadTarget& target,
                Time latest) override {
        const auto& path = target.path;
        if (path.size() < 4 || path[0] != "rws" || path[1] != "api" || path[2] != "v1")
            return {json_response(404, "<html><body>Not Found</body></html>"), {}};
        if (path.size() == 5 && path[3] == "echo")
            return {json_response(200, json::serialize(json::object{{"param", path[4]}})), {}};
        if (path[3] != "devices" || path.size() > 5) return {absent(), {}};
        if (path.size() == 4) return {list(played, target, latest), {}};
        return request.method == "PUT" ? change(played, request, path[4])
                                       : Said{read(played, path[4]), {}};
    }

    HttpResponse trouble(Trouble trouble) const override {
        switch (trouble) {
            case Trouble::internal: return error(500, "30000001", "Unknown server error");
            case Trouble::too_many: return error(429, "40000029", "Rate limit exceeded");
            case Trouble::maintenance: {
                HttpResponse out;
                out.status = 503;
                out.body = "<html><body>Down for maintenance</body></html>";
                return out;
            }
            case Trouble::credentials: break;
        }
        return error(401, "10000001", "Invalid credentials");
    }

    std::optional<HttpRequest> report(const OperatorReport&, Time) const override {
        return std::nullopt;
    }

private:
    static HttpResponse absent() { return error(404, "10000004", "Resource not found"); }

    static HttpResponse read(SimulatedOperator& played, const std::string& iccid) {
        const auto one = played.shown(iccid);
        if (!one) return absent();
        const std::string_view status = played.odd_word() ? "GLOBAL_TRANSFER" : status_of(*one);
        return json_response(200,
                             json::serialize(json::object{{"iccid", one->reference},
                                                          {"imsi", one->imsi},
                                                          {"status", json::string(status)},
                                                          {"ratePlan", "Simulated"},
                                                          {"communicationPlan", "Simulated"},
                                                          {"dateUpdated", rfc3339(one->changed)}}));
    }

    // What changed since then, that which changed longest ago first.
    static HttpResponse list(SimulatedOperator& played, const ReadTarget& target, Time now) {
        const auto given = target.query.find("modifiedSince");
        const auto since =
            given == target.query.end() ? std::nullopt : parse_rfc3339(given->second);
        const std::size_t size = number(target, "pageSize", page_most);
        const std::size_t page = number(target, "pageNumber", 1);
        if (!since || now - *since > year) return error(400, "10000024", "Invalid modifiedSince");
        if (size == 0 || size > page_most || page == 0)
            return error(400, "10000003", "Invalid page size or number");
        std::vector<const SimulatedSubscription*> all;
        // What never changed counts as fresh: the book does not know when it was delivered.
        for (const auto& [reference, one] : played.book().subscriptions())
            if (one.change == 0 || one.changed >= *since) all.push_back(&one);
        std::stable_sort(all.begin(), all.end(), [](const auto* one, const auto* other) {
            return one->changed < other->changed;
        });
        json::array devices;
        const std::size_t first = std::min(all.size(), (page - 1) * size);
        const std::size_t end = std::min(all.size(), first + size);
        for (std::size_t i = first; i < end; ++i)
            devices.push_back(json::object{{"iccid", all[i]->reference},
                                           {"status", json::string(status_of(*all[i]))},
                                           {"ratePlan", "Simulated"},
                                           {"communicationPlan", "Simulated"}});
        return json_response(200, json::serialize(json::object{{"pageNumber", page},
                                                               {"lastPage", end == all.size()},
                                                               {"devices", std::move(devices)}}));
    }

    // Done before it is answered. That a card is ACTIVATED already is an error.
    Said change(SimulatedOperator& played, const HttpRequest& request, const std::string& iccid) {
        const auto texts = read_texts(request.body);
        if (!texts || texts->size() != 1 || !texts->contains("status"))
            return {error(400, "10000003", "Only the status can be edited here"), {}};
        const SimulatedSubscription* const one = played.book().find(iccid);
        if (!one) return {absent(), {}};
        const auto what = asked_for(texts->at("status"));
        if (!what) return {error(400, "10000029", "Cannot go back to this status"), {}};
        if (status_of(*one) == "ACTIVATED" && *what == What::activate)
            return {error(400, "10030000", "The device is already activated"), {}};
        BookedOrder order{.subscription = one->reference,
                          .reference = "put-" + std::to_string(++orders_),
                          .what = *what};
        const BookedOrder outcome = played.take_at_once(std::move(order));
        if (outcome.status != BookedOrder::Status::done)
            return {error(400, "1000559", "Not from " + std::string(status_of(*one))),
                    outcome.status};
        return {json_response(200, json::serialize(json::object{{"iccid", one->reference}})),
                outcome.status};
    }

    std::string authorization_;
    std::uint64_t orders_ = 0;
};

}  // namespace

extern const TongueKind control_center_tongue;

const TongueKind control_center_tongue{
    .name = "control-center",
    .make = [](const OperatorFront& front) -> std::unique_ptr<OperatorTongue> {
        return std::make_unique<ControlCenterTongue>(front);
    }};

}  // namespace msp
