// The table of commands as people read it. Pure.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <string_view>

namespace msp::cli {

std::string help_of_all(const Commands&);
std::string help_of_noun(const Commands&, std::string_view noun);
std::string help_of(const Command&);
std::string usage_of(const Command&);

// "card import", or "serve".
std::string words_of(const Command&);

// docs/cli.md.
std::string manual(const Commands&);

}  // namespace msp::cli
