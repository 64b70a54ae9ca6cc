#include "notices/endpoint_progress.hpp"

#include "store/bytes.hpp"

#include <map>
#include <set>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view lane_prefix = "lane-";
constexpr std::size_t rows_at_once = 500;
constexpr unsigned progress_form = 1;  // of both records, for those that come after it

void put(ByteWriter& out, const std::optional<Time>& time) {
    out.byte(time ? 1 : 0);
    if (time) out.signed_number(time->time_since_epoch().count());
}

std::optional<Time> take_optional_time(ByteReader& in) {
    if (in.byte() == 0) return std::nullopt;
    return Time(Duration(in.signed_number()));
}

std::string scope(const EndpointId& id) {
    return std::string(id.view());
}

}  // namespace

std::string encode(const EndpointProgress& progress) {
    ByteWriter out;
    out.byte(progress_form);
    out.number(progress.position);
    put(out, progress.failing_since);
    put(out, progress.last_delivered);
    out.number(progress.delivered);
    out.number(progress.failed);
    out.number(progress.dead);
    return out.take();
}

std::optional<EndpointProgress> decode_endpoint_progress(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.byte() != progress_form) return std::nullopt;
    EndpointProgress out;
    out.position = in.number();
    out.failing_since = take_optional_time(in);
    out.last_delivered = take_optional_time(in);
    out.delivered = in.number();
    out.failed = in.number();
    out.dead = in.number();
    return in.at_end() ? std::optional(out) : std::nullopt;
}

std::string encode(const StuckLane& row) {
    ByteWriter out;
    out.byte(progress_form);
    out.number(row.lane.chain);
    out.number(row.lane.number);
    out.number(row.head);
    out.number(row.attempts);
    put(out, row.since);
    put(out, row.due);
    return out.take();
}

std::optional<StuckLane> decode_stuck_lane(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.byte() != progress_form) return std::nullopt;
    StuckLane out;
    out.lane.chain = in.number();
    out.lane.number = in.number();
    out.head = in.number();
    out.attempts = static_cast<unsigned>(in.number());
    out.since = take_optional_time(in).value_or(Time{});
    out.due = take_optional_time(in).value_or(Time{});
    return in.at_end() ? std::optional(out) : std::nullopt;
}

Name progress_name(const EndpointId& id) {
    return {Name::Kind::endpoint_state, scope(id), "position"};
}

Name stuck_lane_name(const EndpointId& id, const LaneId& lane) {
    return {
        Name::Kind::endpoint_state, scope(id),
        std::string(lane_prefix) + std::to_string(lane.chain) + "-" + std::to_string(lane.number)};
}

// ----------------------------------------------------------------------------------------- reading

static std::vector<StuckLane> read_stuck_lanes(Archive& archive, const EndpointId& id) {
    std::vector<StuckLane> out;
    std::string after(lane_prefix);
    for (;;) {
        const auto rows =
            archive.records(Name::Kind::endpoint_state, scope(id), after, rows_at_once);
        for (const Record& row : rows) {
            if (!row.name.value.starts_with(lane_prefix)) return out;
            if (const auto lane = decode_stuck_lane(*row.body)) out.push_back(*lane);
            after = row.name.value;
        }
        if (rows.size() < rows_at_once) return out;
    }
}

StoredProgress read_progress(Archive& archive, const Endpoint& endpoint) {
    StoredProgress out{.record = archive.record(progress_name(endpoint.id)),
                       .progress = {},
                       .stuck = read_stuck_lanes(archive, endpoint.id)};
    const auto progress =
        out.record ? decode_endpoint_progress(*out.record) : std::optional<EndpointProgress>();
    if (progress)
        out.progress = *progress;
    else
        out.progress.position = endpoint.after;
    return out;
}

// ----------------------------------------------------------------------------------------- keeping

std::vector<Name> names(const KeepProgress& command) {
    std::vector<Name> out{endpoint_name(command.id), progress_name(command.id)};
    for (const StuckLane& row : command.stuck) out.push_back(stuck_lane_name(command.id, row.lane));
    for (const LaneId& lane : command.free) out.push_back(stuck_lane_name(command.id, lane));
    for (const LogLine& line : command.log) {
        out.push_back(log_leaf_name(command.id, line.number));
        if (line.settled && line.settled->state == DeliveryState::dead)
            out.push_back(dead_letter_name(command.id, line.number));
    }
    return out;
}

// Looks every record up that is written, so that it is written over what stands there.
static void put(Decision& decision, const View& view, const Name& name,
                std::optional<std::string> body) {
    const std::string* standing = view.record(name);
    if (!standing && !body) return;
    decision.records.push_back({name, std::move(body)});
}

static std::set<std::uint64_t> dead_in(const LogLeaf& leaf) {
    std::set<std::uint64_t> out;
    for (const auto& [number, delivery] : leaf)
        if (delivery.state == DeliveryState::dead) out.insert(number);
    return out;
}

// Dead letters are marked where they become so, and unmarked where they cease to be.
static void mark_dead(Decision& decision, const View& view, const EndpointId& id,
                      const LogLeaf& before, const LogLeaf& after) {
    const std::set<std::uint64_t> were = dead_in(before);
    const std::set<std::uint64_t> are = dead_in(after);
    for (const std::uint64_t number : are)
        if (!were.contains(number)) put(decision, view, dead_letter_name(id, number), "");
    for (const std::uint64_t number : were)
        if (!are.contains(number)) put(decision, view, dead_letter_name(id, number), std::nullopt);
}

static void keep_log(Decision& decision, const View& view, const KeepProgress& command) {
    std::map<Name, std::vector<const LogLine*>> lines;
    for (const LogLine& line : command.log)
        lines[log_leaf_name(command.id, line.number)].push_back(&line);
    for (const auto& [name, of_leaf] : lines) {
        const std::string* standing = view.record(name);
        const LogLeaf before =
            standing ? decode_log_leaf(*standing).value_or(LogLeaf{}) : LogLeaf{};
        LogLeaf after = before;
        for (const LogLine* line : of_leaf) write_down(after, *line);
        decision.records.push_back({name, encode(after)});
        mark_dead(decision, view, command.id, before, after);
    }
}

Decision decide(const View& view, const KeepProgress& command) {
    const std::string* record = view.record(endpoint_name(command.id));
    const auto endpoint = record ? decode_endpoint(*record) : std::nullopt;
    if (!endpoint || endpoint->state == Endpoint::State::deleted)
        return refused(RefusalCode::no_such_webhook);
    const std::string* standing = view.record(progress_name(command.id));
    const auto over = standing ? std::optional(*standing) : std::nullopt;
    if (over != command.over) return refused(RefusalCode::revision_stale);

    Decision decision;
    decision.answer.changed = true;
    decision.records.push_back({progress_name(command.id), encode(command.progress)});
    for (const StuckLane& row : command.stuck)
        put(decision, view, stuck_lane_name(command.id, row.lane), encode(row));
    for (const LaneId& lane : command.free)
        put(decision, view, stuck_lane_name(command.id, lane), std::nullopt);
    keep_log(decision, view, command);
    return decision;
}

}  // namespace msp
