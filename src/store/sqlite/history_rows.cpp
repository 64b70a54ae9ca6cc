#include "store/sqlite/history_rows.hpp"

#include <limits>
#include <map>

namespace msp {

static constexpr std::int64_t rows_at_once = 256;

static HistoryRow row_in(const Rows& rows) {
    return {rows.number(0), rows.number(1), rows.number(2), rows.blob(3)};
}

Result<HistoryCheck, Failure> begin_history_check(Connection& connection,
                                                  const std::vector<LaneHead>& heads) {
    std::vector<LaneHead> unsealed;
    Statement noted(connection, "SELECT lane, ends, tie FROM unsealed");
    Rows rows = noted.query();
    while (rows.next()) {
        const auto lane = static_cast<std::uint64_t>(rows.number(0));
        const EntryId ends{static_cast<std::uint64_t>(rows.number(1))};
        const auto tie = decode_tie(rows.blob(2));
        if (!tie || lane >= lanes_most || lane_of(ends) != lane)
            return Failure{Failure::Kind::malformed,
                           "the table \"unsealed\" is not as it was written"};
        unsealed.push_back({lane, ends, *tie});
    }
    if (!connection.good()) return connection.trouble().failure();
    return HistoryCheck(unsealed, heads);
}

Result<Done, Failure> run_history_check(Connection& connection, HistoryCheck& check) {
    Statement rows_from(connection,
                        "SELECT place, events, at, body, seal FROM history WHERE place >= ?"
                        " ORDER BY place LIMIT ?");
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    for (std::int64_t seen = rows_at_once; seen == rows_at_once;) {
        seen = 0;
        for (Rows rows = rows_from.query(from, rows_at_once); rows.next(); ++seen) {
            check.take(row_in(rows), rows.blob(4));
            if (rows.number(0) == std::numeric_limits<std::int64_t>::max()) break;
            from = rows.number(0) + 1;
        }
    }
    if (!connection.good()) return connection.trouble().failure();
    check.end();
    return Done{};
}

static std::map<std::uint64_t, LaneHead> heads_of_unsealed(Connection& connection) {
    std::map<std::uint64_t, LaneHead> out;
    Statement all(connection, "SELECT place, events, at, body FROM history ORDER BY place");
    for (Rows rows = all.query(); rows.next();) {
        const HistoryRow row = row_in(rows);
        const EntryId place{static_cast<std::uint64_t>(row.place)};
        LaneHead& head = out.try_emplace(lane_of(place)).first->second;
        head = {lane_of(place), plus(place, static_cast<std::uint64_t>(row.events)),
                unsealed_tie(head.tie, row)};
    }
    return out;
}

bool tie_unsealed_rows(Connection& connection) {
    Statement note(connection, "INSERT INTO unsealed (lane, ends, tie) VALUES (?, ?, ?)");
    for (const auto& [lane, head] : heads_of_unsealed(connection))
        note.run(lane, static_cast<std::uint64_t>(head.next), Blob{bytes_of(head.tie)});
    return connection.good();
}

}  // namespace msp
