// One run of one command: its arguments and flags, where it talks to, and how it shows what comes
// back.
//
// Law: data goes to `out`, talk goes to `err`; without a terminal there are no colours, no prompts
// and no cut lines, and what others wrote reaches a terminal as printable text only. An answer that
// is no success is shown once, on `err`, and becomes the exit code.
#pragma once

#include "cli/command.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "world/http.hpp"
#include "world/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

// What the outside is to the command line; tests bring their own.
struct Surroundings {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool terminal_in = false;
    bool terminal_out = false;
    bool terminal_err = false;
    unsigned width = 100;  // of the terminal
    std::map<std::string, std::string> environment;
    std::function<Result<HttpResponse, Failure>(const HttpCall&,
                                                const std::function<bool(std::string_view)>&)>
        http;
    std::function<std::string()> fresh_key;  // for Idempotency-Key
    std::function<void(std::chrono::milliseconds)> pause;
    std::function<std::chrono::steady_clock::time_point()> now;
    std::function<std::chrono::system_clock::time_point()> wall_clock;
};

// A platform and a key for it.
struct Context {
    std::string server;
    std::string key;
    std::string ca_file;
};

// A column of a table: its title and where in an item its value stands ("m2m_service.status").
struct Column {
    std::string_view title;
    std::string_view path;
    bool wide = false;  // shown with -o wide only
};

class Invocation {
public:
    Invocation(const Surroundings& around, const Commands& all, const Command& command)
        : around_(around), all_(all), command_(command) {}

    const Surroundings& around() const { return around_; }
    const Commands& all() const { return all_; }
    const Command& command() const { return command_; }
    std::ostream& out() const { return around_.out; }
    std::ostream& err() const { return around_.err; }

    // What was given; an argument or flag that is not there is empty.
    std::map<std::string, std::vector<std::string>, std::less<>> given;
    std::string value(std::string_view name) const;
    bool has(std::string_view name) const { return given.find(name) != given.end(); }
    std::vector<std::string> values(std::string_view name) const;
    std::optional<std::uint64_t> number(std::string_view name) const;
    std::string format() const { return has("--output") ? value("--output") : "table"; }

    // Where it talks to. Nothing: that cannot be found out; it was said why.
    const Context* context();

    // Calls the platform. A 2xx answer is returned; anything else is shown and its exit code kept
    // in `exit_code`. Headers in `more` go before its own.
    std::optional<HttpResponse> call(std::string_view method, const std::string& target,
                                     const std::string& body = {}, const HttpHeaders& more = {});
    // The same for an answer that comes in pieces.
    std::optional<HttpResponse> stream(const std::string& target, const HttpHeaders& more,
                                       const std::function<bool(std::string_view)>& piece);
    // With --dry-run nothing is sent that changes anything: the call's preview goes in its place.
    bool dry_run() const { return has("--dry-run"); }
    // The call as it would be sent. Nothing: there is no context for it.
    std::optional<HttpCall> prepare(std::string_view method, const std::string& target,
                                    const std::string& body);
    int show_failure(const HttpCall&, const Result<HttpResponse, Failure>&);

    // Says what is wrong and what to do next, with -o json as a problem object; answers the code it
    // was given.
    int refuse(Exit, const std::string& what, const std::string& next = {});
    int exit_code = exit_done;

    // Asks a person to type `what`; true at once with --yes; false (and said so) without a
    // terminal.
    bool confirmed(const std::string& question, const std::string& what);

private:
    const Surroundings& around_;
    const Commands& all_;
    const Command& command_;
    std::optional<Context> context_;
};

// The exit code of an answer that is no success.
Exit exit_of(int status);

}  // namespace msp::cli
