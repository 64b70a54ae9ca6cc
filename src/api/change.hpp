// A change of one chain, as every such call makes it: decide and commit, or say what it would do;
// then answer with the chain as the caller may see it.
//
// Law: a call and its preview take the same command from the same body, so they cannot disagree.
// An answer shows the chain as it is after the change, or, with ?wait, once it is settled. Loop's
// thread only.
#pragma once

#include "api/archive_view.hpp"
#include "api/call.hpp"
#include "api/chain_json.hpp"
#include "api/revision.hpp"
#include "domain/explain.hpp"
#include "store/flow_command.hpp"

#include <optional>
#include <string>
#include <utility>

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

template <class Flow>
void change(const CallPtr& call, const Subject& subject, const Result<Flow, Problem>& flow) {
    if (!flow) return call->refuse(flow.reason());
    change(call, subject, flow_command(*flow, Urgency::urgent, call->key()));
}

// What a decision would do.
struct Foreseen {
    Decision decision;
    std::optional<Chain> before;
    std::string equipment_card;
};
void answer_preview(const CallPtr&, const Subject&, const Foreseen&);

// A preview shows what happens once the revision that an irreversible change asks for is named.
template <class Flow>
void name_revision(Flow& flow, const Chain& chain, Revision revision) {
    if constexpr (requires { flow.if_match; })
        if (!flow.if_match) flow.if_match = number_of(chain, revision);
}

template <class Flow>
Foreseen foresee(Archive& archive, Flow flow, const Subject& subject) {
    View view;
    Foreseen out;
    load(view, archive, subject.name);
    if (const Chain* before = view.last(subject.name)) {
        out.before = *before;
        name_revision(flow, *before, subject.revision);
    }
    out.decision = decide_over(view, archive, flow);
    return out;
}

void add_equipment_card(Foreseen&, Archive&);

template <class Flow>
void preview(const CallPtr& call, const Subject& subject, const Result<Flow, Problem>& flow) {
    if (!flow) return call->refuse(flow.reason());
    read<Foreseen>(
        call,
        [flow = *flow, subject](Archive& archive) {
            Foreseen out = foresee(archive, flow, subject);
            add_equipment_card(out, archive);
            return out;
        },
        [call, subject](const Foreseen& foreseen) { answer_preview(call, subject, foreseen); });
}

}  // namespace msp
