// POST …:check asks the operator now; POST …:retry sends the order again, in spite of its hold.

#include "api/change.hpp"
#include "api/handlers.hpp"
#include "provisioning/hear_operator.hpp"

namespace msp {

static void ask(const CallPtr& call, const Result<Subject, Problem>& subject, bool insist) {
    if (!subject) return call->refuse(subject.reason());
    const Result<AskOperator, Problem> command =
        AskOperator{.name = subject->name, .insist = insist, .origin = call->origin()};
    change(call, *subject, command);
}

void check_card(const CallPtr& call) {
    ask(call, card_subject(*call), false);
}
void retry_card(const CallPtr& call) {
    ask(call, card_subject(*call), true);
}
void check_device(const CallPtr& call) {
    ask(call, device_subject(*call), false);
}
void retry_device(const CallPtr& call) {
    ask(call, device_subject(*call), true);
}
void check_equipment(const CallPtr& call) {
    ask(call, equipment_subject(*call), false);
}
void retry_equipment(const CallPtr& call) {
    ask(call, equipment_subject(*call), true);
}

}  // namespace msp
