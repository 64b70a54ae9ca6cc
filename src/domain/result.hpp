// A value, or the reason why there is none.
//
// Three kinds of wrong exist here, and each is said in one way only:
//   a rule says no           Result<T, Refusal>   tell whoever asked; asking again changes nothing
//   the world did not work   Result<T, Failure>   try later, or give up loudly
//   we have a bug            assert               stop; in every build; never fed with input
//
// A value type: copyable if its parts are, no allocation of its own, no threads.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

namespace msp {

template <class Value, class Reason>
class [[nodiscard]] Result {
public:
    constexpr Result(Value value) : held_(std::in_place_index<0>, std::move(value)) {}
    constexpr Result(Reason reason) : held_(std::in_place_index<1>, std::move(reason)) {}

    constexpr explicit operator bool() const { return held_.index() == 0; }

    // Requires: there is a value.
    constexpr const Value& value() const& {
        assert(held_.index() == 0);
        return *std::get_if<0>(&held_);
    }
    constexpr Value&& value() && {
        assert(held_.index() == 0);
        return std::move(*std::get_if<0>(&held_));
    }
    constexpr const Value& operator*() const& { return value(); }
    constexpr Value&& operator*() && { return std::move(*this).value(); }
    constexpr const Value* operator->() const { return &value(); }

    // Requires: there is no value.
    constexpr const Reason& reason() const {
        assert(held_.index() == 1);
        return *std::get_if<1>(&held_);
    }

    friend bool operator==(const Result&, const Result&) = default;

private:
    std::variant<Value, Reason> held_;
};

// The value of a Result that carries nothing but "it worked".
struct Done {
    friend bool operator==(Done, Done) = default;
};

}  // namespace msp
