// Where a list goes on: opaque to whoever keeps it, and good only for the query it was made for.
//
// Law: a cursor that was made for another query, cut or changed is refused. It is no secret and no
// permission: what is behind it is looked at with the reader's own eyes again. It stays good across
// restarts. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace msp {

// `query`: everything that decides what the list holds.
std::string make_cursor(std::string_view place, std::string_view query);
std::optional<std::string> read_cursor(std::string_view cursor, std::string_view query);

}  // namespace msp
