// A request's target, taken apart once: the path as raw segments, the query as decoded parameters.
//
// Law: what is percent-encoded is decoded exactly once. An encoded slash or NUL, a broken escape, a
// control character and a parameter given twice are refused: two readers could understand them
// differently (RFC 3986 clauses 2.1 and 3.3; parameters as HTML forms write them, `+` is a space).
// Values and pure functions; any thread. Segments are views into the target they were taken from.
#pragma once

#include "access/problem.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

// The parameters of a query, in order.
class Query {
public:
    static constexpr std::size_t parameters_most = 32;

    static Result<Query, Problem> parse(std::string_view raw);

    // Nothing: it was not given. A parameter without `=` is given as the empty text.
    std::optional<std::string_view> find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name).has_value(); }
    const std::vector<std::pair<std::string, std::string>>& all() const { return parameters_; }

private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

struct Target {
    std::string_view path;   // raw, from the first slash on
    std::string_view query;  // raw, behind the question mark
};
Target split_target(std::string_view target);

// Nothing: it cannot be decoded, or must not be.
std::optional<std::string> decoded_segment(std::string_view raw);

// Fit to stand as one segment of a path; a colon is escaped, so that it is never taken for a verb.
std::string encoded_segment(std::string_view text);

Problem bad_query(std::string_view parameter, std::string code, std::string detail,
                  std::string hint);

}  // namespace msp
