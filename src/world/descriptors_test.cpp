#include "world/descriptors.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>

using namespace msp;

namespace {

// Lets the process have `soft` descriptors as long as this lives.
class Few {
public:
    explicit Few(rlim_t soft) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit few{soft, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    }
    ~Few() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    Few(const Few&) = delete;
    Few& operator=(const Few&) = delete;

    std::size_t most() const { return before_.rlim_max; }

private:
    rlimit before_{};
};

std::size_t allowed_now() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace

TEST_CASE("a process that may have few descriptors asks for those that it needs") {
    const Few few(256);
    CHECK(allow_descriptors(512) == 512);
    CHECK(allowed_now() == 512);
}

TEST_CASE("what there is already is not taken away") {
    const Few few(256);
    CHECK(allow_descriptors(100) == 256);
    CHECK(allowed_now() == 256);
}

TEST_CASE("beyond what the machine lets it have there is no more") {
    const Few few(256);
    if (few.most() == RLIM_INFINITY) return;
    CHECK(allow_descriptors(few.most() + 1) == few.most());
}
