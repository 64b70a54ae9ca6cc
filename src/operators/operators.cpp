#include "operators/operators.hpp"

#include "domain/party.hpp"
#include "store/flow_command.hpp"

#include <utility>

namespace msp {

namespace {

constexpr std::size_t operators_most = 10'000;
constexpr std::size_t event_bytes_most = 64 * 1024;

HearOperator heard_as(const OperatorId& from, const OperatorEvent& event, const std::string& body,
                      const OperatorWorld& world) {
    return {.from = from,
            .event_id = event.id,
            .reference = event.reference,
            .imsi = event.imsi,
            .body = body,
            .origin = {.actor = {.party = party_of(from),
                                 .principal = Principal("operator event"),
                                 .on_behalf_of = {}},
                       .cause = Cause::network_operator,
                       .operation = *OperationId::of("event-" + world.random.token(20)),
                       .at = world.loop.now()}};
}

std::string_view word(EventFault::Kind kind) {
    return kind == EventFault::Kind::forged ? "forged" : "malformed";
}

}  // namespace

// What the records say at start.
struct Operators::Found {
    std::vector<Record> settings;
    std::map<std::string, std::optional<std::string>> audits;
};

Operators::Operators(const OperatorWorld& world, Connect connect)
    : world_(world), connect_(std::move(connect)), self_(std::make_shared<Operators*>(this)) {
    world_.store.listen([self = std::weak_ptr(self_)](const Commit& commit) {
        if (const auto still = self.lock()) (*still)->follow(commit);
    });
}

Operators::~Operators() = default;

void Operators::start(const std::vector<Due>& due,
                      std::function<void(Result<Done, Failure>)> started) {
    for (const Due& one : due) waiting_[one.at_operator].emplace(one.chain, one.at);
    const auto found = std::make_shared<Found>();
    world_.reader.read(
        [found](Archive& archive) {
            found->settings =
                archive.records(Name::Kind::operator_settings, {}, {}, operators_most);
            for (const Record& one : found->settings)
                found->audits[one.name.value] =
                    archive.record({Name::Kind::setting, "audit", one.name.value});
        },
        [self = std::weak_ptr(self_), found,
         started = std::move(started)](const Result<Done, Failure>& read) {
            const auto still = self.lock();
            if (!still) return;
            for (const Record& one : found->settings) {
                const auto id = OperatorId::parse(one.name.value);
                // What a commit changed meanwhile runs already, and is newer.
                if (read && id && !(*still)->running_.contains(*id))
                    (*still)->settle(*id, one.body, found->audits[one.name.value]);
            }
            started(read);
        });
}

void Operators::follow(const Commit& commit) {
    for (const Chain& chain : commit.after) note(chain);
    for (const Record& record : commit.records) {
        if (record.name.kind != Name::Kind::operator_settings) continue;
        if (const auto id = OperatorId::parse(record.name.value)) settle(*id, record.body, {});
    }
}

void Operators::note(const Chain& chain) {
    const auto found = running_.find(chain.subscription.at);
    if (found != running_.end()) return found->second.orders->note(chain);
    auto& waiting = waiting_[chain.subscription.at];
    if (chain.exchange.due)
        waiting[chain.id] = *chain.exchange.due;
    else
        waiting.erase(chain.id);
}

void Operators::settle(const OperatorId& id, const std::optional<std::string>& settings,
                       const std::optional<std::string>& audit) {
    if (!settings) return pause(id);
    const auto decoded = decode_operator_settings(id, *settings);
    if (decoded) return run(*decoded, audit);
    world_.log.error("an operator's settings are not understood",
                     {{"operator", id.text()}, {"at", decoded.reason().pointer}});
}

void Operators::run(const OperatorSettings& settings, const std::optional<std::string>& audit) {
    settings_.insert_or_assign(settings.id, settings);
    const std::shared_ptr<OperatorLink> link = connect_(settings);
    const auto found = running_.find(settings.id);
    if (found != running_.end()) {
        found->second.link = link;
        found->second.orders->adjust(settings, link);
        found->second.audit->adjust(settings, link);
        return;
    }
    Running one{link, std::make_shared<OrderLoop>(world_, settings, link), {}};
    one.audit =
        std::make_shared<Audit>(world_, settings, link, [orders = std::weak_ptr(one.orders)] {
            const auto still = orders.lock();
            return still && still->at_ease();
        });
    for (const auto& [chain, at] : waiting_[settings.id]) one.orders->note_due(chain, at);
    waiting_.erase(settings.id);
    one.audit->start(audit);
    running_.emplace(settings.id, std::move(one));
}

void Operators::pause(const OperatorId& id) {
    const auto known = settings_.find(id);
    if (known == settings_.end()) return;
    OperatorSettings paused = known->second;
    paused.paused = true;
    run(paused, {});
}

void Operators::hear(const OperatorId& from, const HttpRequest& request,
                     std::function<void(Heard)> done) {
    const auto found = running_.find(from);
    if (found == running_.end()) return done({Heard::Kind::no_such_operator, {}});
    const std::shared_ptr<OrderLoop> orders = found->second.orders;
    auto event = found->second.link->parse_event(request);
    if (event && request.body.size() > event_bytes_most)
        event = EventFault{EventFault::Kind::malformed, "It is longer than 64 KiB."};
    if (!event) {
        const EventFault& fault = event.reason();
        orders->note_heard(word(fault.kind));
        const bool forged = fault.kind == EventFault::Kind::forged;
        return done({forged ? Heard::Kind::forged : Heard::Kind::malformed, fault.what});
    }
    const auto stored = [orders, done = std::move(done)](const Result<Answer, Failure>& answer) {
        if (!answer) return done({Heard::Kind::not_now, answer.reason().what});
        orders->note_heard(answer->text);
        done({Heard::Kind::stored, answer->text});
    };
    HearOperator heard = heard_as(from, *event, request.body, world_);
    if (!event->order) return world_.store.submit(flow_command(std::move(heard)), stored);
    const OperatorEvent::Answered& order = *event->order;
    orders->hear({.heard = std::move(heard),
                  .reference = order.reference,
                  .outcome = order.outcome,
                  .talk = {},
                  .operator_reference = order.operator_reference},
                 stored);
}

bool Operators::audit(const OperatorId& id, Audit::Begin how) {
    const auto found = running_.find(id);
    if (found == running_.end()) return false;
    found->second.audit->begin(how);
    return true;
}

std::optional<bool> Operators::would_audit(const OperatorId& id, Audit::Begin how) const {
    const auto found = running_.find(id);
    if (found == running_.end()) return std::nullopt;
    return found->second.audit->would_begin(how);
}

OperatorHealth Operators::health_of(const Running& one) {
    OperatorHealth out = one.orders->health();
    out.audit = one.audit->health();
    return out;
}

std::vector<OperatorHealth> Operators::health() const {
    std::vector<OperatorHealth> out;
    for (const auto& [id, one] : running_) out.push_back(health_of(one));
    return out;
}

std::optional<OperatorHealth> Operators::health(const OperatorId& id) const {
    const auto found = running_.find(id);
    return found == running_.end() ? std::nullopt : std::optional(health_of(found->second));
}

}  // namespace msp
