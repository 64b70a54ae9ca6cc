// What becomes of a device's report, whatever protocol brought it: bound, unchanged, or refused and
// kept as a claim.
//
// Law: a device reports about itself alone, one report at a time. At most `refused_most.most` are
// refused in a window; beyond that it has to wait, and nothing is read or written. The same report
// refused again keeps its claim.
// Threads: the loop's. Outlives the store's last answer.
#pragma once

#include "access/attempts.hpp"
#include "access/device_credentials.hpp"
#include "access/parties.hpp"
#include "domain/claim.hpp"
#include "domain/failure.hpp"
#include "domain/refusal.hpp"
#include "gateway/device_report.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace msp {

class Log;
class Loop;
class Metrics;
class Random;
class Store;

struct ReportResult {
    enum class Kind : unsigned char {
        bound,         // what was reported holds from now on
        unchanged,     // it held already
        refused,       // by `code`; `claim` names what was kept
        other_device,  // the credential is another device's
        too_often,     // refused too often, or while another is undecided: come after `wait`
        failed,        // the world did not work
    };
    Kind kind = Kind::failed;
    RefusalCode code = RefusalCode::invalid;
    ClaimId claim{};
    Duration wait{};
    Failure failure{};
    friend bool operator==(const ReportResult&, const ReportResult&) = default;
};
std::string_view word(ReportResult::Kind);

// Of all but `bound` and `unchanged`.
Problem problem_of(const ReportResult&);

class DeviceReports {
public:
    static constexpr AttemptLimit refused_most{.most = 6};
    static constexpr std::size_t claims_most = 10'000;  // remembered for repeated reports

    using Done = std::function<void(const ReportResult&)>;

    DeviceReports(Store&, const Parties&, Loop&, Random&, Metrics&, Log&);
    DeviceReports(const DeviceReports&) = delete;
    DeviceReports& operator=(const DeviceReports&) = delete;

    void report(const DeviceCaller&, const DeviceReport&, Done);

private:
    struct Refused {
        DeviceReport report;
        ClaimId claim;
    };

    void submit(const DeviceCaller&, const DeviceReport&, Done);
    void remember(const DeviceCaller&, const DeviceReport&, const ClaimId&);
    ClaimId claim_for(const DeviceReport&);
    void finish(const ReportResult&, const Done&);

    Store& store_;
    const Parties& parties_;
    Loop& loop_;
    Random& random_;
    Metrics& metrics_;
    Log& log_;
    Tally refused_{refused_most};
    std::map<DeviceId, Refused> claims_;  // of each device the newest report that was refused
    std::deque<DeviceId> oldest_claims_;
    std::set<DeviceId> undecided_;
};

}  // namespace msp
