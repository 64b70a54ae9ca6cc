// JSON at the doors: a strict reader of requests, and a writer of answers.
//
// The reader takes one object (RFC 8259) and refuses what two readers could understand differently:
// a member named twice, what is no UTF-8, a number that does not fit. Each getter notes what is
// wrong with its member under the member's pointer (RFC 6901) and goes on, so one answer names all
// faults; members that nobody asked for are faults too. No value is ever part of a sentence.
//
//   auto body = read_json(request);                      if (!body) return render(body.reason());
//   const auto to = body->identifier<PartyId>("/to");    nothing: absent or wrong, and noted
//   if (auto problem = body->problem()) return render(*problem);
//
// Threads: one at a time.
#pragma once

#include "access/problem.hpp"
#include "domain/identity.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

enum class Need : unsigned char {
    required,
    optional,  // may be left out
    nullable,  // may be left out or null; has() tells which
};

class JsonObject {
public:
    static constexpr std::size_t depth_most = 32;
    static constexpr std::size_t members_most = 256;  // of one object
    static constexpr std::size_t errors_most = 50;

    static Result<JsonObject, Problem> parse(std::string_view body);
    JsonObject(JsonObject&&) noexcept;
    JsonObject& operator=(JsonObject&&) noexcept;
    ~JsonObject();

    bool has(std::string_view pointer) const;

    // No control characters but tab and line end.
    std::optional<std::string> text(std::string_view pointer, Need = Need::required,
                                    std::size_t bytes_most = 1024);
    std::optional<bool> flag(std::string_view pointer, Need = Need::required);
    std::optional<std::int64_t> number(std::string_view pointer, std::int64_t least,
                                       std::int64_t most, Need = Need::required);
    std::optional<double> decimal(std::string_view pointer, double least, double most,
                                  Need = Need::required);
    std::optional<Time> time(std::string_view pointer, Need = Need::required);  // RFC 3339
    std::optional<std::vector<std::string>> texts(std::string_view pointer, std::size_t count_most,
                                                  Need = Need::required);
    // An object whose members are all texts.
    std::optional<std::map<std::string, std::string>> entries(std::string_view pointer,
                                                              std::size_t count_most,
                                                              Need = Need::required);

    template <AnIdentifier Id>
    std::optional<Id> identifier(std::string_view pointer, Need need = Need::required) {
        const auto given = text(pointer, need);
        return given ? parsed(pointer, Id::parse(*given)) : std::nullopt;
    }
    template <AnIdentifier Id>
    std::optional<Id> identifier(std::string_view pointer, CheckDigit policy,
                                 Need need = Need::required) {
        const auto given = text(pointer, need);
        return given ? parsed(pointer, Id::parse(*given, policy)) : std::nullopt;
    }

    // Notes a fault that the caller found.
    void refuse(std::string_view pointer, std::string_view code, std::string_view detail);

    // All that is wrong, members that nobody asked for included; nothing: it is fine.
    std::optional<Problem> problem() const;

private:
    struct State;
    explicit JsonObject(std::unique_ptr<State>);

    template <AnIdentifier Id>
    std::optional<Id> parsed(std::string_view pointer, const Result<Id, IdentityError>& id) {
        if (id) return *id;
        refuse(pointer, id.reason().code, id.reason().sentence + " " + id.reason().hint);
        return std::nullopt;
    }

    std::unique_ptr<State> state_;
};

// A request's body. Refuses another content type than application/json (415) and what is no object.
Result<JsonObject, Problem> read_json(const HttpRequest&);

// RFC 6901: `~` and `/` of a member's name escaped.
std::string json_pointer_token(std::string_view member);

// Appends to a text, and sets the commas. What is no UTF-8 becomes U+FFFD, so that what it writes
// can always be read.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& open_object() { return open('{'); }
    JsonWriter& close_object() { return close('}'); }
    JsonWriter& open_array() { return open('['); }
    JsonWriter& close_array() { return close(']'); }
    JsonWriter& name(std::string_view member);

    JsonWriter& value(std::string_view);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
    JsonWriter& value(std::signed_integral auto number) { return signed_number(number); }
    JsonWriter& value(std::unsigned_integral auto number) requires(
        !std::same_as<decltype(number), bool>) {
        return unsigned_number(number);
    }
    JsonWriter& value(double);  // Requires: finite.
    JsonWriter& value(Time);
    template <AnIdentifier Id>
    JsonWriter& value(const Id& id) {
        return value(id.text());
    }
    template <std::size_t N>
    JsonWriter& value(const Text<N>& text) {
        return value(text.view());
    }
    template <class Value>
    JsonWriter& value(const std::optional<Value>& given) {
        return given ? value(*given) : null();
    }
    JsonWriter& null() { return raw("null"); }
    JsonWriter& raw(std::string_view json);  // Requires: one JSON value.

    template <class Value>
    JsonWriter& member(std::string_view its_name, const Value& given) {
        return name(its_name).value(given);
    }
    // Left out where there is none.
    template <class Value>
    JsonWriter& member_if(std::string_view its_name, const std::optional<Value>& given) {
        return given ? member(its_name, *given) : *this;
    }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    JsonWriter& signed_number(std::int64_t);
    JsonWriter& unsigned_number(std::uint64_t);
    void separate();

    std::string& out_;
    bool fresh_ = true;  // nothing to separate from
};

}  // namespace msp
