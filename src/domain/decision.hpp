// What a flow decides: the answer, how the chains stand after it, the events to append, the records
// to keep.
//
// Law: a decision is made of values and made by a pure function of a View and a command; carrying
// it out is the store's. A refusal is a decision too: it may leave events and claims.
#pragma once

#include "domain/event.hpp"
#include "domain/protocol.hpp"
#include "domain/refusal.hpp"
#include "domain/view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace msp {

// One of many things that a call is about.
struct ItemAnswer {
    std::string item;  // as named in the call
    std::optional<Refusal> refusal;
    bool changed = false;
    friend bool operator==(const ItemAnswer&, const ItemAnswer&) = default;
};

struct Answer {
    std::optional<Refusal> refusal;
    bool changed = false;
    std::vector<Chain> chains;  // what the call was about, as it is after it
    std::vector<ItemAnswer> items;
    std::vector<Errand> errands;
    std::string text;       // what else there is to tell: a claim's id, a record's body
    bool replayed = false;  // answered from an idempotency key: nothing was decided this time
    friend bool operator==(const Answer&, const Answer&) = default;
};

struct Decision {
    Answer answer;
    std::vector<Chain> after;
    std::vector<Event> events;
    std::vector<Record> records;
};

inline Decision refused(RefusalCode code, std::string detail = {}, std::string pointer = {}) {
    Decision out;
    out.answer.refusal = Refusal{code, std::move(detail), std::move(pointer)};
    return out;
}

}  // namespace msp
