// Writes the rows of one commit, within a transaction that somebody else begins and ends.
//
// Law: write() answers whether all of it fits what is stored. If it does not, or the connection is
// in trouble, the transaction is to be rolled back; otherwise committed() follows the commit. What
// is remembered between commits (places, heads of feeds) is that of the last one committed. One
// thread at a time.
#pragma once

#include "store/engine.hpp"
#include "store/event_page.hpp"
#include "store/sqlite/connection.hpp"

#include <map>
#include <unordered_map>

namespace msp {

class RowWriter {
public:
    explicit RowWriter(Connection&);

    bool write(const Changes&);
    void committed();

private:
    bool raise_lane(const LaneBatch&);
    bool still_unchanged(const Changes&);
    bool move_names(const Changes&);
    bool begin_name(const NameChange&);
    bool end_name(const NameChange&, Time at);
    void append_history(const Changes&, PageChains&);
    bool write_chain(const ChainChange&, const PageChain&);
    bool write_record(const RecordChange&, const Changes&);
    bool write_answer(const RecordChange&, const Changes&);

    bool forget_answers(std::int64_t before);

    std::uint64_t record_version(const Name&);
    EntryId next_place(std::uint64_t lane);
    std::uint64_t feed_head(const PartyId&);

    Connection& connection_;
    Statement raise_lane_, chain_is_, record_is_, answer_is_, name_is_live_;
    Statement begin_name_, end_name_, last_ended_;
    Statement append_, append_feed_, last_place_, last_number_;
    Statement bear_chain_, change_chain_;
    Statement bear_record_, change_record_, end_record_;
    Statement give_answer_, end_answer_, oldest_answer_, forget_answers_;

    std::unordered_map<std::uint64_t, EntryId> next_places_;  // by lane
    std::unordered_map<PartyId, std::uint64_t> heads_;
    std::unordered_map<std::uint64_t, EntryId> coming_places_;
    std::vector<PageFeed> coming_feeds_;
};

}  // namespace msp
