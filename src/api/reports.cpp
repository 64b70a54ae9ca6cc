// What devices and operators say over HTTP goes on to those who understand it.

#include "api/call.hpp"
#include "api/handlers.hpp"
#include "operators/operators.hpp"

#include <cstdlib>

namespace msp {

// The door of devices asks for the device's own credential, and answers.
void report_device(const CallPtr& call) {
    auto exchange = call->hand_over();
    call->parts().device_reports(call->take_request(), std::move(exchange));
}

static Problem not_heard(const Heard& heard) {
    switch (heard.kind) {
        // Who has proved nothing is not told which operators there are.
        case Heard::Kind::no_such_operator:
        case Heard::Kind::forged:
            return make_problem(401, "forged", "The report does not prove to be the operator's.",
                                "Sign it as agreed, with a time that is not old.");
        case Heard::Kind::malformed:
            return make_problem(400, "malformed-report", "The report cannot be understood.",
                                "Send it in the form that the connector takes.");
        case Heard::Kind::not_now:
            return problem_of(Failure{Failure::Kind::overloaded, "a report could not be stored"});
        case Heard::Kind::stored: break;
    }
    std::abort();
}

void hear_operator_event(const CallPtr& call) {
    const auto id = OperatorId::parse(call->argument("operator"));
    if (!id) return call->refuse(not_heard({Heard::Kind::no_such_operator, {}}));
    call->parts().operators.hear(*id, call->request(), [call](const Heard& heard) {
        if (heard.kind != Heard::Kind::stored) return call->refuse(not_heard(heard));
        HttpResponse stored;
        stored.status = 204;
        call->answer(std::move(stored));
    });
}

}  // namespace msp
