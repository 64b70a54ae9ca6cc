// What every engine does, whatever it is made of: the suite that each of them runs.
//
//   TEST_CASE("the memory engine keeps the contract") { engine_contract(make_memory_bed); }
//
// Drawn by seed and compared with a model that knows nothing of keys, pages and rows.
#pragma once

#include "store/archive.hpp"
#include "store/engine.hpp"

#include <functional>
#include <memory>

namespace msp {

// An engine with what stands around it.
class EngineBed {
public:
    virtual ~EngineBed() = default;
    virtual Engine& engine() = 0;
    // A look at what is committed now.
    virtual void look(const std::function<void(Archive&)>&) = 0;
    // The process ends and begins again; false: this one forgets everything with it.
    virtual bool reopen() = 0;
};

using MakeBed = std::function<std::unique_ptr<EngineBed>()>;

void engine_contract(const MakeBed&);

}  // namespace msp
