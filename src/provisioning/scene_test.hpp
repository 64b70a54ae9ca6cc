// The stage of this folder's stories: a platform that is nothing but its chains, five parties, an
// operator that answers as it is told, and time that moves when asked.
//
// Law: every decision is made as the store makes it (what it missed is loaded, and it is made
// again), and once more to see that it is pure. After each, the laws of docs/laws.md are
// checked over the whole fleet and between before and after, its events are gap-free and reach only
// those they concern, and a refusal says why and what next.
#pragma once

#include "domain/claim.hpp"
#include "domain/decision.hpp"
#include "domain/party.hpp"
#include "domain/protocol.hpp"
#include "domain/sample_test.hpp"
#include "provisioning/scene_bounds_test.hpp"
#include "provisioning/scripted_operator_test.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

inline const PartyId maker = sample::party("maker");    // makes devices
inline const PartyId rival = sample::party("rival");    // makes devices and has equipment
inline const PartyId digger = sample::party("digger");  // has equipment
inline const PartyId crane = sample::party("crane");    // has equipment; reports create none
inline const PartyId closed = sample::party("closed");  // was both

inline Iccid iccid(int number) {
    return sample::card(static_cast<std::uint64_t>(number) * 10).iccid;
}
inline Imsi imsi(int number) {
    return sample::subscription(static_cast<std::uint64_t>(number)).imsi;
}
inline DeviceId device(std::string_view id) {
    return sample::device_id(id);
}
inline EquipmentId equipment(std::string_view id) {
    return EquipmentId::parse(id).value();
}
inline const OperatorId op_north = OperatorId::parse("op-north").value();

class Scene {
public:
    explicit Scene(OperatorProfile profile = fencing());

    // An operator that keeps our generation: nothing has to age before the next order is sent.
    static OperatorProfile fencing();

    Time now = sample::at("2026-03-02T09:00:00Z");
    OperatorProfile profile;
    ScriptedOperator network;
    std::shared_ptr<const PartyBook> parties;

    std::vector<Event> history;
    std::map<RefusalCode, int> refusals;
    std::map<EventType, int> told;
    int decisions = 0;

    // Decides, checks and applies. Answers "changed", "unchanged" or the word of the refusal.
    template <class Flow>
    std::string play(const Flow& flow) {
        make(
            names(flow), [&flow](const View& view) { return decide(view, flow); },
            scene_bounds(flow));
        return gist(answer_);
    }
    // Of a call about many things, the gist of each, with a blank between.
    template <class Flow>
    std::string play_each(const Flow& flow) {
        const std::string whole = play(flow);
        return answer_.items.empty() ? whole : item_gists();
    }
    const Answer& answer() const { return answer_; }

    Origin by(const PartyId&, Cause cause = Cause::command) const;

    // Time passes; what is due is carried out, until nothing is.
    void pass(Duration = Duration(0));
    void release();  // the answers held back come in
    void finish();   // the accepted orders are carried out, and found so by the next poll
    // The operator answers at once from now on, and time passes until everything is settled.
    void settle();

    // The steps of the use case, each as the party that takes it.
    std::string register_card(int number);
    std::string issue(int card, const PartyId& to);
    std::string switch_card(const PartyId& who, int card, ServiceWish wish, IfMatch = {},
                            std::optional<Time> until = {});
    std::string switch_device(const PartyId& who, std::string_view id, ServiceWish wish,
                              IfMatch = {}, std::optional<Time> until = {});
    std::string report_card(std::string_view id, int card, const PartyId& provider = maker);
    std::string hand_over(const PartyId& who, std::string_view id, const PartyId& to);
    std::string report_equipment(std::string_view id, std::string_view equipment_id,
                                 const PartyId& provider = maker);
    std::string unbind(const PartyId& who, std::string_view equipment_id,
                       const PartyId& provider = digger);
    std::string switch_equipment(const PartyId& who, std::string_view equipment_id, Wish wish,
                                 const PartyId& provider = digger);
    std::string end_equipment(const PartyId& who, std::string_view equipment_id, Wish wish,
                              std::optional<DeviceId> device, IfMatch,
                              const PartyId& provider = digger);
    std::string hold(const PartyId& who, std::string_view id, std::string_view code,
                     bool follows = false);
    std::string lift(const PartyId& who, std::string_view id, std::string_view code);
    std::string decide_claim(const PartyId& who, const ClaimId& id, bool accept);
    std::string operator_says(int card);  // an event by reference: it is heard and read

    // In one go: a card in a maker's device in test; handed over; with its equipment; installed.
    void device_in_test(std::string_view id, int card);
    void device_at_digger(std::string_view id, int card);
    void device_in_equipment(std::string_view id, int card, std::string_view equipment_id);
    void installed(std::string_view id, int card, std::string_view equipment_id);

    TalkContext talk(const Chain&);

    // How things stand.
    const Chain* find(const Name&) const;  // live, or the newest that had the name
    const Chain& card(int number) const;
    const Chain& on(std::string_view device_id) const;
    const Chain& with(std::string_view equipment_id, const PartyId& provider = digger) const;
    std::string status(std::string_view device_id) const;  // of the M2M service
    std::string service(std::string_view equipment_id, const PartyId& provider = digger) const;
    ScriptedOperator::Subscription& at_operator(int card);
    ClaimId newest_claim() const { return claims_.back(); }
    const std::vector<ClaimId>& claims() const { return claims_; }
    Claim claim(const ClaimId&) const;
    std::vector<Chain> fleet() const;
    const std::string* record(const Name&) const;
    void keep(const Record&);

    // The words of what entered a party's feed since the last call, with a blank between, and
    // without the "m2m." before each.
    std::string heard(const PartyId&);

private:
    using Decide = std::function<Decision(const View&)>;
    void make(const std::vector<Name>& names, const Decide& decide, const SceneBounds& bounds);
    Decision decide_loading(const std::vector<Name>& names, const Decide& decide) const;
    void load(View&, const Name&) const;
    void check(const Decision&, const SceneBounds&) const;
    void check_refusal(const Decision&, const SceneBounds&) const;
    void check_events(const Decision&) const;
    void check_event(const Event&) const;
    void apply(const Decision&);
    void apply(const Chain& after);
    static std::string gist(const Answer&);
    std::string item_gists() const;

    void carry(const Errand&);
    void carry_new_errands();

    std::map<ChainId, Chain> chains_;
    std::map<Name, ChainId> live_;
    std::map<Name, ChainId> newest_;
    std::map<Name, std::string> records_;
    std::vector<ClaimId> claims_;
    std::map<PartyId, std::string> feeds_;
    Answer answer_;
    std::uint64_t fresh_ = 1;
};

}  // namespace msp
