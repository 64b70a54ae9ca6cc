// Which types of events a reader of a feed asks for.
//
// A feed read through a filter skips events, so `sequence` then has gaps: it counts all events of a
// chain, whoever asks for them. A receiver that checks it takes all types.
// A value; no threads.
#pragma once

#include "domain/event.hpp"
#include "domain/refusal.hpp"
#include "domain/result.hpp"

#include <bitset>
#include <span>
#include <string>
#include <vector>

namespace msp {

class TypeFilter {
public:
    TypeFilter() = default;  // all types, also those that are yet to come

    // Words as in CloudEvents `type`; "m2m.device.*" stands for all that begin so. None: all.
    static Result<TypeFilter, Refusal> parse(std::span<const std::string> words);

    bool takes(EventType type) const { return all() || types_[static_cast<std::size_t>(type)]; }
    bool all() const { return types_.none(); }
    std::vector<std::string> words() const;  // none for all

    friend bool operator==(const TypeFilter&, const TypeFilter&) = default;

private:
    std::bitset<event_type_count> types_;
};

}  // namespace msp
