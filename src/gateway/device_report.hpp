// What a device says about itself, whatever protocol brought it: one parser of meaning.
//
//   {"device_id", "iccid", "imsi", "imei"?, "eid"?}     the card that it found in itself
//   {"device_id", "equipment_id"}                       the equipment that it was built into
//
// Law: what it takes is valid in every member, and nothing was left over; what it refuses is named
// member by member, and no identifier stands in a sentence. A check digit that does not hold is
// taken, for cards are registered so: the report has to be the same as the record, not better.
// Values and pure functions.
#pragma once

#include "access/problem.hpp"
#include "domain/identity.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace msp {

class JsonObject;

struct CardReport {
    DeviceId device;
    Iccid iccid;
    Imsi imsi;
    std::optional<Imei> imei;
    std::optional<Eid> eid;
    friend bool operator==(const CardReport&, const CardReport&) = default;
};

struct EquipmentReport {
    DeviceId device;
    EquipmentId equipment;
    friend bool operator==(const EquipmentReport&, const EquipmentReport&) = default;
};

using DeviceReport = std::variant<CardReport, EquipmentReport>;

const DeviceId& device_of(const DeviceReport&);

Result<DeviceReport, Problem> parse_device_report(std::string_view body);
Result<DeviceReport, Problem> parse_device_report(JsonObject body);

}  // namespace msp
