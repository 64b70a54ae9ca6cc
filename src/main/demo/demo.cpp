#include "access/device_credentials.hpp"
#include "domain/laws.hpp"
#include "main/demo/cast_on_stage.hpp"
#include "main/device_certificates.hpp"
#include "main/platform.hpp"
#include "main/serve.hpp"
#include "world/files.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <future>
#include <ostream>
#include <thread>

namespace msp {

namespace {

using namespace demo;

// The platform of the demo, on a loop and a thread of its own, in a temporary folder.
class PlatformOnStage {
public:
    explicit PlatformOnStage(const Config& config)
        : config_(config),
          platform_(std::make_unique<Platform>(loop_, log_, config_)),
          thread_([this] { loop_.run(); }) {}

    ~PlatformOnStage() {
        std::promise<void> drained;
        loop_.post([&] { platform_->drain([&] { drained.set_value(); }); });
        drained.get_future().wait();
        loop_.post([this] {
            platform_.reset();
            loop_.stop();
        });
        thread_.join();
    }

    Result<Done, Failure> start() {
        std::promise<Result<Done, Failure>> started;
        loop_.post([&] {
            platform_->start(
                [&](const Result<Done, Failure>& result) { started.set_value(result); }, {});
        });
        return started.get_future().get();
    }

    Platform& platform() { return *platform_; }
    const Config& config() const { return config_; }

    // The laws over the whole fleet, as it stands now.
    std::vector<BrokenLaw> broken_laws_now() {
        std::promise<std::vector<BrokenLaw>> promise;
        auto fleet = std::make_shared<std::vector<Chain>>();
        loop_.post([&, fleet] {
            platform_->reader().read(
                [fleet](Archive& archive) {
                    ChainQuery query;
                    query.limit = 100'000;
                    query.look_at_most = 1'000'000;
                    *fleet = archive.chains(query).chains;
                },
                [&, fleet](const Result<Done, Failure>&) {
                    promise.set_value(broken_laws(*fleet));
                });
        });
        return promise.get_future().get();
    }

private:
    Config config_;
    QuietLog log_;
    AsioLoop loop_;
    std::unique_ptr<Platform> platform_;
    std::thread thread_;
};

// How long a request to the unfenced operator can still take effect: short, so that the story does not wait.
constexpr int life_ms = 2500;

boost::json::object settings_of(const OperatorOnStage& one) {
    boost::json::object out{
        {"connector", "rest"},
        {"base_url", "http://127.0.0.1:" + std::to_string(one.port)},
        {"token", one.token},
        {"callback_secret", one.callback_secret},
        {"limits", {{"per_second", 2000}, {"burst", 200}, {"concurrency", 64}}},
        {"pace",
         {{"answer_deadline_ms", 1500},
          {"poll_every_ms", 500},
          {"allowed_pause_ms", 500},
          {"parked_retry_ms", 2000},
          {"backoff_most_ms", 4000}}},
        {"audit", {{"page_size", 1000}, {"sweep_every_ms", 3000}, {"drift_share", 0.5}}}};
    if (one.kind == "fenced")
        out["kind"] = one.kind;
    else
        out["can"] = {{"fences_by_generation", false},
                      {"request_life_ms", life_ms},
                      {"status_field", "separate"},
                      {"tells_cause", true},
                      {"notifies", true},
                      {"lists_in_bulk", true},
                      {"cuts_sessions", true}};
    return out;
}

// Connects the operators of the cast and lets the EPBAs be told.
bool connect_cast(Stage& stage, CastOnStage& cast) {
    bool good = true;
    for (const OperatorOnStage& one : cast.operators()) {
        const Reply reply =
            stage.call("m2m-sp", "PUT", "/v1/operators/" + one.name, settings_of(one));
        if (!reply.ok())
            stage.out() << "  ! " << one.name << ": " << boost::json::serialize(reply.body) << "\n";
        good &= reply.ok();
    }
    return good;
}

bool tell_applications(Stage& stage, CastOnStage& cast) {
    bool good = true;
    for (const char* provider : {"acme", "borealis"}) {
        const Reply reply =
            stage.call(provider, "POST", "/v1/webhooks", {{"url", cast.hook(provider)}});
        cast.learn_secret(provider, reply.text("secret"));
        good &= reply.ok();
    }
    return good;
}

void print(std::ostream& out, const std::vector<Verdict>& verdicts) {
    out << "\n";
    for (const Verdict& verdict : verdicts) {
        out << (verdict.passed ? "PASS  " : "FAIL  ") << verdict.name << "  " << verdict.about
            << "\n";
        std::string line;
        for (const std::string& one : verdict.evidence) {
            if (line.size() + one.size() > 110) {
                out << "        " << line << "\n";
                line.clear();
            }
            line += (line.empty() ? "" : "; ") + one;
        }
        out << "        " << line << "\n";
    }
}

std::size_t passed(const std::vector<Verdict>& verdicts, std::string_view kind) {
    return std::size_t(
        std::count_if(verdicts.begin(), verdicts.end(), [kind](const Verdict& verdict) {
            return verdict.passed && verdict.name.starts_with(kind);
        }));
}

void invite(std::ostream& out, const Address& address, const std::string& key_file,
            const Fleet& fleet) {
    const Machine& machine = fleet.machines[250];
    out << "\nThe platform stays up on " << address.api << " until Ctrl-C. In another terminal:\n\n"
        << "  export MSP_SERVER=" << address.api << " MSP_KEY=$(cat " << key_file << ")\n"
        << "  msp equipment status " << machine.equipment << " --provider " << machine.provider
        << "\n"
        << "  msp device hold " << machine.device << " --reason unpaid --dry-run\n"
        << "  msp device list --held-by operator\n"
        << "  msp operator list\n"
        << std::flush;
}

// Ctrl-C and the like: they break the story off, and end the stay behind it. One at a time; the threads of the demo are
// begun while it lives, so that none of them takes the signal.
class Interruption {
public:
    explicit Interruption(std::string folder) : folder_(std::move(folder)) {
        sigemptyset(&signals_);
        for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&signals_, one);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        thread_ = std::thread([this] { watch(); });
    }
    ~Interruption() {
        done_ = true;
        pthread_kill(thread_.native_handle(), SIGUSR1);
        thread_.join();
    }
    void await() {
        staying_ = true;
        came_.get_future().wait();
    }

private:
    void watch() {
        int received = 0;
        while (::sigwait(&signals_, &received) == 0 && received == SIGUSR1 && !done_) {
        }
        if (done_) return;
        if (staying_) return came_.set_value();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        std::_Exit(128 + received);
    }

    std::string folder_;
    sigset_t signals_{};
    std::atomic<bool> staying_ = false, done_ = false;
    std::promise<void> came_;
    std::thread thread_;
};

int play(cli::Invocation& invocation) {
    const std::uint64_t seed =
        invocation.has("--seed") ? std::stoull("0" + invocation.value("--seed")) : 4711;
    const std::size_t size =
        invocation.has("--machines")
            ? std::max<std::size_t>(1000, std::stoull("0" + invocation.value("--machines")))
            : 1000;
    const Fleet fleet = draw_fleet(seed, size, 40);
    const TemporaryFolder folder("msp-demo");
    Interruption interruption(folder.path());
    CastOnStage cast(fleet, seed);
    if (const std::string trouble = cast.listen_applications(); !trouble.empty()) {
        invocation.err() << "msp: " << trouble << "\n";
        return cli::exit_failed;
    }
    ConfigSources sources;
    sources.flags = {{"--data", folder.path()},
                     {"--listen", "127.0.0.1:0"},
                     {"--listen-devices", "127.0.0.1:0"},
                     {"--webhook-allow", cast.allow_list()}};
    PlatformOnStage platform(read_config(sources).value());
    if (const auto started = platform.start(); !started) {
        invocation.err() << "msp: " << started.reason().what << "\n";
        return cli::exit_failed;
    }
    const Address address{"http://127.0.0.1:" + std::to_string(platform.platform().port()),
                          "https://127.0.0.1:" + std::to_string(platform.platform().device_port()),
                          own_authority(platform.config())};
    const std::string key_file = folder.path() + "/staff.key";
    std::string token = read_file(key_file, 4096).value();
    token.pop_back();
    Stage stage(address, token, invocation.out());
    invocation.out() << "The M2M Service Platform, with " << fleet.machines.size()
                     << " machines of two equipment providers, cards of two operators (one calm, "
                        "one hostile), seed "
                     << seed << ".\n";
    if (const std::string trouble = cast.listen_operators(address.api);
        !trouble.empty() && (invocation.err() << "msp: " << trouble << "\n"))
        return cli::exit_failed;
    Story story(stage, cast, fleet);
    story.introduce_parties();
    if (!connect_cast(stage, cast) || !tell_applications(stage, cast)) return cli::exit_failed;
    const bool good = story.play(invocation.value("--story"));
    print(invocation.out(), story.verdicts());
    const auto broken = platform.broken_laws_now();
    invocation.out() << "\nLaws broken over the whole fleet: " << broken.size() << "\n";
    for (const BrokenLaw& law : broken)
        invocation.out() << "  law " << law.law << ": " << law.how << "\n";
    if (!invocation.has("--story"))
        invocation.out() << passed(story.verdicts(), "scenario") << " of 7 scenarios, "
                         << passed(story.verdicts(), "requirement") << " of 7 requirements\n";
    if (!invocation.has("--exit")) {
        invite(invocation.out(), address, key_file, fleet);
        interruption.await();
    }
    return good && broken.empty() ? cli::exit_done : cli::exit_failed;
}

}  // namespace

void add_demo_commands(cli::Commands& commands) {
    commands.push_back({"demo",
                        "",
                        {},
                        "watch the whole use case happen to a fleet",
                        {{"--exit", "", "leave with an exit code when the story is over"},
                         {"--story", "NAME",
                          "only one: pre-provisioning, manufacture, installation, "
                          "equipment-provider, m2m-sp, operator, replacement"},
                         {"--machines", "N", "how many (at least 1000)"},
                         {"--seed", "N", "of everything that is drawn"}},
                        {"msp demo", "msp demo --exit", "msp demo --story operator"},
                        play});
}

}  // namespace msp
