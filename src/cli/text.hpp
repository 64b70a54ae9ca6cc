// Text as a terminal shows it.
//
// Law: what printable() answers moves no cursor, changes no colour and turns no line around,
// whatever a name, a reason or an operator's word holds; so data of others can be shown anywhere.
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace msp::cli {

// Control characters and those that turn the direction of writing (Unicode TR 36, clause 2.10.1)
// become \uXXXX; what is no UTF-8 becomes U+FFFD. Lines::kept: ends of
// lines and tabs stay, an end as \n alone.
enum class Lines : bool { shown, kept };
std::string printable(std::string_view text, Lines = Lines::shown);

// The same inside a JSON text: another spelling of the same value.
std::string printable_json(std::string_view json);

// Columns of a terminal: two for an East Asian wide character, none for a combining one.
std::size_t shown_width(std::string_view printable_text);

// At most so many columns, with … where something was cut off; 0: all of it.
std::string cut(std::string text, std::size_t columns);

}  // namespace msp::cli
