#include "gateway/device_report.hpp"

#include "access/json.hpp"

#include <algorithm>
#include <utility>

namespace msp {

namespace {

bool speaks_of_card(const JsonObject& body) {
    const std::string_view members[] = {"/iccid", "/imsi", "/imei", "/eid"};
    return std::any_of(std::begin(members), std::end(members),
                       [&body](std::string_view member) { return body.has(member); });
}

Result<DeviceReport, Problem> card_report(JsonObject body) {
    const auto device = body.identifier<DeviceId>("/device_id");
    const auto iccid = body.identifier<Iccid>("/iccid", CheckDigit::warn);
    const auto imsi = body.identifier<Imsi>("/imsi");
    const auto imei = body.identifier<Imei>("/imei", CheckDigit::warn, Need::optional);
    const auto eid = body.identifier<Eid>("/eid", CheckDigit::warn, Need::optional);
    if (auto problem = body.problem()) return *std::move(problem);
    return DeviceReport(CardReport{*device, *iccid, *imsi, imei, eid});
}

Result<DeviceReport, Problem> equipment_report(JsonObject body) {
    const auto device = body.identifier<DeviceId>("/device_id");
    const auto equipment = body.identifier<EquipmentId>("/equipment_id");
    if (auto problem = body.problem()) return *std::move(problem);
    return DeviceReport(EquipmentReport{*device, *equipment});
}

Problem unclear(std::string_view code, std::string_view detail) {
    Problem problem = problem_of(Refusal{RefusalCode::invalid, {}, {}});
    problem.errors.push_back({"", std::string(code), std::string(detail)});
    problem.hint = "Send device_id with iccid and imsi, or device_id with equipment_id.";
    return problem;
}

}  // namespace

const DeviceId& device_of(const DeviceReport& report) {
    return std::visit([](const auto& one) -> const DeviceId& { return one.device; }, report);
}

Result<DeviceReport, Problem> parse_device_report(JsonObject body) {
    const bool card = speaks_of_card(body);
    const bool equipment = body.has("/equipment_id");
    if (card && equipment)
        return unclear("two-reports", "One report is about the card or about the equipment.");
    if (!card && !equipment)
        return unclear("no-report", "A report names the card or the equipment.");
    return card ? card_report(std::move(body)) : equipment_report(std::move(body));
}

Result<DeviceReport, Problem> parse_device_report(std::string_view body) {
    auto object = JsonObject::parse(body);
    if (!object) return object.reason();
    return parse_device_report(std::move(object).value());
}

}  // namespace msp
