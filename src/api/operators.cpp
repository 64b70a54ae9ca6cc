// Operators: how they fare, how they are talked to, and what a person may do about it.

#include "operators/operators.hpp"

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/keep_operator.hpp"
#include "api/many_commands.hpp"
#include "api/operator_json.hpp"
#include "provisioning/hear_operator.hpp"
#include "store/flow_command.hpp"

#include <functional>
#include <optional>
#include <string>

namespace msp {

namespace {

constexpr std::size_t operators_most = 1'000;
constexpr std::size_t reason_bytes_most = 500;

OperatorShown shown(Archive& archive, const OperatorSettings& settings) {
    return {settings, {}, decode_pause(archive.record(pause_name(settings.id)))};
}

// What is kept, from the reader; how it fares now, from the loop.
void answer_operator(const CallPtr& call, OperatorShown one) {
    one.health = call->parts().operators.health(one.settings.id);
    call->answer(json_response(operator_json(one)));
}

using Kept = Result<OperatorShown, Refusal>;

// A record as the change leaves it, or as it would leave it.
using RecordAfter = std::function<std::optional<std::string>(Archive&)>;

RecordAfter record_after(const Call& call, const Name& name) {
    if (const auto* foreseen = call.foreseen(name))
        return [body = *foreseen](Archive&) { return body; };
    return [name](Archive& archive) { return archive.record(name); };
}

void show_operator(const CallPtr& call, const OperatorId& id) {
    read<Kept>(
        call,
        [id, settings_after = record_after(*call, settings_name(id)),
         pause_after = record_after(*call, pause_name(id))](Archive& archive) -> Kept {
            const auto body = settings_after(archive);
            if (!body) return Refusal{RefusalCode::no_such_operator, {}, {}};
            const auto settings = decode_operator_settings(id, *body);
            if (!settings) return settings.reason();
            return OperatorShown{*settings, {}, decode_pause(pause_after(archive))};
        },
        [call](const Kept& kept) {
            if (!kept) return call->refuse(kept.reason());
            answer_operator(call, *kept);
        });
}

template <class Flow>
void change_operator(const CallPtr& call, const OperatorId& id, Flow flow) {
    call->submit(flow_command(std::move(flow), Urgency::urgent, call->key()),
                 [call, id](const Answer& answer) {
                     if (answer.refusal) return call->refuse(*answer.refusal);
                     show_operator(call, id);
                 });
}

}  // namespace

void list_operators(const CallPtr& call) {
    using All = std::vector<OperatorShown>;
    read<All>(
        call,
        [](Archive& archive) {
            All out;
            for (const Record& record :
                 archive.records(Name::Kind::operator_settings, "", "", operators_most)) {
                const auto id = OperatorId::parse(record.name.value);
                if (!id) continue;
                if (const auto settings = decode_operator_settings(*id, record.body.value_or("")))
                    out.push_back(shown(archive, *settings));
            }
            return out;
        },
        [call](All all) {
            std::string body;
            JsonWriter json(body);
            json.open_object().name("items").open_array();
            for (OperatorShown& one : all) {
                one.health = call->parts().operators.health(one.settings.id);
                json.raw(operator_json(one));
            }
            json.close_array().name("next_cursor").null().close_object();
            call->answer(json_response(std::move(body)));
        });
}

void get_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    show_operator(call, *id);
}

void put_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    if (const auto body = read_json(call->request()); !body) return call->refuse(body.reason());
    change_operator(call, *id, KeepOperator{*id, call->request().body, call->origin()});
}

void pause_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    auto given = read_json(call->request());
    if (!given) return call->refuse(given.reason());
    JsonObject body = std::move(given).value();
    const auto reason = body.text("/reason", Need::required, reason_bytes_most);
    if (auto problem = body.problem()) return call->refuse(*std::move(problem));
    change_operator(call, *id, PauseOperator{*id, true, *reason, call->origin()});
}

void resume_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    change_operator(call, *id, PauseOperator{.id = *id, .pause = false, .origin = call->origin()});
}

void audit_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    Audit::Begin how = Audit::Begin::check;
    if (!call->request().body.empty()) {
        auto given = read_json(call->request());
        if (!given) return call->refuse(given.reason());
        JsonObject body = std::move(given).value();
        if (body.flag("/go_through", Need::optional).value_or(false))
            how = Audit::Begin::go_through;
        if (auto problem = body.problem()) return call->refuse(*std::move(problem));
    }
    Operators& operators = call->parts().operators;
    const auto begins = operators.would_audit(*id, how);
    if (!begins) return call->refuse(RefusalCode::no_such_operator);
    if (*begins) call->note_change();
    if (!call->previews()) (void)operators.audit(*id, how);
    show_operator(call, *id);
}

void show_drift(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    const auto matches = [id = *id](const Chain& chain) {
        return chain.subscription.at == id && chain.exchange.drift;
    };
    list_chains(call, {Layer::m2m, matches, {}, {}});
}

// ------------------------------------------------------------------------------------------- retry

namespace {

constexpr std::size_t retried_most = 10'000;

struct Retry {
    std::vector<ChainId> parked;
    std::size_t next = 0;
    std::uint64_t woken = 0;
    std::uint64_t refused = 0;
    bool more = false;
};

Retry find_parked(Archive& archive, const OperatorId& id) {
    const auto matches = [&id](const Chain& chain) {
        return chain.subscription.at == id && chain.exchange.parked.has_value();
    };
    Retry out;
    ChainQuery query{.limit = retried_most, .matches = matches};
    while (true) {
        const ChainPage page = archive.chains(query);
        for (const Chain& chain : page.chains) out.parked.push_back(chain.id);
        out.more = page.next.has_value();
        if (!page.next || out.parked.size() >= retried_most) return out;
        query.after = *page.next;
        query.limit = retried_most - out.parked.size();
    }
}

void answer_retry(const CallPtr& call, const Retry& retry) {
    std::string body;
    JsonWriter json(body);
    json.open_object()
        .member("woken", retry.woken)
        .member("refused", retry.refused)
        .member("more", retry.more)
        .close_object();
    call->answer(json_response(std::move(body)));
}

void retry_all(const CallPtr& call, const std::shared_ptr<Retry>& retry) {
    ManyCommands many;
    many.at_once = 64;
    many.next = [call, retry]() -> std::optional<Command> {
        if (retry->next == retry->parked.size()) return std::nullopt;
        const Name chain = Name::of(retry->parked[retry->next++]);
        return flow_command(AskOperator{chain, true, call->origin()}, Urgency::bulk,
                            call->key(chain.value));
    };
    many.each = [retry](const Answer& answer) {
        ++(answer.refusal ? retry->refused : retry->woken);
    };
    many.then = [call, retry](const Result<Done, Failure>& done) {
        if (!done) return call->fail(done.reason());
        answer_retry(call, *retry);
    };
    submit_many(call->store(), call->parts().loop, std::move(many));
}

}  // namespace

void retry_operator(const CallPtr& call) {
    const auto id = call->identifier<OperatorId>("operator");
    if (!id) return call->refuse(id.reason());
    if (!call->parts().operators.health(*id)) return call->refuse(RefusalCode::no_such_operator);
    read<Retry>(
        call, [id = *id](Archive& archive) { return find_parked(archive, id); },
        [call](Retry retry) { retry_all(call, std::make_shared<Retry>(std::move(retry))); });
}

}  // namespace msp
