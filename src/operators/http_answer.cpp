#include "operators/http_answer.hpp"

#include <utility>

namespace msp {

std::string http_code(const HttpResponse& response) {
    return "http-" + std::to_string(response.status);
}

Outcome unknown_outcome(std::string why) {
    return {Outcome::Kind::unknown, std::move(why), std::nullopt};
}

Outcome unanswered(const Failure& failure) {
    if (failure.kind != Failure::Kind::unreachable) return unknown_outcome("no-answer");
    return {Outcome::Kind::not_sent, "unreachable", std::nullopt};
}

Failure not_read(const HttpAnswer& answer, bool busy) {
    if (!answer) return answer.reason();
    return {busy ? Failure::Kind::overloaded : Failure::Kind::unknown, http_code(*answer)};
}

Failure malformed_answer() {
    return {Failure::Kind::malformed, "malformed-answer"};
}

}  // namespace msp
