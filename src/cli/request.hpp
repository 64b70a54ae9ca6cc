// Arguments and flags as parts of a request: its path, query and JSON body.
#pragma once

#include "cli/invocation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

// Puts arguments and flags into a path: "/v1/devices/{DEVICE_ID}?limit={--limit}"; members of the
// query that were not given are left out.
std::string fill(const Invocation&, std::string_view pattern);
std::string percent_encoded(std::string_view);
std::string with_query(const std::string& target, std::string_view name, std::string_view value);

// Where a change is asked what it would do: at `…:preview`, of a call with a verb of its own at
// `…:preview-unbind`, and of a DELETE by the verb of the command.
std::string preview_of(std::string_view method, const std::string& target, std::string_view verb);

// What a member of the body is, from the words given for it.
enum class Kind : unsigned char {
    text,
    truth,    // "true" or "false"
    number,   // whole
    texts,    // a list, one for each time the flag was given
    entries,  // an object, from KEY=VALUE
    content,  // of the file that is named, without its last end of line; - is standard input
};

// A member of the body: {"status", "=active"} a literal, {"to", "--to"} a flag, {"to", "TO"} an
// argument. What was not given is left out.
struct Member {
    std::string_view name;
    std::string_view from;
    Kind kind = Kind::text;
};

// Nothing: a file could not be read, which was said.
std::optional<std::string> object_of(Invocation&, const std::vector<Member>&);

// The content of a file, of standard input for "-". Nothing: it was said why.
std::optional<std::string> content_of(Invocation&, const std::string& file);
std::string without_last_line_end(std::string text);

}  // namespace msp::cli
