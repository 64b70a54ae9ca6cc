// The embedded store of a data folder, ready for work.
//
// Law: one process at a time; a folder in use is refused with a sentence that says so.
#pragma once

#include "store/archive.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace msp {

class Log;
class Loop;

struct StoreOptions {
    std::string folder;
    std::size_t waiting_most = 20'000;
    std::size_t batch_most = 256;
    std::function<void()>
        latched;  // on the loop, once: the store broke, and the process should end
};

struct OpenedStore {
    std::unique_ptr<Store> store;
    std::unique_ptr<Reader> reader;
    std::vector<Due> due;  // every chain that waits for a time, before anything was submitted
};

// The loop outlives it. Logs sizes and times.
Result<OpenedStore, Failure> open_store(const StoreOptions&, Loop&, Log&);

// For looking at a folder that no platform runs on.
struct ClosedStore {
    std::unique_ptr<Engine> engine;
    std::unique_ptr<Archive> archive;
};
Result<ClosedStore, Failure> open_closed_store(const std::string& folder);

}  // namespace msp
