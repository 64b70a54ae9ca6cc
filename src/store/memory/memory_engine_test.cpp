#include "store/memory/memory_engine.hpp"

#include "store/engine_contract.hpp"
#include "store/memory/memory_archive.hpp"

#include <doctest/doctest.h>

using namespace msp;

namespace {

class MemoryBed final : public EngineBed {
public:
    Engine& engine() override { return engine_; }
    void look(const std::function<void(Archive&)>& at) override {
        MemoryArchive archive(engine_.content());
        at(archive);
    }
    bool reopen() override { return false; }

private:
    MemoryEngine engine_;
};

}  // namespace

TEST_CASE("the memory engine keeps the contract of engines") {
    engine_contract([] { return std::make_unique<MemoryBed>(); });
}
