#include "cli/help.hpp"

#include "cli/text.hpp"

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
    const std::size_t seen = shown_width(text);
    if (seen < width) text.append(width - seen, ' ');
    return text;
}

std::string words_of(const Command& command) {
    return std::string(command.noun) +
           (command.verb.empty() ? "" : " " + std::string(command.verb));
}

std::string usage_of(const Command& command) {
    std::string out = "msp " + words_of(command);
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
    std::string out = "msp " + words_of(command) + ": " + std::string(command.about) + "\n\n";
    for (const std::string_view example : command.examples)
        out += "  " + std::string(example) + "\n";
    out += "\nusage: " + usage_of(command) + "\n";
    if (!command.flags.empty()) out += "\nflags\n" + flag_lines(command.flags);
    return out + "\nflags of every command\n" + flag_lines(common_flags());
}

std::string help_of_noun(const Commands& commands, std::string_view noun) {
    std::string out = "msp " + std::string(noun) + " <verb>\n\n";
    for (const Command& command : commands)
        if (command.noun == noun)
            out += "  " + padded(usage_of(command), 58) + " " + std::string(command.about) + "\n";
    return out + "\nmsp " + std::string(noun) + " <verb> --help shows its flags and examples\n";
}

static std::string noun_lines(const Commands& commands) {
    std::string out;
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
    return out;
}

static constexpr std::string_view exit_codes =
    "  0  done\n"
    "  1  failed\n"
    "  2  wrong usage: the words, or a value that the platform cannot take\n"
    "  3  not found, or not yours\n"
    "  4  not allowed, or not known who asks\n"
    "  5  conflict: the state, or somebody else's change, says no\n"
    "  6  partly done: some of many items were refused\n"
    "  7  the platform, or an operator behind it, cannot be reached\n"
    "  8  timed out waiting; the change goes on\n"
    "130  interrupted\n";

std::string help_of_all(const Commands& commands) {
    std::string out =
        "msp: the M2M Service Platform\n\n"
        "  msp demo                      watch the whole use case happen to a fleet\n"
        "  msp serve --data DIR          run the platform\n"
        "  msp equipment status EX-4711  why has this machine no service, who can change that\n\n"
        "usage: msp <noun> <verb> [arguments] [flags]; msp <noun> --help shows its verbs\n\n";
    out += noun_lines(commands);
    return out + "\nflags of every command\n" + flag_lines(common_flags()) + "\nexit codes\n" +
           std::string(exit_codes);
}

static std::string manual_of(const Command& command) {
    std::string out = "\n### msp " + words_of(command) + "\n\n" + std::string(command.about) +
                      ".\n\n```text\n" + usage_of(command) + "\n" +
                      (command.flags.empty() ? "" : "\n" + flag_lines(command.flags)) + "```\n";
    if (command.examples.empty()) return out;
    out += "\n```sh\n";
    for (const std::string_view example : command.examples) out += std::string(example) + "\n";
    return out + "```\n";
}

std::string manual(const Commands& commands) {
    std::string out =
        "# The command line\n\n"
        "`msp <noun> <verb> [arguments] [flags]`. `msp manual` prints this page from the table of\n"
        "commands; [the guides](cli/README.md) show the commands at work.\n\n"
        "## Flags of every command\n\n```text\n" +
        flag_lines(common_flags()) + "```\n\n## Exit codes\n\n```text\n" + std::string(exit_codes) +
        "```\n";
    std::string_view noun;
    for (const Command& command : commands) {
        if (command.noun != noun) out += "\n## " + std::string(command.noun) + "\n";
        noun = command.noun;
        out += manual_of(command);
    }
    return out;
}

}  // namespace msp::cli
