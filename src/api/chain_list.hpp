// Lists of chains: a page of those that the caller may see and that fit a filter.
//
// Law: a page goes on exactly where the one before ended; what is not the caller's is not there. A
// page may be short, even empty, and still have a cursor: only so many chains are looked at in one
// go. Loop's thread only; the filter runs on the reader's.
#pragma once

#include "api/call.hpp"
#include "api/change.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace msp {

struct PageAsked {
    std::size_t limit = 100;
    std::string place;  // empty: from the beginning
    std::string query;  // what the cursor is tied to
};
// From ?limit and ?cursor; a cursor of another query or another caller is refused.
Result<PageAsked, Problem> page_asked(const Call&);

// {"items":[…],"next_cursor":…} around items that are JSON already.
std::string list_body(const std::vector<std::string>& items, const std::optional<std::string>& next,
                      const PageAsked&);

struct ChainFilter {
    Layer layer = Layer::m2m;
    std::function<bool(const Chain&)> matches;
    // Where all that can match stands, if that is known: an empty list, or one chain.
    std::optional<Name> only;
    std::optional<BatchId> batch;  // its record tells the first and the last chain
};
void list_chains(const CallPtr&, const ChainFilter&);

// What the equipment of a chain is called: the body of its record.
std::string equipment_card_of(Archive&, const Chain&);

// The answer to a read of one chain.
HttpResponse chain_answer(Archive&, const Chain&, const Subject&, const PartyId& reader);

}  // namespace msp
