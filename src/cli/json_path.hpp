// JSON values by dotted path, and as the text of a table's cell. Who includes this includes
// <boost/json.hpp>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace boost::json {
class value;
}

namespace msp::cli {

std::optional<boost::json::value> parsed(std::string_view text);
const boost::json::value* at_path(const boost::json::value&, std::string_view path);

// A text without its quotes, a list with commas, null as nothing.
std::string plain_text(const boost::json::value*);
std::string plain_text(const boost::json::value&, std::string_view path);

}  // namespace msp::cli
