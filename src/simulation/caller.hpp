// Programs and devices that ask the platform for something and do not give up easily.
//
// Law: a command is asked again under the same idempotency key until an answer comes that tells, or
// it was asked so often that its caller gives up; then it may be in force or not, once. What was
// acknowledged is on record, and one key takes effect once, however often it was asked.
// Threads: one. All it stands on outlives it.
#pragma once

#include "simulation/founding.hpp"
#include "simulation/wire.hpp"
#include "simulation/witness.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace msp::simulation {

struct Ask {
    std::string who;  // a party; or the device, where `secret` is set
    std::string method;
    std::string target;
    std::string body{};
    std::string if_match{};
    std::string secret{};  // of a device
    Mover mover{};
    bool whole = true;  // one command, not one for each item
};

struct CallTally {
    std::uint64_t asked = 0;
    std::uint64_t tries = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t refused = 0;
    std::uint64_t given_up = 0;
};

class Caller {
public:
    struct Surroundings {
        Loop& loop;
        Wire& wire;
        Story& story;
        Sometimes& sometimes;
        Witness& witness;
        const Founded& founded;
    };
    using Done = std::function<void(const HttpResponse&)>;  // not called where it gives up

    Caller(const Surroundings&, std::uint64_t seed);

    void ask(Ask, Done done = {});
    Time now() const { return around_.loop.now(); }
    std::size_t waiting() const { return waiting_; }
    const CallTally& tally() const { return tally_; }

    // Every command there was, once more.
    void look_back() const;

private:
    struct Asked {
        Ask ask;
        std::string key;
        std::vector<std::string> operations;  // one for each try
        std::optional<int> status{};
        unsigned tries = 0;
        Done done;
    };

    void attempt(Asked&);
    HttpRequest request(Asked&);
    void answered(Asked&, const Result<HttpResponse, Failure>&);
    void again(Asked&);
    void check(const Asked&) const;

    const Surroundings around_;
    SeededRandom random_;
    WireClient client_;
    std::deque<Asked> all_;
    std::size_t waiting_ = 0;
    CallTally tally_;
};

}  // namespace msp::simulation
