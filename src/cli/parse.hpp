// From words to one command with its arguments and flags. Pure.
//
// Law: no word is passed over and none is guessed at; what is wrong is said with the nearest right
// words, before anything is done.
#pragma once

#include "cli/invocation.hpp"

#include <map>
#include <string>
#include <vector>

namespace msp::cli {

struct Parsed {
    const Command* command = nullptr;
    std::string noun;   // the one named, if there is such a noun
    bool help = false;  // of the command, of the noun, or of all
    std::map<std::string, std::vector<std::string>, std::less<>> given;
    std::string wrong;  // what is wrong with the words, with the nearest right ones; empty: nothing
};

// Nouns may be given short: eq, dev.
Parsed parse_words(const Commands&, const std::vector<std::string>& given);

}  // namespace msp::cli
