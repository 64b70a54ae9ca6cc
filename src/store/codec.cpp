#include "store/codec.hpp"

#include "store/unpacking.hpp"

#include <utility>

namespace msp {

namespace {

// A chain is written in the least version that has a place for all that is in it, so that what does
// not need a newer one stays readable for those who do not know it.
//   2  an order in flight carries what the operator calls it
constexpr unsigned chain_version = 2;
constexpr unsigned answer_version = 1;

// The numbers of these are in the format: a new one comes last.
static_assert(static_cast<int>(Order::reclaim) == 2);
static_assert(static_cast<int>(NetworkState::reclaimed) == 3);
static_assert(static_cast<int>(Wish::replaced) == 3);
static_assert(static_cast<int>(Awaiting::read) == 2);
static_assert(static_cast<int>(ObservedBy::event) == 3);
static_assert(static_cast<int>(Holder::network_operator) == 2);

// What an unpacked chain is laid over: the identifiers have no empty value.
template <class Id>
Id some(std::string_view text) {
    if constexpr (requires { Id::parse(text, CheckDigit::warn); })
        return Id::parse(text, CheckDigit::warn).value();
    else
        return Id::parse(text).value();
}
struct Blank {
    PartyId party = some<PartyId>("nobody");
    Eid eid = some<Eid>("00000000000000000000000000000000");
    Imei imei = some<Imei>("00000000000000");
    Msisdn msisdn = some<Msisdn>("1");
    Mdn mdn = some<Mdn>("2002000000");
    Device device{.id = some<DeviceId>("none"), .imei = {}};
    Equipment equipment{
        .id = some<EquipmentId>("none"), .provider = party, .ended = {}, .before = {}};
    Chain chain{.card = {some<Iccid>("890000000000000000"), {}, some<BatchId>("none")},
                .subscription = {some<OperatorId>("none"), some<Imsi>("000000"), {}, {}, {}},
                .holder = party,
                .customer = party,
                .device = {},
                .equipment = {},
                .holds = {},
                .until = {},
                .observed = {},
                .exchange = {},
                .revisions = {}};
};
const Blank& blank() {
    static const Blank one;
    return one;
}

// The bindings below name every member: one that is added does not compile until it is carried.

template <class Io, class Value>
void carry_device(Io& io, Value& device) {
    auto& [id, imei, since] = device;
    io.word(id);
    io.optional(imei, blank().imei, [&](auto& number) { io.digits(number); });
    io.moment(since);
}

template <class Io, class Value>
void carry_equipment(Io& io, Value& equipment) {
    auto& [id, provider, wish, since, was_active, ended, before] = equipment;
    io.word(id);
    io.word(provider);
    io.choice(wish);
    io.moment(since);
    io.flag(was_active);
    io.moment(ended);
    io.optional(before, ChainId{}, [&](auto& chain) { io.number(chain); });
}

template <class Io, class Value>
void carry_in_flight(Io& io, Value& in_flight) {
    auto& [order, generation, reference, since, answered, done, next_poll, operator_reference] =
        in_flight;
    io.choice(order);
    io.number(generation);
    io.word(reference);
    io.moment(since);
    io.flag(answered);
    io.flag(done);
    io.moment(next_poll);
    if (io.version() >= 2) io.word(operator_reference);
}

template <class Io, class Value>
void carry_parked(Io& io, Value& parked) {
    auto& [reason, since, until, asks] = parked;
    io.word(reason);
    io.moment(since);
    io.moment(until);
    io.flag(asks);
}

template <class Io, class Value>
void carry_exchange(Io& io, Value& exchange) {
    auto& [generation, confirmed, behind_since, in_flight, awaiting, deadline, read_number,
           read_generation, read_due, drift, seen, clear_to_send, insisted, parked, attempts,
           not_before, due, operation] = exchange;
    io.number(generation);
    io.number(confirmed);
    io.flag(seen);
    io.moment(behind_since);
    io.optional(in_flight, InFlight{}, [&](auto& it) { carry_in_flight(io, it); });
    io.choice(awaiting);
    io.moment(deadline);
    io.number(read_number);
    io.number(read_generation);
    io.flag(read_due);
    io.flag(drift);
    io.flag(clear_to_send);
    io.flag(insisted);
    io.optional(parked, Parked{}, [&](auto& it) { carry_parked(io, it); });
    io.number(attempts);
    io.moment(not_before);
    io.moment(due);
    io.word(operation);
}

template <class Io, class Value>
void carry_observed(Io& io, Value& observed) {
    auto& [state, session, native, at, by] = observed;
    io.choice(state);
    io.optional(session, false, [&](auto& live) { io.flag(live); });
    io.word(native);
    io.moment(at);
    io.choice(by);
}

template <class Io, class Value>
void carry_subscription(Io& io, Value& subscription, const Iccid& iccid) {
    auto& [at, imsi, reference, msisdn, mdn] = subscription;
    io.word(at);
    io.digits(imsi);
    bool by_iccid = reference.view() == iccid.text();
    io.flag(by_iccid);
    if (!by_iccid)
        io.word(reference);
    else if constexpr (!std::is_const_v<Value>)
        reference = *SubscriptionReference::of(iccid.text());
    io.optional(msisdn, blank().msisdn, [&](auto& number) { io.digits(number); });
    io.optional(mdn, blank().mdn, [&](auto& number) { io.digits(number); });
}

template <class Io, class Value>
void carry_reason(Io& io, Value& reason) {
    auto& [holder, code, text, by, since, follows_equipment] = reason;
    auto& [party, principal, on_behalf_of] = by;
    auto kind = static_cast<unsigned>(holder) | (follows_equipment ? 4U : 0U) |
                (on_behalf_of ? 8U : 0U) | (since != Time{} ? 16U : 0U);
    io.number(kind);
    if constexpr (!std::is_const_v<Value>) {
        if (kind > 31 || (kind & 3) == 3) return io.fail();
        holder = static_cast<Holder>(kind & 3);
        follows_equipment = (kind & 4) != 0;
        if ((kind & 8) != 0) on_behalf_of = blank().party;
    }
    io.word(code);
    io.word(text);
    io.word(party);
    io.word(principal);
    if (on_behalf_of) io.word(*on_behalf_of);
    if ((kind & 16) != 0) io.distance(since);
}

void carry_holds(Packer& io, const Holds& holds) {
    io.number(holds.reasons().size());
    for (const Reason& reason : holds.reasons()) carry_reason(io, reason);
}

void carry_holds(Unpacker& io, Holds& holds) {
    std::uint64_t reasons = 0;
    for (io.number(reasons); reasons > 0 && io.good(); --reasons) {
        Reason reason{.code = {}, .text = {}, .by = {blank().party, {}, {}}};
        carry_reason(io, reason);
        if (!io.good() || !holds.put(reason)) io.fail();
    }
}

template <class Io, class Value>
void carry(Io& io, Value& chain) {
    auto& [id, card, subscription, holder, customer, device, equipment, holds, stopped, lost,
           withdrawn, until, observed, exchange, revisions, sequence] = chain;
    auto& [iccid, eid, batch] = card;
    auto& [customer_hold, m2m_sp_hold, wish] = revisions;
    io.number(id);
    io.digits(iccid);
    io.optional(eid, blank().eid, [&](auto& number) { io.digits(number); });
    io.word(batch);
    carry_subscription(io, subscription, iccid);
    io.word(holder);
    io.word(customer);
    io.optional(device, blank().device, [&](auto& it) { carry_device(io, it); });
    io.optional(equipment, blank().equipment, [&](auto& it) { carry_equipment(io, it); });
    carry_holds(io, holds);
    carry_observed(io, observed);
    carry_exchange(io, exchange);
    io.number(customer_hold);
    io.number(m2m_sp_hold);
    io.number(wish);
    io.number(sequence);
    io.flag(stopped);
    io.flag(lost);
    io.flag(withdrawn);
    io.moment(until);
}

}  // namespace

Failure damaged(std::string_view what) {
    return {Failure::Kind::malformed, std::string(what).append(" cannot be read: it is damaged")};
}

Failure written_by_newer(std::string_view what) {
    return {Failure::Kind::malformed,
            std::string(what).append(" was written by a newer version of this program")};
}

static unsigned version_for(const Chain& chain) {
    const auto& sent = chain.exchange.in_flight;
    return sent && !sent->operator_reference.empty() ? 2 : 1;
}

std::string encode(const Chain& chain) {
    Packer out(version_for(chain));
    carry(out, chain);
    return out.take();
}

Result<Chain, Failure> decode_chain(std::string_view bytes) {
    if (bytes.empty() || bytes[0] == 0) return damaged("a chain");
    const auto version = static_cast<unsigned char>(bytes[0]);
    if (version > chain_version) return written_by_newer("a chain");
    Chain chain = blank().chain;
    Unpacker in(bytes.substr(1), version);
    carry(in, chain);
    if (!in.at_end()) return damaged("a chain");
    return chain;
}

namespace {

void write(ByteWriter& out, const std::optional<Refusal>& refusal) {
    out.byte(refusal ? 1 : 0);
    if (!refusal) return;
    out.text(entry_of(refusal->code).word);
    out.text(refusal->detail);
    out.text(refusal->pointer);
}

bool read_flag(ByteReader& in) {
    const unsigned value = in.byte();
    if (value > 1) in.fail();
    return value == 1;
}

std::optional<Refusal> read_refusal(ByteReader& in) {
    if (!read_flag(in)) return std::nullopt;
    const std::string_view word = in.text();
    for (const RefusalEntry& entry : refusal_table())
        if (entry.word == word) {
            std::string detail(in.text());
            return Refusal{entry.code, std::move(detail), std::string(in.text())};
        }
    in.fail();
    return std::nullopt;
}

}  // namespace

std::string encode(const StoredAnswer& stored) {
    const Answer& answer = stored.answer;
    ByteWriter out;
    out.byte(answer_version);
    out.text(stored.fingerprint);
    out.signed_number(stored.at.time_since_epoch().count());
    write(out, answer.refusal);
    out.byte(answer.changed ? 1 : 0);
    out.text(answer.text);
    out.number(answer.chains.size());
    for (const Chain& chain : answer.chains) out.text(encode(chain));
    out.number(answer.items.size());
    for (const ItemAnswer& item : answer.items) {
        out.text(item.item);
        write(out, item.refusal);
        out.byte(item.changed ? 1 : 0);
    }
    return out.take();
}

Result<StoredAnswer, Failure> decode_answer(std::string_view bytes) {
    ByteReader in(bytes);
    const unsigned version = in.byte();
    if (version > answer_version) return written_by_newer("a stored answer");
    if (version == 0) return damaged("a stored answer");
    StoredAnswer out;
    out.fingerprint = in.text();
    out.at = Time(Duration(in.signed_number()));
    out.answer.refusal = read_refusal(in);
    out.answer.changed = read_flag(in);
    out.answer.text = in.text();
    for (std::size_t left = in.count(); left > 0; --left) {
        auto chain = decode_chain(in.text());
        if (!chain) return chain.reason();
        out.answer.chains.push_back(std::move(chain).value());
    }
    for (std::size_t left = in.count(3); left > 0 && in.good(); --left) {
        std::string item(in.text());
        auto refusal = read_refusal(in);
        out.answer.items.push_back({std::move(item), std::move(refusal), read_flag(in)});
    }
    if (!in.at_end()) return damaged("a stored answer");
    return out;
}

}  // namespace msp
