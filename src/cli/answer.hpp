// What stands where in a JSON answer. A path is dotted, "m2m_service.status"; what is not there, or
// no JSON at all, is empty. Pure functions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

std::string text_at(const std::string& body, std::string_view path);
bool truth_at(const std::string& body, std::string_view path);
std::int64_t count_at(const std::string& body, std::string_view path);

// The items of a list, each as JSON.
std::vector<std::string> items_at(const std::string& body, std::string_view path);

// An object without some of its members; other text as it is.
std::string without_members(const std::string& body, std::initializer_list<std::string_view>);

}  // namespace msp::cli
