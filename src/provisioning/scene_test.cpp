#include "provisioning/scene_test.hpp"

#include "domain/laws.hpp"
#include "domain/sight.hpp"

#include <algorithm>

namespace msp {

// -------------------------------------------------------------------------- deciding, as the store

OperatorProfile Scene::fencing() {
    OperatorProfile out;
    out.can.fences_by_generation = out.can.notifies = true;
    return out;
}

Scene::Scene(OperatorProfile its_profile) : profile(std::move(its_profile)) {
    network.fences = profile.can.fences_by_generation;
    network.combined = profile.can.status_field == StatusField::combined;
    PartyBook book;
    book[m2m_sp()] = {};
    book[maker] = {.device_provider = true};
    book[rival] = {.device_provider = true, .equipment_provider = true};
    book[digger] = {.equipment_provider = true};
    book[crane] = {.equipment_provider = true, .reports_create_equipment = false};
    book[closed] = {.device_provider = true, .equipment_provider = true, .open = false};
    parties = std::make_shared<const PartyBook>(std::move(book));
}

Origin Scene::by(const PartyId& party, Cause cause) const {
    return {.actor = {.party = party, .principal = "tester", .on_behalf_of = {}},
            .cause = cause,
            .operation = OperationId::of("op-" + std::to_string(decisions)).value(),
            .at = now};
}

void Scene::load(View& view, const Name& name) const {
    if (!names_a_chain(name.kind)) {
        const std::string* body = record(name);
        view.learn(name, body ? std::optional(*body) : std::nullopt);
        return;
    }
    const Chain* chain = find(name);
    const bool live = live_.contains(name);
    view.learn(name, chain ? std::optional(*chain) : std::nullopt, live);
}

Decision Scene::decide_loading(const std::vector<Name>& names, const Decide& decide) const {
    View view;
    for (const Name& name : names) load(view, name);
    for (int round = 0; round < 100; ++round) {
        view.forget_missing();
        Decision decision = decide(view);
        if (view.missing().empty()) return decision;
        const std::vector<Name> missing(view.missing().begin(), view.missing().end());
        for (const Name& name : missing) load(view, name);
    }
    REQUIRE_MESSAGE(false, "a decision that is never satisfied with what is loaded");
    return {};
}

static bool same(const Decision& a, const Decision& b) {
    return a.answer == b.answer && a.after == b.after && a.events == b.events &&
           a.records == b.records;
}

void Scene::make(const std::vector<Name>& names, const Decide& decide, const SceneBounds& bounds) {
    ++decisions;
    const Decision decision = decide_loading(names, decide);
    // With other hints, everything is missing at first: it must come out the same.
    REQUIRE(same(decision, decide_loading({}, decide)));
    check(decision, bounds);
    apply(decision);
    const auto broken = broken_laws(fleet());
    for (const BrokenLaw& law : broken) FAIL("law ", law.law, ": ", law.how);
    if (bounds.repeatable) {
        const Decision again = decide_loading(names, decide);
        REQUIRE(again.after.empty());
        REQUIRE(again.events.empty());
        REQUIRE(again.records.empty());
    }
    answer_ = decision.answer;
}

// --------------------------------------------------------------------------------- what is checked

void Scene::check_refusal(const Decision& decision, const SceneBounds& bounds) const {
    const RefusalEntry& entry = entry_of(decision.answer.refusal->code);
    CHECK_FALSE(entry.sentence.empty());
    CHECK_FALSE(entry.hint.empty());
    CHECK_FALSE(decision.answer.changed);
    CHECK(decision.answer.chains.empty());
    if (!bounds.leaves_claims) {
        CHECK(decision.after.empty());
        CHECK(decision.events.empty());
        CHECK(decision.records.empty());
    }
    for (const Record& kept : decision.records) CHECK(kept.name.kind == Name::Kind::claim);
    for (const Event& event : decision.events) CHECK(event.type == EventType::binding_refused);
    for (Chain after : decision.after) {  // a refused report tells, and moves nothing
        after.sequence = chains_.at(after.id).sequence;
        CHECK(after == chains_.at(after.id));
    }
}

void Scene::check(const Decision& decision, const SceneBounds& bounds) const {
    if (decision.answer.refusal)
        check_refusal(decision, bounds);
    else if (bounds.keeps_records)
        CHECK(decision.answer.changed == (!decision.after.empty() || !decision.records.empty()));
    std::set<ChainId> seen;
    for (const Chain& after : decision.after) {
        CHECK_MESSAGE(seen.insert(after.id).second, "a chain is written twice");
        const auto before = chains_.find(after.id);
        if (before == chains_.end()) continue;
        CHECK_FALSE(before->second == after);
        for (const BrokenLaw& law : broken_laws_between(before->second, after, bounds.mover))
            FAIL("law ", law.law, " between: ", law.how);
    }
    check_events(decision);
}

void Scene::check_events(const Decision& decision) const {
    std::map<ChainId, std::uint64_t> next;
    for (const Event& event : decision.events) {
        check_event(event);
        if (!event.after) {
            CHECK(event.sequence == 0);
            continue;
        }
        const ChainId id = event.after->id;
        if (!next.contains(id)) next[id] = chains_.contains(id) ? chains_.at(id).sequence : 0;
        CHECK(event.sequence == ++next[id]);
    }
    for (const Chain& after : decision.after) {
        const auto before = chains_.find(after.id);
        const std::uint64_t told_before = before == chains_.end() ? 0 : before->second.sequence;
        CHECK(after.sequence == (next.contains(after.id) ? next[after.id] : told_before));
    }
    // The newest event of each chain shows it as it is written.
    for (const Event& event : decision.events) {
        if (!event.after) continue;
        const auto written =
            std::find_if(decision.after.begin(), decision.after.end(),
                         [&event](const Chain& chain) { return chain.id == event.after->id; });
        REQUIRE(written != decision.after.end());
        if (event.sequence == written->sequence) CHECK(*event.after == *written);
    }
}

// It reaches only those who use the service, before or after, or whom a claim concerns; and its
// free words hold nothing that one of them may not see.
void Scene::check_event(const Event& event) const {
    CHECK(std::is_sorted(event.audience.begin(), event.audience.end()));
    CHECK(std::adjacent_find(event.audience.begin(), event.audience.end()) == event.audience.end());
    for (const PartyId& party : event.audience) {
        CHECK(party != m2m_sp());
        if (!event.after) continue;
        const Chain& after = *event.after;
        const auto before = chains_.find(after.id);
        const bool used = before != chains_.end() && before->second.customer == party;
        CHECK((party == after.customer || used));
        const Sight sight = sight_of(party, after);
        if (!sight.card_identity) {
            CHECK(event.detail.find(after.card.iccid.text()) == std::string::npos);
            CHECK(event.detail.find(after.subscription.imsi.text()) == std::string::npos);
        }
        if (!sight.equipment && after.equipment)
            CHECK(event.detail.find(after.equipment->id.text()) == std::string::npos);
    }
}

// ---------------------------------------------------------------------------------------- applying

static void append(std::string& list, std::string_view word) {
    (list += list.empty() ? "" : " ") += word;
}

void Scene::apply(const Chain& after) {
    const auto before = chains_.find(after.id);
    if (before != chains_.end())
        for (const Name& name : live_names(before->second)) live_.erase(name);
    for (const Name& name : live_names(after)) {
        CHECK_MESSAGE(live_.emplace(name, after.id).second, "a name lives twice");
        newest_[name] = after.id;
    }
    chains_.insert_or_assign(after.id, after);
}

void Scene::apply(const Decision& decision) {
    for (const Chain& after : decision.after) apply(after);
    for (const Record& kept : decision.records) {
        if (kept.name.kind == Name::Kind::claim && !records_.contains(kept.name))
            claims_.push_back(ClaimId::of(kept.name.value).value());
        keep(kept);
    }
    for (const Event& event : decision.events) {
        ++told[event.type];
        history.push_back(event);
        for (const PartyId& party : event.audience)
            append(feeds_[party], word(event.type).substr(4));
    }
    if (decision.answer.refusal) ++refusals[decision.answer.refusal->code];
    for (const ItemAnswer& item : decision.answer.items)
        if (item.refusal) ++refusals[item.refusal->code];
}

std::string Scene::gist(const Answer& answer) {
    if (answer.refusal) return std::string(entry_of(answer.refusal->code).word);
    return answer.changed ? "changed" : "unchanged";
}

std::string Scene::item_gists() const {
    std::string out;
    for (const ItemAnswer& item : answer_.items)
        append(out, item.refusal   ? entry_of(item.refusal->code).word
                    : item.changed ? "changed"
                                   : "unchanged");
    return out;
}

// ---------------------------------------------------------------------- the talk with the operator

TalkContext Scene::talk(const Chain& chain) {
    return {.chain = chain.id,
            .profile = profile,
            .moment = {.now = now, .started = {}, .chance = 0.5},
            .fresh = OrderReference::of("o-" + std::to_string(fresh_++)).value()};
}

void Scene::carry(const Errand& errand) {
    const Chain& chain = chains_.at(errand.chain);
    if (errand.kind == Errand::Kind::read) {
        play(TakeReading{talk(chain), errand.read_number,
                         network.read(errand.subscription.reference)});
        return carry_new_errands();
    }
    const bool order = errand.kind == Errand::Kind::order;
    const auto outcome = order ? network.take(errand) : network.poll(errand);
    if (!outcome) return;
    play(TakeOutcome{talk(chain), errand.reference, *outcome});
    carry_new_errands();
}

void Scene::carry_new_errands() {
    const std::vector<Errand> errands = answer_.errands;
    for (const Errand& errand : errands) carry(errand);
}

void Scene::pass(Duration duration) {
    const Time end = now + duration;
    for (int steps = 0; steps < 10'000; ++steps) {
        const Chain* first = nullptr;
        for (const auto& [id, chain] : chains_)
            if (chain.exchange.due && *chain.exchange.due <= end &&
                (!first || *chain.exchange.due < *first->exchange.due))
                first = &chain;
        if (!first) {
            now = end;
            return;
        }
        now = std::max(now, *first->exchange.due);
        play(TakeStep{talk(*first)});
        carry_new_errands();
    }
    FAIL("the talk with the operator never rests");
}

void Scene::release() {
    for (const auto& [reference, errand] : std::exchange(network.held, {})) {
        network.carry_out(errand);
        const Outcome done{.kind = Outcome::Kind::done, .reason = {}, .retry_after = {}};
        play(TakeOutcome{talk(chains_.at(errand.chain)), errand.reference, done});
        carry_new_errands();
    }
}

void Scene::finish() {
    for (const auto& [reference, errand] : std::exchange(network.accepted, {}))
        network.carry_out(errand);
}

void Scene::settle() {
    network.answers = ScriptedOperator::Answers::at_once;
    release();
    finish();
    pass(Duration(1'200'000));
}

void Scene::keep(const Record& record) {
    if (record.body)
        records_[record.name] = *record.body;
    else
        records_.erase(record.name);
}

}  // namespace msp
