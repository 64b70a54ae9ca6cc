// The other way through a description of a value: see packing.hpp.
//
// Law: an Unpacker takes any bytes; what cannot be there makes good() false, and nothing worse.
// A value; one thread at a time. The bytes outlive it.
#pragma once

#include "store/packing.hpp"

namespace msp {

class Unpacker {
public:
    // `bytes` begin behind the version.
    Unpacker(std::string_view bytes, unsigned version)
        : version_(version), in_(bytes), choices_(in_.number()) {}

    unsigned version() const { return version_; }

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

    unsigned version_;
    ByteReader in_;
    std::uint64_t choices_;
    Time last_ = packing_epoch;
    std::vector<std::string_view> words_{spoken_words.begin(), spoken_words.end()};
};

}  // namespace msp
