// All operators that run: each with its own loop over due work and its own audit, so that none
// slows another.
//
//   Operators operators(world, [&](const OperatorSettings& one) {
//       return connect_operator(one, windows); });
//   operators.start(memory.due, [](auto ready) { … });
//
// Law: an operator runs as its settings record says, from the commit on that changed it. Chains of
// an operator that does not run yet wait here, so nothing that is due is lost. An operator whose
// record ends is paused, for what it was told may still be under way.
// Threads: the loop's only. Commits and answers that come after its end are dropped.
#pragma once

#include "operators/audit.hpp"
#include "operators/operator_world.hpp"
#include "operators/order_loop.hpp"
#include "store/engine.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace msp {

// What came of an operator's report.
struct Heard {
    enum class Kind : unsigned char {
        stored,            // 2xx: it is on record
        forged,            // 401
        malformed,         // 400
        no_such_operator,  // 404
        not_now,           // 503: the store could not take it; let it come again
    };
    Kind kind = Kind::stored;
    std::string what;  // heard, heard before, answered before, unknown subscription …; or why not
};

class Operators {
public:
    using Connect = std::function<std::shared_ptr<OperatorLink>(const OperatorSettings&)>;

    Operators(const OperatorWorld&, Connect);
    ~Operators();
    Operators(const Operators&) = delete;
    Operators& operator=(const Operators&) = delete;

    // Reads the settings and begins. `due`: the store's list, as of before anything was submitted.
    void start(const std::vector<Due>& due, std::function<void(Result<Done, Failure>)> started);

    // An operator's report as it came in. It is on record before `done` says that it is stored.
    void hear(const OperatorId&, const HttpRequest&, std::function<void(Heard)> done);

    // False: no such operator runs.
    bool audit(const OperatorId&, Audit::Begin);
    // Whether that would be anything new. Nothing: no such operator runs.
    std::optional<bool> would_audit(const OperatorId&, Audit::Begin) const;

    std::vector<OperatorHealth> health() const;
    std::optional<OperatorHealth> health(const OperatorId&) const;

private:
    struct Running {
        std::shared_ptr<OperatorLink> link;
        std::shared_ptr<OrderLoop> orders;
        std::shared_ptr<Audit> audit;
    };
    struct Found;

    void follow(const Commit&);
    void note(const Chain&);
    void settle(const OperatorId&, const std::optional<std::string>& settings,
                const std::optional<std::string>& audit);
    void run(const OperatorSettings&, const std::optional<std::string>& audit);
    void pause(const OperatorId&);
    static OperatorHealth health_of(const Running&);

    OperatorWorld world_;
    Connect connect_;
    std::map<OperatorId, Running> running_;
    std::map<OperatorId, OperatorSettings> settings_;
    std::map<OperatorId, std::unordered_map<ChainId, Time>> waiting_;  // for an operator to run
    std::shared_ptr<Operators*> self_;  // null in turns that come too late
};

}  // namespace msp
