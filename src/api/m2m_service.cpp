// PUT /v1/cards/{iccid}/m2m-service and /v1/devices/{device_id}/m2m-service.

#include "provisioning/switch_m2m_service.hpp"

#include "access/json.hpp"
#include "api/change.hpp"
#include "api/handlers.hpp"

namespace msp {

static std::optional<ServiceWish> service_wish(JsonObject& body) {
    const auto given = body.text("/status");
    if (!given) return std::nullopt;
    if (*given == "active") return ServiceWish::active;
    if (*given == "de-active") return ServiceWish::de_active;
    if (*given == "stopped") return ServiceWish::stopped;
    body.refuse("/status", "unknown-word", "It takes one of: active, de-active, stopped.");
    return std::nullopt;
}

static Result<SwitchM2mService, Problem> service_switch(const Call& call, const Name& name) {
    auto body = read_json(call.request());
    if (!body) return body.reason();
    JsonObject object = std::move(body).value();
    const auto wish = service_wish(object);
    const auto until = object.time("/until", Need::nullable);
    if (wish && *wish != ServiceWish::active && until)
        object.refuse("/until", "not-with-this-status", "Only `active` can end at a time.");
    if (auto problem = object.problem()) return *std::move(problem);
    const auto revision = if_match(call.request(), Revision::customer_hold);
    if (!revision) return revision.reason();
    return SwitchM2mService{.name = name,
                            .wish = *wish,
                            .until = until,
                            .if_match = *revision,
                            .origin = call.origin()};
}

using SubjectOf = Result<Subject, Problem> (*)(const Call&);

static void switch_service(const CallPtr& call, SubjectOf subject_of) {
    const auto subject = subject_of(*call);
    if (!subject) return call->refuse(subject.reason());
    change(call, *subject, service_switch(*call, subject->name));
}

void switch_card(const CallPtr& call) {
    switch_service(call, card_subject);
}
void switch_device(const CallPtr& call) {
    switch_service(call, device_subject);
}

}  // namespace msp
