// The table of commands: one row holds the words, what they take, what they do, examples and the
// function.
//
// `--help`, docs/cli.md, shell completions and the parser all come from these rows, so they cannot
// differ.
// The grammar is `msp <noun> <verb> [ARGUMENT…] [--flag VALUE]`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

class Invocation;

// The parser holds a value against its form: N a whole number, DURATION 500ms or 30s (at most 60s),
// FORMAT one of -o, KEY=VALUE, a|b|c one of these. Any other form is a word for people.
struct Flag {
    std::string_view name;  // "--to"
    std::string_view form;  // "PARTY"; empty: a switch without a value
    std::string_view about;
    bool required = false;
    bool repeated = false;
};

struct Command {
    std::string_view noun;
    std::string_view verb;                    // empty: the noun alone, as `msp serve`
    std::vector<std::string_view> arguments;  // "DEVICE_ID", "[FILE]" optional, "ID…" one or more
    std::string_view about;
    std::vector<Flag> flags;
    std::vector<std::string_view> examples;
    std::function<int(Invocation&)> run;
};

using Commands = std::vector<Command>;

// Flags that every command takes.
const std::vector<Flag>& common_flags();

// What -o takes.
inline constexpr std::string_view output_formats = "table|wide|json|yaml|csv|ndjson|id";

// DEVICE_ID of "DEVICE_ID", "[DEVICE_ID]" and "DEVICE_ID…".
std::string argument_name(std::string_view argument);
bool is_optional(std::string_view argument);
bool is_repeated(std::string_view argument);

// What a program's exit tells a script.
enum Exit : int {
    exit_done = 0,
    exit_failed = 1,
    exit_usage = 2,
    exit_absent = 3,
    exit_forbidden = 4,
    exit_conflict = 5,
    exit_partly = 6,
    exit_unreachable = 7,
    exit_timed_out = 8,
    exit_interrupted = 130,
};

}  // namespace msp::cli
