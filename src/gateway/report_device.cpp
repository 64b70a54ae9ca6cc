#include "gateway/report_device.hpp"

#include "provisioning/report_card.hpp"
#include "provisioning/report_equipment.hpp"
#include "store/flow_command.hpp"
#include "world/log.hpp"
#include "world/loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <cstdlib>
#include <type_traits>
#include <utility>

namespace msp {

namespace {

using Kind = ReportResult::Kind;

ReportCard flow_of(const CardReport& report, const DeviceCaller& caller, const ClaimId& claim,
                   Origin origin) {
    return {.device = report.device,
            .provider = caller.provider,
            .iccid = report.iccid,
            .imsi = report.imsi,
            .imei = report.imei,
            .eid = report.eid,
            .claim = claim,
            .origin = std::move(origin)};
}

ReportEquipment flow_of(const EquipmentReport& report, const DeviceCaller& caller,
                        std::shared_ptr<const PartyBook> parties, const ClaimId& claim,
                        Origin origin) {
    return {.device = report.device,
            .provider = caller.provider,
            .equipment = report.equipment,
            .parties = std::move(parties),
            .claim = claim,
            .origin = std::move(origin)};
}

ReportResult result_of(const Result<Answer, Failure>& answer) {
    ReportResult out;
    if (!answer) {
        out.failure = answer.reason();
    } else if (answer->refusal) {
        out.kind = Kind::refused;
        out.code = answer->refusal->code;
        out.claim = ClaimId::of(answer->text).value();
    } else {
        out.kind = answer->changed ? Kind::bound : Kind::unchanged;
    }
    return out;
}

}  // namespace

std::string_view word(ReportResult::Kind kind) {
    switch (kind) {
        case Kind::bound: return "bound";
        case Kind::unchanged: return "unchanged";
        case Kind::refused: return "refused";
        case Kind::other_device: return "other-device";
        case Kind::too_often: return "too-often";
        case Kind::failed: return "failed";
    }
    std::abort();
}

Problem problem_of(const ReportResult& result) {
    switch (result.kind) {
        case Kind::refused: {
            Problem out = problem_of(Refusal{result.code, {}, {}});
            out.extra.emplace_back("claim", result.claim.view());
            return out;
        }
        case Kind::other_device:
            return make_problem(403, "not-this-device",
                                "The credential is another device's than the report names.",
                                "Report device_id as it stands in the credential.");
        case Kind::too_often: {
            Problem out = make_problem(429, "too-many-reports",
                                       "Too many reports of this device were refused, or one of "
                                       "them is not decided yet.",
                                       "Report again after the time in Retry-After.");
            out.retry_after = result.wait;
            return out;
        }
        case Kind::failed: return problem_of(result.failure);
        case Kind::bound:
        case Kind::unchanged: break;
    }
    std::abort();
}

DeviceReports::DeviceReports(Store& store, const Parties& parties, Loop& loop, Random& random,
                             Metrics& metrics, Log& log)
    : store_(store),
      parties_(parties),
      loop_(loop),
      random_(random),
      metrics_(metrics),
      log_(log) {}

void DeviceReports::report(const DeviceCaller& caller, const DeviceReport& report, Done done) {
    if (device_of(report) != caller.device) return finish({.kind = Kind::other_device}, done);
    if (const auto wait = refused_.wait(caller.device.text(), loop_.now()))
        return finish({.kind = Kind::too_often, .wait = *wait}, done);
    if (!undecided_.insert(caller.device).second)
        return finish({.kind = Kind::too_often, .wait = Duration(1'000)}, done);
    submit(caller, report, std::move(done));
}

void DeviceReports::submit(const DeviceCaller& caller, const DeviceReport& report, Done done) {
    const ClaimId claim = claim_for(report);
    const Origin origin{.actor = {.party = caller.provider,
                                  .principal = Principal::of(caller.device.text()).value(),
                                  .on_behalf_of = {}},
                        .cause = Cause::device,
                        .operation = OperationId::of(random_.token(20)).value(),
                        .at = loop_.now()};
    auto finished = [this, caller, report,
                     done = std::move(done)](const Result<Answer, Failure>& answer) {
        undecided_.erase(caller.device);
        const ReportResult result = result_of(answer);
        if (result.kind == Kind::refused) remember(caller, report, result.claim);
        finish(result, done);
    };
    if (const auto* card = std::get_if<CardReport>(&report))
        store_.submit(flow_command(flow_of(*card, caller, claim, origin)), std::move(finished));
    else
        store_.submit(flow_command(flow_of(std::get<EquipmentReport>(report), caller,
                                           parties_.book(), claim, origin)),
                      std::move(finished));
}

ClaimId DeviceReports::claim_for(const DeviceReport& report) {
    const auto found = claims_.find(device_of(report));
    const bool repeated = found != claims_.end() && found->second.report == report;
    return repeated ? found->second.claim : ClaimId::of(random_.token(20)).value();
}

void DeviceReports::remember(const DeviceCaller& caller, const DeviceReport& report,
                             const ClaimId& claim) {
    if (!claims_.contains(caller.device)) oldest_claims_.push_back(caller.device);
    claims_.insert_or_assign(caller.device, Refused{report, claim});
    if (claims_.size() > claims_most) {
        claims_.erase(oldest_claims_.front());
        oldest_claims_.pop_front();
    }
    if (refused_.count(caller.device.text(), loop_.now()) == refused_most.most)
        log_.warning("a device is refused too often", {{"provider", caller.provider.text()}});
}

void DeviceReports::finish(const ReportResult& result, const Done& done) {
    metrics_
        .counter("msp_device_reports_total", "Reports of devices, by what became of them.",
                 {{"result", std::string(word(result.kind))}})
        .add();
    done(result);
}

}  // namespace msp
