// Every call there is, once: how it is written, who may make it, what it takes, what it answers.
//
// Dispatch, authorisation, /openapi.json and the tests read this one table; a call that has no row
// does not exist, and a row without `who` does not compile. Values; any thread.
//
//   /v1/devices/{device_id}/hold/{code}:preview
//       literal      parameter      parameter and verb
//
// A verb belongs to the last segment only. An identifier may hold colons: its end is taken for a
// verb only where the table has that verb, and `%3A` writes a colon that never is one.
#pragma once

#include "access/keys.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace msp {

class Call;
using CallPtr = std::shared_ptr<Call>;
using Handler = void (*)(const CallPtr&);

// Whose credential opens the call. Staff are keys of the M2M SP; they may make the calls of all
// parties, and each flow says what they may move.
enum class Who : unsigned char {
    everyone,          // no credential is asked for
    device,            // the device's own, checked at the door of devices
    network_operator,  // the operator's signature, checked by its connector
    party,
    device_provider,
    equipment_provider,
    staff,
};

// How a call that changes something is asked what it would do, by a POST that ends in a verb:
// `preview`, or of a call with a verb of its own `preview-unbind`.
struct Previewing {
    std::string_view verb{};                   // instead of that one
    std::optional<std::string_view> answer{};  // its schema, where it is not the call's
    std::string_view never{};                  // why there is none
};

struct Route {
    std::string_view method;
    std::string_view path;
    Who who;
    Role least;  // of a party's key; without meaning for the first three kinds
    Handler handle;
    std::string_view summary;
    std::string_view query{};   // keys of route_parameters(), blank-separated
    std::string_view body{};    // name of a schema, or a media type; empty: none is taken
    std::string_view answer{};  // name of a schema, or a media type; empty: none is given
    int status = 200;           // of success
    Previewing preview{};
    const Route* of = nullptr;  // this is the preview of that row, and does nothing

    const Route& original() const { return of ? *of : *this; }
};
// The rows as written, each followed by its preview.
std::span<const Route> routes();

// A parameter of queries. Its name ends at the dot of its key: two calls may mean two things by one
// word.
struct RouteParameter {
    std::string_view key;
    std::string_view schema;  // JSON
    std::string_view about;
    std::string_view name() const { return key.substr(0, key.find('.')); }
};
std::span<const RouteParameter> route_parameters();

// Calls `each` with the words of a blank-separated list.
template <class Each>
void for_each_word(std::string_view list, Each each) {
    while (!list.empty()) {
        const std::string_view word = list.substr(0, list.find(' '));
        if (!word.empty()) each(word);
        list.remove_prefix(word.size() < list.size() ? word.size() + 1 : word.size());
    }
}

bool is_media_type(std::string_view schema_or_type);
bool changes_something(const Route&);  // POST, PUT, PATCH, DELETE, and no preview

}  // namespace msp
