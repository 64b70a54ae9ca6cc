// What the promises under load are tried on: a served fleet of their own, its staff, two tenants.
#pragma once

#include "bench/server_process.hpp"
#include "world/random.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace msp::bench {

struct OverloadSetup {
    std::string program = "build/release/src/main/msp";
    std::string folder = "build/bench";
    std::vector<std::string> promises{"P10", "P14", "P15"};
    std::uint64_t machines = 1'000'000;
    double seconds = 3;  // of each turn
    unsigned rounds = 3;
    std::size_t idle = 10'000, slow = 5'000;
    unsigned starts = 20;
    std::uint64_t seed = 7;
};

using NextRequest = std::function<std::string()>;

class OverloadStage {
public:
    explicit OverloadStage(const OverloadSetup&);

    const ServerProcess& server() const { return *server_; }
    double start();  // seconds until it took requests
    void stop() { server_.reset(); }
    void kill();

    NextRequest changes() const;  // durable ones, of random machines, by the staff
    // Durable ones, of an equipment provider of the fleet, of its own machines. One more key is
    // made.
    NextRequest changes_of(const std::string& party) const;

private:
    const OverloadSetup& setup_;
    std::unique_ptr<ServerProcess> server_;
    std::string staff_;
};

}  // namespace msp::bench
