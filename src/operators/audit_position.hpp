// How far an operator's audit is: kept as a record, so that a restart goes on where it was.
// A value; decode(encode(x)) is x.
#pragma once

#include "domain/identity.hpp"
#include "domain/view.hpp"
#include "operators/health.hpp"

namespace msp {

struct AuditPosition {
    bool sweeping = false;
    bool reading = false;         // one by one: what is not listed, or all
    std::string after;            // the operator's cursor; while reading, the number of a chain
    std::optional<Time> began;    // the newest sweep
    std::optional<Time> ended;    // the newest whole sweep
    std::optional<Time> stopped;  // a person is asked since then
    std::string why;              // it stopped
    bool go_through = false;      // a person said so: this sweep does not stop for drift
    AuditHealth::Counts now;
    AuditHealth::Counts last;
    friend bool operator==(const AuditPosition&, const AuditPosition&) = default;
};

Name audit_name(const OperatorId&);
std::string encode(const AuditPosition&);
// What cannot be read is no position: the audit begins anew.
AuditPosition decode_audit_position(std::string_view body);

}  // namespace msp
