#include "cli/parse.hpp"

#include <algorithm>
#include <set>

namespace msp::cli {

const std::vector<Flag>& common_flags() {
    static const std::vector<Flag> flags{
        {"--output", "FORMAT", "table, wide, json, yaml, csv, ndjson or id (also -o)"},
        {"--no-headers", "", "tables and CSV without their first line"},
        {"--context", "NAME", "use this context instead of the current one"},
        {"--server", "URL", "talk to this platform"},
        {"--key-file", "FILE", "use the key in this file; - reads it from standard input"},
        {"--ca", "FILE", "trust the certificates of this CA"},
        {"--idempotency-key", "KEY", "name this call, so that repeating it does nothing twice"},
        {"--yes", "", "do not ask (also -y)"},
    };
    return flags;
}

static std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}

std::string usage_of(const Command& command) {
    std::string out = "msp " + std::string(command.noun);
    if (!command.verb.empty()) out += " " + std::string(command.verb);
    for (const std::string_view argument : command.arguments) out += " " + std::string(argument);
    for (const Flag& flag : command.flags) {
        const std::string one =
            std::string(flag.name) + (flag.form.empty() ? "" : " " + std::string(flag.form));
        if (flag.required) out += " " + one;
    }
    const bool more = std::any_of(command.flags.begin(), command.flags.end(),
                                  [](const Flag& flag) { return !flag.required; });
    return out + (more ? " [flags]" : "");
}

static std::string flag_lines(const std::vector<Flag>& flags) {
    std::string out;
    for (const Flag& flag : flags) {
        const std::string left =
            std::string(flag.name) + (flag.form.empty() ? "" : " " + std::string(flag.form));
        out += "  " + padded(left, 26) + " " + std::string(flag.about) +
               (flag.required ? " (needed)" : "") + "\n";
    }
    return out;
}

std::string help_of(const Command& command) {
    std::string out = "msp " + std::string(command.noun) +
                      (command.verb.empty() ? "" : " " + std::string(command.verb)) + ": " +
                      std::string(command.about) + "\n\n";
    for (const std::string_view example : command.examples)
        out += "  " + std::string(example) + "\n";
    out += "\nusage: " + usage_of(command) + "\n";
    if (!command.flags.empty()) out += "\nflags\n" + flag_lines(command.flags);
    return out + "\nflags of every command\n" + flag_lines(common_flags());
}

std::string help_of(const Commands& commands, std::string_view noun) {
    std::string out;
    for (const Command& command : commands)
        if (command.noun == noun)
            out += "  " + padded(usage_of(command), 58) + " " + std::string(command.about) + "\n";
    return out;
}

std::string help_of_all(const Commands& commands) {
    std::string out =
        "msp: the M2M Service Platform\n\n"
        "  msp demo                                  watch the whole use case happen to a fleet\n"
        "  msp serve --data DIR                      run the platform\n"
        "  msp equipment status EX-4711              why has this machine no service, and who can "
        "change that\n\n"
        "usage: msp <noun> <verb> [arguments] [flags]; msp <noun> --help shows its verbs\n\n";
    std::set<std::string_view> seen;
    for (const Command& command : commands) {
        if (!seen.insert(command.noun).second) continue;
        std::string verbs;
        for (const Command& other : commands)
            if (other.noun == command.noun && !other.verb.empty())
                verbs += (verbs.empty() ? "" : " ") + std::string(other.verb);
        out += "  " + padded(std::string(command.noun), 11) +
               (verbs.empty() ? std::string(command.about) : verbs) + "\n";
    }
    return out + "\nflags of every command\n" + flag_lines(common_flags()) +
           "\nexit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 conflict, "
           "6 partly done,\n"
           "            7 unreachable, 8 timed out waiting, 130 interrupted\n";
}

std::string manual(const Commands& commands) {
    std::string out =
        "# The command line\n\n`msp <noun> <verb> [arguments] [flags]`. This page is made from the "
        "table of commands.\n\n## Flags of every command\n\n```\n" +
        flag_lines(common_flags()) + "```\n";
    std::string_view noun;
    for (const Command& command : commands) {
        if (command.noun != noun) out += "\n## " + std::string(command.noun) + "\n";
        noun = command.noun;
        out += "\n### `" + usage_of(command) + "`\n\n" + std::string(command.about) + ".\n";
        if (!command.flags.empty()) out += "\n```\n" + flag_lines(command.flags) + "```\n";
        if (!command.examples.empty()) {
            out += "\n```sh\n";
            for (const std::string_view example : command.examples)
                out += std::string(example) + "\n";
            out += "```\n";
        }
    }
    return out;
}

}  // namespace msp::cli
