#include "simulation/founding.hpp"

#include "access/bootstrap.hpp"
#include "domain/party.hpp"
#include "notices/endpoint.hpp"
#include "provisioning/register_cards.hpp"
#include "store/flow_command.hpp"
#include "store/stepped_store.hpp"
#include "world/crypto.hpp"
#include "world/manual_loop.hpp"

#include <cassert>
#include <chrono>
#include <utility>

namespace msp::simulation {

using namespace std::chrono_literals;

std::string host_of_node(unsigned number) {
    return "node-" + std::to_string(number);
}
std::string host_of_operator(unsigned number) {
    return "op-" + std::to_string(number) + ".example";
}
std::string host_of_receiver(const std::string& party) {
    return party + ".example";
}

std::string iccid_number(unsigned number) {
    std::string body = std::to_string(number);
    body = "8986032604" + std::string(9 - body.size(), '0') + body;
    return body + luhn_digit(body);
}

std::string imsi_number(unsigned number) {
    const std::string body = std::to_string(number);
    return "46003" + std::string(10 - body.size(), '0') + body;
}

namespace {

OperatorSettings settings_of(unsigned number, const DrawnOperator& drawn, const Storm& storm) {
    const std::string name = "op-" + std::to_string(number);
    OperatorSettings out{.id = OperatorId::parse(name).value()};
    out.base_url = "http://" + host_of_operator(number) + "/api";
    out.token = "token-of-" + name;
    out.callback_secret = "whsec_" + base64("the secret of " + name + ", long enough");
    out.profile.can = *capabilities_of(drawn.kind);
    // On the wire a request may be late, and so may its copy; and where nodes take turns, one ages
    // by its clock what another sent by its own.
    out.profile.can.request_life = drawn.knobs.life + 2 * storm.wire.late_most + 100ms;
    if (storm.nodes > 1) *out.profile.can.request_life += 2 * storm.process.clock_wrong_most;
    out.profile.can.ignores_repeated_reference = drawn.knobs.ignores_repeated_reference;
    out.profile.pace = {.answer_deadline = 5s,
                        .completion_deadline = 20s,
                        .poll_every = 2s,
                        .allowed_pause = 1s,
                        .assumed_life = 10s,
                        .parked_retry = 20s,
                        .backoff_least = 200ms,
                        .backoff_most = 15s};
    out.limits = {.per_second = 400, .burst = 50, .concurrency = 100};
    out.breaker = {.failures = 50, .open_least = 500ms, .open_most = 5s};
    out.audit = {.on = true,
                 .page_size = 100,
                 .page_every = 100ms,
                 .sweep_every = 15s,
                 .drift_share = 1,
                 .drift_least = 10};
    return out;
}

// Submits what begins the world, one after the other, in a time of its own.
class Founder {
public:
    Founder(Engine& engine, const Storm& storm, std::uint64_t seed, Time at)
        : loop_(at),
          random_(seed),
          store_(engine, loop_, {storm.nodes, storm.nodes + 1},
                 engine.standing(storm.nodes).value()) {}

    Founded found(const Storm& storm) {
        Founded out;
        const FirstStaff first = first_staff(random_, loop_.now());
        out.tokens["m2m-sp"] = first.token;
        submit(flow_command(first.command));
        for (const char* id : equipment_providers) add_party(out, id, true);
        for (const char* id : device_providers) add_party(out, id, false);
        for (unsigned i = 0; i < storm.operators.size(); ++i)
            add_operator(out, i, storm.operators[i], storm);
        add_cards(out, storm);
        for (const char* id : equipment_providers) add_endpoint(out, id);
        return out;
    }

private:
    Origin origin() const {
        return {.actor = {m2m_sp(), Principal("founder"), {}},
                .cause = Cause::command,
                .operation = OperationId("founding"),
                .at = loop_.now()};
    }

    void submit(Command command) {
        [[maybe_unused]] bool done = false;
        store_.submit(std::move(command), [&done](const Result<Answer, Failure>& answer) {
            assert(answer && !answer->refusal);
            done = true;
        });
        loop_.run_ready();
        assert(done);
    }

    void keep(const Record& record) {
        Decision decision;
        decision.records.push_back(record);
        submit({.key = {}, .hints = {record.name}, .decide = [decision](const View&) {
                    return decision;
                }});
    }

    void add_party(Founded& out, const std::string& id, bool equipment) {
        Party party{.id = PartyId::parse(id).value(),
                    .name = id,
                    .facts = {.device_provider = !equipment, .equipment_provider = equipment},
                    .device_prefixes = {},
                    .enrolment_key = fresh_enrolment_key(random_),
                    .certificate_authority = {},
                    .created = loop_.now()};
        if (!equipment) party.device_prefixes = {id == "dp-one" ? "ONE-" : "TWO-"};
        out.enrolment_keys[id] = party.enrolment_key;
        submit(flow_command(RegisterParty{party, origin()}));
        const FreshKey fresh = make_key(random_, party.id, Role::op, "program", loop_.now(), {});
        submit(flow_command(KeepKey{fresh.key, origin()}));
        out.tokens[id] = fresh.token;
    }

    void add_operator(Founded& out, unsigned number, const DrawnOperator& drawn,
                      const Storm& storm) {
        const OperatorSettings settings = settings_of(number, drawn, storm);
        out.operators.push_back(settings);
        out.callback_secrets[std::string(settings.id.text())] = settings.callback_secret;
        keep({settings_name(settings.id), encode(settings)});
    }

    void add_cards(Founded& out, const Storm& storm) {
        const auto operators = static_cast<unsigned>(storm.operators.size());
        for (unsigned number = 1; number <= storm.machines; ++number) {
            const bool one = number % 3 != 0;
            const OperatorSettings& at = out.operators[number % operators];
            Machine machine{.number = number,
                            .iccid = iccid_number(number),
                            .imsi = imsi_number(number),
                            .operator_id = std::string(at.id.text()),
                            .maker = one ? "dp-one" : "dp-two",
                            .provider = number % 2 ? "ep-one" : "ep-two",
                            .device = (one ? "ONE-" : "TWO-") + std::to_string(number),
                            .equipment = "EX-" + std::to_string(number)};
            submit(flow_command(RegisterCards{
                .at = at.id,
                .batch = BatchId::parse("B-" + std::to_string(number)).value(),
                .rows = {{.line = 1,
                          .iccid = Iccid::parse(machine.iccid, CheckDigit::strict).value(),
                          .imsi = Imsi::parse(machine.imsi).value(),
                          .reference = {},
                          .msisdn = {},
                          .mdn = {},
                          .eid = {},
                          .fresh = store_.fresh_chain_id()}},
                .origin = origin()}));
            out.machines.push_back(std::move(machine));
        }
    }

    void add_endpoint(Founded& out, const std::string& party) {
        const WebhookSecret secret = WebhookSecret::fresh(random_);
        out.secrets[party] = secret.text();
        const Endpoint endpoint{.id = *EndpointId::of("hook-" + party),
                                .party = PartyId::parse(party).value(),
                                .url = "https://" + host_of_receiver(party) + "/hook",
                                .types = {},
                                .secret = secret,
                                .old_secret = {},
                                .state = Endpoint::State::enabled,
                                .reason = {},
                                .after = 0,
                                .created = loop_.now(),
                                .enabled_since = loop_.now()};
        keep({endpoint_name(endpoint.id), encode(endpoint)});
    }

    ManualLoop loop_;
    SeededRandom random_;
    SteppedStore store_;
};

}  // namespace

Founded found(Engine& engine, const Storm& storm, std::uint64_t seed, Time at) {
    return Founder(engine, storm, seed, at).found(storm);
}

}  // namespace msp::simulation
