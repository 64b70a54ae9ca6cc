// A whole store in memory on a loop: what tests, simulations and demonstrations stand on.
//
//   MemoryStore memory = make_memory_store(loop);                          one node
//   MemoryStore other = make_memory_store(loop, memory.engine, {1, 2});    a second one beside it;
//                                                          the first was made as lane 0 of 2
//
// Everything runs in turns of the loop, one small step in each, in the same order every time.
// Threads: the loop's only.
#pragma once

#include "store/memory/memory_archive.hpp"
#include "store/memory/memory_engine.hpp"
#include "store/stepped_store.hpp"

#include <memory>

namespace msp {

class MemoryReader final : public Reader {
public:
    MemoryReader(const MemoryContent& content, Loop& loop) : archive_(content), loop_(loop) {}
    void read(Job, std::function<void(Result<Done, Failure>)> done) override;

private:
    MemoryArchive archive_;
    Loop& loop_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

struct MemoryStore {
    std::shared_ptr<MemoryEngine> engine;  // shared by the nodes on it
    std::unique_ptr<Store> store;
    std::unique_ptr<Reader> reader;
    std::vector<Due> due;  // at start
};

MemoryStore make_memory_store(Loop&, std::shared_ptr<MemoryEngine> = {}, const Lane& = {});

}  // namespace msp
