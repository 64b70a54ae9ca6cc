// One run of one command: its arguments and flags, where it talks to, and how it shows what comes back.
//
// Law: data goes to `out`, talk goes to `err`; without a terminal there are no colours, no prompts and no cut lines.
// An answer that is no success is shown once, on `err`, and becomes the exit code.
#pragma once

#include "cli/command.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "world/http.hpp"
#include "world/http_client.hpp"

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
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

    // Calls the platform. A 2xx answer is returned; anything else is shown and its exit code kept in `exit_code`.
    std::optional<HttpResponse> call(std::string_view method, const std::string& target,
                                     const std::string& body = {}, const HttpHeaders& more = {});
    std::optional<HttpResponse> stream(const std::string& target, const HttpHeaders& more,
                                       const std::function<bool(std::string_view)>& piece);
    HttpCall prepare(std::string_view method, const std::string& target,
                     const std::string& body) const;
    int show_failure(const Result<HttpResponse, Failure>&);
    int exit_code = exit_done;

    // Shows a JSON answer in the format asked for (-o); `text` is the reading form of one object.
    int show_list(const std::string& json, const std::vector<Column>& columns,
                  std::string_view id_path) const;
    int show_object(const std::string& json,
                    const std::function<std::string(const std::string&)>& text) const;

    // Asks a person to type `what`; true at once with --yes; false (and said so) without a terminal.
    bool confirmed(const std::string& question, const std::string& what);

private:
    const Surroundings& around_;
    const Commands& all_;
    const Command& command_;
};

// Puts arguments and flags into a path: "/v1/devices/{DEVICE_ID}?limit={--limit}"; empty query members are left out.
std::string fill(const Invocation&, std::string_view pattern);
std::string percent_encoded(std::string_view);

// A JSON object from members: {"status", "=active"} a literal, {"to", "--to"} a flag, {"to", "TO"} an argument;
// kind 't' text, 'b' truth, 'n' number, 'l' list of texts. Absent ones are left out.
struct Member {
    std::string_view name;
    std::string_view from;
    char kind = 't';
};
std::string object_of(const Invocation&, const std::vector<Member>&);

}  // namespace msp::cli
