// The interface of docs/operators/thingspace.md.
#include "cast/operator_tongue.hpp"
#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <utility>

namespace msp {

namespace json = boost::json;

namespace {

using What = BookedOrder::What;
using Status = BookedOrder::Status;
using State = SimulatedSubscription::State;

constexpr std::size_t devices_most = 1'000;
constexpr std::size_t sessions_most = 8;
constexpr std::size_t requests_most = 100'000;
constexpr Duration session_idle_most{std::chrono::minutes(20)};

json::string text(std::string_view view) {
    return json::string(view.data(), view.size());
}

HttpResponse answer_of(int status, const json::object& body) {
    return json_response(status, json::serialize(body));
}

HttpResponse refusal(int status, const std::string& code, std::string_view message) {
    return answer_of(status,
                     {{"errorCode", "UnifiedWebService." + code}, {"errorMessage", text(message)}});
}

std::string_view state_of(const SimulatedSubscription& one) {
    if (one.state == State::terminated) return "deactive";
    if (one.in_service()) return "active";
    return one.change == 0 ? "pre-active" : "suspend";
}

std::string_view verb_of(What what) {
    switch (what) {
        case What::activate: return "restore";
        case What::de_activate: return "suspend";
        case What::reclaim: break;
    }
    return "deactivate";
}

json::object device_of(const SimulatedSubscription& one, const std::string& state) {
    return {{"accountName", "0000123456-00001"},
            {"carrierInformations", json::array{json::object{{"carrierName", "Verizon Wireless"},
                                                             {"servicePlan", "simulated"},
                                                             {"state", state}}}},
            {"connected", one.session},
            {"deviceIds", json::array{json::object{{"id", one.reference}, {"kind", "iccid"}},
                                      json::object{{"id", one.imsi}, {"kind", "imsi"}}}}};
}

std::optional<json::object> object_of(const std::string& body) {
    boost::system::error_code failed;
    json::value parsed = json::parse(body, failed);
    if (failed || !parsed.is_object()) return std::nullopt;
    return std::move(parsed.get_object());
}

std::string text_in(const json::object& from, std::string_view name) {
    const json::value* member = from.if_contains(name);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

// {"id": …, "kind": "iccid"}
std::string iccid_in(const json::value& id) {
    const json::object* object = id.if_object();
    return object && text_in(*object, "kind") == "iccid" ? text_in(*object, "id") : "";
}

// The one device that a change names: {"devices": [{"deviceIds": [{…}]}]}; empty: none, or more.
std::string device_in(const json::object& body) {
    const json::value* devices = body.if_contains("devices");
    const json::array* all = devices ? devices->if_array() : nullptr;
    const json::object* one = all && all->size() == 1 ? all->front().if_object() : nullptr;
    const json::value* ids = one ? one->if_contains("deviceIds") : nullptr;
    const json::array* names = ids ? ids->if_array() : nullptr;
    return names && names->size() == 1 ? iccid_in(names->front()) : "";
}

class ThingSpaceTongue final : public OperatorTongue {
public:
    explicit ThingSpaceTongue(const OperatorFront& front)
        : open_(front.token.empty()),
          callback_url_(front.callback_url),
          callback_password_(front.callback_secret) {
        std::array<std::string*, 3> parts{&key_, &secret_, &username_};
        std::string_view rest = front.token;
        for (std::string* part : parts) {
            const std::size_t end = std::min(rest.find(':'), rest.size());
            *part = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        password_ = rest;
    }

    std::optional<OperatorKind> kind() const override { return OperatorKind::overwritten_combined; }
    bool accepts_first() const override { return true; }

    bool knows(const HttpRequest& request) const override {
        if (open_) return true;
        const auto said = request.headers.find("Authorization");
        if (request.target.find("/oauth2/token") != std::string::npos)
            return said == "Basic " + base64(key_ + ":" + secret_);
        return said && said->starts_with("Bearer bearer-");
    }

    bool is_order(const HttpRequest& request) const override {
        const auto actions = request.target.find("/devices/actions/");
        return actions != std::string::npos && !request.target.ends_with("/list");
    }

    Said answer(SimulatedOperator& played, const HttpRequest& request, const ReadTarget& target,
                Time latest) override {
        const auto& path = target.path;
        const std::vector<std::string> authorization{"api", "ts", "v1", "oauth2", "token"};
        if (path == authorization)
            return {answer_of(200, {{"access_token", "bearer-" + played.random().token(20)},
                                    {"scope", "ts.configuration"},
                                    {"token_type", "Bearer"},
                                    {"expires_in", 3'600}}),
                    {}};
        if (path.size() < 5 || path[0] != "api" || path[1] != "m2m" || path[2] != "v1")
            return {json_response(404, "<html><body>Not Found</body></html>"), {}};
        if (path[3] == "session" && path[4] == "login") return {login(played, request, latest), {}};
        if (!open_ && !in_session(request, latest))
            return {refusal(400, "REQUEST_FAILED.SessionToken.Expired", "Log in again"), {}};
        if (path.size() == 8 && path[3] == "accounts" && path[5] == "requests")
            return {status(played, path[6]), {}};
        if (path.size() != 6 || path[3] != "devices" || path[4] != "actions")
            return {refusal(404, "INPUT_INVALID.Resource.Unknown", "No such resource"), {}};
        const auto body = object_of(request.body);
        if (!body || text_in(*body, "accountName").empty())
            return {refusal(400, "INPUT_INVALID.AccountName.Missing", "Say the account"), {}};
        return path[5] == "list" ? Said{list(played, *body), {}}
                                 : change(played, path[5], *body, latest);
    }

    HttpResponse trouble(Trouble trouble) const override {
        switch (trouble) {
            case Trouble::internal:
                return refusal(500, "REQUEST_FAILED.Unexpected", "Something went wrong");
            case Trouble::too_many:
                return refusal(429, "REQUEST_FAILED.Throttled", "Too many requests");
            case Trouble::maintenance: {
                HttpResponse out;
                out.status = 503;
                out.body = "<html><body>Down for maintenance</body></html>";
                return out;
            }
            case Trouble::credentials: break;
        }
        return answer_of(401, {{"error", "invalid_client"}});
    }

    std::optional<HttpRequest> report(const OperatorReport& happened, Time) const override {
        json::object body{{"username", "msp"},
                          {"password", callback_password_},
                          {"requestId", happened.order ? happened.order->reference : happened.id},
                          {"deviceIds", json::array{json::object{{"id", happened.subscription},
                                                                 {"kind", "iccid"}}}}};
        if (happened.order) {
            const bool done = happened.order->status == Status::done;
            body["deviceResponse"] = json::object{};
            body["status"] = done ? "Success" : "Failed";
            if (!done)
                body["faultResponse"] =
                    json::object{{"faultcode", fault_of(*happened.order)},
                                 {"faultstring", "The request came to nothing"}};
        } else {
            body["comment"] = text(happened.type);
        }
        body["callbackCount"] = 1;
        body["maxCallbackThreshold"] = 4;
        HttpRequest out;
        out.method = "POST";
        out.target = callback_url_;
        out.headers.add("Content-Type", "application/json");
        out.body = json::serialize(body);
        return out;
    }

private:
    static std::string fault_of(const BookedOrder& order) {
        const std::string said = order.code == "suspended"    ? "DeviceSuspended"
                                 : order.code == "terminated" ? "DeviceDeactive"
                                                              : "NotProvisioned";
        return "UnifiedWebService.REQUEST_FAILED." + said;
    }

    HttpResponse login(SimulatedOperator& played, const HttpRequest& request, Time latest) {
        const auto said = read_texts(request.body);
        const bool right = said && said->contains("username") && said->contains("password") &&
                           said->at("username") == username_ && said->at("password") == password_;
        if (!open_ && !right)
            return refusal(400, "INPUT_INVALID.Password.Invalid", "Not this user's password");
        const std::string session = "session-" + played.random().token(20);
        sessions_[session] = latest;
        if (sessions_.size() > sessions_most)
            sessions_.erase(std::min_element(
                sessions_.begin(), sessions_.end(),
                [](const auto& one, const auto& other) { return one.second < other.second; }));
        return answer_of(200, {{"sessionToken", session}});
    }

    // Its idle time counts from the last request that it came with.
    bool in_session(const HttpRequest& request, Time latest) {
        const auto said = request.headers.find("VZ-M2M-Token");
        const auto session = sessions_.find(std::string(said.value_or("")));
        if (session == sessions_.end()) return false;
        const bool idle = latest - std::exchange(session->second, latest) > session_idle_most;
        if (idle) sessions_.erase(session);
        return !idle;
    }

    HttpResponse status(SimulatedOperator& played, const std::string& request) {
        const auto of = requests_.find(request);
        const SimulatedSubscription* one =
            of == requests_.end() ? nullptr : played.book().find(of->second);
        if (one)
            for (const BookedOrder& order : one->orders)
                if (order.reference == request) return status_of(order);
        return refusal(400, "INPUT_INVALID.RequestId.Invalid", "No such request");
    }

    static HttpResponse status_of(const BookedOrder& order) {
        json::object body{{"requestId", order.reference}};
        switch (order.status) {
            case Status::accepted: body["status"] = "Pending"; break;
            case Status::done: body["status"] = "Success"; break;
            case Status::refused:
                body["status"] = "Failed";
                body["faultResponse"] = json::object{{"faultcode", fault_of(order)},
                                                     {"faultstring", "It came to nothing"}};
                break;
        }
        return answer_of(200, body);
    }

    // A lock that is held for longer than the change does not show.
    static std::string shown_state(const SimulatedSubscription& one) {
        for (const BookedOrder& order : one.orders)
            if (order.status == Status::accepted)
                return "pending " + std::string(verb_of(order.what));
        return std::string(state_of(one));
    }

    // One device, or a page of all behind the one that was seen last.
    static HttpResponse list(SimulatedOperator& played, const json::object& body) {
        json::array devices;
        bool more = false;
        if (const json::value* id = body.if_contains("deviceId")) {
            if (const auto one = played.shown(iccid_in(*id)))
                devices.push_back(
                    device_of(*one, played.odd_word() ? "quarantine" : shown_state(*one)));
        } else {
            const json::value* asked = body.if_contains("maxNumberOfDevices");
            const std::size_t most =
                asked && asked->is_int64() && asked->get_int64() > 0
                    ? std::min(devices_most, static_cast<std::size_t>(asked->get_int64()))
                    : devices_most;
            const auto& all = played.book().subscriptions();
            auto at = all.upper_bound(text_in(body, "largestDeviceIdSeen"));
            for (; at != all.end() && devices.size() < most; ++at)
                devices.push_back(device_of(at->second, shown_state(at->second)));
            more = at != all.end();
        }
        return answer_of(more ? 202 : 200,
                         {{"hasMoreData", more}, {"devices", std::move(devices)}});
    }

    // Nothing: the matrix of what goes from where has a place for it.
    static std::optional<HttpResponse> objection(const SimulatedSubscription& one,
                                                 std::string_view verb, const json::object& body) {
        const std::string_view state = state_of(one);
        const bool said_all =
            verb == "activate"
                ? !text_in(body, "servicePlan").empty() && !text_in(body, "mdnZipCode").empty()
                : verb != "deactivate" || text_in(body, "reasonCode") == "FF";
        if (!said_all)
            return refusal(400, "INPUT_INVALID.Parameter.Missing", "Something is missing");
        const auto already = [](const char* what) {
            return refusal(400, std::string("REQUEST_FAILED.DeviceAlready") + what,
                           "It is so already");
        };
        if ((verb == "activate" || verb == "restore") && state == "active")
            return already("Active");
        if (verb == "suspend" && state == "suspend") return already("Suspended");
        if (verb == "deactivate" && state == "deactive") return already("Deactive");
        const bool fits = verb == "activate"  ? state == "pre-active"
                          : verb == "restore" ? state == "suspend"
                          : verb == "suspend" ? state == "active"
                                              : state == "active" || state == "suspend";
        if (fits) return std::nullopt;
        return refusal(400, "REQUEST_FAILED.InvalidTransition", "Not from " + std::string(state));
    }

    Said change(SimulatedOperator& played, const std::string& verb, const json::object& body,
                Time latest) {
        static const std::map<std::string, What, std::less<>> verbs{{"activate", What::activate},
                                                                    {"restore", What::activate},
                                                                    {"suspend", What::de_activate},
                                                                    {"deactivate", What::reclaim}};
        const auto what = verbs.find(verb);
        if (what == verbs.end())
            return {refusal(404, "INPUT_INVALID.Resource.Unknown", "No such action"), {}};
        const SimulatedSubscription* one = played.book().find(device_in(body));
        if (!one) return {refusal(400, "REQUEST_FAILED.DeviceNotFound", "No such device"), {}};
        if (played.locked(*one)) {
            ++played.counts()["order locked out"];
            return {refusal(400, "REQUEST_FAILED.DeviceStatePending", "A change is under way"),
                    Status::refused};
        }
        if (auto no = objection(*one, verb, body)) return {std::move(*no), Status::refused};
        const std::string request = "ts-" + played.random().token(26);
        const BookedOrder outcome = played.take(
            {.subscription = one->reference, .reference = request, .what = what->second}, latest);
        remember(request, one->reference);
        return {answer_of(202, {{"requestId", request}}), outcome.status};
    }

    void remember(const std::string& request, const std::string& subscription) {
        requests_[request] = subscription;
        newest_.push_back(request);
        if (newest_.size() <= requests_most) return;
        requests_.erase(newest_.front());
        newest_.pop_front();
    }

    bool open_;
    std::string key_;
    std::string secret_;
    std::string username_;
    std::string password_;
    std::string callback_url_;
    std::string callback_password_;
    std::map<std::string, Time> sessions_;         // and when each was last used
    std::map<std::string, std::string> requests_;  // and the subscription of each
    std::deque<std::string> newest_;
};

}  // namespace

extern const TongueKind thingspace_tongue;

const TongueKind thingspace_tongue{
    .name = "thingspace",
    .make = [](const OperatorFront& front) -> std::unique_ptr<OperatorTongue> {
        return std::make_unique<ThingSpaceTongue>(front);
    }};

}  // namespace msp
