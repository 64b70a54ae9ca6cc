// What a simulated operator writes and reads: the JSON documents of docs/operators/rest.md, seen
// from the operator's side. Written apart from the platform's connector, so that each checks the
// other. Pure functions.
#pragma once

#include "cast/simulated_operator.hpp"
#include "world/http.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

HttpResponse json_response(int status, std::string body);
HttpResponse error_response(int status, std::string_view code);

// An order as kept; the status that fits it.
HttpResponse order_response(const BookedOrder&, bool polled);
HttpResponse subscription_response(const SimulatedSubscription&, OperatorKind,
                                   const std::string& state_word);
HttpResponse list_response(const OperatorBook&, OperatorKind, const std::string& after,
                           std::size_t limit);
// An entry of the journal, as a line of a file and as it is read back; nothing where it is none.
std::string journal_line(const JournalEntry&);
std::optional<JournalEntry> read_journal_line(std::string_view line);
HttpResponse journal_response(const OperatorBook&, std::uint64_t after, std::size_t limit);

std::optional<BookedOrder> read_order(std::string_view body, std::string subscription,
                                      std::string reference);
// The members of a flat object whose values are texts; nothing where it is none.
std::optional<std::map<std::string, std::string>> read_texts(std::string_view body);
std::string write_texts(const std::vector<std::pair<std::string_view, std::string>>&);

HttpRequest report_request(const OperatorReport&, const std::string& url, std::string_view key,
                           Time now);

// A target taken apart: decoded segments of the path, and the query's values by name.
struct ReadTarget {
    std::vector<std::string> path;
    std::map<std::string, std::string> query;
};
ReadTarget read_target(std::string_view target);
// A number in the query; `otherwise` where there is none.
std::uint64_t number(const ReadTarget&, const std::string& name, std::uint64_t otherwise);

}  // namespace msp
