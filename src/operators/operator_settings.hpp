// What the M2M SP sets up for one operator: how to reach it, what it can do, how fast to go.
//
// A value, kept as the record `operator_settings` named by the operator. Law: decode(encode(x)) is
// x; what is out of range, of another type or unknown is refused with the place at fault, and
// nothing is guessed for it; what is absent has the value below.
// Token and secret are in the record as they are: they are needed to sign and to prove. They are
// never shown, and never logged.
#pragma once

#include "domain/protocol.hpp"
#include "domain/refusal.hpp"
#include "domain/result.hpp"
#include "domain/view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

struct SendLimits {
    double per_second = 10;    // orders, reads and polls together
    unsigned burst = 10;       // at most so many at once after a rest
    unsigned concurrency = 8;  // conversations that await an answer
    friend bool operator==(const SendLimits&, const SendLimits&) = default;
};

// After so many failures in a row nothing is sent but a probe from time to time.
struct BreakerRule {
    unsigned failures = 10;
    Duration open_least{1'000};
    Duration open_most{30'000};
    friend bool operator==(const BreakerRule&, const BreakerRule&) = default;
};

struct AuditRule {
    bool on = true;  // sweeps by itself; one that a person asks for is made in any case
    unsigned page_size = 100;
    Duration page_every{1'000};
    Duration sweep_every{86'400'000};  // from the beginning of one sweep to that of the next
    // A page that differs in more than this share, and in more than this many, stops the audit.
    double drift_share = 0.05;
    unsigned drift_least = 10;
    friend bool operator==(const AuditRule&, const AuditRule&) = default;
};

// For the connector osmo-hlr: the other interfaces of the core, as "192.0.2.7:4222".
struct CoreSettings {
    std::string gsup{};             // of the HLR; empty: port 4222 where its CTRL interface is
    std::string sgsn{};             // CTRL of the serving node; empty: sessions are not seen
    std::string vty{};              // terminal of the HLR; empty: no list of all
    bool circuit_switched = false;  // activate allows circuit-switched service too
    friend bool operator==(const CoreSettings&, const CoreSettings&) = default;
};

// For the connector thingspace: what its requests say of the customer beside the token.
struct AccountSettings {
    std::string name{};          // "0000123456-00001"
    std::string service_plan{};  // of a line that is activated
    std::string zip_code{};      // where its number is from
    bool etf_waiver = false;     // a line is given back without the early termination fee
    friend bool operator==(const AccountSettings&, const AccountSettings&) = default;
};

constexpr std::string_view ctrl_scheme = "ctrl://";

struct OperatorSettings {
    OperatorId id;
    std::string name{};              // for people
    std::string connector = "rest";  // see connectors.hpp
    // http or https, no slash at the end. osmo-hlr: ctrl://192.0.2.7:4259, the HLR's CTRL
    std::string base_url{};
    CoreSettings core{};            // osmo-hlr only
    AccountSettings account{};      // thingspace only
    std::string token{};            // who we are, to the operator
    std::string callback_secret{};  // whsec_<base64>; empty: its callbacks are refused
    OperatorProfile profile{};
    SendLimits limits{};
    BreakerRule breaker{};
    AuditRule audit{};
    bool paused = false;
    friend bool operator==(const OperatorSettings&, const OperatorSettings&) = default;
};

// The bytes that callbacks are signed with; nothing where the secret is none.
std::optional<std::string> callback_key(std::string_view secret);

Name settings_name(const OperatorId&);
std::string encode(const OperatorSettings&);
Result<OperatorSettings, Refusal> decode_operator_settings(const OperatorId&,
                                                           std::string_view body);

// The kinds of operator that the models prove: fenced, serial, combined, overwritten,
// overwritten-combined. A settings body may say the word in place of the capabilities.
std::optional<Capabilities> capabilities_of(std::string_view kind);

// How long a call to an operator may take. The answer's deadline counts from the step that led to
// the call, so the call ends earlier by the pause that is allowed in between.
Duration call_time(const Pace&);
// Of an operator that is called so: a request may still be on its way out while the call lasts.
Capabilities in_call_time(Capabilities, const Pace&);

}  // namespace msp
