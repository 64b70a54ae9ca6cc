// For tests: the use case up to the installation, on a stage: devices of one maker, in equipments
// of one provider, which switches their service.
#pragma once

#include "domain/party.hpp"
#include "operators/stage_test.hpp"
#include "provisioning/hand_over.hpp"
#include "provisioning/issue_cards.hpp"
#include "provisioning/report_card.hpp"
#include "provisioning/report_equipment.hpp"
#include "provisioning/switch_equipment_service.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace msp::sample {

inline const PartyId maker = PartyId::parse("maker").value();
inline const PartyId acme = PartyId::parse("acme").value();

class Installation {
public:
    // accepted: staff let reports pass although the service is not active.
    Installation(Stage& stage, bool accepted)
        : stage_(stage),
          parties_(std::make_shared<const PartyBook>(
              PartyBook{{maker, {.device_provider = true}}, {acme, {.equipment_provider = true}}})),
          accepted_(accepted) {}

    static DeviceId device(unsigned i) { return DeviceId::parse("D-" + std::to_string(i)).value(); }
    static EquipmentId equipment(unsigned i) {
        return EquipmentId::parse("E-" + std::to_string(i)).value();
    }

    void issue(std::vector<Iccid> cards) {
        must(IssueCards{std::move(cards), maker, parties_, by(m2m_sp())});
    }
    void report_card(unsigned i, const Chain& chain) {
        must(ReportCard{.device = device(i),
                        .provider = maker,
                        .iccid = chain.card.iccid,
                        .imsi = chain.subscription.imsi,
                        .imei = {},
                        .eid = {},
                        .claim = ClaimId("c"),
                        .accepted = accepted_,
                        .origin = by(maker)});
    }
    void hand_over(std::vector<DeviceId> devices) {
        must(HandOver{std::move(devices), acme, parties_, by(maker)});
    }
    void report_equipment(unsigned i) {
        must(ReportEquipment{.device = device(i),
                             .provider = maker,
                             .equipment = equipment(i),
                             .parties = parties_,
                             .claim = ClaimId("c"),
                             .accepted = accepted_,
                             .origin = by(maker)});
    }
    void switch_service(unsigned i, Wish wish) {
        must(SwitchEquipmentService{.provider = acme,
                                    .equipment = equipment(i),
                                    .wish = wish,
                                    .names_device = false,
                                    .device = {},
                                    .if_match = {},
                                    .origin = by(acme)});
    }

private:
    template <class Flow>
    void must(Flow flow) {
        const auto answer = stage_.decide(std::move(flow));
        REQUIRE(answer);
        REQUIRE_FALSE(answer->refusal);
    }

    Origin by(const PartyId& party) const {
        return {.actor = {.party = party, .principal = Principal("test"), .on_behalf_of = {}},
                .cause = Cause::command,
                .operation = OperationId("test"),
                .at = stage_.loop.now()};
    }

    Stage& stage_;
    std::shared_ptr<const PartyBook> parties_;
    bool accepted_;
};

}  // namespace msp::sample
