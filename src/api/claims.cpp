// Claims: reports that were refused and are their owner's to decide.

#include "domain/claim.hpp"

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/query_reader.hpp"
#include "domain/party.hpp"
#include "provisioning/decide_claim.hpp"

namespace msp {

namespace {

constexpr std::size_t looked_at_most = 5'000;

Name claim_name(const ClaimId& id) {
    return {Name::Kind::claim, {}, std::string(id.view())};
}

std::string_view word(Claim::Kind kind) {
    return kind == Claim::Kind::card ? "card" : "equipment";
}

std::string_view word(Claim::State state) {
    switch (state) {
        case Claim::State::open: return "open";
        case Claim::State::accepted: return "accepted";
        case Claim::State::dismissed: return "dismissed";
    }
    std::abort();
}

bool sees_claim(const PartyId& reader, const Claim& claim) {
    return reader == m2m_sp() || reader == claim.owner;
}

void write_received(JsonWriter& json, std::string_view name, const std::string& value) {
    if (!value.empty()) json.member(name, value);
}

// The numbers of a card are for those who have cards: an equipment provider does not see them.
std::string claim_json(const Claim& claim, const PartyId& reader) {
    const RefusalEntry& refused = entry_of(claim.refused);
    const bool numbers = reader == m2m_sp() || reader == claim.provider;
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("id", claim.id)
        .member("kind", word(claim.kind))
        .member("state", word(claim.state))
        .member("device_id", claim.device)
        .member("provider", claim.provider)
        .member("owner", claim.owner);
    if (numbers) {
        write_received(json, "iccid", claim.iccid);
        write_received(json, "imsi", claim.imsi);
        write_received(json, "eid", claim.eid);
    }
    write_received(json, "imei", claim.imei);
    write_received(json, "equipment_id", claim.equipment);
    json.name("refused")
        .open_object()
        .member("code", refused.word)
        .member("sentence", refused.sentence)
        .member("hint", refused.hint)
        .close_object()
        .member("at", claim.at)
        .member("decided", claim.decided)
        .close_object();
    return out;
}

std::optional<ClaimId> claim_of(const Call& call) {
    const std::string& given = call.argument("id");
    return given.empty() ? std::nullopt : ClaimId::of(given);
}

// A page of claims; answers where to go on.
std::optional<std::string> read_page(Archive& archive, const std::optional<std::string>& state,
                                     const PageAsked& page, const PartyId& reader,
                                     std::vector<std::string>& items) {
    const auto records = archive.records(Name::Kind::claim, "", page.place, looked_at_most + 1);
    std::string last = page.place;
    for (const Record& record : records) {
        if (items.size() == page.limit) return last;
        last = record.name.value;
        const auto claim = decode_claim(record.body.value_or(""));
        if (!claim || !sees_claim(reader, *claim)) continue;
        if (!state || word(claim->state) == *state) items.push_back(claim_json(*claim, reader));
    }
    return records.size() > looked_at_most ? std::optional(last) : std::nullopt;
}

}  // namespace

void list_claims(const CallPtr& call) {
    QueryReader query(call->query());
    const auto state = query.one_of("state", {"open", "accepted", "dismissed"});
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    answer_read(call,
                [state, page = *page, reader = call->caller().party](Archive& archive) -> Rendered {
                    std::vector<std::string> items;
                    const auto next = read_page(archive, state, page, reader, items);
                    return json_response(list_body(items, next, page));
                });
}

void get_claim(const CallPtr& call) {
    const auto id = claim_of(*call);
    if (!id) return call->refuse(RefusalCode::no_such_claim);
    answer_read(call, [id = *id, reader = call->caller().party](Archive& archive) -> Rendered {
        const auto claim = decode_claim(archive.record(claim_name(id)).value_or(""));
        if (!claim || !sees_claim(reader, *claim))
            return Refusal{RefusalCode::no_such_claim, {}, {}};
        return json_response(claim_json(*claim, reader));
    });
}

// The decision tells how the claim is afterwards.
static Command with_claim(Command command, const ClaimId& id) {
    command.decide = [inner = std::move(command.decide), name = claim_name(id)](const View& view) {
        Decision decision = inner(view);
        for (const Record& record : decision.records)
            if (record.name == name && !decision.answer.refusal)
                decision.answer.text = record.body.value_or("");
        return decision;
    };
    return command;
}

static void decide_claim(const CallPtr& call, bool accept) {
    const auto id = claim_of(*call);
    if (!id) return call->refuse(RefusalCode::no_such_claim);
    DecideClaim command{.claim = *id,
                        .accept = accept,
                        .parties = call->parts().parties.book(),
                        .origin = call->origin()};
    call->submit(with_claim(flow_command(std::move(command), Urgency::urgent, call->key()), *id),
                 [call](const Answer& answer) {
                     if (answer.refusal) return call->refuse(*answer.refusal);
                     const auto claim = decode_claim(answer.text);
                     call->answer(json_response(claim_json(*claim, call->caller().party)));
                 });
}

void accept_claim(const CallPtr& call) {
    decide_claim(call, true);
}
void dismiss_claim(const CallPtr& call) {
    decide_claim(call, false);
}

}  // namespace msp
