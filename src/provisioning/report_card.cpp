#include "provisioning/report_card.hpp"

#include "provisioning/refuse_report.hpp"

namespace msp {

namespace {

// What is wrong between the report and the card, whoever has the device now.
std::optional<RefusalCode> unfit_card(const Chain* card, const ReportCard& report) {
    const bool issued = card && card->holder != m2m_sp();
    if (!card || (issued && card->holder != report.provider))
        return RefusalCode::no_such_card;  // another provider's cannot be told from none
    if (!issued && report.provider != m2m_sp()) return RefusalCode::not_issued_to_provider;
    if (card->stopped) return RefusalCode::already_stopped;
    if (card->subscription.imsi != report.imsi) return RefusalCode::imsi_differs;
    if (report.eid && card->card.eid && *report.eid != *card->card.eid)
        return RefusalCode::eid_differs;
    if (card->device && card->device->id != report.device) return RefusalCode::card_bound_elsewhere;
    return std::nullopt;
}

std::optional<RefusalCode> unfit(const Chain* card, const Chain* before, const ReportCard& report) {
    if (const auto code = unfit_card(card, report)) return code;
    const bool swapped_in_factory =
        before && !before->equipment && before->customer == card->customer;
    if (before && !swapped_in_factory) return RefusalCode::device_bound_elsewhere;
    if (card->lost) return RefusalCode::subscription_lost;
    if (!report.accepted && !admission_open(*card)) return RefusalCode::not_admitted;
    return std::nullopt;
}

Decision refuse(const View& view, const Chain* card, const Chain* before, const ReportCard& report,
                RefusalCode code) {
    const Chain* affected = before ? before : card;
    const bool theirs = affected && affected->holder == report.provider;
    return refuse_report(view,
                         {.id = report.claim,
                          .kind = Claim::Kind::card,
                          .state = Claim::State::open,
                          .device = report.device,
                          .provider = report.provider,
                          .owner = theirs ? affected->customer : report.provider,
                          .iccid = std::string(report.iccid.text()),
                          .imsi = std::string(report.imsi.text()),
                          .imei = report.imei ? std::string(report.imei->text()) : "",
                          .eid = report.eid ? std::string(report.eid->text()) : "",
                          .equipment = {},
                          .refused = code,
                          .at = report.origin.at,
                          .decided = {}},
                         theirs ? affected : nullptr, report.accepted, report.origin);
}

void free_card(Decision& decision, const Chain& before, const ReportCard& report) {
    Draft draft(before, report.origin);
    draft.chain().device.reset();
    draft.hold_for_customer("rebound");
    draft.tell({EventType::device_unbound, {}, {}, {}});
    draft.finish(decision);
}

void bind_device(Decision& decision, const Chain& card, const Chain* before,
                 const ReportCard& report) {
    Draft draft(card, report.origin);
    draft.chain().device = Device{report.device, report.imei, report.origin.at};
    if (before)
        for (const Reason& reason : before->holds.reasons())
            if (reason.holder == Holder::m2m_sp) draft.chain().holds.put(reason);
    draft.tell({EventType::device_bound, {}, {}, {}});
    draft.finish(decision);
}

}  // namespace

std::vector<Name> names(const ReportCard& report) {
    return {Name::of(report.iccid), Name::of(report.device)};
}

Decision decide(const View& view, const ReportCard& report) {
    const Chain* card = view.chain(Name::of(report.iccid));
    const Chain* before = view.chain(Name::of(report.device));
    if (before && before == card && !unfit_card(card, report)) {
        Decision nothing_new;
        nothing_new.answer.chains.push_back(*card);
        return nothing_new;
    }
    if (const auto code = unfit(card, before, report))
        return refuse(view, card, before, report, *code);

    Decision decision;
    if (before) free_card(decision, *before, report);
    decision.answer.chains.clear();
    bind_device(decision, *card, before, report);
    return decision;
}

}  // namespace msp
