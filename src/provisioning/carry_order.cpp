#include "provisioning/carry_order.hpp"

#include "provisioning/switch_m2m_service.hpp"

namespace msp {

namespace {

Origin origin_of(const Chain& chain, const TalkContext& talk, Cause cause) {
    return {.actor = {.party = cause == Cause::timer ? m2m_sp() : party_of(chain.subscription.at),
                      .principal =
                          cause == Cause::timer ? Principal("platform") : Principal("order loop"),
                      .on_behalf_of = {}},
            .cause = cause,
            .operation = chain.exchange.operation,
            .at = talk.moment.now};
}

void go_on(Draft& draft, Decision& decision, const TalkContext& talk) {
    if (talk.may_talk) {
        Advance advanced = advance(std::move(draft.chain()), talk.profile, talk.moment, talk.fresh);
        draft.chain() = std::move(advanced.after);
        if (advanced.errand) decision.answer.errands.push_back(std::move(*advanced.errand));
    }
    draft.finish(decision);
}

bool test_is_over(const Chain& chain, Time now) {
    return chain.until && *chain.until <= now && !chain.stopped;
}

}  // namespace

std::vector<Name> names(const TakeStep& step) {
    return {Name::of(step.talk.chain)};
}
std::vector<Name> names(const TakeOutcome& step) {
    return {Name::of(step.talk.chain)};
}
std::vector<Name> names(const TakeReading& step) {
    return {Name::of(step.talk.chain)};
}

// The end of a test is a step of its own; the order that follows from it is due at once.
Decision decide(const View& view, const TakeStep& step) {
    const Chain* chain = view.chain(Name::of(step.talk.chain));
    if (!chain) return refused(RefusalCode::no_such_card);
    const bool over = test_is_over(*chain, step.talk.moment.now);
    Decision decision;
    Draft draft(*chain,
                origin_of(*chain, step.talk, over ? Cause::timer : Cause::network_operator));
    if (!over) {
        go_on(draft, decision, step.talk);
        return decision;
    }
    end_test(draft);
    draft.finish(decision);
    return decision;
}

Decision decide(const View& view, const TakeOutcome& step) {
    const Chain* chain = view.chain(Name::of(step.talk.chain));
    if (!chain) return refused(RefusalCode::no_such_card);
    Decision decision;
    Draft draft(*chain, origin_of(*chain, step.talk, Cause::network_operator));
    draft.chain() =
        absorb_outcome(*chain, step.reference, step.outcome, step.talk.profile, step.talk.moment);
    go_on(draft, decision, step.talk);
    return decision;
}

Decision decide(const View& view, const TakeReading& step) {
    const Chain* chain = view.chain(Name::of(step.talk.chain));
    if (!chain) return refused(RefusalCode::no_such_card);
    Decision decision;
    Draft draft(*chain, origin_of(*chain, step.talk, Cause::network_operator));
    const TalkContext& talk = step.talk;
    draft.chain() =
        step.reading
            ? absorb_reading(*chain, step.read_number, *step.reading, talk.profile, talk.moment)
            : absorb_lost_reading(*chain, step.read_number, talk.profile, talk.moment);
    go_on(draft, decision, talk);
    return decision;
}

}  // namespace msp
