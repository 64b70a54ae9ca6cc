// JSON answers as people and programs want to see them. Pure functions from text to text.
//
// Law: what people read (tables, facts, chains) holds printable text only; JSON, YAML and CSV hold
// the values as they are.
#pragma once

#include "cli/invocation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

struct ListLook {
    std::string format = "table";  // table wide json yaml csv ndjson id
    std::vector<Column> columns;
    std::string_view id_path;
    bool headers = true;
    unsigned width = 0;  // cut tables to this many characters; 0: never
};

// From {"items":[…]} or a bare array. An empty list is `[]` in JSON and only a header line in a
// table.
std::string render_list(const std::string& body, const ListLook&);

// One object as json (as received), yaml, csv (name,value) or id (what stands at `id_path`; where
// that is nothing, its first fact, which names it).
std::string render_object(const std::string& body, const std::string& format,
                          std::string_view id_path = {});

// The reading form of a chain: one sentence, one line a layer, who holds, and what could be done
// next.
std::string render_chain(const std::string& body);

// Two columns: names and values, nested objects by dotted names.
std::string render_facts(const std::string& body);

}  // namespace msp::cli
