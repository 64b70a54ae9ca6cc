#include "access/json.hpp"

#include "access/unknown_name.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace msp {

namespace json = boost::json;

namespace {

// Walks over the text before anything is built of it: no object names a member twice or is larger
// than allowed, no number is beyond all bounds.
struct Inspector {
    static constexpr std::size_t max_object_size = JsonObject::members_most;
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = 1024;
    static constexpr std::size_t max_string_size = std::size_t(-1);

    std::vector<std::set<std::string, std::less<>>> open_objects;
    std::string key;

    bool on_key_end(json::error_code& ec) {
        const bool fresh = open_objects.back().insert(std::exchange(key, {})).second;
        if (!fresh) ec = json::error::syntax;
        return fresh;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        open_objects.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) {
        open_objects.pop_back();
        return true;
    }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t, json::error_code&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key += part;
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
        key += part;
        return on_key_end(ec);
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
    bool on_double(double number, json::string_view, json::error_code& ec) {
        if (!std::isfinite(number)) ec = json::error::exponent_overflow;
        return std::isfinite(number);
    }
    bool on_bool(bool, json::error_code&) { return true; }
    bool on_null(json::error_code&) { return true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

json::parse_options strict() {
    json::parse_options options;
    options.max_depth = JsonObject::depth_most;
    return options;
}

Problem malformed(std::string_view detail, std::string_view hint) {
    return make_problem(400, "malformed-json", detail, hint);
}

std::optional<Problem> inspected(std::string_view body) {
    json::basic_parser<Inspector> parser(strict());
    json::error_code error;
    const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
    if (!error && read == body.size()) return std::nullopt;
    return malformed("The body is not one JSON object as RFC 8259 has it, from byte " +
                         std::to_string(std::min(read, body.size())) + " on.",
                     "Send one object in UTF-8, at most " + std::to_string(JsonObject::depth_most) +
                         " deep, with each member once and at most " +
                         std::to_string(JsonObject::members_most) + " of them.");
}

// The tokens of a pointer (RFC 6901 clause 4).
std::vector<std::string> tokens_of(std::string_view pointer) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/')
            out.emplace_back();
        else if (pointer[i] == '~' && i + 1 < pointer.size())
            out.back() += pointer[++i] == '1' ? '/' : '~';
        else
            out.back() += pointer[i];
    }
    return out;
}

const json::value* find(const json::value& root, std::string_view pointer) {
    const json::value* at = &root;
    for (const std::string& token : tokens_of(pointer)) {
        const json::object* object = at->if_object();
        at = object ? object->if_contains(token) : nullptr;
        if (!at) return nullptr;
    }
    return at;
}

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code >= 0x20 && code != 0x7F) || c == '\t' || c == '\n' || c == '\r';
    });
}

}  // namespace

struct JsonObject::State {
    json::value root;
    std::set<std::string, std::less<>> asked;
    std::vector<ProblemError> errors;

    void note(std::string pointer, std::string_view code, std::string_view detail) {
        if (errors.size() < errors_most)
            errors.push_back({std::move(pointer), std::string(code), std::string(detail)});
    }

    // The value to read, or nothing: absent, null or noted as missing.
    const json::value* value(std::string_view pointer, Need need) {
        asked.emplace(pointer);
        const json::value* found = find(root, pointer);
        if (!found) {
            if (need == Need::required)
                note(std::string(pointer), "missing", "This member is needed.");
            return nullptr;
        }
        if (found->is_null() && need == Need::nullable) return nullptr;
        return found;
    }

    std::optional<std::string> text(const std::string& pointer, const json::value& value,
                                    std::size_t bytes_most) {
        const json::string* text = value.if_string();
        if (!text) {
            note(pointer, "wrong-type", "A text is expected here.");
        } else if (text->size() > bytes_most) {
            note(pointer, "too-long", "At most " + std::to_string(bytes_most) + " bytes fit here.");
        } else if (!printable({text->data(), text->size()})) {
            note(pointer, "control-character", "Control characters do not belong into this text.");
        } else {
            return std::string(text->data(), text->size());
        }
        return std::nullopt;
    }

    void note_unknown(std::vector<ProblemError>& out, const std::string& pointer,
                      const json::value& value) const {
        const auto below = asked.lower_bound(pointer + "/");
        const bool leads_on = below != asked.end() && below->starts_with(pointer + "/");
        if (const json::object* object = value.if_object(); leads_on && object) {
            for (const auto& [key, member] : *object)
                note_unknown(out, pointer + "/" + json_pointer_token({key.data(), key.size()}),
                             member);
        } else if (!asked.contains(pointer) && out.size() < errors_most) {
            const std::size_t name = pointer.rfind('/') + 1;
            out.push_back({pointer.substr(0, name) + unknown_name(pointer.substr(name)),
                           "unknown-member", "There is no such member in this request."});
        }
    }
};

JsonObject::JsonObject(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonObject::JsonObject(JsonObject&&) noexcept = default;
JsonObject& JsonObject::operator=(JsonObject&&) noexcept = default;
JsonObject::~JsonObject() = default;

Result<JsonObject, Problem> JsonObject::parse(std::string_view body) {
    if (auto problem = inspected(body)) return *std::move(problem);
    json::error_code error;
    auto state = std::make_unique<State>();
    state->root = json::parse({body.data(), body.size()}, error, {}, strict());
    if (error || !state->root.is_object())
        return malformed("The body is JSON, but no object.", "Send one object: {\"member\": …}.");
    return JsonObject(std::move(state));
}

bool JsonObject::has(std::string_view pointer) const {
    return find(state_->root, pointer) != nullptr;
}

std::optional<std::string> JsonObject::text(std::string_view pointer, Need need,
                                            std::size_t bytes_most) {
    const json::value* value = state_->value(pointer, need);
    return value ? state_->text(std::string(pointer), *value, bytes_most) : std::nullopt;
}

std::optional<bool> JsonObject::flag(std::string_view pointer, Need need) {
    const json::value* value = state_->value(pointer, need);
    if (!value) return std::nullopt;
    if (const bool* flag = value->if_bool()) return *flag;
    refuse(pointer, "wrong-type", "true or false is expected here.");
    return std::nullopt;
}

std::optional<std::int64_t> JsonObject::number(std::string_view pointer, std::int64_t least,
                                               std::int64_t most, Need need) {
    const json::value* value = state_->value(pointer, need);
    if (!value) return std::nullopt;
    const std::int64_t* number = value->if_int64();
    if (!number && !value->is_number()) {
        refuse(pointer, "wrong-type", "A whole number is expected here.");
    } else if (!number || *number < least || *number > most) {
        refuse(pointer, "out-of-range",
               "A whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                   " is expected here.");
    } else {
        return *number;
    }
    return std::nullopt;
}

static std::string spelt(double number) {
    std::string out;
    JsonWriter(out).value(number);
    return out;
}

std::optional<double> JsonObject::decimal(std::string_view pointer, double least, double most,
                                          Need need) {
    const json::value* value = state_->value(pointer, need);
    if (!value) return std::nullopt;
    if (!value->is_number()) {
        refuse(pointer, "wrong-type", "A number is expected here.");
        return std::nullopt;
    }
    const auto number = value->to_number<double>();
    if (number >= least && number <= most) return number;
    refuse(pointer, "out-of-range",
           "A number from " + spelt(least) + " to " + spelt(most) + " is expected here.");
    return std::nullopt;
}

std::optional<Time> JsonObject::time(std::string_view pointer, Need need) {
    const auto given = text(pointer, need, 64);
    if (!given) return std::nullopt;
    const auto time = parse_rfc3339(*given);
    if (!time)
        refuse(pointer, "not-a-time",
               "A time as in RFC 3339, with an offset, is expected here: 2026-11-23T09:14:05Z.");
    return time;
}

std::optional<std::vector<std::string>> JsonObject::texts(std::string_view pointer,
                                                          std::size_t count_most, Need need) {
    const json::value* value = state_->value(pointer, need);
    if (!value) return std::nullopt;
    const json::array* array = value->if_array();
    if (!array) {
        refuse(pointer, "wrong-type", "An array of texts is expected here.");
        return std::nullopt;
    }
    if (array->size() > count_most) {
        refuse(pointer, "too-many", "At most " + std::to_string(count_most) + " fit here.");
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < array->size(); ++i)
        if (auto text =
                state_->text(std::string(pointer) + "/" + std::to_string(i), (*array)[i], 1024))
            out.push_back(*std::move(text));
    return out.size() == array->size() ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::map<std::string, std::string>> JsonObject::entries(std::string_view pointer,
                                                                      std::size_t count_most,
                                                                      Need need) {
    const json::value* value = state_->value(pointer, need);
    if (!value) return std::nullopt;
    const json::object* object = value->if_object();
    if (!object) {
        refuse(pointer, "wrong-type", "An object whose members are texts is expected here.");
        return std::nullopt;
    }
    if (object->size() > count_most) {
        refuse(pointer, "too-many", "At most " + std::to_string(count_most) + " fit here.");
        return std::nullopt;
    }
    std::map<std::string, std::string> out;
    for (const auto& [key, member] : *object) {
        const std::string name(key.data(), key.size());
        const std::string at = std::string(pointer) + "/" + json_pointer_token(name);
        if (!printable(name))
            state_->note(at, "control-character", "Control characters do not belong into a name.");
        else if (auto text = state_->text(at, member, 1024))
            out.emplace(name, *std::move(text));
    }
    return out.size() == object->size() ? std::optional(std::move(out)) : std::nullopt;
}

void JsonObject::refuse(std::string_view pointer, std::string_view code, std::string_view detail) {
    state_->note(std::string(pointer), code, detail);
}

std::optional<Problem> JsonObject::problem() const {
    std::vector<ProblemError> errors = state_->errors;
    for (const auto& [key, member] : state_->root.get_object())
        state_->note_unknown(errors, "/" + json_pointer_token({key.data(), key.size()}), member);
    if (errors.empty()) return std::nullopt;
    Problem problem = problem_of(Refusal{RefusalCode::invalid, {}, {}});
    problem.errors = std::move(errors);
    return problem;
}

static bool says_json(std::string_view content_type) {
    const std::string_view type = content_type.substr(0, content_type.find_first_of("; \t"));
    return equal_without_case(type, "application/json");
}

Result<JsonObject, Problem> read_json(const HttpRequest& request) {
    const auto type = request.headers.find("Content-Type");
    if (type && says_json(*type)) return JsonObject::parse(request.body);
    return make_problem(415, "unsupported-media-type", "The body's type is not application/json.",
                        "Send JSON, and say so: Content-Type: application/json.");
}

std::string json_pointer_token(std::string_view member) {
    std::string out;
    for (const char c : member) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

}  // namespace msp
