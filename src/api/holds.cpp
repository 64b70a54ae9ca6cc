// The M2M SP's hold on cards and devices, reason by reason, and the catalogues of reasons and of
// refusals.

#include "access/json.hpp"
#include "api/change.hpp"
#include "api/handlers.hpp"
#include "provisioning/move_hold.hpp"

namespace msp {

static constexpr std::size_t text_bytes_most = 500;

static Result<Subject, Problem> held(Result<Subject, Problem> subject) {
    if (!subject) return subject;
    Subject out = std::move(subject).value();
    out.revision = Revision::m2m_sp_hold;
    return out;
}

static Result<MoveHold, Problem> move_hold(const Call& call, const Name& name, bool put) {
    const auto revision = if_match(call.request(), Revision::m2m_sp_hold);
    if (!revision) return revision.reason();
    MoveHold out{.name = name,
                 .put = put,
                 .code = call.argument("code"),
                 .text = {},
                 .if_match = *revision,
                 .origin = call.origin()};
    if (!put || call.request().body.empty()) return out;
    auto body = read_json(call.request());
    if (!body) return body.reason();
    JsonObject object = std::move(body).value();
    out.text = object.text("/text", Need::optional, text_bytes_most).value_or("");
    out.follows_equipment = object.flag("/follows_equipment", Need::optional).value_or(false);
    if (auto problem = object.problem()) return *std::move(problem);
    return out;
}

static void move(const CallPtr& call, const Result<Subject, Problem>& subject, bool put) {
    if (!subject) return call->refuse(subject.reason());
    change(call, *subject, move_hold(*call, subject->name, put));
}

void put_card_hold(const CallPtr& call) {
    move(call, held(card_subject(*call)), true);
}
void lift_card_hold(const CallPtr& call) {
    move(call, held(card_subject(*call)), false);
}
void put_device_hold(const CallPtr& call) {
    move(call, held(device_subject(*call)), true);
}
void lift_device_hold(const CallPtr& call) {
    move(call, held(device_subject(*call)), false);
}

void show_hold_catalogue(const CallPtr& call) {
    std::string body;
    JsonWriter json(body);
    json.open_object().name("items").open_array();
    for (const CatalogueEntry& entry : hold_catalogue())
        json.open_object()
            .member("holder", word(entry.holder))
            .member("code", entry.code)
            .member("says", entry.says)
            .member("lifted_by", entry.lifted_by)
            .member("by_platform", entry.by_platform)
            .close_object();
    json.close_array().close_object();
    call->answer(json_response(std::move(body)));
}

void show_refusals(const CallPtr& call) {
    std::string body;
    JsonWriter json(body);
    json.open_object().name("items").open_array();
    for (const RefusalEntry& entry : refusal_table())
        json.open_object()
            .member("code", entry.word)
            .member("status", status_of(entry.kind))
            .member("sentence", entry.sentence)
            .member("hint", entry.hint)
            .close_object();
    json.close_array().close_object();
    call->answer(json_response(std::move(body)));
}

}  // namespace msp
