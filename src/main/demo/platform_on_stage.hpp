// The platform of the demo: the real one, in a temporary folder, on a loop and a thread of its own.
//
// Threads: one, not the loop's; every call waits for its turn on the loop. Its end drains it.
#pragma once

#include "domain/laws.hpp"
#include "main/platform.hpp"
#include "world/asio_loop.hpp"

#include <memory>
#include <thread>
#include <vector>

namespace msp::demo {

class PlatformOnStage {
public:
    explicit PlatformOnStage(const Config&);
    ~PlatformOnStage();
    PlatformOnStage(const PlatformOnStage&) = delete;
    PlatformOnStage& operator=(const PlatformOnStage&) = delete;

    Result<Done, Failure> start();

    Platform& platform() { return *platform_; }
    const Config& config() const { return config_; }

    // The laws over the whole fleet, as it stands now.
    std::vector<BrokenLaw> broken_laws_now();

private:
    Config config_;
    QuietLog log_;
    AsioLoop loop_;
    std::unique_ptr<Platform> platform_;
    std::thread thread_;
};

}  // namespace msp::demo
