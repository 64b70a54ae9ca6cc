// Two ways through one description of a value: packed into bytes, or unpacked from them
// (unpacking.hpp).
//
//   template <class Io, class Value> void carry(Io& io, Value& value) { io.flag(value.stopped); … }
//
// A description names each member once, in order, so that writing and reading cannot differ. Flags
// and choices are gathered into one number in front; a time is kept as its distance from the time
// before it; a word said before is kept as a reference to it.
// Values; one thread at a time. A Packer looks at what it was given until take().
#pragma once

#include "domain/identity.hpp"
#include "domain/time.hpp"
#include "store/bytes.hpp"

#include <array>
#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace msp {

// Words that need not be spelled. Part of the format: add at the end, with a new version only.
inline constexpr std::array<std::string_view, 16> spoken_words{"m2m-sp",
                                                               "new-card",
                                                               "issued",
                                                               "handed-over",
                                                               "rebound",
                                                               "requested",
                                                               "test-over",
                                                               "equipment-service",
                                                               "unpaid",
                                                               "contract",
                                                               "fraud",
                                                               "maintenance",
                                                               "other",
                                                               "operator-suspended",
                                                               "operator-inactive",
                                                               "accepted-drift"};

inline constexpr Time packing_epoch{Duration{1'577'836'800'000}};  // 2020-01-01T00:00:00Z

// Unsigned: distances wrap around, whatever the bytes or the values say.
constexpr std::uint64_t ticks(Time time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

class Packer {
public:
    explicit Packer(unsigned version) : version_(version) {}

    // What is carried from a version on: `if (io.version() >= 2) …`.
    unsigned version() const { return version_; }
    void flag(bool value) { choose(value ? 1 : 0, 1); }
    template <class Choice>
    void choice(Choice value) {
        choose(static_cast<unsigned>(value), 2);
    }
    template <class Number>
    void number(Number value) {
        body_.number(static_cast<std::uint64_t>(value));
    }
    void moment(Time value) {
        flag(value != Time{});
        if (value != Time{}) distance(value);
    }
    void moment(const std::optional<Time>& value) {
        flag(value.has_value());
        if (value) distance(*value);
    }
    // A time that is there.
    void distance(Time value) {
        body_.signed_number(static_cast<std::int64_t>(ticks(value) - ticks(last_)));
        last_ = value;
    }
    template <class Id>
    void digits(const Id& id) {
        body_.digits(id.text());
    }
    template <class Said>
    void word(const Said& said) {
        const std::string_view text = view_of(said);
        for (std::size_t i = 0; i < words_.size(); ++i)
            if (words_[i] == text) return body_.number(i << 1 | 1);
        body_.number(text.size() << 1);
        body_.raw(text);
        words_.push_back(text);
    }
    template <class Value, class Carry>
    void optional(const std::optional<Value>& value, const Value&, Carry carry) {
        flag(value.has_value());
        if (value) carry(*value);
    }

    std::string take() {
        ByteWriter out;
        out.byte(version_);
        out.number(choices_);
        out.raw(body_.bytes());
        return out.take();
    }

private:
    template <class Said>
    static std::string_view view_of(const Said& said) {
        if constexpr (std::is_convertible_v<Said, std::string_view>)
            return said;
        else if constexpr (requires { said.text(); })
            return said.text();
        else
            return said.view();
    }
    void choose(unsigned value, unsigned bits) {
        assert(value >> bits == 0 && chosen_ + bits <= 64);
        choices_ |= std::uint64_t{value} << chosen_;
        chosen_ += bits;
    }

    unsigned version_;
    std::uint64_t choices_ = 0;
    unsigned chosen_ = 0;
    ByteWriter body_;
    Time last_ = packing_epoch;
    std::vector<std::string_view> words_{spoken_words.begin(), spoken_words.end()};
};

}  // namespace msp
