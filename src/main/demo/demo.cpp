#include "access/device_credentials.hpp"
#include "main/demo/cast_on_stage.hpp"
#include "main/demo/interruption.hpp"
#include "main/demo/platform_on_stage.hpp"
#include "main/device_certificates.hpp"
#include "main/serve.hpp"
#include "world/files.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <system_error>

namespace msp {

namespace {

using namespace demo;
namespace json = boost::json;

// Where this program stands: for who has not installed it.
std::string program_folder() {
    std::error_code unknown;
    return std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path().string();
}

// How long a request to the unfenced operator can still take effect: short, so that the story does
// not wait.
constexpr int life_ms = 1500;

boost::json::object settings_of(const OperatorOnStage& one) {
    boost::json::object out{
        {"connector", "rest"},
        {"base_url", "http://127.0.0.1:" + std::to_string(one.port)},
        {"token", one.token},
        {"callback_secret", one.callback_secret},
        {"limits", {{"per_second", 2000}, {"burst", 200}, {"concurrency", 64}}},
        {"pace",
         {{"answer_deadline_ms", 1000},
          {"poll_every_ms", 300},
          {"allowed_pause_ms", 500},
          {"parked_retry_ms", 2000},
          {"backoff_most_ms", 2000}}},
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
            stage.out() << "  ! " << one.name << ": " << boost::json::serialize(reply.body())
                        << "\n";
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

// A context for each party, so that who tries the platform can be any of them.
bool write_contexts(const Stage& stage, const std::string& file) {
    json::object contexts;
    for (const auto& [party, token] : stage.tokens())
        contexts[party] = {{"server", stage.address().api}, {"key", token}};
    const json::object whole{{"current", "m2m-sp"}, {"contexts", std::move(contexts)}};
    return bool(write_file(file, json::serialize(whole) + "\n", 0600));
}

void invite(const Stage& stage, const CastOnStage& cast, const Machine& machine,
            const std::string& contexts) {
    const std::string control =
        "http://127.0.0.1:" + std::to_string(cast.operators().front().port) + "/control/";
    const std::string subscription = "'{\"subscription\":\"" + machine.iccid + "\"}' ";
    stage.out() << "\nThe platform stays up on " << stage.address().api
                << " until Ctrl-C. In another terminal, first:\n\n  export PATH=\""
                << program_folder() << ":$PATH\" MSP_CONTEXTS=" << contexts
                << "\n\nthen, for instance:\n\n"
                << "  msp equipment status " << machine.equipment << " --provider "
                << machine.provider << "\n  msp device hold " << machine.device
                << " --reason unpaid --text \"invoice INV-9001\" --wait 20s\n  msp --context "
                << machine.provider << " equipment suspend " << machine.equipment
                << "\n  msp device lift " << machine.device
                << " --reason unpaid --dry-run\n  msp --context " << machine.provider
                << " event list\n\n"
                << "and as the operator " << machine.at_operator
                << ", who suspends and resumes:\n\n"
                << "  curl -d " << subscription << control << "suspend\n"
                << "  curl -d " << subscription << control << "resume\n"
                << std::flush;
}

// A whole number of the command line; `otherwise` where none was given.
std::optional<std::uint64_t> number(const cli::Invocation& invocation, const char* flag,
                                    std::uint64_t otherwise) {
    return invocation.has(flag) ? invocation.number(flag) : otherwise;
}

int give_up(const cli::Invocation& invocation, const std::string& why) {
    invocation.err() << "msp: " << why << "\n";
    return cli::exit_failed;
}

Config config_of(const std::string& folder, const CastOnStage& cast) {
    ConfigSources sources;
    sources.flags = {{"--data", folder},
                     {"--listen", "127.0.0.1:0"},
                     {"--listen-devices", "127.0.0.1:0"},
                     {"--webhook-allow", cast.allow_list()}};
    return read_config(sources).value();
}

Address address_of(PlatformOnStage& platform) {
    const Platform& on = platform.platform();
    return {"http://127.0.0.1:" + std::to_string(on.port()),
            "https://127.0.0.1:" + std::to_string(on.device_port()),
            own_authority(platform.config())};
}

// Plays, and says what came of it. Answers whether all is well.
bool tell_story(Story& story, PlatformOnStage& platform, const std::string& name,
                std::ostream& out) {
    const bool good = story.play(name);
    print(out, story.verdicts());
    const auto broken = platform.broken_laws_now();
    out << "\nLaws broken over the whole fleet: " << broken.size() << "\n";
    for (const BrokenLaw& law : broken) out << "  law " << law.law << ": " << law.how << "\n";
    if (name.empty())
        out << passed(story.verdicts(), "scenario") << " of 7 scenarios, "
            << passed(story.verdicts(), "requirement") << " of 7 requirements\n";
    out << std::flush;
    return good && broken.empty();
}

int play(cli::Invocation& invocation) {
    const std::string name = invocation.value("--story");
    if (!name.empty() && !Story::is_one(name))
        return invocation.refuse(cli::exit_usage, "there is no story \"" + name + "\"",
                                 "msp demo --help");
    const std::uint64_t seed = number(invocation, "--seed", 4711).value_or(4711);
    const std::uint64_t machines =
        std::max<std::uint64_t>(1000, number(invocation, "--machines", 1000).value_or(1000));
    const Fleet fleet = draw_fleet(seed, std::size_t(machines), 40);
    const TemporaryFolder folder("msp-demo");
    Interruption interruption(folder.path());
    CastOnStage cast(fleet, seed);
    if (const std::string trouble = cast.listen_applications(); !trouble.empty())
        return give_up(invocation, trouble);
    PlatformOnStage platform(config_of(folder.path(), cast));
    if (const auto started = platform.start(); !started)
        return give_up(invocation, started.reason().what);
    std::string token = read_file(folder.path() + "/staff.key", 4096).value();
    token.pop_back();
    Stage stage(address_of(platform), token, invocation.out());
    stage.out() << "The M2M Service Platform, with " << machines
                << " machines of two equipment providers, cards of two operators (one calm, one "
                   "hostile), seed "
                << seed << "." << std::endl;
    if (const std::string trouble = cast.listen_operators(stage.address().api); !trouble.empty())
        return give_up(invocation, trouble);
    Story story(stage, cast, fleet);
    story.introduce_parties();
    if (!connect_cast(stage, cast) || !tell_applications(stage, cast)) return cli::exit_failed;
    const bool good = tell_story(story, platform, name, invocation.out());
    if (!invocation.has("--exit")) {
        const std::string contexts = folder.path() + "/contexts.json";
        if (!write_contexts(stage, contexts))
            return give_up(invocation, "cannot write " + contexts);
        invite(stage, cast, fleet.machines[240], contexts);
        interruption.await();
    }
    return good ? cli::exit_done : cli::exit_failed;
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
