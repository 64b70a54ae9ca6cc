// An event as its readers get it: CloudEvents 1.0 in JSON, cut to what the reader may see.
//
//   {"specversion": "1.0", "id": "0-4711", "source": "/msp",
//    "type": "m2m.equipment.status-changed", "subject": "equipment/EX-20417", "time": "…",
//    "datacontenttype": "application/json", "chain": "17000123", "sequence": 12, "number": 345,
//    "data": {"device_id", "equipment_id", "card", "operator", "customer",
//             "before": {"network", "m2m", "equipment"}, "after": {…}, "network": "pending",
//             "holds": […], "actor": {…}, "cause", "operation", "code", "detail", "summary"}}
//
// `chain` and `sequence` are there where a chain is known: `sequence` counts its events, and
// whoever takes all types finds no gap in it while the chain is theirs. `number` is the place in
// the reader's feed. What does not apply is left out.
//
// Law: the same event reads the same for the same reader, for ever; its id is its place in history.
// What a reader may not see is in no member and in nobody's words (domain/sight.hpp); who acted for
// another party is that party's affair. At most `event_bytes_most` bytes: long words are cut.
// Pure functions; any thread.
#pragma once

#include "store/archive.hpp"

#include <string>

namespace msp {

inline constexpr std::size_t event_bytes_most = 20'000;  // Standard Webhooks 1.0.0, payload size
inline constexpr std::string_view event_content_type = "application/cloudevents+json";

std::string event_id(const Entry&);
std::string cloud_event(const Entry&, const PartyId& reader);

// What a receiver gets to see that its endpoint works. It stands in no feed and no history.
std::string test_event(const std::string& id, Time now);

}  // namespace msp
