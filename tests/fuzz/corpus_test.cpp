// The corpus, and each of its files cut short and with a byte changed, in every test run.
#include "tests/fuzz/targets.hpp"

#include "world/files.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace msp;

namespace {

constexpr const char* corpus = "tests/fuzz/corpus/";

void take_variants(const fuzz::Reader& target, const std::string& bytes, Random& random) {
    target.take(bytes);
    for (int i = 0; i < 20; ++i) {
        std::string other = bytes.substr(0, random.below(bytes.size() + 1));
        target.take(other);
        if (other.empty()) continue;
        other[random.below(other.size())] = static_cast<char>(random.below(256));
        target.take(other + bytes);
    }
}

}  // namespace

TEST_CASE("Every reader of foreign bytes survives its corpus, cut short and changed") {
    SeededRandom random(1);
    std::size_t files = 0;
    for (const fuzz::Reader& target : fuzz::targets()) {
        CAPTURE(target.name);
        std::size_t its_files = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(corpus + std::string(target.name))) {
            CAPTURE(entry.path().string());
            const auto bytes = read_file(entry.path().string());
            REQUIRE(bytes);
            take_variants(target, *bytes, random);
            ++its_files;
        }
        CHECK(its_files >= 3);
        files += its_files;
    }
    MESSAGE(fuzz::targets().size()
            << " readers, " << files << " files, " << 41 * files << " inputs");
}
