// Which columns of a list are shown and in what order its items stand: --fields and --sort. Pure.
//
// A field is named by a column's title, whatever its case, or by where it stands in an item,
// "m2m_service.status".
#pragma once

#include "cli/invocation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class array;
}

namespace msp::cli {

// The columns named in "status,card.iccid", in that order; all are shown in tables too.
std::vector<Column> chosen_columns(const std::vector<Column>&, std::string_view fields);

// Orders items by one field: numbers by size, all else by text, equal ones as they came, what has
// no such field first; "-status" is the other way round.
void sort_items(boost::json::array& items, const std::vector<Column>&, std::string_view by);

// A field that is no column and that no item has. Nothing can be said of an empty list.
std::optional<std::string> unknown_field(const boost::json::array& items,
                                         const std::vector<Column>&, std::string_view fields,
                                         std::string_view by);

}  // namespace msp::cli
