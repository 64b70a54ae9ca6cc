#include "store/memory/memory_store.hpp"

#include <utility>

namespace msp {

void MemoryReader::read(Job job, std::function<void(Result<Done, Failure>)> done) {
    loop_.post([this, alive = std::weak_ptr(alive_), job = std::move(job), done = std::move(done)] {
        if (alive.expired()) return;
        job(archive_);
        done(msp::Done{});
    });
}

MemoryStore make_memory_store(Loop& loop, std::shared_ptr<MemoryEngine> engine, const Lane& lane) {
    if (!engine) engine = std::make_shared<MemoryEngine>();
    Standing standing = engine->standing(lane.number).value();
    MemoryStore out{engine, std::make_unique<SteppedStore>(*engine, loop, lane, standing),
                    std::make_unique<MemoryReader>(engine->content(), loop),
                    std::move(standing.due)};
    return out;
}

}  // namespace msp
