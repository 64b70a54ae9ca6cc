// A change of one chain, as every such call makes it: decide and commit, or say what it would do;
// then answer with the chain as the caller may see it.
//
// Law: a call and its preview make the same command of the same body, so they cannot disagree.
// An answer shows the chain as it is after the change, or, with ?wait, once it is settled. Loop's
// thread only.
#pragma once

#include "api/call.hpp"
#include "api/chain_json.hpp"
#include "api/revision.hpp"
#include "store/flow_command.hpp"

#include <string>

namespace msp {

// What a call is about, and which status and revision its answer carries.
struct Subject {
    Name name;
    Layer layer = Layer::m2m;
    Revision revision = Revision::customer_hold;
};
// From the path: {iccid}, {device_id}; {equipment_id} of the caller, or of ?provider= for staff.
Result<Subject, Problem> card_subject(const Call&);
Result<Subject, Problem> device_subject(const Call&);
Result<Subject, Problem> equipment_subject(const Call&);

// The equipment's provider: the caller, or for staff whom they name. Another party's equipment is
// as absent as one that never was.
Result<PartyId, Problem> equipment_provider_of(const Call&);

HttpResponse chain_response(const Chain&, const Subject&, const PartyId& reader,
                            std::string equipment_card);

void change(const CallPtr&, const Subject&, Command);

// A preview shows what happens once the revision that an irreversible change asks for is named.
template <class Flow>
Flow with_revision(Flow flow, const Chain* chain, Revision revision) {
    if constexpr (requires { flow.if_match; })
        if (chain && !flow.if_match) flow.if_match = number_of(*chain, revision);
    return flow;
}

template <class Flow>
Command command_of(const Call& call, const Subject& subject, const Flow& flow) {
    Command out = flow_command(flow, Urgency::urgent, call.key());
    if (call.previews())
        out.decide = [flow, subject](const View& view) {
            return decide(view, with_revision(flow, view.last(subject.name), subject.revision));
        };
    return out;
}

template <class Flow>
void change(const CallPtr& call, const Subject& subject, const Result<Flow, Problem>& flow) {
    if (!flow) return call->refuse(flow.reason());
    change(call, subject, command_of(*call, subject, *flow));
}

}  // namespace msp
