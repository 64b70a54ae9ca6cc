#include "notices/delivery.hpp"

#include "notices/change_endpoint.hpp"
#include "notices/cloud_event.hpp"
#include "notices/delivery_meters.hpp"
#include "notices/progress_keeper.hpp"
#include "notices/webhook_sender.hpp"
#include "store/flow_command.hpp"

#include <utility>
#include <vector>

namespace msp {

static constexpr Duration pause_after_failed_read{1'000};
static constexpr std::size_t page_most = 100;

static Refusal no(RefusalCode code) {
    return {code, {}, {}};
}

static Refusal not_there_yet() {
    return {RefusalCode::invalid, "The webhook has not come to this number yet.", "/from"};
}

class EndpointDelivery::Run : public std::enable_shared_from_this<Run> {
public:
    Run(const DeliveryWorld& world, const DeliverySettings& settings, Endpoint endpoint)
        : world_(world),
          settings_(settings),
          endpoint_(std::move(endpoint)),
          sender_(world.loop, world.client, world.guard, {settings.timeout, settings.ca_file}),
          meters_(world.metrics) {}

    ~Run() {
        world_.loop.cancel(timer_);
        answer_replay(no(RefusalCode::webhook_disabled));
    }

    void start() {
        keeper_.emplace(
            world_.loop, world_.store, endpoint_.id,
            ProgressKeeper::Pace{.after = settings_.save_after, .most = settings_.save_most},
            ProgressKeeper::Delivery{
                .moved = [this] { return backlog_->progress(world_.loop.now()); },
                .saved = [this] { pump(); },
                .cut_short = [this](RefusalCode code) { cut_short(code); }});
        following_ = world_.follower.follow(endpoint_.party, [this] { wake(); });
        load();
    }

    const Endpoint& endpoint() const { return endpoint_; }

    void change(Endpoint endpoint) {
        endpoint_ = std::move(endpoint);
        wake();
    }

    void resend(std::uint64_t number, const Attempted& done) {
        const auto send = [done](Run& self, const Notice& one) { self.send_by_hand(one, done); };
        find_taken(number, send, done);
    }

    void can_resend(std::uint64_t number, const Possible& done) {
        find_taken(
            number, [done](Run&, const Notice&) { done(Done{}); }, done);
    }

    void test(Attempted done) {
        const std::string id = "test-" + world_.random.token(16);
        sender_.send(endpoint_, {id, test_event(id, world_.loop.now())},
                     [done = std::move(done)](const WebhookAnswer&, const Attempt& attempt) {
                         done(by_hand(attempt));
                     });
    }

    void replay(std::uint64_t from, const Replayed& done) {
        if (!backlog_) return when_loaded([=](Run& self) { self.replay(from, done); });
        auto progress = backlog_->rewind(from);
        if (!progress) return done(not_there_yet());
        ++epoch_;  // what is under way will be sent again
        answer_replay(no(RefusalCode::revision_stale));
        replayed_ = done;
        keeper_->save_instead(*std::move(progress), [this] {
            answer_replay(Done{});
            load();
        });
    }

    void can_replay(std::uint64_t from, const Possible& done) {
        if (!backlog_) return when_loaded([=](Run& self) { self.can_replay(from, done); });
        backlog_->rewind(from) ? done(Done{}) : done(not_there_yet());
    }

private:
    // Runs `then` only while this is the same run: not destroyed, not begun anew.
    template <class Then, class Otherwise>
    auto while_same(Then then, Otherwise otherwise) {
        return
            [weak = weak_from_this(), epoch = epoch_, then, otherwise](const auto&... arguments) {
                const auto self = weak.lock();
                if (self && self->epoch_ == epoch)
                    then(*self, arguments...);
                else
                    otherwise();
            };
    }
    template <class Then>
    auto while_same(Then then) {
        return while_same(then, [] {});
    }

    template <class Then>
    void later(Then then) {
        world_.loop.after(pause_after_failed_read, while_same(then));
    }

    void when_loaded(std::function<void(Run&)> then) { waiting_.push_back(std::move(then)); }

    // ----------------------------------------------------------------------------------- beginning

    void load() {
        stop();
        reading_ = false;
        auto stored = std::make_shared<StoredProgress>();
        world_.reader.read([stored, endpoint = endpoint_](
                               Archive& archive) { *stored = read_progress(archive, endpoint); },
                           while_same([stored](Run& self, const Result<Done, Failure>& outcome) {
                               if (outcome)
                                   self.loaded(std::move(*stored));
                               else
                                   self.later([](Run& again) { again.load(); });
                           }));
    }

    // What failed before the endpoint was enabled begins its schedule anew.
    void loaded(StoredProgress stored) {
        for (StuckLane& row : stored.stuck)
            if (row.since < endpoint_.enabled_since) row = {row.lane, row.head, 0, {}, {}};
        auto& failing_since = stored.progress.failing_since;
        if (failing_since && *failing_since < endpoint_.enabled_since) failing_since.reset();
        keeper_->begin(stored);
        backlog_.emplace(stored.progress.position, stored.stuck, settings_.limits);
        for (const auto& then : std::exchange(waiting_, {})) then(*this);
        wake();
    }

    void stop() {
        ++epoch_;
        keeper_->forget();
        backlog_.reset();
    }

    // In a turn of its own: whoever asked may do anything then.
    void answer_replay(Result<Done, Refusal> answer) {
        if (const auto done = std::exchange(replayed_, {}))
            world_.loop.post([done, answer = std::move(answer)] { done(answer); });
    }

    void cut_short(RefusalCode code) {
        answer_replay(Refusal{code, {}, {}});
        if (code == RefusalCode::no_such_webhook) return stop();
        world_.log.warning("webhook progress was written by another",
                           {{"endpoint", endpoint_.id.view()}});
        load();
    }

    // ------------------------------------------------------------------------------------- reading

    void wake() {
        woken_ = true;
        pump();
    }

    void pump() {
        if (!backlog_ || disabling_ || replayed_) return;
        read();
        while (!keeper_->behind()) {
            const auto sending = backlog_->begin(world_.loop.now());
            if (!sending) break;
            send(*sending);
        }
        arm();
    }

    void read() {
        const std::size_t room = backlog_->room();
        if (reading_ || !woken_ || room == 0) return;
        reading_ = true;
        woken_ = false;
        auto page = std::make_shared<FeedPage>();
        const FeedQuery query{.reader = endpoint_.party,
                              .after = backlog_->read_after(),
                              .limit = std::min(room, page_most),
                              .types = endpoint_.types};
        world_.reader.read([page, query](Archive& archive) { *page = read_feed(archive, query); },
                           while_same([page](Run& self, const Result<Done, Failure>& outcome) {
                               self.reading_ = false;
                               if (outcome)
                                   self.take(*page);
                               else
                                   self.later([](Run& again) { again.wake(); });
                           }));
    }

    void take(const FeedPage& page) {
        backlog_->take(page);
        if (page.more) woken_ = true;
        if (backlog_->moved()) keeper_->position_moved();
        pump();
    }

    // The notice of this number; null: there is none, or none for this endpoint.
    template <class Then, class Otherwise>
    void fetch(std::uint64_t number, Then then, Otherwise otherwise) {
        auto page = std::make_shared<FeedPage>();
        const FeedQuery query{.reader = endpoint_.party,
                              .after = number - 1,
                              .limit = 1,
                              .types = {},
                              .look_at_most = 1};
        world_.reader.read([page, query](Archive& archive) { *page = read_feed(archive, query); },
                           while_same(
                               [=](Run& self, const Result<Done, Failure>& outcome) {
                                   if (!outcome)
                                       return self.later([=](Run& again) {
                                           again.fetch(number, then, otherwise);
                                       });
                                   const bool found = !page->notices.empty() &&
                                                      page->notices.front().number == number;
                                   then(self, found ? &page->notices.front() : nullptr);
                               },
                               otherwise));
    }

    // The notice of this number, if this endpoint takes such.
    template <class Then, class Refused>
    void find_taken(std::uint64_t number, Then then, Refused refused) {
        if (!backlog_)
            return when_loaded([=](Run& self) { self.find_taken(number, then, refused); });
        fetch(
            number,
            [=](Run& self, const Notice* notice) {
                if (notice && self.endpoint_.types.takes(notice->type)) return then(self, *notice);
                refused(no(RefusalCode::no_such_delivery));
            },
            [refused] { refused(no(RefusalCode::webhook_disabled)); });
    }

    // ------------------------------------------------------------------------------------- sending

    void send(const Sending& sending) {
        if (sending.notice) return transmit(sending.lane, *sending.notice);
        fetch(
            sending.number,
            [lane = sending.lane](Run& self, const Notice* notice) {
                assert(notice);
                self.transmit(lane, *notice);
            },
            [] {});
    }

    void transmit(const LaneId& lane, const Notice& notice) {
        const LogLine line = line_of(notice);
        sender_.send(
            endpoint_, {notice.id, notice.body},
            while_same([=](Run& self, const WebhookAnswer& answer, const Attempt& attempt) {
                self.settle(lane, line, answer, attempt);
            }));
    }

    void settle(const LaneId& lane, LogLine line, const WebhookAnswer& answer,
                const Attempt& attempt) {
        line.attempt = attempt;
        line.settled = answer.kind == WebhookAnswer::Kind::delivered
                           ? backlog_->delivered(lane)
                           : backlog_->failed(lane, world_.loop.now(), world_.random.unit(),
                                              answer.retry_after);
        meters_.count(attempt, line.settled->state);
        if (line.settled->state == DeliveryState::dead)
            world_.log.warning("notice is a dead letter",
                               {{"endpoint", endpoint_.id.view()}, {"number", line.number}});
        keeper_->attempted(std::move(line));
        if (answer.kind == WebhookAnswer::Kind::gone)
            disable(gone_reason);
        else if (fails_for_too_long())
            disable(failing_reason);
        pump();
    }

    bool fails_for_too_long() const {
        const auto& since = keeper_->figures().failing_since;
        return since && world_.loop.now() - *since >= settings_.disable_after;
    }

    void disable(std::string_view reason) {
        if (disabling_) return;
        disabling_ = true;
        keeper_->save();
        world_.log.warning("webhook disabled",
                           {{"endpoint", endpoint_.id.view()}, {"reason", reason}});
        world_.store.submit(
            flow_command(DisableEndpoint{endpoint_.id, std::string(reason)}, Urgency::bulk),
            while_same([](Run& self, const Result<Answer, Failure>& answer) {
                if (answer) return;
                self.disabling_ = false;  // the next failure asks for it again
                self.pump();
            }));
    }

    void send_by_hand(const Notice& notice, const Attempted& done) {
        const LaneId lane = lane_of(notice);
        const LogLine line = line_of(notice);
        sender_.send(endpoint_, {notice.id, notice.body},
                     [done, keep = while_same([=](Run& self, const WebhookAnswer& answer,
                                                  const Attempt& attempt) {
                                self.settle_by_hand(lane, line, answer, attempt);
                            })](const WebhookAnswer& answer, const Attempt& attempt) {
                         keep(answer, attempt);
                         done(by_hand(attempt));
                     });
    }

    void settle_by_hand(const LaneId& lane, LogLine line, const WebhookAnswer& answer,
                        const Attempt& attempt) {
        line.attempt = by_hand(attempt);
        if (answer.kind == WebhookAnswer::Kind::delivered) {
            backlog_->delivered_by_hand(lane, line.number);
            line.settled = SettledAs{DeliveryState::delivered, {}};
        }
        keeper_->attempted(std::move(line));
        pump();
    }

    // Comes back when the next one is due.
    void arm() {
        world_.loop.cancel(std::exchange(timer_, 0));
        const auto due = keeper_->behind() ? std::nullopt : backlog_->next_due();
        if (!due) return;
        const Duration wait = std::max(*due - world_.loop.now(), Duration(0));
        timer_ = world_.loop.after(wait, [this] {
            timer_ = 0;
            pump();
        });
    }

    DeliveryWorld world_;
    DeliverySettings settings_;
    Endpoint endpoint_;
    WebhookSender sender_;
    DeliveryMeters meters_;
    std::optional<Backlog> backlog_;  // once it is loaded
    std::optional<ProgressKeeper> keeper_;
    FeedFollower::Following following_;
    std::vector<std::function<void(Run&)>> waiting_;
    Replayed replayed_;  // while a replay is being stored
    Loop::TimerId timer_ = 0;
    std::uint64_t epoch_ = 0;
    bool woken_ = true;  // there may be something new in the feed
    bool reading_ = false;
    bool disabling_ = false;
};

EndpointDelivery::EndpointDelivery(const DeliveryWorld& world, const DeliverySettings& settings,
                                   Endpoint endpoint)
    : run_(std::make_shared<Run>(world, settings, std::move(endpoint))) {
    run_->start();
}

EndpointDelivery::~EndpointDelivery() = default;

const Endpoint& EndpointDelivery::endpoint() const {
    return run_->endpoint();
}

void EndpointDelivery::change(Endpoint endpoint) {
    run_->change(std::move(endpoint));
}

void EndpointDelivery::resend(std::uint64_t number, const Attempted& done) {
    run_->resend(number, done);
}

void EndpointDelivery::can_resend(std::uint64_t number, const Possible& done) {
    run_->can_resend(number, done);
}

void EndpointDelivery::test(Attempted done) {
    run_->test(std::move(done));
}

void EndpointDelivery::replay(std::uint64_t from, const Replayed& done) {
    run_->replay(from, done);
}

void EndpointDelivery::can_replay(std::uint64_t from, const Possible& done) {
    run_->can_replay(from, done);
}

}  // namespace msp
