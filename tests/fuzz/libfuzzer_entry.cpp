// One program for all readers: FUZZ_TARGET names the one that is tried.
#include "tests/fuzz/targets.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace {

const msp::fuzz::Reader* chosen() {
    const char* name = std::getenv("FUZZ_TARGET");
    for (const msp::fuzz::Reader& reader : msp::fuzz::targets())
        if (name && reader.name == name) return &reader;
    std::cerr << "FUZZ_TARGET is one of";
    for (const msp::fuzz::Reader& reader : msp::fuzz::targets()) std::cerr << " " << reader.name;
    std::cerr << "\n";
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const msp::fuzz::Reader* const reader = chosen();
    reader->take({reinterpret_cast<const char*>(data), size});
    return 0;
}
