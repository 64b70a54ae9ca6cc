#include "notices/endpoints.hpp"

#include "domain/party.hpp"
#include "notices/change_endpoint.hpp"
#include "notices/remove_records.hpp"
#include "store/flow_command.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace msp {

namespace {

constexpr Duration look_every = std::chrono::seconds(30);  // for what other nodes changed
constexpr Duration tidy_every = std::chrono::hours(6);
constexpr Duration pause_after_failure{1'000};
constexpr std::size_t endpoints_at_once = 200;

using Endpoints = std::map<EndpointId, Endpoint>;

Endpoints read_endpoints(Archive& archive) {
    Endpoints out;
    std::string after;
    for (;;) {
        const auto records = archive.records(Name::Kind::endpoint, "", after, endpoints_at_once);
        for (const Record& record : records) {
            after = record.name.value;
            if (const auto endpoint = decode_endpoint(*record.body))
                out.emplace(endpoint->id, *endpoint);
        }
        if (records.size() < endpoints_at_once) return out;
    }
}

Refusal at_url(std::string sentence) {
    return {RefusalCode::invalid, std::move(sentence), "/url"};
}

}  // namespace

Result<std::string, Refusal> accept_url(const AddressGuard& guard, std::string_view text) {
    const auto url = WebhookUrl::parse(text);
    if (!url) return at_url(std::string(sentence(url.reason())));
    if (auto objection = guard.objection(*url)) return at_url(*std::move(objection));
    return url->text();
}

class WebhookEndpoints::Running : public std::enable_shared_from_this<Running> {
public:
    Running(const DeliveryWorld& world, const DeliverySettings& settings)
        : world_(world), settings_(settings) {}

    ~Running() {
        world_.loop.cancel(look_timer_);
        world_.loop.cancel(tidy_timer_);
    }

    void start() {
        world_.store.listen([weak = weak_from_this()](const Commit& commit) {
            if (const auto self = weak.lock()) self->follow(commit);
        });
        look();
        tidy_later();
    }

    void create(const NewEndpoint& asked, Store& store, const Store::Done& done) {
        auto types = TypeFilter::parse(asked.types);
        auto url = msp::accept_url(*world_.guard, asked.url);
        if (const auto refusal = objection(asked)) return answer(*refusal, done);
        if (!url) return answer(url.reason(), done);
        if (!types) return answer(types.reason(), done);
        const Time now = world_.loop.now();
        Endpoint endpoint{.id = *EndpointId::of("wh-" + world_.random.token(16)),
                          .party = asked.party,
                          .url = *std::move(url),
                          .types = *types,
                          .secret = WebhookSecret::fresh(world_.random),
                          .old_secret = {},
                          .reason = {},
                          .created = now,
                          .enabled_since = now};
        begin_at(endpoint, asked, store, done);
    }

    std::vector<Endpoint> of(const PartyId& party) const {
        std::vector<Endpoint> out;
        for (const auto& [id, endpoint] : endpoints_)
            if (endpoint.party == party && endpoint.state != Endpoint::State::deleted)
                out.push_back(endpoint);
        return out;
    }

    // Its delivery, or why there is none.
    Result<EndpointDelivery*, Refusal> find(const PartyId& party, const EndpointId& id) const {
        const auto endpoint = endpoints_.find(id);
        const bool theirs = endpoint != endpoints_.end() && endpoint->second.party == party &&
                            endpoint->second.state != Endpoint::State::deleted;
        if (!theirs) return Refusal{RefusalCode::no_such_webhook, {}, {}};
        const auto delivery = deliveries_.find(id);
        if (delivery == deliveries_.end()) return Refusal{RefusalCode::webhook_disabled, {}, {}};
        return delivery->second.get();
    }

    const AddressGuard& guard() const { return *world_.guard; }

private:
    template <class Then>
    auto while_there(Then then) {
        return [weak = weak_from_this(), then](const auto&... arguments) {
            if (const auto self = weak.lock()) then(*self, arguments...);
        };
    }

    // ------------------------------------------------------------------------------------ creating

    void answer(Refusal refusal, const Store::Done& done) {
        Answer out;
        out.refusal = std::move(refusal);
        world_.loop.post([done, out = std::move(out)] { done(out); });
    }

    std::optional<Refusal> objection(const NewEndpoint& asked) const {
        if (asked.party == m2m_sp())
            return Refusal{RefusalCode::invalid,
                           "The M2M service provider has no feed; it reads the history.", "/party"};
        if (of(asked.party).size() >= settings_.endpoints_most)
            return Refusal{RefusalCode::too_many_webhooks, {}, {}};
        return std::nullopt;
    }

    // Where its feed begins is read before it is there: whatever is committed afterwards is behind.
    void begin_at(const Endpoint& endpoint, const NewEndpoint& asked, Store& store,
                  const Store::Done& done) {
        auto head = std::make_shared<std::uint64_t>();
        world_.reader.read(
            [head, party = asked.party](Archive& archive) { *head = archive.feed_head(party); },
            while_there([=, &store](Running&, const Result<Done, Failure>& outcome) {
                if (!outcome) return done(outcome.reason());
                CreateEndpoint command{endpoint};
                command.endpoint.after = std::min(asked.after.value_or(*head), *head);
                store.submit(flow_command(std::move(command), Urgency::urgent, asked.key), done);
            }));
    }

    // ----------------------------------------------------------------------------------- following

    void follow(const Commit& commit) {
        for (const Record& record : commit.records) {
            if (record.name.kind != Name::Kind::endpoint) continue;
            const auto endpoint = record.body ? decode_endpoint(*record.body) : std::nullopt;
            if (endpoint)
                take(*endpoint);
            else if (const auto id = EndpointId::of(record.name.value))
                drop(*id);
        }
    }

    void take(const Endpoint& endpoint) {
        ++changes_;
        endpoints_.insert_or_assign(endpoint.id, endpoint);
        const auto delivery = deliveries_.find(endpoint.id);
        if (endpoint.state != Endpoint::State::enabled) {
            if (delivery != deliveries_.end()) deliveries_.erase(delivery);
            if (endpoint.state == Endpoint::State::deleted) remove(endpoint.id);
        } else if (delivery != deliveries_.end()) {
            delivery->second->change(endpoint);
        } else {
            deliveries_.emplace(endpoint.id,
                                std::make_unique<EndpointDelivery>(world_, settings_, endpoint));
        }
    }

    void drop(const EndpointId& id) {
        ++changes_;
        deliveries_.erase(id);
        endpoints_.erase(id);
    }

    // All endpoints as they are stored; once more if something changed while they were read.
    void look() {
        auto found = std::make_shared<Endpoints>();
        world_.reader.read(
            [found](Archive& archive) { *found = read_endpoints(archive); },
            while_there(
                [found, before = changes_](Running& self, const Result<Done, Failure>& outcome) {
                    if (outcome && self.changes_ != before) return self.look();
                    if (outcome) self.compare(*found);
                    self.look_timer_ = self.world_.loop.after(
                        look_every, self.while_there([](Running& again) { again.look(); }));
                }));
    }

    void compare(const Endpoints& found) {
        const Endpoints known = endpoints_;
        for (const auto& [id, endpoint] : found) {
            const auto was = known.find(id);
            if (was == known.end() || was->second != endpoint) take(endpoint);
        }
        for (const auto& [id, endpoint] : known)
            if (!found.contains(id)) drop(id);
    }

    // ------------------------------------------------------------------------------------ removing

    void submit_removal(std::vector<Name> records, const std::function<void(Running&)>& then) {
        world_.store.submit(
            flow_command(RemoveRecords{std::move(records)}, Urgency::bulk),
            while_there([then](Running& self, const Result<Answer, Failure>& answer) {
                if (answer) return then(self);
                self.world_.loop.after(pause_after_failure, self.while_there(then));
            }));
    }

    void remove(const EndpointId& id) {
        auto left = std::make_shared<std::vector<Name>>();
        world_.reader.read(
            [left, id](Archive& archive) { *left = read_leftovers(archive, id); },
            while_there([left, id](Running& self, const Result<Done, Failure>& outcome) {
                if (!outcome || left->empty()) return;
                self.submit_removal(*left, [id](Running& again) { again.remove(id); });
            }));
    }

    void tidy_later() {
        tidy_timer_ = world_.loop.after(tidy_every, while_there([](Running& self) {
                                            for (const auto& [id, endpoint] : self.endpoints_)
                                                self.tidy(id, "");
                                            self.tidy_later();
                                        }));
    }

    void tidy(const EndpointId& id, const std::string& after) {
        auto page = std::make_shared<OutdatedPage>();
        const Time then = world_.loop.now() - deliveries_kept;
        world_.reader.read(
            [=](Archive& archive) { *page = read_outdated(archive, id, then, after); },
            while_there([=](Running& self, const Result<Done, Failure>& outcome) {
                if (!outcome) return;
                const auto go_on = [id, next = page->next](Running& again) {
                    if (next) again.tidy(id, *next);
                };
                if (page->names.empty())
                    go_on(self);
                else
                    self.submit_removal(page->names, go_on);
            }));
    }

    DeliveryWorld world_;
    DeliverySettings settings_;
    Endpoints endpoints_;
    std::map<EndpointId, std::unique_ptr<EndpointDelivery>> deliveries_;
    std::uint64_t changes_ = 0;
    Loop::TimerId look_timer_ = 0;
    Loop::TimerId tidy_timer_ = 0;
};

WebhookEndpoints::WebhookEndpoints(const DeliveryWorld& world, const DeliverySettings& settings)
    : running_(std::make_shared<Running>(world, settings)) {}

WebhookEndpoints::~WebhookEndpoints() = default;

void WebhookEndpoints::start() {
    running_->start();
}

void WebhookEndpoints::create(const NewEndpoint& asked, Store& store, const Store::Done& done) {
    running_->create(asked, store, done);
}

Result<std::string, Refusal> WebhookEndpoints::accept_url(std::string_view url) const {
    return msp::accept_url(running_->guard(), url);
}

std::vector<Endpoint> WebhookEndpoints::of(const PartyId& party) const {
    return running_->of(party);
}

void WebhookEndpoints::resend(const PartyId& party, const EndpointId& id, std::uint64_t number,
                              const EndpointDelivery::Attempted& done) {
    const auto delivery = running_->find(party, id);
    if (delivery)
        (*delivery)->resend(number, done);
    else
        done(delivery.reason());
}

void WebhookEndpoints::can_resend(const PartyId& party, const EndpointId& id, std::uint64_t number,
                                  const EndpointDelivery::Possible& done) {
    const auto delivery = running_->find(party, id);
    if (delivery)
        (*delivery)->can_resend(number, done);
    else
        done(delivery.reason());
}

void WebhookEndpoints::test(const PartyId& party, const EndpointId& id,
                            EndpointDelivery::Attempted done) {
    const auto delivery = running_->find(party, id);
    if (delivery)
        (*delivery)->test(std::move(done));
    else
        done(delivery.reason());
}

void WebhookEndpoints::replay(const PartyId& party, const EndpointId& id, std::uint64_t from,
                              const EndpointDelivery::Replayed& done) {
    const auto delivery = running_->find(party, id);
    if (delivery)
        (*delivery)->replay(from, done);
    else
        done(delivery.reason());
}

void WebhookEndpoints::can_replay(const PartyId& party, const EndpointId& id, std::uint64_t from,
                                  const EndpointDelivery::Possible& done) {
    const auto delivery = running_->find(party, id);
    if (delivery)
        (*delivery)->can_replay(from, done);
    else
        done(delivery.reason());
}

}  // namespace msp
