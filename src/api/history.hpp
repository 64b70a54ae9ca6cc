// What happened, page by page: to one object, in one party's feed, or on the whole platform.
//
//   one object         newest first; of an equipment, through all devices it had
//   a party            its feed, oldest first
//   the M2M SP         all lanes, oldest first
//
// Law: a party reads only events whose audience has it, of objects that it may see now. A page says
// in `next_cursor` where more is, and in `resume_cursor` where to look for what comes later.
// On the reader's thread.
#pragma once

#include "access/problem.hpp"
#include "notices/type_filter.hpp"
#include "store/archive.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace msp {

struct HistoryAsked {
    PartyId reader;
    std::optional<Name> object;
    TypeFilter types{};
    std::size_t limit = 100;
    std::optional<std::string> place{};  // a cursor
    std::uint64_t lanes = 1;
};

// Staff have this and no feed: neither pages of it, nor a stream, nor webhooks.
Problem staff_have_no_feed();

bool is_history_place(const std::string& cursor, const HistoryAsked&);

// The page in JSON; nothing: there is no such object for this reader.
std::optional<std::string> read_history(Archive&, const HistoryAsked&);

}  // namespace msp
