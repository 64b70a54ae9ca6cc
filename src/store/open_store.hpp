// The durable store of a node: everything that wiring it up takes, in one call.
#pragma once

#include "store/archive.hpp"
#include "store/engine.hpp"
#include "store/lane.hpp"
#include "store/store.hpp"
#include "world/log.hpp"
#include "world/loop.hpp"

#include <memory>
#include <string>
#include <vector>

namespace msp {

struct StoreOptions {
    std::string folder;  // made if it is not there; one process at a time
    Lane lane;
    QueueLimits limits;
    std::size_t reading_threads = 2;
    std::function<void()> latched;  // once, on the loop: the store broke; stop and recover
};

// The store ends last: readers stand on its database.
struct OpenedStore {
    std::unique_ptr<Store> store;
    std::unique_ptr<Reader> reader;
    std::vector<Due> due;  // every chain that waits for a time
    bool fresh = false;    // there was no database before
};

// Refused with a sentence for people: the folder is in use, the database is of a newer version or
// of another program, the disk does not work. Says in the log what it found and how long it took.
Result<OpenedStore, Failure> open_store(const StoreOptions&, Loop&, Log&);

}  // namespace msp
