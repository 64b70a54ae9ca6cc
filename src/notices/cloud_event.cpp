#include "notices/cloud_event.hpp"

#include "domain/explain.hpp"
#include "domain/party.hpp"
#include "domain/sight.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace msp {

namespace {

namespace json = boost::json;

json::string text(std::string_view words) {
    return json::string(words.data(), words.size());
}

// How many bytes the character at the front has; 0: it is none of UTF-8 (RFC 3629 clause 4).
std::size_t character(std::string_view bytes) {
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || bytes.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

// At most so many bytes, whole characters only; what is no character is shown as such.
json::string cut(std::string_view words, std::size_t most) {
    json::string out;
    while (!words.empty()) {
        const std::size_t length = character(words);
        const std::string_view piece = length > 0 ? words.substr(0, length) : "\uFFFD";
        if (out.size() + piece.size() > most) break;
        out.append(json::string_view(piece.data(), piece.size()));
        words.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

// The event before the reader's eyes, with what follows from who looks.
struct Telling {
    const Event& event;
    const PartyId& reader;
    Sight sight;
    std::optional<Chain> seen;  // nothing where no chain is known
    std::size_t words_most;     // of what people and operators wrote

    json::string words(std::string_view written) const { return cut(written, words_most); }
};

std::string_view refusal_sentence(std::string_view code) {
    for (const RefusalEntry& entry : refusal_table())
        if (entry.word == code) return entry.sentence;
    return "It was refused.";
}

// ----------------------------------------------------------------------------------------- subject

std::string card_name(const Telling& telling) {
    const Iccid& iccid = telling.seen->card.iccid;
    return telling.sight.card_identity ? std::string(iccid.text())
                                       : "…" + std::string(last_four(iccid));
}

std::string device_subject(const Telling& telling) {
    const auto& device = telling.seen->device;
    return device ? "device/" + std::string(device->id.text()) : "card/" + card_name(telling);
}

// The equipment that the event is about: the one bound, or the one that was unbound.
std::string_view equipment_id(const Telling& telling) {
    if (!telling.sight.equipment) return {};
    if (telling.seen->equipment) return telling.seen->equipment->id.text();
    return telling.event.type == EventType::equipment_unbound ? telling.event.detail
                                                              : std::string_view();
}

std::string equipment_subject(const Telling& telling) {
    const std::string_view id = equipment_id(telling);
    return id.empty() ? device_subject(telling) : "equipment/" + std::string(id);
}

std::string subject(const Telling& telling) {
    if (!telling.seen) return "claim/" + telling.event.detail;
    switch (telling.event.type) {
        case EventType::card_registered:
        case EventType::card_issued:
        case EventType::card_withdrawn:
        case EventType::card_status_changed:
        case EventType::card_holds_changed:
        case EventType::reclaimed_subscription_reported: return "card/" + card_name(telling);
        case EventType::device_status_changed:
        case EventType::device_holds_changed:
        case EventType::device_bound:
        case EventType::device_unbound:
        case EventType::device_handed_over:
        case EventType::network_status_changed:
        case EventType::binding_refused:
        case EventType::order_refused:
        case EventType::drift_found: return device_subject(telling);
        case EventType::equipment_bound:
        case EventType::equipment_unbound:
        case EventType::equipment_status_changed: return equipment_subject(telling);
    }
    std::abort();
}

// -------------------------------------------------------------------------------------------- data

json::object statuses_json(const Statuses& statuses, Sight sight) {
    json::object out{{"network", text(word(statuses.network))}, {"m2m", text(word(statuses.m2m))}};
    if (sight.equipment && statuses.equipment) out["equipment"] = text(word(*statuses.equipment));
    return out;
}

json::object card_json(const Telling& telling) {
    const Chain& chain = *telling.seen;
    if (!telling.sight.card_identity) return {{"iccid_last4", text(last_four(chain.card.iccid))}};
    json::object out{{"iccid", text(chain.card.iccid.text())},
                     {"imsi", text(chain.subscription.imsi.text())}};
    if (chain.card.eid) out["eid"] = text(chain.card.eid->text());
    return out;
}

json::object hold_json(const Held& held, const Telling& telling) {
    json::array may_lift;
    for (const std::string& party : held.may_lift) may_lift.emplace_back(text(party));
    json::object out{{"layer", text(word(held.layer))},
                     {"party", text(held.party)},
                     {"holder", text(held.holder)},
                     {"code", text(held.code)},
                     {"says", text(held.says)}};
    if (!held.text.empty()) out["text"] = telling.words(held.text);
    out["since"] = text(rfc3339(held.since));
    out["lifted_by"] = text(held.lifted_by);
    out["may_lift"] = std::move(may_lift);
    return out;
}

json::object actor_json(const Telling& telling) {
    const Actor& actor = telling.event.actor;
    json::object out{{"party", text(actor.party.text())}};
    const bool own = telling.reader == actor.party || telling.reader == m2m_sp();
    if (own && !actor.principal.empty()) out["principal"] = text(actor.principal.view());
    if (actor.on_behalf_of) out["on_behalf_of"] = text(actor.on_behalf_of->text());
    return out;
}

void put_names(json::object& out, const Telling& telling) {
    const Chain& chain = *telling.seen;
    if (chain.device) out["device_id"] = text(chain.device->id.text());
    const std::string_view equipment = equipment_id(telling);
    if (!equipment.empty()) out["equipment_id"] = text(equipment);
    out["card"] = card_json(telling);
    out["operator"] = text(chain.subscription.at.text());
    out["customer"] = text(chain.customer.text());
}

void put_state(json::object& out, const Telling& telling) {
    const Statuses after = statuses(*telling.seen);
    out["before"] = statuses_json(telling.event.before, telling.sight);
    out["after"] = statuses_json(after, telling.sight);
    out["network"] = after.pending ? "pending" : "confirmed";
    json::array holds;
    for (const Held& held : held_by(*telling.seen)) holds.push_back(hold_json(held, telling));
    out["holds"] = std::move(holds);
}

// What the event has to say beside the statuses, under the name of what it is.
void put_detail(json::object& out, const Telling& telling) {
    const Event& event = telling.event;
    if (!event.code.empty()) out["code"] = text(event.code);
    if (event.detail.empty() || event.type == EventType::equipment_unbound) return;
    if (event.type == EventType::binding_refused)
        out["claim"] = text(event.detail);
    else if (telling.seen && !telling.sight.card_identity)
        out["detail"] = telling.words(without_identifiers(event.detail, *telling.seen));
    else
        out["detail"] = telling.words(event.detail);
}

std::string summary(const Telling& telling) {
    const Event& event = telling.event;
    if (event.type == EventType::binding_refused)
        return "A report was refused. " + std::string(refusal_sentence(event.code));
    return telling.seen ? sentence(*telling.seen) : "Something was reported of an unknown card.";
}

json::object data(const Telling& telling) {
    json::object out;
    if (telling.seen) {
        put_names(out, telling);
        put_state(out, telling);
    }
    out["actor"] = actor_json(telling);
    out["cause"] = text(word(telling.event.cause));
    out["operation"] = text(telling.event.operation.view());
    put_detail(out, telling);
    out["summary"] = telling.words(summary(telling));
    return out;
}

// ------------------------------------------------------------------------------------------- whole

json::object envelope(std::string_view id, std::string_view type, Time at) {
    return {{"specversion", "1.0"}, {"id", text(id)},      {"source", "/msp"},
            {"type", text(type)},   {"time", rfc3339(at)}, {"datacontenttype", "application/json"}};
}

Telling telling_of(const Event& event, const PartyId& reader, std::size_t words_most) {
    Telling out{event, reader, {}, {}, words_most};
    if (!event.after) return out;
    out.sight = sight_of(reader, *event.after);
    out.seen = as_seen(*event.after, out.sight);
    return out;
}

std::string written(const Entry& entry, const PartyId& reader, std::size_t words_most) {
    const Telling telling = telling_of(entry.event, reader, words_most);
    json::object out = envelope(event_id(entry), word(entry.event.type), entry.event.at);
    out["subject"] = subject(telling);
    if (telling.seen) {
        out["chain"] = std::to_string(static_cast<std::uint64_t>(telling.seen->id));
        out["sequence"] = entry.event.sequence;
    }
    if (entry.number > 0) out["number"] = entry.number;
    out["data"] = data(telling);
    return json::serialize(out);
}

}  // namespace

std::string event_id(const Entry& entry) {
    return std::to_string(entry.lane) + "-" + std::to_string(entry.position);
}

std::string cloud_event(const Entry& entry, const PartyId& reader) {
    for (const std::size_t words_most : {std::size_t{2'000}, std::size_t{400}, std::size_t{60}}) {
        std::string out = written(entry, reader, words_most);
        if (out.size() <= event_bytes_most) return out;
    }
    assert(false && "an event is too long although all free words in it are short");
    std::abort();
}

std::string test_event(const std::string& id, Time now) {
    json::object out = envelope(id, "m2m.webhook.test", now);
    out["data"] = json::object{{"summary", "This is a test: nothing happened to any machine."}};
    return json::serialize(out);
}

}  // namespace msp
