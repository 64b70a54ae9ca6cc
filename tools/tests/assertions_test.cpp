#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace {

// The signal that ends a process of its own in which `action` runs; 0 if it lives to the end.
template <class Action>
int signal_that_ends(Action action) {
    std::fflush(nullptr);  // or the child would print what the parent holds back
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        action();
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("an assertion that does not hold ends the process in every build") {
    volatile bool law_holds = false;
    CHECK(signal_that_ends([&] { assert(law_holds); }) == SIGABRT);

    law_holds = true;
    CHECK(signal_that_ends([&] { assert(law_holds); }) == 0);
}

TEST_CASE("the standard library checks the bounds of its containers in every build") {
    const std::vector<int> three = {1, 2, 3};
    volatile std::size_t index = 3;
    CHECK(signal_that_ends([&] { static_cast<void>(three[index]); }) == SIGABRT);

    index = 2;
    CHECK(signal_that_ends([&] { static_cast<void>(three[index]); }) == 0);
}
