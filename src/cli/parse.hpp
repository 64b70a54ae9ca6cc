// From words to one command with its arguments and flags. Pure.
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

struct Parsed {
    const Command* command = nullptr;
    bool help = false;  // of the command, or of all
    std::map<std::string, std::vector<std::string>, std::less<>> given;
    std::string wrong;  // what is wrong with the words, with the nearest right ones; empty: nothing
};

// Nouns may be given short: eq, dev.
Parsed parse_words(const Commands&, const std::vector<std::string>& words);

std::string help_of_all(const Commands&);
std::string help_of(const Commands&, std::string_view noun);
std::string help_of(const Command&);
std::string usage_of(const Command&);

// The same table as docs/cli.md.
std::string manual(const Commands&);

}  // namespace msp::cli
