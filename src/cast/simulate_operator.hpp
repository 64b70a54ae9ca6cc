// `msp simulate operator`: a simulated operator on a socket of its own.
#pragma once

#include "cast/operator_simulator.hpp"
#include "world/asio_loop.hpp"
#include "world/http_server.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

struct SimulateOperatorOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;     // 0: any free one
    std::string subscriptions;  // a CSV with the columns iccid, imsi and, if it likes, reference
    std::string profile = "calm";
    std::vector<std::pair<std::string, std::string>> knobs;  // turned after the profile
    std::uint64_t seed = 1;
    OperatorFront front;
    std::string journal;  // a file that is taken up, and written as things take effect, when set
};

// One row of a card batch as its operator knows it.
struct SimulatedCard {
    std::string reference;
    std::string imsi;
};
// Columns are found by their names, in any order; the reference is the ICCID where there is none.
Result<std::vector<SimulatedCard>, Failure> read_simulated_cards(std::string_view csv);

// An operator that listens, for as long as it lives. Loop's thread.
class ListeningOperator {
public:
    static Result<std::unique_ptr<ListeningOperator>, Failure> listen(
        Loop&, const SimulateOperatorOptions&);

    std::uint16_t port() const { return server_->port(); }
    OperatorSimulator& simulator() { return *simulator_; }

private:
    ListeningOperator() = default;

    std::unique_ptr<HttpClient> http_;
    std::unique_ptr<OperatorSimulator> simulator_;
    std::unique_ptr<HttpServer> server_;
};

// Runs until SIGINT or SIGTERM. `tell` gets one sentence once it listens, or why it does not.
// Answers the exit code.
int simulate_operator(const SimulateOperatorOptions&,
                      const std::function<void(const std::string& sentence)>& tell);

}  // namespace msp
