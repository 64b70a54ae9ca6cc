#include "provisioning/scene_test.hpp"

#include "domain/status.hpp"

namespace msp {

// ---------------------------------------------------------------------------- the use case's steps

std::string Scene::register_card(int number) {
    const CardRow row{.line = 1,
                      .iccid = iccid(number),
                      .imsi = imsi(number),
                      .reference = {},
                      .msisdn = {},
                      .mdn = {},
                      .eid = {},
                      .fresh = ChainId{1'000'000 + fresh_++}};
    return play_each(RegisterCards{.at = op_north,
                                   .batch = BatchId::parse("b1").value(),
                                   .rows = {row},
                                   .origin = by(m2m_sp())});
}

std::string Scene::issue(int card_number, const PartyId& to) {
    return play_each(IssueCards{{iccid(card_number)}, to, parties, by(m2m_sp())});
}

std::string Scene::hand_over(const PartyId& who, std::string_view id, const PartyId& to) {
    return play_each(HandOver{{device(id)}, to, parties, by(who)});
}

std::string Scene::switch_card(const PartyId& who, int card_number, ServiceWish wish,
                               IfMatch if_match, std::optional<Time> until) {
    return play(SwitchM2mService{Name::of(iccid(card_number)), wish, until, if_match, by(who)});
}

std::string Scene::switch_device(const PartyId& who, std::string_view id, ServiceWish wish,
                                 IfMatch if_match, std::optional<Time> until) {
    return play(SwitchM2mService{Name::of(device(id)), wish, until, if_match, by(who)});
}

std::string Scene::report_card(std::string_view id, int card_number, const PartyId& provider) {
    return play(ReportCard{.device = device(id),
                           .provider = provider,
                           .iccid = iccid(card_number),
                           .imsi = imsi(card_number),
                           .imei = {},
                           .eid = {},
                           .claim = ClaimId::of("c-" + std::to_string(fresh_++)).value(),
                           .origin = by(provider, Cause::device)});
}

std::string Scene::report_equipment(std::string_view id, std::string_view equipment_id,
                                    const PartyId& provider) {
    return play(ReportEquipment{.device = device(id),
                                .provider = provider,
                                .equipment = equipment(equipment_id),
                                .parties = parties,
                                .claim = ClaimId::of("c-" + std::to_string(fresh_++)).value(),
                                .origin = by(provider, Cause::device)});
}

std::string Scene::unbind(const PartyId& who, std::string_view equipment_id,
                          const PartyId& provider) {
    return play(UnbindEquipment{provider, equipment(equipment_id), by(who)});
}

std::string Scene::switch_equipment(const PartyId& who, std::string_view equipment_id, Wish wish,
                                    const PartyId& provider) {
    return play(SwitchEquipmentService{.provider = provider,
                                       .equipment = equipment(equipment_id),
                                       .wish = wish,
                                       .device = {},
                                       .if_match = {},
                                       .origin = by(who)});
}

std::string Scene::end_equipment(const PartyId& who, std::string_view equipment_id, Wish wish,
                                 std::optional<DeviceId> its_device, IfMatch if_match,
                                 const PartyId& provider) {
    return play(SwitchEquipmentService{.provider = provider,
                                       .equipment = equipment(equipment_id),
                                       .wish = wish,
                                       .names_device = true,
                                       .device = its_device,
                                       .if_match = if_match,
                                       .origin = by(who)});
}

std::string Scene::hold(const PartyId& who, std::string_view id, std::string_view code,
                        bool follows) {
    return play(MoveHold{.name = Name::of(device(id)),
                         .put = true,
                         .code = std::string(code),
                         .text = "invoice 7",
                         .follows_equipment = follows,
                         .if_match = {},
                         .origin = by(who)});
}

std::string Scene::lift(const PartyId& who, std::string_view id, std::string_view code) {
    return play(MoveHold{.name = Name::of(device(id)),
                         .put = false,
                         .code = std::string(code),
                         .text = {},
                         .if_match = {},
                         .origin = by(who)});
}

std::string Scene::decide_claim(const PartyId& who, const ClaimId& id, bool accept) {
    return play(DecideClaim{id, accept, parties, by(who)});
}

std::string Scene::operator_says(int card_number) {
    const Chain& chain = card(card_number);
    play(HearOperator{.from = op_north,
                      .event_id = "e-" + std::to_string(fresh_++),
                      .reference = chain.subscription.reference,
                      .imsi = {},
                      .body = "{}",
                      .origin = by(party_of(op_north), Cause::network_operator)});
    const std::string said = answer_.text;
    pass();
    return said;
}

// --------------------------------------------------------------------------------------- in one go

void Scene::device_in_test(std::string_view id, int card_number) {
    REQUIRE(register_card(card_number) == "changed");
    REQUIRE(issue(card_number, maker) == "changed");
    REQUIRE(switch_card(maker, card_number, ServiceWish::active) == "changed");
    pass();
    REQUIRE(report_card(id, card_number) == "changed");
    REQUIRE(status(id) == "active");
}

void Scene::device_at_digger(std::string_view id, int card_number) {
    device_in_test(id, card_number);
    REQUIRE(hand_over(maker, id, digger) == "changed");
    pass();
}

void Scene::device_in_equipment(std::string_view id, int card_number,
                                std::string_view equipment_id) {
    device_at_digger(id, card_number);
    REQUIRE(switch_device(digger, id, ServiceWish::active) == "changed");
    pass();
    REQUIRE(report_equipment(id, equipment_id) == "changed");
}

void Scene::installed(std::string_view id, int card_number, std::string_view equipment_id) {
    device_in_equipment(id, card_number, equipment_id);
    REQUIRE(switch_equipment(digger, equipment_id, Wish::active) == "changed");
    pass();
    REQUIRE(service(equipment_id) == "active");
}

// -------------------------------------------------------------------------------- how things stand

const Chain* Scene::find(const Name& name) const {
    const auto alive = live_.find(name);
    if (alive != live_.end()) return &chains_.at(alive->second);
    const auto newest = newest_.find(name);
    return newest == newest_.end() ? nullptr : &chains_.at(newest->second);
}

static const Chain& found(const Chain* chain) {
    REQUIRE(chain);
    return *chain;
}

const Chain& Scene::card(int number) const {
    return found(find(Name::of(iccid(number))));
}
const Chain& Scene::on(std::string_view device_id) const {
    return found(find(Name::of(device(device_id))));
}
const Chain& Scene::with(std::string_view equipment_id, const PartyId& provider) const {
    return found(find(Name::of(provider, equipment(equipment_id))));
}

std::string Scene::status(std::string_view device_id) const {
    return std::string(word(m2m_status(on(device_id))));
}
std::string Scene::service(std::string_view equipment_id, const PartyId& provider) const {
    return std::string(word(equipment_status(with(equipment_id, provider))));
}

ScriptedOperator::Subscription& Scene::at_operator(int card_number) {
    return network.network[card(card_number).subscription.reference];
}

Claim Scene::claim(const ClaimId& id) const {
    const std::string* body = record({Name::Kind::claim, {}, std::string(id.view())});
    REQUIRE(body);
    const auto claim = decode_claim(*body);
    REQUIRE(claim);
    return *claim;
}

std::vector<Chain> Scene::fleet() const {
    std::vector<Chain> out;
    out.reserve(chains_.size());
    for (const auto& [id, chain] : chains_) out.push_back(chain);
    return out;
}

const std::string* Scene::record(const Name& name) const {
    const auto kept = records_.find(name);
    return kept == records_.end() ? nullptr : &kept->second;
}

std::string Scene::heard(const PartyId& party) {
    return std::exchange(feeds_[party], {});
}

}  // namespace msp
