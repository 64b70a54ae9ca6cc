// The description of all calls for programs: OpenAPI 3.1, made from the route table.
//
// Law: a call is in it exactly if it has a row, and what a row names is defined. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace msp {

std::string openapi_document();

// The shapes of bodies and answers, as JSON Schema.
struct NamedSchema {
    std::string_view name;
    std::string_view schema;  // JSON
};
std::span<const NamedSchema> body_schemas();    // schemas_of_bodies.cpp
std::span<const NamedSchema> answer_schemas();  // schemas_of_answers.cpp

}  // namespace msp
