#include "api/change.hpp"

#include "api/equipment_card.hpp"
#include "api/query_reader.hpp"
#include "domain/explain.hpp"
#include "domain/party.hpp"
#include "domain/sight.hpp"
#include "domain/status.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace msp {

// ---------------------------------------------------------------------------------------- subjects

Result<Subject, Problem> card_subject(const Call& call) {
    const auto id = call.identifier<Iccid>("iccid", CheckDigit::warn);
    if (!id) return id.reason();
    return Subject{Name::of(*id), Layer::m2m, Revision::customer_hold};
}

Result<Subject, Problem> device_subject(const Call& call) {
    const auto id = call.identifier<DeviceId>("device_id");
    if (!id) return id.reason();
    return Subject{Name::of(*id), Layer::m2m, Revision::customer_hold};
}

Result<PartyId, Problem> equipment_provider_of(const Call& call) {
    QueryReader query(call.query());
    const auto named = query.identifier<PartyId>("provider");
    const PartyId& own = call.caller().party;
    if (call.caller().staff() && !call.query().has("provider"))
        query.refuse("provider", "missing", "The M2M service provider names the provider.");
    if (auto problem = query.problem()) return *std::move(problem);
    if (!call.caller().staff() && named && *named != own)
        return problem_of(Refusal{RefusalCode::no_such_equipment, {}, {}});
    return named.value_or(own);
}

Result<Subject, Problem> equipment_subject(const Call& call) {
    const auto provider = equipment_provider_of(call);
    if (!provider) return provider.reason();
    const auto id = call.identifier<EquipmentId>("equipment_id");
    if (!id) return id.reason();
    return Subject{Name::of(*provider, *id), Layer::equipment, Revision::wish};
}

// --------------------------------------------------------------------------------------- answering

HttpResponse chain_response(const Chain& chain, const Subject& subject, const PartyId& reader,
                            std::string equipment_card) {
    HttpResponse out =
        json_response(chain_json(chain, {reader, subject.layer, std::move(equipment_card)}));
    out.headers.add("ETag", etag(chain, subject.revision));
    return out;
}

static std::optional<Name> equipment_card_of(const Chain& chain) {
    if (!chain.equipment) return std::nullopt;
    return equipment_card_name(chain.equipment->provider, chain.equipment->id);
}

// So that the answer can name the equipment, the decision looks its card up too.
static Command with_equipment_card(Command command) {
    command.decide = [inner = std::move(command.decide)](const View& view) {
        Decision decision = inner(view);
        if (decision.answer.refusal || decision.answer.chains.empty()) return decision;
        if (const auto card = equipment_card_of(decision.answer.chains.front()))
            if (const std::string* body = view.record(*card)) decision.answer.text = *body;
        return decision;
    };
    return command;
}

// Who moved what the caller was about to move: the newest command in the chain's history.
static std::string last_change(Archive& archive, const Chain& chain, const PartyId& reader) {
    constexpr std::size_t looked_at = 50;
    std::string out;
    JsonWriter json(out);
    for (const Entry& entry : archive.history_of(chain.id, 0, looked_at)) {
        const Event& event = entry.event;
        if (event.cause != Cause::command) continue;
        const bool own = event.actor.party == reader || reader == m2m_sp();
        json.open_object().member("party", event.actor.party);
        if (own) json.member("principal", event.actor.principal);
        json.member("type", word(event.type)).member("at", event.at).close_object();
        return out;
    }
    return "null";
}

// Puts a member into a JSON object that has one already.
static void add_member(std::string& object, std::string_view name, std::string_view json) {
    object.pop_back();
    object.append(",\"").append(name).append("\":").append(json).append("}");
}

// 412: somebody else was faster; the answer shows how it stands now, and who that was.
static void refuse_stale(const CallPtr& call, const Subject& subject, const Refusal& refusal) {
    Problem problem = problem_of(refusal);
    problem.trace_id = call->trace_id();
    const PartyId reader = call->caller().party;
    answer_read(call, [subject, reader, problem](Archive& archive) -> Rendered {
        HttpResponse out = render(problem);
        const auto chain = archive.chain(subject.name);
        if (!chain) return out;
        const auto card = equipment_card_of(*chain);
        const std::string body = card ? archive.record(*card).value_or("") : "";
        add_member(out.body, "current", chain_json(*chain, {reader, subject.layer, body}));
        add_member(out.body, "changed_by", last_change(archive, *chain, reader));
        out.headers.add("ETag", etag(*chain, subject.revision));
        return out;
    });
}

static void refuse(const CallPtr& call, const Subject& subject, const Refusal& refusal) {
    if (refusal.code == RefusalCode::revision_stale) return refuse_stale(call, subject, refusal);
    call->refuse(refusal);
}

// ----------------------------------------------------------------------------------------- preview

// The answer's chains are the one that the call is about, as it is and as it would be.
static Command with_both_sides(Command command, const Name& name) {
    command.decide = [inner = std::move(command.decide), name](const View& view) {
        Decision decision = inner(view);
        const Chain* before = view.last(name);
        if (decision.answer.refusal || !before) return decision;
        auto& chains = decision.answer.chains;
        const auto same = [before](const Chain& chain) { return chain.id == before->id; };
        const auto found = std::find_if(chains.begin(), chains.end(), same);
        const Chain after = found == chains.end() ? *before : *found;
        chains = {*before, after};
        return decision;
    };
    return command;
}

// The preview speaks of what the reader sees.
static std::string foreseen_sentence(const Chain& before, const Chain& after,
                                     const PartyId& reader) {
    return preview_sentence(as_seen(before, sight_of(reader, before)),
                            as_seen(after, sight_of(reader, after)));
}

static HttpResponse preview_response(const Answer& answer, const Subject& subject,
                                     const PartyId& reader) {
    const Chain& before = answer.chains.front();
    const Chain& after = answer.chains.back();
    const auto order = order_foreseen(before, after);
    std::string body;
    JsonWriter json(body);
    json.open_object().member("sentence", foreseen_sentence(before, after, reader)).name("before");
    write_statuses(json, before, reader);
    json.name("after");
    write_statuses(json, after, reader);
    json.member("order", order ? std::optional(word(*order)) : std::nullopt).name("chain");
    write_chain(json, before, {reader, subject.layer, answer.text});
    json.close_object();
    HttpResponse response = json_response(std::move(body));
    response.headers.add("ETag", etag(before, subject.revision));
    return response;
}

static void preview(const CallPtr& call, const Subject& subject, Command command) {
    call->submit(with_equipment_card(with_both_sides(std::move(command), subject.name)),
                 [call, subject](const Answer& answer) {
                     if (answer.refusal) return refuse(call, subject, *answer.refusal);
                     call->answer(preview_response(answer, subject, call->caller().party));
                 });
}

// ------------------------------------------------------------------------------------------ change

static void decided(const CallPtr& call, const Subject& subject, const Answer& answer,
                    Duration wait) {
    if (answer.refusal) return refuse(call, subject, *answer.refusal);
    const auto respond = [call, subject, card = answer.text](const Chain& chain) {
        call->answer(chain_response(chain, subject, call->caller().party, card));
    };
    const Chain& chain = answer.chains.front();
    if (answer.replayed) return respond(chain);
    call->desk().waiters.wait(chain, wait, respond);
}

void change(const CallPtr& call, const Subject& subject, Command command) {
    if (call->previews()) return preview(call, subject, std::move(command));
    QueryReader query(call->query());
    const Duration wait =
        query.duration("wait", call->desk().options.wait_most).value_or(Duration());
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    call->submit(
        with_equipment_card(std::move(command)),
        [call, subject, wait](const Answer& answer) { decided(call, subject, answer, wait); });
}

}  // namespace msp
