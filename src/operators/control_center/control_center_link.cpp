#include "operators/control_center/control_center_link.hpp"

#include <utility>

namespace msp {

using namespace control_center;

// It refuses to look back further than a year.
constexpr Duration look_back{std::chrono::hours(24 * 364)};

ControlCenterLink::ControlCenterLink(const OperatorSettings& settings, Loop& loop, HttpClient& http)
    : loop_(loop),
      http_(http),
      access_{settings.base_url, settings.token},
      timeout_(call_time(settings.profile.pace)),
      can_(in_call_time(settings.profile.can, settings.profile.pace)) {}

HttpCall ControlCenterLink::call(HttpRequest request) const {
    return {.request = std::move(request), .timeout = timeout_, .guard = {}, .ca_file = {}};
}

void ControlCenterLink::carry_out(const Errand& errand, OutcomeDone done) {
    http_.send(call(encode_order(access_, errand)),
               [errand, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_order(answer, errand));
               });
}

// It never accepts anything for later, so there is never any news.
void ControlCenterLink::poll(const Errand&, OutcomeDone done) {
    loop_.post([done = std::move(done)] { done({Outcome::Kind::accepted, {}, std::nullopt}); });
}

void ControlCenterLink::ask(const Errand& errand, ReadingDone done) {
    http_.send(call(encode_read(access_, errand)),
               [errand, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_reading(answer, errand));
               });
}

void ControlCenterLink::list(const std::string& after, std::size_t limit, ListDone done) {
    const auto place =
        after.empty() ? std::optional(Place{1, loop_.now() - look_back}) : read_cursor(after);
    if (!place) {
        loop_.post([done = std::move(done)] {
            done(Failure{Failure::Kind::malformed, "there is no such place in the list"});
        });
        return;
    }
    http_.send(call(encode_list(access_, *place, limit)),
               [place = *place, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_list(answer, place));
               });
}

Result<OperatorEvent, EventFault> ControlCenterLink::parse_event(const HttpRequest&) const {
    return EventFault{EventFault::Kind::forged, "This operator's interface reports nothing."};
}

}  // namespace msp
