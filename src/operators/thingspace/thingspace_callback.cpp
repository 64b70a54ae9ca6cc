#include "operators/thingspace/thingspace_callback.hpp"

#include "operators/thingspace/thingspace_wire.hpp"
#include "world/crypto.hpp"

#include <utility>

namespace msp::thingspace {

namespace {

EventFault forged(std::string what) {
    return {EventFault::Kind::forged, std::move(what)};
}

EventFault malformed(std::string what) {
    return {EventFault::Kind::malformed, std::move(what)};
}

// Nothing: it tells of something that happened, and not of a request.
std::optional<Outcome> outcome_of(const AnswerDocument& document) {
    const auto status = document.text("status");
    if (status == "Success") return Outcome{Outcome::Kind::done, {}, std::nullopt};
    if (status != "Failed") return std::nullopt;
    const auto why = document.part("faultResponse");
    if (!why) return Outcome{Outcome::Kind::refused, "ts-failed", std::nullopt};
    return fault(why->text("faultcode").value_or(""), why->words("faultstring"), std::nullopt);
}

}  // namespace

Result<OperatorEvent, EventFault> parse_callback(const HttpRequest& request,
                                                 const std::string& password) {
    if (password.empty()) return forged("This operator has no callback secret.");
    const auto document = AnswerDocument::parse(request.body);
    const auto said = document ? document->text("password") : std::nullopt;
    if (!said || !equal_in_constant_time(*said, password))
        return forged("It does not say the password that was registered.");
    const auto id = request_id(*document);
    if (!id) return malformed("It has no requestId, or one that is none.");
    OperatorEvent out;
    const auto outcome = outcome_of(*document);
    out.id = std::string(id->view()) + (outcome ? "/outcome" : "/change");
    if (const auto iccid = iccid_among(*document)) out.reference = *iccid;
    if (outcome) {
        out.order = OperatorEvent::Answered{{}, *outcome, *id};
        return out;
    }
    if (out.reference.empty()) return malformed("It names neither an outcome nor a card.");
    return out;
}

}  // namespace msp::thingspace
