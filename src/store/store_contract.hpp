// What every Store with its Reader does, however it runs: the suite that each of them passes.
#pragma once

#include "store/archive.hpp"
#include "store/store.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>

namespace msp {

class StoreBed {
public:
    virtual ~StoreBed() = default;
    virtual Loop& loop() = 0;
    virtual Store& store() = 0;
    virtual Reader& reader() = 0;
    // Runs the loop until it is so.
    virtual void run_until(const std::function<bool()>&) = 0;
    // The process ends and begins again; false: this one forgets everything with it.
    virtual bool reopen() = 0;
};

using MakeStoreBed = std::function<std::unique_ptr<StoreBed>()>;

void store_contract(const MakeStoreBed&);

}  // namespace msp
