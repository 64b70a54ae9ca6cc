#include "notices/delivery_log.hpp"

#include "store/bytes.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <utility>

namespace msp {

namespace {

constexpr std::uint64_t numbers_in_leaf = 64;
constexpr std::size_t attempts_shown = 20;
constexpr std::size_t error_most = 200;
constexpr std::string_view dead_prefix = "dead-";
constexpr unsigned entry_form = 1;  // of the record, for those that come after it

// Twenty digits that grow as the number falls: lists go upwards, and the newest is wanted first.
std::string falling(std::uint64_t number) {
    const std::string digits = std::to_string(std::numeric_limits<std::uint64_t>::max() - number);
    return std::string(20 - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> risen(std::string_view digits) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return std::numeric_limits<std::uint64_t>::max() - out;
}

// ------------------------------------------------------------------------------------------ record

void put(ByteWriter& out, Time time) {
    out.signed_number(time.time_since_epoch().count());
}

Time take_time(ByteReader& in) {
    return Time(Duration(in.signed_number()));
}

void put(ByteWriter& out, const Attempt& attempt) {
    put(out, attempt.at);
    out.signed_number(attempt.took.count());
    out.number(static_cast<std::uint64_t>(std::max(attempt.status, 0)));
    out.text(attempt.error);
    out.byte(attempt.by_hand ? 1 : 0);
}

Attempt take_attempt(ByteReader& in) {
    Attempt out;
    out.at = take_time(in);
    out.took = Duration(in.signed_number());
    out.status = static_cast<int>(std::min<std::uint64_t>(in.number(), 999));
    out.error = in.text();
    out.by_hand = in.byte() != 0;
    return out;
}

void put(ByteWriter& out, const Delivery& delivery) {
    out.number(delivery.number);
    out.text(delivery.event_id);
    out.text(word(delivery.type));
    out.byte(static_cast<unsigned>(delivery.state));
    out.byte(delivery.due ? 1 : 0);
    if (delivery.due) put(out, *delivery.due);
    out.number(delivery.attempts_made);
    out.number(delivery.attempts.size());
    for (const Attempt& attempt : delivery.attempts) put(out, attempt);
}

Delivery take_delivery(ByteReader& in) {
    Delivery out;
    out.number = in.number();
    out.event_id = in.text();
    if (const auto type = event_type(in.text()))
        out.type = *type;
    else
        in.fail();
    const unsigned state = in.byte();
    if (state > static_cast<unsigned>(DeliveryState::dead))
        in.fail();
    else
        out.state = static_cast<DeliveryState>(state);
    if (in.byte() != 0) out.due = take_time(in);
    out.attempts_made = static_cast<std::uint32_t>(in.number());
    for (std::size_t left = in.count(); left > 0; --left) out.attempts.push_back(take_attempt(in));
    return out;
}

}  // namespace

std::string_view word(DeliveryState state) {
    switch (state) {
        case DeliveryState::delivered: return "delivered";
        case DeliveryState::retrying: return "retrying";
        case DeliveryState::dead: return "dead";
    }
    std::abort();
}

Name log_leaf_name(const EndpointId& endpoint, std::uint64_t number) {
    return {Name::Kind::delivery, std::string(endpoint.view()), falling(number / numbers_in_leaf)};
}

Name dead_letter_name(const EndpointId& endpoint, std::uint64_t number) {
    return {Name::Kind::endpoint_state, std::string(endpoint.view()),
            std::string(dead_prefix) + falling(number)};
}

std::string encode(const LogLeaf& leaf) {
    ByteWriter out;
    out.byte(entry_form);
    out.number(leaf.size());
    for (const auto& [number, delivery] : leaf) put(out, delivery);
    return out.take();
}

std::optional<LogLeaf> decode_log_leaf(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.byte() != entry_form) return std::nullopt;
    LogLeaf out;
    for (std::size_t left = in.count(); left > 0; --left) {
        Delivery delivery = take_delivery(in);
        out.insert_or_assign(delivery.number, std::move(delivery));
    }
    return in.at_end() ? std::optional(std::move(out)) : std::nullopt;
}

Attempt by_hand(Attempt attempt) {
    attempt.by_hand = true;
    return attempt;
}

LogLine line_of(const Notice& notice) {
    return {.number = notice.number,
            .event_id = notice.id,
            .type = notice.type,
            .attempt = {},
            .settled = {}};
}

void write_down(LogLeaf& leaf, const LogLine& line) {
    const auto [at, fresh] = leaf.try_emplace(line.number);
    Delivery& delivery = at->second;
    delivery.number = line.number;
    delivery.event_id = line.event_id;
    delivery.type = line.type;
    if (line.settled) {
        delivery.state = line.settled->state;
        delivery.due = line.settled->due;
    } else if (fresh) {
        delivery.state = DeliveryState::dead;
    }
    ++delivery.attempts_made;
    if (delivery.attempts.size() == attempts_shown)
        delivery.attempts.erase(delivery.attempts.begin());
    delivery.attempts.push_back(line.attempt);
    delivery.attempts.back().error.resize(std::min(line.attempt.error.size(), error_most));
}

// ----------------------------------------------------------------------------------------- looking

namespace {

constexpr std::size_t leaves_at_once = 20;

std::optional<Delivery> in_leaf(const std::string& record, std::uint64_t number) {
    const auto leaf = decode_log_leaf(record);
    if (!leaf) return std::nullopt;
    const auto found = leaf->find(number);
    return found == leaf->end() ? std::nullopt : std::optional(found->second);
}

bool asked_for(const Delivery& delivery, const DeliveryQuery& query) {
    return (query.before == 0 || delivery.number < query.before) &&
           (!query.state || delivery.state == *query.state);
}

// The place in the list of leaves just before that of the newest delivery asked for.
std::string before_leaf(std::uint64_t before) {
    if (before == 0) return {};
    const std::uint64_t leaf = (before - 1) / numbers_in_leaf;
    return falling(leaf + 1);
}

// Takes what is asked for out of one leaf. False: the page is full.
bool take_leaf(const LogLeaf& leaf, const DeliveryQuery& query, DeliveryPage& page) {
    for (auto each = leaf.rbegin(); each != leaf.rend(); ++each) {
        if (!asked_for(each->second, query)) continue;
        if (page.deliveries.size() == query.limit) return false;
        page.deliveries.push_back(each->second);
        page.next = each->first;
    }
    return true;
}

// Leaf by leaf, from the newest on.
DeliveryPage read_leaves(Archive& archive, const DeliveryQuery& query) {
    DeliveryPage page;
    std::string at = before_leaf(query.before);
    for (std::size_t seen = 0; seen < query.leaves_at_most; seen += leaves_at_once) {
        const auto records = archive.records(
            Name::Kind::delivery, std::string(query.endpoint.view()), at, leaves_at_once);
        for (const Record& record : records) {
            const auto leaf = decode_log_leaf(*record.body);
            if (leaf && !take_leaf(*leaf, query, page)) return page;
            at = record.name.value;
            page.next = risen(at).value_or(0) * numbers_in_leaf;
        }
        if (records.size() < leaves_at_once) return page.next.reset(), page;
    }
    return page;
}

// The numbers that are marked as dead, from the newest on.
std::vector<std::uint64_t> dead_numbers(Archive& archive, const DeliveryQuery& query) {
    std::vector<std::uint64_t> out;
    const std::string after =
        std::string(dead_prefix) + (query.before == 0 ? "" : falling(query.before));
    for (const Record& mark :
         archive.records(Name::Kind::endpoint_state, std::string(query.endpoint.view()), after,
                         query.limit + 1)) {
        const std::string_view name = mark.name.value;
        if (!name.starts_with(dead_prefix)) break;
        if (const auto number = risen(name.substr(dead_prefix.size()))) out.push_back(*number);
    }
    return out;
}

DeliveryPage read_dead(Archive& archive, const DeliveryQuery& query) {
    DeliveryPage page;
    for (const std::uint64_t number : dead_numbers(archive, query)) {
        if (page.deliveries.size() == query.limit) return page;
        if (auto delivery = read_delivery(archive, query.endpoint, number))
            page.deliveries.push_back(*std::move(delivery));
        page.next = number;
    }
    page.next.reset();
    return page;
}

}  // namespace

std::optional<Delivery> read_delivery(Archive& archive, const EndpointId& endpoint,
                                      std::uint64_t number) {
    const auto record = archive.record(log_leaf_name(endpoint, number));
    return record ? in_leaf(*record, number) : std::nullopt;
}

DeliveryPage read_deliveries(Archive& archive, const DeliveryQuery& query) {
    return query.state == DeliveryState::dead ? read_dead(archive, query)
                                              : read_leaves(archive, query);
}

// -------------------------------------------------------------------------------------- forgetting

static Time newest_attempt(const LogLeaf& leaf) {
    Time out{};
    for (const auto& [number, delivery] : leaf)
        for (const Attempt& attempt : delivery.attempts) out = std::max(out, attempt.at);
    return out;
}

OutdatedPage read_outdated(Archive& archive, const EndpointId& endpoint, Time then,
                           const std::string& after) {
    OutdatedPage page;
    const auto records =
        archive.records(Name::Kind::delivery, std::string(endpoint.view()), after, leaves_at_once);
    for (const Record& record : records) {
        page.next = record.name.value;
        const auto leaf = decode_log_leaf(*record.body);
        if (leaf && newest_attempt(*leaf) >= then) continue;
        page.names.push_back(record.name);
        if (!leaf) continue;
        for (const auto& [number, delivery] : *leaf)
            if (delivery.state == DeliveryState::dead)
                page.names.push_back(dead_letter_name(endpoint, number));
    }
    if (records.size() < leaves_at_once) page.next.reset();
    return page;
}

}  // namespace msp
