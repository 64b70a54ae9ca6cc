#include "operators/rest/rest_link.hpp"

#include "operators/signed_report.hpp"

#include <utility>

namespace msp {

constexpr std::size_t list_bytes_most = 8 * 1024 * 1024;

RestLink::RestLink(const OperatorSettings& settings, Loop& loop, HttpClient& http)
    : loop_(loop),
      http_(http),
      access_{settings.base_url, settings.token},
      callback_key_(callback_key(settings.callback_secret)),
      timeout_(call_time(settings.profile.pace)),
      can_(in_call_time(settings.profile.can, settings.profile.pace)) {}

HttpCall RestLink::call(HttpRequest request) const {
    return {.request = std::move(request), .timeout = timeout_, .guard = {}, .ca_file = {}};
}

void RestLink::carry_out(const Errand& errand, OutcomeDone done) {
    http_.send(call(encode_order(access_, errand)),
               [errand, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_order(answer, errand));
               });
}

void RestLink::poll(const Errand& errand, OutcomeDone done) {
    http_.send(call(encode_poll(access_, errand)),
               [errand, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_poll(answer, errand));
               });
}

void RestLink::ask(const Errand& errand, ReadingDone done) {
    http_.send(call(encode_read(access_, errand)),
               [errand, field = can_.status_field, done = std::move(done)](
                   const HttpAnswer& answer) { done(decode_reading(answer, errand, field)); });
}

void RestLink::list(const std::string& after, std::size_t limit, ListDone done) {
    HttpCall page = call(encode_list(access_, after, limit));
    page.body_limit = list_bytes_most;
    http_.send(std::move(page),
               [field = can_.status_field, done = std::move(done)](const HttpAnswer& answer) {
                   done(decode_list(answer, field));
               });
}

Result<OperatorEvent, EventFault> RestLink::parse_event(const HttpRequest& request) const {
    return parse_signed_report(request, callback_key_, loop_.now());
}

}  // namespace msp
