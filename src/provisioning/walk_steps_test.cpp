#include "provisioning/walk_stage_test.hpp"

#include <algorithm>

namespace msp {

void Walk::step() {
    operator_acts();
    switch (dice_.below(28)) {
        case 0:
        case 1: return prepare();
        case 2: return issue();
        case 3:
        case 4: return switch_m2m();
        case 5:
        case 6: return report_card();
        case 7:
        case 8: return hand_over();
        case 9:
        case 10: return report_equipment();
        case 11: return unbind();
        case 12:
        case 13: return switch_equipment();
        case 14: return end_equipment();
        case 15: return move_hold();
        case 16: return decide_claim();
        case 17: return ask();
        case 18: return withdraw();
        case 19: return hear();
        default: return go_on(any_card());
    }
}

PartyId Walk::any_party() {
    const PartyId all[] = {m2m_sp(), maker, rival, digger, crane};
    return one_of(all);
}

PartyId Walk::someone(const Chain* chain) {
    const auto draw = dice_.below(10);
    if (chain && draw < 7) return chain->customer;
    return draw < 8 ? m2m_sp() : any_party();
}

IfMatch Walk::any_revision(std::uint32_t right) {
    const auto draw = dice_.below(10);
    if (draw == 0) return std::nullopt;
    return draw == 1 ? right + 1 : right;
}

Name Walk::any_name() {
    switch (dice_.below(3)) {
        case 0: return Name::of(iccid(any_card()));
        case 1: return Name::of(device(any_device()));
        default: break;
    }
    const PartyId providers[] = {digger, rival, crane};
    return Name::of(one_of(providers), equipment(one_of(equipments)));
}

Name Walk::card_or_device() {
    return dice_.one_in(2) ? Name::of(iccid(any_card())) : Name::of(device(any_device()));
}

std::string Walk::number(std::string_view kind) {
    return std::string(kind) + std::to_string(++numbers_);
}

void Walk::operator_acts() {
    constexpr Answers kinds[] = {Answers::at_once,   Answers::at_once,     Answers::at_once,
                                 Answers::later,     Answers::refuses,     Answers::is_silent,
                                 Answers::is_deaf,   Answers::unreachable, Answers::busy,
                                 Answers::holds_back};
    if (dice_.one_in(3)) scene.network.answers = one_of(kinds);
    if (dice_.one_in(4)) scene.release();
    if (dice_.one_in(4)) scene.finish();
    if (dice_.one_in(12)) act_alone();
    if (dice_.one_in(20)) {
        scene.release();
        scene.finish();
        scene.pass(Duration(200'000));
    } else if (dice_.one_in(2)) {
        scene.pass(Duration(static_cast<std::int64_t>(dice_.below(1'500))));
    }
}

void Walk::act_alone() {
    const int card = any_card();
    if (!scene.find(Name::of(iccid(card)))) return;
    auto& at = scene.at_operator(card);
    if (at.state == NetworkState::reclaimed) return;
    const auto draw = dice_.below(12);
    if (draw < 8)
        at.suspended = !at.suspended;
    else if (draw < 11 || !dice_.one_in(4))
        at.state = draw < 10 ? NetworkState::de_active : NetworkState::active;
    else
        at.state = NetworkState::reclaimed;
    if (dice_.one_in(2)) scene.operator_says(card);
}

void Walk::go_on(int card) {
    const Chain* chain = scene.find(Name::of(iccid(card)));
    if (!chain || reclaimed(*chain)) return prepare();
    const PartyId& customer = chain->customer;
    if (chain->stopped || customer == m2m_sp()) return issue();
    if (chain->equipment)
        return void(
            scene.switch_equipment(customer, chain->equipment->id.text(), Wish::active, customer));
    if (chain->holds.holds(Holder::customer))
        return void(scene.switch_card(customer, card, ServiceWish::active));
    if (!chain->device)
        return report_card(
            customer == maker ? devices[dice_.below(2)] : devices[2 + dice_.below(2)], card);
    const std::string_view id = chain->device->id.text();
    if (customer == maker) return void(scene.hand_over(maker, id, digger));
    scene.report_equipment(id, one_of(equipments), provider_of(id));
}

void Walk::prepare() {
    const Record open{{Name::Kind::batch_open, {}, "b1"}, ""};
    const int card = any_card();
    const bool with_eid = card == 1;
    const CardRow row{.line = 1,
                      .iccid = iccid(card),
                      .imsi = imsi(dice_.one_in(20) ? any_card() : card),
                      .reference = {},
                      .msisdn = {},
                      .mdn = {},
                      .eid = with_eid ? std::optional(eid(1)) : std::nullopt,
                      .fresh = ChainId{++numbers_}};
    const RegisterCards command{.at = op_north,
                                .batch = BatchId::parse("b1").value(),
                                .rows = {row},
                                .verify = dice_.one_in(4),
                                .origin = scene.by(dice_.one_in(20) ? any_party() : m2m_sp())};
    if (scene.play_each(command) == "changed")
        scene.network.network.erase(scene.card(card).subscription.reference);
    if (!dice_.one_in(10)) return;
    scene.keep(open);
    issue();
    scene.switch_card(m2m_sp(), card, ServiceWish::active);
    scene.keep({open.name, std::nullopt});
}

void Walk::issue() {
    const PartyId to[] = {
        maker, maker, maker, rival, rival, m2m_sp(), digger, closed, sample::party("nobody")};
    const PartyId who = dice_.one_in(15) ? any_party() : m2m_sp();
    scene.play(IssueCards{{iccid(any_card())}, one_of(to), scene.parties, scene.by(who)});
}

void Walk::switch_m2m() {
    const Name name = card_or_device();
    const Chain* chain = scene.find(name);
    const auto draw = dice_.below(20);
    SwitchM2mService command{.name = name,
                             .wish = draw < 14   ? ServiceWish::active
                                     : draw < 19 ? ServiceWish::de_active
                                                 : ServiceWish::stopped,
                             .until = {},
                             .if_match = {},
                             .origin = scene.by(someone(chain))};
    if (command.wish == ServiceWish::stopped && dice_.one_in(2))
        command.origin.actor.party = m2m_sp();
    if (command.wish == ServiceWish::stopped || dice_.one_in(10))
        command.if_match = any_revision(chain ? chain->revisions.customer_hold : 1);
    if (dice_.one_in(8))
        command.until = scene.now + Duration(static_cast<std::int64_t>(dice_.below(3)) * 4'000);
    scene.play(command);
}

void Walk::report_card() {
    report_card(any_device(), any_card());
}

void Walk::report_card(std::string_view id, int card) {
    ReportCard said{.device = device(id),
                    .provider = provider_of(id),
                    .iccid = iccid(card),
                    .imsi = imsi(dice_.one_in(12) ? any_card() : card),
                    .imei = {},
                    .eid = {},
                    .claim = ClaimId::of(number("c-")).value(),
                    .origin = scene.by(provider_of(id), Cause::device)};
    if (dice_.one_in(6)) said.eid = eid(1 + static_cast<int>(dice_.below(2)));
    scene.play(said);
}

void Walk::hand_over() {
    const PartyId to[] = {digger, digger, rival, maker, crane, closed, sample::party("nobody")};
    const std::string_view id = any_device();
    const PartyId who = someone(scene.find(Name::of(device(id))));
    scene.play(HandOver{{device(id)}, one_of(to), scene.parties, scene.by(who)});
}

void Walk::report_equipment() {
    const std::string_view id = any_device();
    scene.play(ReportEquipment{.device = device(id),
                               .provider = provider_of(id),
                               .equipment = equipment(one_of(equipments)),
                               .parties = scene.parties,
                               .claim = ClaimId::of(number("c-")).value(),
                               .origin = scene.by(provider_of(id), Cause::device)});
}

PartyId Walk::equipment_provider() {
    const PartyId all[] = {digger, digger, digger, rival, crane};
    return one_of(all);
}

void Walk::unbind() {
    const PartyId provider = equipment_provider();
    const PartyId who = dice_.one_in(8) ? any_party() : provider;
    scene.unbind(who, one_of(equipments), provider);
}

void Walk::switch_equipment() {
    const PartyId provider = equipment_provider();
    const PartyId who = dice_.one_in(8) ? any_party() : provider;
    scene.switch_equipment(who, one_of(equipments),
                           dice_.one_in(3) ? Wish::de_active : Wish::active, provider);
}

void Walk::end_equipment() {
    const PartyId provider = equipment_provider();
    const std::string_view id = one_of(equipments);
    const Chain* chain = scene.find(Name::of(provider, equipment(id)));
    std::optional<DeviceId> named;
    if (chain && chain->device && !chain->stopped) named = chain->device->id;
    if (dice_.one_in(6)) named = device(any_device());
    if (dice_.one_in(12)) named.reset();
    scene.end_equipment(dice_.one_in(10) ? any_party() : provider, id,
                        dice_.one_in(2) ? Wish::stopped : Wish::replaced, named,
                        any_revision(chain ? chain->revisions.wish : 1), provider);
}

void Walk::move_hold() {
    constexpr std::string_view codes[] = {"unpaid", "fraud", "law", "binding-conflict", "whim"};
    const Name name = card_or_device();
    const Chain* chain = scene.find(name);
    scene.play(MoveHold{.name = name,
                        .put = dice_.one_in(3),
                        .code = std::string(one_of(codes)),
                        .text = dice_.one_in(2) ? "invoice 7" : "",
                        .follows_equipment = dice_.one_in(2),
                        .if_match = dice_.one_in(4)
                                        ? any_revision(chain ? chain->revisions.m2m_sp_hold : 1)
                                        : std::nullopt,
                        .origin = scene.by(dice_.one_in(6) ? any_party() : m2m_sp())});
}

void Walk::decide_claim() {
    if (scene.claims().empty()) return;
    const auto& claims = scene.claims();
    const std::size_t newest = std::min<std::size_t>(claims.size(), 8);
    const ClaimId claim = claims[claims.size() - 1 - dice_.below(newest)];
    const PartyId owner = scene.claim(claim).owner;
    const PartyId who = dice_.one_in(5) ? any_party() : owner;
    scene.decide_claim(who, claim, !dice_.one_in(4));
}

void Walk::ask() {
    const Name name = any_name();
    const bool insist = dice_.one_in(2);
    const PartyId who = insist && !dice_.one_in(8) ? m2m_sp() : someone(scene.find(name));
    scene.play(AskOperator{name, insist, scene.by(who)});
}

void Walk::withdraw() {
    const Chain* chain = scene.find(Name::of(iccid(any_card())));
    if (!chain) return;
    scene.play(WithdrawCards{
        {chain->id}, dice_.one_in(8), scene.by(dice_.one_in(10) ? any_party() : m2m_sp())});
}

void Walk::hear() {
    const int card = any_card();
    const Chain* chain = scene.find(Name::of(iccid(card)));
    HearOperator heard{.from = op_north,
                       .event_id = number("e-"),
                       .reference = {},
                       .imsi = {},
                       .body = "{}",
                       .origin = scene.by(party_of(op_north), Cause::network_operator)};
    if (chain && dice_.one_in(2))
        heard.reference = chain->subscription.reference;
    else
        heard.imsi = imsi(card);
    scene.play(heard);
}

}  // namespace msp
