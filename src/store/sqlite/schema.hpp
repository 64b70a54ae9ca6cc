// The steps that make the schema, from schema/sqlite/: after step n, PRAGMA user_version is n.
#pragma once

#include <span>
#include <string_view>

namespace msp {

std::span<const std::string_view> sqlite_schema();

}  // namespace msp
