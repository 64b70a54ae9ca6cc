// Writes the rows of one commit, within a transaction that somebody else begins and ends.
//
// Law: write() answers whether all of it fits what is stored. If it does not, or the connection is
// in trouble, the transaction is to be rolled back; otherwise committed() follows the commit. What
// is remembered between commits (heads of lanes and feeds) is that of the last one committed. Each
// row of history is sealed as it is written. One thread at a time.
#pragma once

#include "store/engine.hpp"
#include "store/event_page.hpp"
#include "store/history_check.hpp"
#include "store/sqlite/connection.hpp"
#include "world/random.hpp"

#include <map>
#include <optional>
#include <unordered_map>

namespace msp {

class RowWriter {
public:
    RowWriter(Connection&, Random& chance);

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
    LaneHead lane_head(std::uint64_t lane);
    std::uint64_t feed_head(const PartyId&);

    Connection& connection_;
    Random& chance_;
    Statement raise_lane_, chain_is_, record_is_, answer_is_, name_is_live_;
    Statement begin_name_, end_name_, last_ended_;
    Statement append_, append_feed_, last_row_, unsealed_tie_, last_number_;
    Statement bear_chain_, change_chain_;
    Statement bear_record_, change_record_, end_record_;
    Statement give_answer_, end_answer_, oldest_answer_, forget_answers_;

    std::unordered_map<std::uint64_t, LaneHead> lane_heads_;
    std::unordered_map<PartyId, std::uint64_t> heads_;
    std::optional<LaneHead> coming_lane_head_;
    std::vector<PageFeed> coming_feeds_;
};

}  // namespace msp
