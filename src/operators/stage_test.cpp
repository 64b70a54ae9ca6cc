#include "operators/stage_test.hpp"

#include "domain/party.hpp"
#include "provisioning/register_cards.hpp"
#include "world/crypto.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

namespace msp::sample {

using namespace std::chrono_literals;

OperatorId operator_id(std::string_view text) {
    return OperatorId::parse(text).value();
}

Origin staff_at(Time at) {
    return {.actor = {.party = m2m_sp(), .principal = Principal("test"), .on_behalf_of = {}},
            .cause = Cause::command,
            .operation = OperationId("test"),
            .at = at};
}

// Cards of one operator are told from another's by its name.
static unsigned long long card_base(const OperatorId& at) {
    return std::hash<std::string_view>{}(at.text()) % 9'000 * 1'000'000;
}

Iccid iccid_of(const OperatorId& at, unsigned number) {
    std::string body = std::to_string(card_base(at) + number);
    body = "8944" + std::string(14 - body.size(), '0') + body;
    return Iccid::parse(body + luhn_digit(body), CheckDigit::strict).value();
}

static Imsi imsi_of(const OperatorId& at, unsigned number) {
    std::string body = std::to_string(card_base(at) + number);
    return Imsi::parse("26207" + std::string(10 - body.size(), '0') + body).value();
}

OperatorSettings settings_of(const OperatorId& id, std::string_view kind) {
    OperatorSettings out{.id = id};
    out.base_url = "http://" + std::string(id.text()) + ".test/api";
    out.token = "token-of-" + std::string(id.text());
    out.callback_secret = "whsec_" + base64("the secret of " + std::string(id.text()) + ", long");
    out.account = {.name = "0000123456-00001", .service_plan = "m2m4G", .zip_code = "98801"};
    out.profile.can = *capabilities_of(kind);
    out.profile.can.request_life = 10s;
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
    out.audit.on = false;
    return out;
}

OperatorKnobs knobs_of(std::string_view kind) {
    OperatorKnobs out;
    REQUIRE(set_knob(out, "kind", kind));
    out.life = 10s;
    return out;
}

Stage::Stage() {
    open();
}

void Stage::open() {
    memory = make_memory_store(loop, engine);
    memory.store->listen([this](const Commit& commit) {
        if (watch) watch(commit);
    });
}

OperatorSimulator& Stage::add(const OperatorSettings& settings, const OperatorKnobs& knobs,
                              unsigned cards) {
    const std::string origin = "http://" + std::string(settings.id.text()) + ".test";
    const std::string back =
        "http://platform.test/v1/operators/" + std::string(settings.id.text()) + "/events";
    auto simulator = std::make_unique<OperatorSimulator>(
        loop, http, 7 + cards_.size(), knobs,
        OperatorFront{settings.token, back, settings.callback_secret, settings.connector});
    RegisterCards batch{.at = settings.id,
                        .batch = BatchId::parse("batch").value(),
                        .rows = {},
                        .origin = staff_at(loop.now())};
    constexpr std::size_t piece = 1'000;  // as much as a batch is registered by
    for (unsigned i = 1; i <= cards; ++i) {
        batch.rows.push_back({.line = i,
                              .iccid = iccid_of(settings.id, i),
                              .imsi = imsi_of(settings.id, i),
                              .reference = {},
                              .msisdn = {},
                              .mdn = {},
                              .eid = {},
                              .fresh = memory.store->fresh_chain_id()});
        simulator->played().book().add(std::string(iccid_of(settings.id, i).text()),
                                       std::string(imsi_of(settings.id, i).text()));
        if (batch.rows.size() < piece && i < cards) continue;
        REQUIRE(decide(batch));
        batch.rows.clear();
    }
    http.listen(origin, [one = simulator.get()](HttpRequest request, const HttpRespond& respond) {
        request.target.erase(0, std::string_view("/api").size());
        one->handle(request, respond);
    });
    cards_[settings.id] = cards;
    change(settings);
    return *(simulators[settings.id] = std::move(simulator));
}

void Stage::start() {
    const OperatorWorld world{.loop = loop,
                              .store = *memory.store,
                              .reader = *memory.reader,
                              .random = random,
                              .metrics = *metrics,
                              .log = log,
                              .started = loop.now()};
    operators = std::make_unique<Operators>(world, [this](const OperatorSettings& settings) {
        return connect_operator(settings,
                                {.loop = loop, .http = http, .streams = streams, .random = random});
    });
    http.listen("http://platform.test",
                [this](const HttpRequest& request, const HttpRespond& respond) {
                    std::string_view path = request.target;
                    path.remove_prefix(std::string_view("/v1/operators/").size());
                    const OperatorId from = operator_id(path.substr(0, path.find('/')));
                    operators->hear(from, request, [respond](const Heard& heard) {
                        HttpResponse response;
                        response.status = heard.kind == Heard::Kind::stored    ? 204
                                          : heard.kind == Heard::Kind::forged  ? 401
                                          : heard.kind == Heard::Kind::not_now ? 503
                                                                               : 400;
                        respond(response);
                    });
                });
    bool ready = false;
    operators->start(memory.due,
                     [&ready](const Result<Done, Failure>& read) { ready = bool(read); });
    loop.run_ready();
    REQUIRE(ready);
}

// The process dies: nothing is told, nothing is finished. What is committed stays.
void Stage::stop() {
    http.close("http://platform.test");
    operators.reset();
    memory = {};
    open();
}

Result<Answer, Failure> Stage::submit(Command command) {
    std::optional<Result<Answer, Failure>> out;
    memory.store->submit(std::move(command),
                         [&out](Result<Answer, Failure> answer) { out = std::move(answer); });
    loop.run_ready();
    REQUIRE(out);
    return *out;
}

void Stage::keep(const Record& record) {
    Command command;
    command.hints = {record.name};
    command.decide = [record](const View&) {
        Decision decision;
        decision.records.push_back(record);
        return decision;
    };
    REQUIRE(submit(std::move(command)));
}

void Stage::switch_card(const OperatorId& at, unsigned number, ServiceWish wish,
                        std::optional<Time> until) {
    const Chain now = chain(at, number);
    const auto answer = decide(SwitchM2mService{.name = Name::of(now.card.iccid),
                                                .wish = wish,
                                                .until = until,
                                                .if_match = now.revisions.customer_hold,
                                                .origin = staff_at(loop.now())});
    REQUIRE(answer);
}

Chain Stage::chain(const OperatorId& at, unsigned number) {
    std::optional<Chain> found;
    memory.reader->read(
        [&](Archive& archive) { found = archive.chain(Name::of(iccid_of(at, number))); },
        [](const Result<Done, Failure>&) {});
    loop.run_ready();
    REQUIRE(found);
    return *found;
}

std::vector<Chain> Stage::chains() {
    std::vector<Chain> out;
    memory.reader->read(
        [&out](Archive& archive) {
            out = archive.chains({.limit = 100'000, .look_at_most = 100'000, .matches = {}}).chains;
        },
        [](const Result<Done, Failure>&) {});
    loop.run_ready();
    return out;
}

SimulatedSubscription& Stage::subscription(const OperatorId& at, unsigned number) {
    SimulatedSubscription* one =
        simulators.at(at)->played().book().find(iccid_of(at, number).text());
    REQUIRE(one);
    return *one;
}

}  // namespace msp::sample
