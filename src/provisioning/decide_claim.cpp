#include "provisioning/decide_claim.hpp"

#include "provisioning/report_card.hpp"
#include "provisioning/report_equipment.hpp"

namespace msp {

static Name name_of(const ClaimId& id) {
    return {Name::Kind::claim, {}, std::string(id.view())};
}

// The report of a card once more, as if the window were open.
static Decision report_card_again(const View& view, const Claim& claim,
                                  const DecideClaim& command) {
    const auto iccid = Iccid::parse(claim.iccid, CheckDigit::warn);
    const auto imsi = Imsi::parse(claim.imsi);
    if (!iccid || !imsi) return refused(claim.refused);
    const auto imei = Imei::parse(claim.imei, CheckDigit::warn);
    const auto eid = Eid::parse(claim.eid, CheckDigit::warn);
    return decide(view, ReportCard{.device = claim.device,
                                   .provider = claim.provider,
                                   .iccid = *iccid,
                                   .imsi = *imsi,
                                   .imei = imei ? std::optional(*imei) : std::nullopt,
                                   .eid = eid ? std::optional(*eid) : std::nullopt,
                                   .claim = claim.id,
                                   .accepted = true,
                                   .origin = command.origin});
}

// Who would decide about the same report today: what it is about may have changed hands since.
static PartyId owner_today(const View& view, const Claim& claim) {
    const Chain* affected = view.chain(Name::of(claim.device));
    const auto iccid = Iccid::parse(claim.iccid, CheckDigit::warn);
    if (!affected && iccid) affected = view.chain(Name::of(*iccid));
    return affected && affected->holder == claim.provider ? affected->customer : claim.provider;
}

static Decision report_again(const View& view, const Claim& claim, const DecideClaim& command) {
    if (claim.kind == Claim::Kind::card) return report_card_again(view, claim, command);
    const auto equipment = EquipmentId::parse(claim.equipment);
    if (!equipment) return refused(claim.refused);
    return decide(view, ReportEquipment{.device = claim.device,
                                        .provider = claim.provider,
                                        .equipment = *equipment,
                                        .parties = command.parties,
                                        .claim = claim.id,
                                        .accepted = true,
                                        .origin = command.origin});
}

std::vector<Name> names(const DecideClaim& command) {
    return {name_of(command.claim)};
}

Decision decide(const View& view, const DecideClaim& command) {
    const std::string* body = view.record(name_of(command.claim));
    std::optional<Claim> claim = body ? decode_claim(*body) : std::nullopt;
    const PartyId& party = command.origin.actor.party;
    if (!claim || (party != m2m_sp() && party != claim->owner))
        return refused(RefusalCode::no_such_claim);
    if (claim->state != Claim::State::open) return refused(RefusalCode::claim_closed);

    if (command.accept && party != m2m_sp() && party != owner_today(view, *claim))
        return refused(RefusalCode::not_the_customer);

    Decision decision;
    if (command.accept) decision = report_again(view, *claim, command);
    if (decision.answer.refusal) return decision;
    claim->state = command.accept ? Claim::State::accepted : Claim::State::dismissed;
    claim->decided = command.origin.at;
    decision.answer.changed = true;
    decision.records.push_back({name_of(command.claim), encode(*claim)});
    return decision;
}

}  // namespace msp
