// Shows an answer in the format that was asked for (-o), on `out`.
#pragma once

#include "cli/invocation.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

// What programs wrote, as it may be shown: as it is to a program, as printable text on a terminal.
std::string terminal_text(const std::string& text, bool terminal);

// A problem (RFC 9457) for people: sentence, code, members at fault, next step, trace. Empty where
// the text is none. What is at fault goes by its flag, and the next step is one here.
std::string problem_text(const Invocation&, const std::string& body);

// What went wrong on this side, in the platform's form.
std::string problem_of(std::string_view code, const std::string& what, const std::string& next);

// Exit 2 where --fields or --sort name what no item has.
int show_list(Invocation&, const std::string& items, const std::vector<Column>&,
              std::string_view id_path);

// `text` is the reading form of one object.
int show_object(Invocation&, const std::string& object,
                const std::function<std::string(const std::string&)>& text);

}  // namespace msp::cli
