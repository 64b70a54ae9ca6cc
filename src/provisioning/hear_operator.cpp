#include "provisioning/hear_operator.hpp"

namespace msp {

namespace {

Name inbox(const HearOperator& heard) {
    return {Name::Kind::operator_event, std::string(heard.from.text()), heard.event_id};
}

// The chain that the event is about, live or not.
const Chain* subject(const View& view, const HearOperator& heard) {
    if (heard.reference.empty())
        return heard.imsi ? view.last(Name::of(heard.from, *heard.imsi)) : nullptr;
    const auto iccid = Iccid::parse(heard.reference.view(), CheckDigit::warn);
    const Chain* chain = iccid ? view.last(Name::of(*iccid)) : nullptr;
    if (!chain) chain = view.last(Name::subscription(heard.from, heard.reference.view()));
    return chain && chain->subscription.at == heard.from ? chain : nullptr;
}

}  // namespace

std::vector<Name> names(const HearOperator& heard) {
    std::vector<Name> out{inbox(heard)};
    if (const auto iccid = Iccid::parse(heard.reference.view(), CheckDigit::warn))
        out.push_back(Name::of(*iccid));
    else if (heard.imsi)
        out.push_back(Name::of(heard.from, *heard.imsi));
    return out;
}

Decision decide(const View& view, const HearOperator& heard) {
    Decision decision;
    if (view.record(inbox(heard))) {
        decision.answer.text = "heard before";
        return decision;
    }
    decision.records.push_back({inbox(heard), rfc3339(heard.origin.at) + "\n" + heard.body});
    const Chain* chain = subject(view, heard);
    if (!chain) {
        decision.answer.text = "unknown subscription";
        return decision;
    }
    Draft draft(*chain, heard.origin);
    const bool gone = reclaimed(*chain);
    if (gone)
        draft.tell({EventType::reclaimed_subscription_reported, {}, {}, {}});
    else
        draft.chain() = absorb_hint(*chain, heard.origin.at);
    draft.finish(decision);
    decision.answer.text = gone ? "reclaimed subscription" : "heard";
    return decision;
}

std::vector<Name> names(const HearAnswer& answer) {
    std::vector<Name> out = names(answer.heard);
    if (answer.talk.chain != ChainId{}) out.push_back(Name::of(answer.talk.chain));
    return out;
}

static bool is_of(const HearAnswer& answer, const InFlight& sent) {
    return answer.reference.empty() ? !answer.operator_reference.empty() &&
                                          sent.operator_reference == answer.operator_reference
                                    : sent.reference == answer.reference;
}

static bool names_subscription(const HearOperator& heard) {
    return !heard.reference.empty() || heard.imsi;
}

// The chain that the report names; where it names none, the one that the order is known to be of.
static const Chain* subject(const View& view, const HearAnswer& answer) {
    const HearOperator& heard = answer.heard;
    if (names_subscription(heard)) return subject(view, heard);
    if (answer.talk.chain == ChainId{}) return nullptr;
    const Chain* chain = view.chain(Name::of(answer.talk.chain));
    return chain && chain->subscription.at == heard.from ? chain : nullptr;
}

Decision decide(const View& view, const HearAnswer& answer) {
    Decision decision;
    const HearOperator& heard = answer.heard;
    if (view.record(inbox(heard))) {
        decision.answer.text = "heard before";
        return decision;
    }
    const Chain* chain = subject(view, answer);
    const auto sent = chain ? chain->exchange.in_flight : std::nullopt;
    const bool ours = sent && is_of(answer, *sent);
    const bool awaited = ours && !sent->answered;
    const bool strange = chain && !ours && answer.reference.empty() && names_subscription(heard) &&
                         !reclaimed(*chain);
    if (awaited) {
        TakeOutcome step{answer.talk, sent->reference, answer.outcome};
        step.talk.chain = chain->id;
        decision = decide(view, step);
    } else if (strange) {
        Draft draft(*chain, heard.origin);
        draft.chain() = look_again(*chain, heard.origin.at);
        draft.finish(decision);
    }
    decision.records.push_back({inbox(heard), rfc3339(heard.origin.at) + "\n" + heard.body});
    decision.answer.text = !chain               ? "unknown subscription"
                           : awaited || strange ? "heard"
                                                : "answered before";
    return decision;
}

static RefusalCode absent(Name::Kind kind) {
    if (kind == Name::Kind::device) return RefusalCode::no_such_device;
    if (kind == Name::Kind::equipment) return RefusalCode::no_such_equipment;
    return RefusalCode::no_such_card;
}

std::vector<Name> names(const AskOperator& command) {
    return {command.name};
}

Decision decide(const View& view, const AskOperator& command) {
    const Chain* chain = within_reach(view.last(command.name), command.origin.actor.party);
    if (!chain) return refused(absent(command.name.kind));
    if (command.insist && command.origin.actor.party != m2m_sp())
        return refused(RefusalCode::m2m_sp_only);
    if (command.insist && settled(*chain) && network_confirmed(*chain))
        return refused(RefusalCode::nothing_to_retry);
    Decision decision;
    Draft draft(*chain, command.origin);
    draft.chain() =
        command.insist ? insist(*chain, command.origin.at) : absorb_hint(*chain, command.origin.at);
    draft.finish(decision);
    return decision;
}

}  // namespace msp
