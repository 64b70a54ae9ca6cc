#include "operators/link_trial_test.hpp"

#include "cast/direct_streams.hpp"
#include "cast/operator_documents.hpp"
#include "cast/operator_tongue.hpp"
#include "cast/simulate_operator.hpp"
#include "operators/connectors.hpp"
#include "operators/stage_test.hpp"
#include "world/loop_thread.hpp"

#include <chrono>
#include <future>
#include <utility>

namespace msp::sample {

using namespace std::chrono_literals;

namespace {

std::string_view journal_word(Order order) {
    switch (order) {
        case Order::activate: return "activated";
        case Order::de_activate: return "de-activated";
        case Order::reclaim: break;
    }
    return "reclaimed";
}

OperatorSettings settings_for(const LinkTrial& trial, std::string_view kind) {
    OperatorSettings out = settings_of(east, kind);
    out.connector = trial.connector;
    if (!trial.token.empty()) out.token = trial.token;
    if (const auto& can = find_connector(trial.connector)->can) {
        const auto life = out.profile.can.request_life;
        out.profile.can = *can;
        out.profile.can.request_life = life;
    }
    return out;
}

// What the two trials share: how a simulator is asked to misbehave.
class PlayedOnTrial : public LinkOnTrial {
public:
    explicit PlayedOnTrial(const LinkTrial& trial) : speaks_(trial.connector) {
        manners = trial.manners;
    }

    OperatorLink& link() override { return *link_; }

    Subscription subscription(unsigned number) override {
        const std::string reference = "sub/" + std::to_string(number) + "?";
        return {.at = east,
                .imsi = Imsi::parse(imsi_of(number)).value(),
                .reference = *SubscriptionReference::of(reference),
                .msisdn = {},
                .mdn = {}};
    }

    void play(Trouble trouble) override {
        on_loop([&] {
            turn_knobs(trouble);
            listen(trouble != Trouble::down);
        });
    }

    void suspend(unsigned subscription, bool suspended) override {
        using enum OperatorBook::Deed;
        on_loop([&] {
            played().act(imsi_of(subscription), suspended ? OperatorBook::Deed::suspend : resume,
                         "bill unpaid");
        });
    }

    unsigned effects(const Errand& errand) override {
        unsigned out = 0;
        on_loop([&] {
            for (const JournalEntry& entry : played().book().journal())
                out += entry.subscription == errand.subscription.reference.view() &&
                       entry.what == journal_word(errand.order);
        });
        return out;
    }

    HttpRequest report() override {
        OperatorReport happened;
        happened.id = "evt-1";
        happened.type = "subscription.suspended";
        happened.subscription = "sub/1?";
        happened.imsi = imsi_of(1);
        HttpRequest out;
        on_loop([&] {
            const auto tongue = make_tongue({"", "", secret(), speaks_});
            auto said = tongue->report(happened, now());
            out = said ? std::move(*said)
                       : report_request(happened, "", *callback_key(secret()), now());
        });
        return out;
    }

protected:
    virtual SimulatedOperator& played() = 0;
    virtual Time now() = 0;
    virtual void on_loop(const std::function<void()>&) = 0;
    virtual void listen(bool) = 0;

    static std::string imsi_of(unsigned subscription) {
        return "26207000000000" + std::to_string(subscription);
    }
    static std::string secret() { return settings_of(east, "serial").callback_secret; }

    void fill() {
        for (unsigned i = 1; i <= 3; ++i)
            played().book().add("sub/" + std::to_string(i) + "?", imsi_of(i));
    }

    std::shared_ptr<OperatorLink> link_;

private:
    void turn_knobs(Trouble trouble) {
        OperatorKnobs& knobs = played().knobs();
        const OperatorKind kind = knobs.kind;
        knobs = {};
        knobs.kind = kind;
        knobs.latency_median = knobs.latency_p99 = 1ms;
        knobs.completion_median = knobs.completion_p99 = 300ms;
        const auto on = [trouble](Trouble one) { return trouble == one ? 1.0 : 0.0; };
        knobs.asynchronous = on(Trouble::accepts_first);
        knobs.lost_before = on(Trouble::loses_request);
        knobs.lost_after = on(Trouble::loses_answer);
        knobs.hang = on(Trouble::hangs);
        knobs.error_after = on(Trouble::breaks_down);
        knobs.too_many = on(Trouble::busy);
        knobs.malformed = on(Trouble::malformed);
        knobs.truncated = on(Trouble::truncated);
        knobs.oversized = on(Trouble::oversized);
        knobs.unknown_word = on(Trouble::unknown_word);
    }

    std::string speaks_;
};

class MessagesOnTrial final : public PlayedOnTrial {
public:
    MessagesOnTrial(const LinkTrial& trial, std::string_view kind)
        : PlayedOnTrial(trial),
          simulator_(loop_, http_, 1, knobs_of(kind),
                     {settings_for(trial, kind).token, "", secret(), trial.connector}) {
        fill();
        OperatorSettings settings = settings_for(trial, kind);
        settings.base_url = "http://east.test";
        link_ = connect_operator(settings, {loop_, http_, streams_, random_});
        play(Trouble::none);
    }

    void run(const std::function<void()>& begin, const std::function<bool()>& done) override {
        begin();
        for (int i = 0; i < 10'000 && !done(); ++i) loop_.run_for(10ms);
    }

protected:
    SimulatedOperator& played() override { return simulator_.played(); }
    Time now() override { return loop_.now(); }
    void on_loop(const std::function<void()>& turn) override { turn(); }
    void listen(bool open) override {
        if (!open) return http_.close("http://east.test");
        http_.listen("http://east.test",
                     [this](const HttpRequest& request, const HttpRespond& respond) {
                         simulator_.handle(request, respond);
                     });
    }

private:
    ManualLoop loop_;
    DirectHttp http_{loop_};
    DirectStreams streams_{loop_};
    SeededRandom random_{1};
    OperatorSimulator simulator_;
};

class SocketsOnTrial final : public PlayedOnTrial {
public:
    SocketsOnTrial(const LinkTrial& trial, std::string_view kind)
        : PlayedOnTrial(trial), settings_(settings_for(trial, kind)) {
        // What hangs is given up after so long, in real time.
        settings_.profile.pace.answer_deadline = 600ms;
        settings_.profile.pace.allowed_pause = 100ms;
        thread_.run([&] {
            SimulateOperatorOptions options;
            options.knobs = {{"kind", std::string(kind)}};
            options.front = {settings_.token, "", secret(), settings_.connector};
            operator_ = std::move(ListeningOperator::listen(thread_.loop(), options)).value();
            http_ = make_http_client(thread_.loop());
            streams_ = make_tcp_dialer(thread_.loop());
        });
        on_loop([&] { fill(); });
        play(Trouble::none);
    }
    ~SocketsOnTrial() override {
        thread_.run([&] {
            link_.reset();
            streams_.reset();
            http_.reset();
            operator_.reset();
        });
    }

    void run(const std::function<void()>& begin, const std::function<bool()>& done) override {
        thread_.run(begin);
        bool finished = false;
        while (!finished) {
            std::promise<bool> looked;
            thread_.loop().post(
                [&] { thread_.loop().after(1ms, [&] { looked.set_value(done()); }); });
            finished = looked.get_future().get();
        }
    }

protected:
    SimulatedOperator& played() override { return operator_->simulator().played(); }
    Time now() override { return thread_.loop().now(); }
    void on_loop(const std::function<void()>& turn) override { thread_.run(turn); }
    void listen(bool open) override {
        const int port = open ? operator_->port() : 1;  // 1 is the system's: nobody serves there
        const std::string url = "http://127.0.0.1:" + std::to_string(port);
        if (link_ && settings_.base_url == url) return;
        settings_.base_url = url;
        link_ = connect_operator(settings_, {thread_.loop(), *http_, *streams_, random_});
    }

private:
    LoopThread thread_;
    OperatorSettings settings_;
    std::unique_ptr<ListeningOperator> operator_;
    std::unique_ptr<HttpClient> http_;
    std::unique_ptr<StreamDialer> streams_;
    SeededRandom random_{1};
};

}  // namespace

MakeLinkOnTrial by_messages(const LinkTrial& trial) {
    return [trial](std::string_view kind) -> std::unique_ptr<LinkOnTrial> {
        return std::make_unique<MessagesOnTrial>(trial, kind);
    };
}

MakeLinkOnTrial over_sockets(const LinkTrial& trial) {
    return [trial](std::string_view kind) -> std::unique_ptr<LinkOnTrial> {
        return std::make_unique<SocketsOnTrial>(trial, kind);
    };
}

}  // namespace msp::sample
