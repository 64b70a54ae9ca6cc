#include "api/api.hpp"

#include "access/unknown_name.hpp"
#include "api/batch_withdrawal.hpp"
#include "api/call.hpp"
#include "api/route_matcher.hpp"

#include <algorithm>

namespace msp {

namespace {

using Said = std::optional<Problem>;  // nothing: go on

Problem no_route(const RouteMiss& miss) {
    if (miss.status == 400)
        return make_problem(400, "malformed-path", "The path has an escape that cannot be taken.",
                            "Percent-encode each identifier once; none holds a slash or a control "
                            "character.");
    if (miss.status == 405)
        return make_problem(405, "no-such-method", "This path has no such method.",
                            "It takes " + miss.allow + "; /openapi.json lists every call.");
    return make_problem(404, "no-such-path", "There is no such call.",
                        "See /openapi.json for every call there is.");
}

bool lists(std::string_view keys, std::string_view name) {
    bool found = false;
    for_each_word(
        keys, [&](std::string_view key) { found = found || key.substr(0, key.find('.')) == name; });
    return found;
}

Said take_query(Call& call, std::string_view raw) {
    auto query = Query::parse(raw);
    if (!query) return query.reason();
    std::vector<ProblemError> unknown;
    for (const auto& [name, value] : query->all())
        if (!lists(call.route().query, name))
            unknown.push_back({"?" + unknown_name(name), "unknown-parameter",
                               "This call has no such parameter."});
    call.asked(std::move(query).value());
    if (unknown.empty()) return std::nullopt;
    Problem out = bad_query({}, "invalid-query", "The query has parameters that cannot be taken.",
                            "See `errors` for each of them.");
    out.errors = std::move(unknown);
    return out;
}

Said too_many_attempts(Duration wait) {
    Problem out = make_problem(429, "too-many-attempts",
                               "Too many requests with a credential that opens nothing.",
                               "Wait for the time in Retry-After, and check the key.");
    out.retry_after = wait;
    return out;
}

Said keep_pace(const Call& call) {
    Desk& desk = call.desk();
    const auto wait = desk.pace.call(call.caller().party, call.parts().loop.monotonic());
    if (!wait) return std::nullopt;
    Problem out = make_problem(429, "too-many-calls", "Your party makes too many calls a second.",
                               "Repeat the request after the time in Retry-After; what concerns "
                               "many machines goes faster in one batch or one event feed.");
    out.retry_after = *wait;
    out.turned_away = true;
    return out;
}

Said authenticate(Call& call) {
    const auto field = call.request().headers.find("Authorization");
    const std::string_view authorization = field.value_or("");
    const std::string claim(claimed_key_id(authorization));
    Attempts& attempts = call.desk().attempts;
    const std::string& peer = call.request().peer;
    if (const auto wait = attempts.wait(claim, peer, call.now())) return too_many_attempts(*wait);
    auto caller = call.parts().keys.caller(authorization, call.now());
    if (!caller) {
        if (field) attempts.failed(claim, peer, call.now());
        return make_problem(401, "unauthenticated", "No key that opens this was sent.",
                            "Send `Authorization: Bearer msp_<id>_<secret>`.");
    }
    call.let_in(*std::move(caller));
    return std::nullopt;
}

bool may_call(const PartyFacts& facts, Who who) {
    switch (who) {
        case Who::everyone:
        case Who::device:
        case Who::network_operator:
        case Who::party: return true;
        case Who::device_provider: return facts.device_provider;
        case Who::equipment_provider: return facts.equipment_provider;
        case Who::staff: return false;
    }
    std::abort();
}

Problem not_for_your_party(Who who) {
    if (who == Who::staff) return problem_of(Refusal{RefusalCode::m2m_sp_only, {}, {}});
    const std::string role =
        who == Who::device_provider ? "device providers" : "equipment providers";
    return make_problem(403, "not-for-your-party", "This call is for " + role + ".",
                        "Use a key of such a party, or ask the M2M service provider for the role.");
}

Said authorise(const Call& call) {
    const Caller& caller = call.caller();
    const Route& route = call.route();
    const PartyFacts facts = facts_of(*call.parts().parties.book(), caller.party);
    if (!caller.staff() && !may_call(facts, route.who)) return not_for_your_party(route.who);
    if (caller.role < route.least)
        return problem_of(Refusal{RefusalCode::role_too_small,
                                  "This call needs the role " + std::string(word(route.least)) +
                                      "; the key has " + std::string(word(caller.role)) + ".",
                                  {}});
    return std::nullopt;
}

bool needs_no_key(const Call& call) {
    const Route& route = call.route();
    const bool metrics = route.path == "/metrics" && call.desk().options.metrics_for_everyone;
    return metrics || route.who == Who::everyone || route.who == Who::device ||
           route.who == Who::network_operator;
}

Said take_idempotency_key(Call& call) {
    const auto field = call.request().headers.find("Idempotency-Key");
    if (!field || !changes_something(call.route().original())) return std::nullopt;
    const bool visible =
        std::all_of(field->begin(), field->end(), [](char c) { return c > ' ' && c <= '~'; });
    if (field->empty() || field->size() > 128 || !visible ||
        call.request().headers.count("Idempotency-Key") > 1)
        return make_problem(400, "invalid-idempotency-key",
                            "Idempotency-Key is not one text of 1 to 128 visible ASCII characters.",
                            "Use a fresh UUID for each request, and the same one to repeat it.");
    if (!call.previews()) call.keyed(std::string(*field));
    return std::nullopt;
}

Said look_at_body(const Call& call) {
    const std::string& body = call.request().body;
    const Route& route = call.route();
    if (route.body.empty() && !body.empty() && body != "{}")
        return make_problem(400, "body-not-expected", "This call takes no body.",
                            "Send it without.");
    if (route.body != "text/csv" && body.size() > call.desk().options.body_bytes)
        return make_problem(413, "body-too-large", "The body is too large.",
                            "Send less at once; only card batches may be larger.");
    return std::nullopt;
}

// The steps between the table and the handler.
Said take(Call& call, std::string_view query) {
    if (call.desk().calls > call.desk().options.calls_most)
        return problem_of(Failure{Failure::Kind::overloaded, "too many calls at once"});
    if (!needs_no_key(call)) {
        if (auto said = authenticate(call)) return said;
        if (auto said = keep_pace(call)) return said;
        if (auto said = authorise(call)) return said;
        if (auto said = take_idempotency_key(call)) return said;
    }
    if (auto said = take_query(call, query)) return said;
    return look_at_body(call);
}

}  // namespace

Api::Api(const ApiParts& parts, const ApiOptions& options)
    : desk_(std::make_shared<Desk>(parts, options)),
      matcher_(std::make_unique<RouteMatcher>(routes())) {}

Api::~Api() {
    desk_->waiters.forget();
}

void Api::handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
    const auto call = std::make_shared<Call>(desk_, std::move(request), std::move(exchange));
    const Target target = split_target(call->request().target);
    auto match = matcher_->match(call->request().method, target.path);
    if (!match) {
        return call->refuse(no_route(match.reason()), {{"Allow", match.reason().allow}});
    }
    call->found(std::move(match).value());
    if (const Said said = take(*call, target.query)) return call->refuse(*said);
    call->route().handle(call);
}

void Api::withdraw_incomplete_batches(std::function<void(Result<Done, Failure>)> done) {
    withdraw_incomplete(*desk_, std::move(done));
}

}  // namespace msp
