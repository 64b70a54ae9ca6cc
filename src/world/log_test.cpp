#include "world/log.hpp"

#include "domain/identity.hpp"
#include "world/files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace msp;

static_assert(!std::is_constructible_v<LogValue, Iccid>);
static_assert(!std::is_constructible_v<LogValue, Imsi>);
static_assert(!std::is_constructible_v<LogValue, Msisdn>);
static_assert(!std::is_constructible_v<LogValue, Mdn>);
static_assert(!std::is_constructible_v<LogValue, Eid>);
static_assert(!std::is_constructible_v<LogValue, Imei>);
static_assert(!std::is_constructible_v<LogValue, const Imsi&>);
static_assert(!std::is_convertible_v<Imsi, LogValue>);
static_assert(std::is_convertible_v<int, LogValue>);

static const Time morning = *parse_rfc3339("2026-11-23T09:14:05.120Z");

static std::string line(std::initializer_list<LogField> fields) {
    return log_line(morning, LogLevel::info, "order sent", fields);
}

TEST_CASE("a line says when, how grave, what, and its values by name") {
    CHECK(line({{"operator", "op-east"}, {"attempt", 3}, {"late", false}}) ==
          "2026-11-23T09:14:05.120Z info order sent operator=op-east attempt=3 late=false\n");
    CHECK(log_line(morning, LogLevel::error, "commit failed", {}) ==
          "2026-11-23T09:14:05.120Z error commit failed\n");
}

TEST_CASE("a value that could be taken for something else is quoted") {
    CHECK(line({{"why", "no such host"}}).ends_with(" why=\"no such host\"\n"));
    CHECK(line({{"why", ""}}).ends_with(" why=\"\"\n"));
    CHECK(line({{"why", "a=b"}}).ends_with(" why=\"a=b\"\n"));
    CHECK(line({{"why", R"(say "no" \ yes)"}})
              .ends_with(R"( why="say \"no\" \\ yes")"
                         "\n"));
    CHECK(line({{"why", "größer"}}).ends_with(" why=größer\n"));
}

TEST_CASE("whatever bytes a value holds, the line stays one line without control characters") {
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
    const std::string text = log_line(morning, LogLevel::info, every, {{"value", every}});
    CHECK(text.find('\n') == text.size() - 1);
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        CHECK(static_cast<unsigned char>(text[i]) >= 0x20);
        CHECK(text[i] != 0x7f);
    }
    CHECK(line({{"value", std::string_view("\x1b[2J\r\n\0\x7f", 8)}})
              .ends_with(R"( value="\x1b[2J\x0d\n\x00\x7f")"
                         "\n"));
}

namespace {

// Everything that is written to stderr meanwhile.
class Stderr {
public:
    explicit Stderr(const std::string& path) : path_(path), before_(::dup(STDERR_FILENO)) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    std::string taken() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        return *read_file(path_);
    }

private:
    std::string path_;
    int before_;
};

}  // namespace

TEST_CASE("lines less grave than asked for are left out") {
    const TemporaryFolder folder("log");
    Stderr written(folder.path() + "/stderr");
    const auto log = make_stderr_log(LogLevel::warning);
    log->debug("debug");
    log->info("info");
    log->warning("warning");
    log->error("error", {{"kind", "last"}});
    const std::string text = written.taken();
    CHECK(text.find("debug") == std::string::npos);
    CHECK(text.find(" info") == std::string::npos);
    CHECK(text.find("Z warning warning\n") != std::string::npos);
    CHECK(text.find("Z error error kind=last\n") != std::string::npos);
}

TEST_CASE("lines of many threads are written whole") {
    const TemporaryFolder folder("log");
    Stderr written(folder.path() + "/stderr");
    const auto log = make_stderr_log(LogLevel::debug);
    const std::string wide(5'000, 'w');
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) log->info("wide", {{"value", wide}});
        });
    for (auto& thread : threads) thread.join();
    const std::string text = written.taken();
    int whole = 0;
    for (std::size_t at = 0; (at = text.find(wide + "\n", at)) != std::string::npos; ++at) ++whole;
    CHECK(whole == 200);
}
