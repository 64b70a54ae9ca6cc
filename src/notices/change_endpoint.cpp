#include "notices/change_endpoint.hpp"

#include <utility>

namespace msp {

using State = Endpoint::State;

// The endpoint, if it is there for this party.
static std::optional<Endpoint> find(const View& view, const EndpointId& id) {
    const std::string* record = view.record(endpoint_name(id));
    auto endpoint = record ? decode_endpoint(*record) : std::nullopt;
    if (endpoint && endpoint->state == State::deleted) return std::nullopt;
    return endpoint;
}

static std::optional<Endpoint> find_own(const View& view, const EndpointId& id,
                                        const PartyId& party) {
    auto endpoint = find(view, id);
    return endpoint && endpoint->party == party ? endpoint : std::nullopt;
}

static Decision keep(const Endpoint& before, const Endpoint& after) {
    Decision decision;
    decision.answer.text = encode(after);
    if (after == before) return decision;
    decision.answer.changed = true;
    decision.records.push_back({endpoint_name(after.id), decision.answer.text});
    return decision;
}

std::vector<Name> names(const CreateEndpoint& command) {
    return {endpoint_name(command.endpoint.id)};
}

Decision decide(const View& view, const CreateEndpoint& command) {
    const Name name = endpoint_name(command.endpoint.id);
    if (view.record(name)) return refused(RefusalCode::invalid, "There is a webhook of this id.");
    Decision decision;
    decision.answer.changed = true;
    decision.answer.text = encode(command.endpoint);
    decision.records.push_back({name, decision.answer.text});
    return decision;
}

std::vector<Name> names(const ChangeEndpoint& command) {
    return {endpoint_name(command.id)};
}

static void switch_to(Endpoint& endpoint, bool enabled, Time at) {
    const State wanted = enabled ? State::enabled : State::disabled;
    if (endpoint.state == wanted) return;
    endpoint.state = wanted;
    endpoint.reason = enabled ? "" : "Its party disabled it.";
    if (enabled) endpoint.enabled_since = at;
}

Decision decide(const View& view, const ChangeEndpoint& command) {
    const auto before = find_own(view, command.id, command.by);
    if (!before) return refused(RefusalCode::no_such_webhook);
    Endpoint after = *before;
    if (command.url) after.url = *command.url;
    if (command.types) after.types = *command.types;
    if (command.enabled) switch_to(after, *command.enabled, command.at);
    return keep(*before, after);
}

std::vector<Name> names(const RotateSecret& command) {
    return {endpoint_name(command.id)};
}

Decision decide(const View& view, const RotateSecret& command) {
    const auto before = find_own(view, command.id, command.by);
    if (!before) return refused(RefusalCode::no_such_webhook);
    Endpoint after = *before;
    after.old_secret = Endpoint::OldSecret{before->secret, command.at + secret_overlap};
    after.secret = command.fresh;
    return keep(*before, after);
}

std::vector<Name> names(const DeleteEndpoint& command) {
    return {endpoint_name(command.id)};
}

Decision decide(const View& view, const DeleteEndpoint& command) {
    const auto before = find_own(view, command.id, command.by);
    if (!before) return refused(RefusalCode::no_such_webhook);
    Endpoint after = *before;
    after.state = State::deleted;
    return keep(*before, after);
}

std::vector<Name> names(const DisableEndpoint& command) {
    return {endpoint_name(command.id)};
}

Decision decide(const View& view, const DisableEndpoint& command) {
    const auto before = find(view, command.id);
    if (!before || before->state != State::enabled) return {};
    Endpoint after = *before;
    after.state = State::disabled;
    after.reason = command.reason;
    return keep(*before, after);
}

}  // namespace msp
