#include "provisioning/report_equipment.hpp"

#include "provisioning/refuse_report.hpp"

namespace msp {

namespace {

Name card_of(const PartyId& provider, const EquipmentId& id) {
    return {Name::Kind::equipment_card, std::string(provider.text()), std::string(id.text())};
}

std::optional<RefusalCode> unfit_device(const Chain* device, const ReportEquipment& report) {
    if (!device) return RefusalCode::no_such_device;
    if (!facts_of(*report.parties, device->customer).equipment_provider)
        return RefusalCode::not_an_equipment_provider;
    if (device->equipment) return RefusalCode::device_bound_elsewhere;
    if (device->lost) return RefusalCode::subscription_lost;
    return std::nullopt;
}

// What forbids the equipment to take a device. `standing` is the chain it lived with last.
std::optional<RefusalCode> unfit_equipment(const View& view, const Chain* standing,
                                           const ReportEquipment& report, const PartyId& owner) {
    if (standing && !standing->stopped) return RefusalCode::equipment_has_device;
    if (standing && standing->equipment->wish == Wish::stopped)
        return RefusalCode::equipment_stopped;
    const bool known = standing || view.record(card_of(owner, report.equipment));
    if (!known && !facts_of(*report.parties, owner).reports_create_equipment)
        return RefusalCode::equipment_unknown;
    return std::nullopt;
}

Decision refuse(const View& view, const Chain* device, const ReportEquipment& report,
                RefusalCode code) {
    return refuse_report(view,
                         {.id = report.claim,
                          .kind = Claim::Kind::equipment,
                          .state = Claim::State::open,
                          .device = report.device,
                          .provider = report.provider,
                          .owner = device ? device->customer : report.provider,
                          .iccid = {},
                          .imsi = {},
                          .imei = {},
                          .eid = {},
                          .equipment = std::string(report.equipment.text()),
                          .refused = code,
                          .at = report.origin.at,
                          .decided = {}},
                         device, report.accepted, report.origin);
}

void leave(Decision& decision, const Chain& standing, const Origin& origin) {
    Draft draft(standing, origin);
    draft.chain().equipment->ended = origin.at;
    draft.finish(decision);
}

void bind_equipment(Decision& decision, const Chain& device, const Chain* standing,
                    const ReportEquipment& report) {
    Draft draft(device, report.origin);
    draft.chain().equipment =
        Equipment{.id = report.equipment,
                  .provider = device.customer,
                  .wish = Wish::de_active,
                  .since = report.origin.at,
                  .ended = {},
                  .before = standing ? std::optional(standing->id) : std::nullopt};
    if (standing)
        for (const Reason& reason : standing->holds.reasons())
            if (reason.holder == Holder::m2m_sp && reason.follows_equipment)
                draft.chain().holds.put(reason);
    draft.tell({EventType::equipment_bound, {}, {}, {}});
    draft.finish(decision);
}

bool same_pair(const Chain* device, const ReportEquipment& report) {
    return device && device->equipment && device->equipment->id == report.equipment;
}

}  // namespace

std::vector<Name> names(const ReportEquipment& report) {
    return {Name::of(report.device)};
}

Decision decide(const View& view, const ReportEquipment& report) {
    const Chain* device = view.chain(Name::of(report.device));
    if (same_pair(device, report)) {
        Decision nothing_new;
        nothing_new.answer.chains.push_back(*device);
        return nothing_new;
    }
    if (const auto code = unfit_device(device, report)) return refuse(view, device, report, *code);
    const PartyId& owner = device->customer;
    const Chain* standing = view.chain(Name::of(owner, report.equipment));
    auto code = unfit_equipment(view, standing, report, owner);
    if (!code && !report.accepted && !admission_open(*device)) code = RefusalCode::not_admitted;
    if (code) return refuse(view, device, report, *code);

    Decision decision;
    if (standing) leave(decision, *standing, report.origin);
    decision.answer.chains.clear();
    bind_equipment(decision, *device, standing, report);
    if (!standing && !view.record(card_of(owner, report.equipment)))
        decision.records.push_back({card_of(owner, report.equipment), ""});
    return decision;
}

std::vector<Name> names(const UnbindEquipment& command) {
    return {Name::of(command.provider, command.equipment)};
}

static std::optional<RefusalCode> unfit(const Chain& chain) {
    if (chain.stopped) return RefusalCode::already_stopped;
    if (chain.equipment->was_active) return RefusalCode::was_active;
    if (chain.equipment->wish == Wish::active) return RefusalCode::use_equipment_service;
    return std::nullopt;
}

Decision decide(const View& view, const UnbindEquipment& command) {
    const PartyId& party = command.origin.actor.party;
    if (party != command.provider && party != m2m_sp())
        return refused(RefusalCode::no_such_equipment);
    const Chain* chain = view.chain(Name::of(command.provider, command.equipment));
    if (!chain)
        return refused(view.record(card_of(command.provider, command.equipment))
                           ? RefusalCode::no_equipment_bound
                           : RefusalCode::no_such_equipment);
    if (party != command.provider) return refused(RefusalCode::not_the_customer);
    if (const auto code = unfit(*chain)) return refused(*code);

    Decision decision;
    Draft draft(*chain, command.origin);
    draft.chain().equipment.reset();
    draft.tell({EventType::equipment_unbound, {}, std::string(command.equipment.text()), {}});
    draft.finish(decision);
    const Chain* before =
        chain->equipment->before ? view.chain(Name::of(*chain->equipment->before)) : nullptr;
    if (before) {  // the equipment goes back to where it was: waiting for a device
        Draft waiting(*before, command.origin);
        waiting.chain().equipment->ended.reset();
        waiting.finish(decision);
    }
    return decision;
}

}  // namespace msp
