// What one kind of identifier is made of, and what is said of a text that is not.
//
// Law: whatever bytes are given, a refusal's sentence and hint show none of its digits; its
// suggestion may be as wrong as the text was, and whoever hands it out tries it first. Pure
// functions for identity.cpp; no threads.
#pragma once

#include "domain/identity.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace msp {

// Numbers are written in groups; the spaces and hyphens between them are dropped.
inline constexpr std::string_view digits_as_written = "0123456789 -";

struct IdentityRule {
    std::string_view name;
    std::string_view accepted;  // the characters that may be given
    std::size_t shortest;
    std::size_t longest;
    std::string_view shape;  // completes "it takes ..."
};

// The characters that count, if there are as many as the rule says.
Result<Text<64>, IdentityError> canonical(const IdentityRule&, std::string_view given);

// What the check digits should be, and when those given may stand nonetheless.
struct CheckDigits {
    std::string right;
    std::string exception;
};
IdentityError wrong_check_digit(const IdentityRule&, std::string_view text, const CheckDigits&);

std::string_view trimmed(std::string_view text);  // no spaces before and behind
std::string joined(std::initializer_list<std::string_view> parts);

}  // namespace msp
