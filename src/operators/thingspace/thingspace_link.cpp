#include "operators/thingspace/thingspace_link.hpp"

#include "operators/thingspace/thingspace_callback.hpp"

#include <chrono>
#include <utility>

namespace msp {

using namespace thingspace;

namespace {

constexpr std::size_t answer_bytes_most = 8 * 1024 * 1024;  // a page of the list
constexpr Duration one_second{1'000};

// The order did not leave: either nobody answered the login, or the operator would not have it.
Outcome not_begun(const NoTokens& why) {
    if (why.answered) return {Outcome::Kind::busy, why.why, one_second};
    return {Outcome::Kind::not_sent, why.why, std::nullopt};
}

Failure not_asked(const NoTokens& why) {
    if (why.answered) return {Failure::Kind::overloaded, why.why};
    const bool unreachable = why.why == "unreachable";
    return {unreachable ? Failure::Kind::unreachable : Failure::Kind::unknown, why.why};
}

}  // namespace

ThingSpaceLink::ThingSpaceLink(const OperatorSettings& settings, Loop& loop, HttpClient& http)
    : loop_(loop),
      http_(http),
      session_(std::make_shared<Session>(
          Access{settings.base_url, settings.account, read_credentials(settings.token).value()},
          loop, http)),
      callback_password_(settings.callback_secret),
      timeout_(call_time(settings.profile.pace)),
      can_(in_call_time(settings.profile.can, settings.profile.pace)) {}

// Logs in first where that is needed; all of it within one call's time.
void ThingSpaceLink::call(Make make, Took took, Failed failed) {
    const Monotonic until = loop_.monotonic() + timeout_;
    session_->open(until, [session = session_, &loop = loop_, &http = http_, until,
                           make = std::move(make), took = std::move(took),
                           failed = std::move(failed)](const Result<Tokens, NoTokens>& tokens) {
        if (!tokens) return failed(tokens.reason());
        const auto left = std::chrono::duration_cast<Duration>(until - loop.monotonic());
        if (left <= Duration::zero()) return failed({false, "login-too-late"});
        http.send({.request = make(*tokens),
                   .timeout = left,
                   .body_limit = answer_bytes_most,
                   .guard = {},
                   .ca_file = {}},
                  [session, used = *tokens, took](const HttpAnswer& answer) {
                      if (session_is_over(answer)) session->forget(used);
                      took(answer);
                  });
    });
}

void ThingSpaceLink::carry_out(const Errand& errand, OutcomeDone done) {
    call([session = session_,
          errand](const Tokens& tokens) { return encode_order(session->access(), tokens, errand); },
         [errand, done](const HttpAnswer& answer) { done(decode_order(answer, errand)); },
         [done](const NoTokens& why) { done(not_begun(why)); });
}

// Of an order whose acceptance did not arrive nobody knows the name: there is nothing to ask.
void ThingSpaceLink::poll(const Errand& errand, OutcomeDone done) {
    const Outcome no_news{Outcome::Kind::accepted, {}, std::nullopt};
    if (errand.operator_reference.empty()) {
        loop_.post([done = std::move(done), no_news] { done(no_news); });
        return;
    }
    call([session = session_,
          errand](const Tokens& tokens) { return encode_poll(session->access(), tokens, errand); },
         [errand, done](const HttpAnswer& answer) { done(decode_poll(answer, errand)); },
         [done, no_news](const NoTokens&) { done(no_news); });
}

void ThingSpaceLink::ask(const Errand& errand, ReadingDone done) {
    call([session = session_,
          errand](const Tokens& tokens) { return encode_read(session->access(), tokens, errand); },
         [errand, done](const HttpAnswer& answer) { done(decode_reading(answer, errand)); },
         [done](const NoTokens& why) { done(not_asked(why)); });
}

void ThingSpaceLink::list(const std::string& after, std::size_t limit, ListDone done) {
    call([session = session_, after, limit](
             const Tokens& tokens) { return encode_list(session->access(), tokens, after, limit); },
         [done](const HttpAnswer& answer) { done(decode_list(answer)); },
         [done](const NoTokens& why) { done(not_asked(why)); });
}

Result<OperatorEvent, EventFault> ThingSpaceLink::parse_event(const HttpRequest& request) const {
    return parse_callback(request, callback_password_);
}

}  // namespace msp
