// What became of each notice: every delivery with its attempts, for its party to see.
//
// Deliveries stand by their number, sixty-four to a record, the newest first: any of them is found
// by its number, and a thousand are written at the cost of sixteen. Dead letters are marked
// besides. Kept 30 days after the last attempt; of very many attempts the last twenty.
// Values and pure functions; read_* within a job of the Reader.
#pragma once

#include "domain/view.hpp"
#include "notices/backlog.hpp"
#include "notices/endpoint.hpp"
#include "notices/feed.hpp"
#include "store/archive.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

inline constexpr Duration deliveries_kept = std::chrono::hours(24 * 30);

struct Attempt {
    Time at{};
    Duration took{};
    int status = 0;        // of HTTP; 0: no answer came
    std::string error;     // why it failed, in words; empty: it was delivered
    bool by_hand = false;  // somebody asked for it
    friend bool operator==(const Attempt&, const Attempt&) = default;
};
Attempt by_hand(Attempt);

struct Delivery {
    std::uint64_t number = 0;  // in the feed
    std::string event_id;
    EventType type = EventType::device_status_changed;
    DeliveryState state = DeliveryState::retrying;
    std::optional<Time> due;  // of the next attempt
    std::uint32_t attempts_made = 0;
    std::vector<Attempt> attempts;  // the last twenty
    friend bool operator==(const Delivery&, const Delivery&) = default;
};
std::string_view word(DeliveryState);  // delivered, retrying, dead

// Deliveries whose numbers stand together, by number.
using LogLeaf = std::map<std::uint64_t, Delivery>;
Name log_leaf_name(const EndpointId&, std::uint64_t number);
std::string encode(const LogLeaf&);
std::optional<LogLeaf> decode_log_leaf(std::string_view);

Name dead_letter_name(const EndpointId&, std::uint64_t number);

// One attempt to be written down.
struct LogLine {
    std::uint64_t number = 0;
    std::string event_id;
    EventType type = EventType::device_status_changed;
    Attempt attempt;
    // Nothing: it stays as it is, and is dead if nothing was known of it.
    std::optional<SettledAs> settled;
};
LogLine line_of(const Notice&);  // before an attempt
void write_down(LogLeaf&, const LogLine&);

// ----------------------------------------------------------------------------------------- looking

struct DeliveryQuery {
    EndpointId endpoint;
    std::optional<DeliveryState> state;
    std::uint64_t before = 0;  // number, exclusive; 0: from the newest on
    std::size_t limit = 100;
    std::size_t leaves_at_most = 1'000;  // looked at before the page ends early
};
struct DeliveryPage {
    std::vector<Delivery> deliveries;   // the newest first
    std::optional<std::uint64_t> next;  // continue before this number; nothing: the end
};
DeliveryPage read_deliveries(Archive&, const DeliveryQuery&);
std::optional<Delivery> read_delivery(Archive&, const EndpointId&, std::uint64_t number);

// A piece of the log, and in it the records of deliveries that nobody tried since `then`.
struct OutdatedPage {
    std::vector<Name> names;
    std::optional<std::string> next;  // continue after this; nothing: the end
};
OutdatedPage read_outdated(Archive&, const EndpointId&, Time then, const std::string& after);

}  // namespace msp
