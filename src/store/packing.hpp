// Two ways through one description of a value: packed into bytes, or unpacked from them.
//
//   template <class Io, class Value> void carry(Io& io, Value& value) { io.flag(value.stopped); … }
//
// A description names each member once, in order, so that writing and reading cannot differ. Flags
// and choices are gathered into one number in front; a time is kept as its distance from the time
// before it; a word said before is kept as a reference to it.
// Law: an Unpacker takes any bytes; what cannot be there makes good() false, and nothing worse.
// Values; one thread at a time.
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

    std::string take(unsigned version) {
        ByteWriter out;
        out.byte(version);
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

    std::uint64_t choices_ = 0;
    unsigned chosen_ = 0;
    ByteWriter body_;
    Time last_ = packing_epoch;
    std::vector<std::string_view> words_{spoken_words.begin(), spoken_words.end()};
};

class Unpacker {
public:
    // `bytes` begin behind the version.
    explicit Unpacker(std::string_view bytes) : in_(bytes), choices_(in_.number()) {}

    void flag(bool& out) { out = chosen(1) != 0; }
    template <class Choice>
    void choice(Choice& out) {
        out = static_cast<Choice>(chosen(2));
    }
    template <class Number>
    void number(Number& out) {
        const std::uint64_t value = in_.number();
        out = static_cast<Number>(value);
        if (static_cast<std::uint64_t>(out) != value) in_.fail();
    }
    void moment(Time& out) {
        if (chosen(1) != 0) distance(out);
    }
    void moment(std::optional<Time>& out) {
        if (chosen(1) != 0) distance(out.emplace());
    }
    void distance(Time& out) {
        const auto sum = ticks(last_) + static_cast<std::uint64_t>(in_.signed_number());
        out = last_ = Time(Duration(static_cast<std::int64_t>(sum)));
    }
    template <class Id>
    void digits(Id& out) {
        take_identifier(in_.digits(), out);
    }
    template <class Said>
    void word(Said& out) {
        const std::string_view text = next_word();
        if constexpr (std::is_same_v<Said, std::string>)
            out = text;
        else if constexpr (requires { out.text(); })
            take_identifier(text, out);
        else if (const auto said = Said::of(text))
            out = *said;
        else
            in_.fail();
    }
    template <class Value, class Carry>
    void optional(std::optional<Value>& out, const Value& blank, Carry carry) {
        if (chosen(1) != 0) carry(out.emplace(blank));
    }

    void fail() { in_.fail(); }
    bool good() const { return in_.good(); }
    bool at_end() const { return in_.at_end() && choices_ == 0; }

private:
    template <class Id>
    void take_identifier(std::string_view text, Id& out) {
        const auto parsed = [&] {
            if constexpr (requires { Id::parse(text, CheckDigit::warn); })
                return Id::parse(text, CheckDigit::warn);
            else
                return Id::parse(text);
        }();
        if (parsed)
            out = *parsed;
        else
            in_.fail();
    }
    unsigned chosen(unsigned bits) {
        const auto value = static_cast<unsigned>(choices_ & ((1U << bits) - 1));
        choices_ >>= bits;
        return value;
    }
    std::string_view next_word() {
        const std::uint64_t head = in_.number();
        if ((head & 1) != 0) {
            if (head >> 1 < words_.size()) return words_[head >> 1];
            return in_.fail(), std::string_view{};
        }
        return words_.emplace_back(in_.raw(static_cast<std::size_t>(head >> 1)));
    }

    ByteReader in_;
    std::uint64_t choices_;
    Time last_ = packing_epoch;
    std::vector<std::string_view> words_{spoken_words.begin(), spoken_words.end()};
};

}  // namespace msp
