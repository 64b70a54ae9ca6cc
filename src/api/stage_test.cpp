#include "api/stage_test.hpp"

#include "access/json.hpp"
#include "api/answer_schema_test.hpp"
#include "domain/party.hpp"
#include "provisioning/report_card.hpp"
#include "provisioning/report_equipment.hpp"
#include "world/crypto.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <charconv>
#include <utility>

namespace msp::api_stage {

void Exchange::respond(HttpResponse given) {
    REQUIRE_FALSE(response);
    INFO(method << " " << target << ": " << given.status << " " << given.body);
    for (const std::string& fault : faults_of_answer(method, target, given)) FAIL_CHECK(fault);
    response = std::move(given);
}

void Exchange::begin_stream(HttpResponse head) {
    REQUIRE_FALSE(response);
    response = std::move(head);
    streaming = true;
}

bool Exchange::write(std::string piece) {
    streamed += piece;
    return streaming;
}

void KeptLog::write(LogLevel level, std::string_view event,
                    std::initializer_list<LogField> fields) {
    lines += log_line({}, level, event, fields);
}

std::string Reply::header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
}

static const boost::json::value* step(const boost::json::value& from, std::string_view name) {
    if (const auto* object = from.if_object()) return object->if_contains(name);
    const auto* array = from.if_array();
    std::size_t index = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool within = array && read.ec == std::errc() && index < array->size();
    return within ? &(*array)[index] : nullptr;
}

std::string Reply::at(std::string_view path) const {
    boost::system::error_code error;
    const boost::json::value root = boost::json::parse(body, error);
    if (error) return {};
    const boost::json::value* found = &root;
    while (found && !path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        found = step(*found, name);
        path.remove_prefix(std::min(path.size(), name.size() + 1));
    }
    if (!found) return {};
    if (const auto* text = found->if_string()) return std::string(*text);
    return boost::json::serialize(*found);
}

Iccid iccid(unsigned number) {
    std::string body = std::to_string(number);
    body = "8986032604" + std::string(9 - body.size(), '0') + body;
    return Iccid::parse(body + luhn_digit(body), CheckDigit::strict).value();
}

Imsi imsi(unsigned number) {
    const std::string body = std::to_string(number);
    return Imsi::parse("46003" + std::string(10 - body.size(), '0') + body).value();
}

PartyId party(std::string_view id) {
    return PartyId::parse(id).value();
}

// -------------------------------------------------------------------------------------- setting up

Stage::Stage(const ApiOptions& options) : memory(make_memory_store(loop)) {
    parties = std::make_unique<Parties>(*memory.store);
    keys = std::make_unique<Keys>(*memory.store, *parties);
    const FirstStaff first = first_staff(random, loop.now());
    REQUIRE_FALSE(decide(first.command).refusal);
    add_parties();
    add_operator();
    open_api(options);
}

Stage::~Stage() = default;

Origin Stage::origin() const {
    return {.actor = {m2m_sp(), Principal("test"), {}},
            .cause = Cause::command,
            .operation = OperationId("test"),
            .at = loop.now()};
}

void Stage::add_party(std::string_view id, PartyFacts facts,
                      const std::vector<std::string>& prefixes) {
    RegisterParty command{.party = {.id = party(id),
                                    .name = std::string(id),
                                    .facts = facts,
                                    .device_prefixes = prefixes,
                                    .enrolment_key = fresh_enrolment_key(random),
                                    .certificate_authority = {},
                                    .created = loop.now()},
                          .origin = origin()};
    REQUIRE_FALSE(decide(std::move(command)).refusal);
    add_keys(party(id));
}

void Stage::add_keys(const PartyId& its_party) {
    for (const auto& [name, role] :
         {std::pair{"viewer", Role::viewer}, {"op", Role::op}, {"admin", Role::admin}}) {
        const FreshKey fresh = make_key(random, its_party, role, name, loop.now(), {});
        REQUIRE_FALSE(decide(KeepKey{fresh.key, origin()}).refusal);
        tokens[std::string(its_party.text()) + "/" + name] = fresh.token;
    }
}

void Stage::refuse_orders() {
    http.listen("http://op-east.test", [](const HttpRequest& request, const HttpRespond& respond) {
        const bool order = request.method == "PUT";
        const std::size_t slash = request.target.rfind('/');
        HttpResponse out;
        out.status = order ? 409 : 200;
        out.body =
            order ? R"({"order_reference":")" + request.target.substr(slash + 1) +
                        R"(","status":"refused","code":"contract","reason":"contract has ended"})"
                  : R"({"reference":")" + request.target.substr(slash + 1) +
                        R"(","state":"de-active","suspended":false,"change":1})";
        respond(out);
    });
}

void Stage::add_parties() {
    add_keys(m2m_sp());
    add_party("ep-one", {.equipment_provider = true}, {});
    add_party("ep-two", {.equipment_provider = true}, {});
    add_party("dp-one", {.device_provider = true}, {"ONE-"});
    add_party("dp-two", {.device_provider = true}, {"TWO-"});
    add_party("closed-ep", {.equipment_provider = true}, {});
    REQUIRE_FALSE(
        decide(ChangeParty{.id = party("closed-ep"), .open = false, .origin = origin()}).refusal);
}

void Stage::add_operator() {
    OperatorSettings settings{.id = OperatorId::parse("op-east").value()};
    settings.base_url = "http://op-east.test/api";
    settings.token = "operator-token-canary";
    settings.callback_secret = "whsec_" + base64("the secret of op-east, long enough");
    settings.profile.can = *capabilities_of("fenced");
    settings.limits = {.per_second = 1'000, .burst = 1'000, .concurrency = 1'000};
    settings.audit.on = false;
    simulator = std::make_unique<OperatorSimulator>(
        loop, http, 7, OperatorKnobs{},
        OperatorFront{settings.token, "http://platform.test/v1/operators/op-east/events",
                      settings.callback_secret});
    http.listen("http://op-east.test", [this](HttpRequest request, const HttpRespond& respond) {
        request.target.erase(0, std::string_view("/api").size());
        simulator->handle(request, respond);
    });
    Decision keep;
    keep.records.push_back({settings_name(settings.id), encode(settings)});
    submit({.key = {}, .hints = {}, .decide = [keep](const View&) { return keep; }});
}

void Stage::open_api(const ApiOptions& options) {
    operators = std::make_unique<Operators>(
        OperatorWorld{.loop = loop,
                      .store = *memory.store,
                      .reader = *memory.reader,
                      .random = random,
                      .metrics = *metrics,
                      .log = log,
                      .started = loop.now()},
        [this](const OperatorSettings& one) {
            return connect_operator(
                one, {.loop = loop, .http = http, .streams = dialer, .random = random});
        });
    operators->start(memory.due, [](const auto&) {});
    follower = std::make_unique<FeedFollower>(loop, *memory.store, *memory.reader);
    streams = std::make_unique<EventStreams>(loop, *memory.reader, *follower);
    webhooks = std::make_unique<WebhookEndpoints>(
        DeliveryWorld{loop, *memory.store, *memory.reader, http, random, log, *metrics, *follower,
                      std::make_shared<const AddressGuard>(AddressRules{})},
        DeliverySettings{});
    webhooks->start();
    const HttpHandler devices = [this](HttpRequest request,
                                       const std::shared_ptr<HttpExchange>& exchange) {
        reported.push_back(std::move(request));
        HttpResponse taken;
        taken.headers.add("Content-Type", "application/json");
        taken.body = R"({"result":"bound","device_id":"ONE-1"})";
        exchange->respond(std::move(taken));
    };
    api = std::make_unique<Api>(ApiParts{*memory.store, *memory.reader, loop, random, log, *metrics,
                                         *parties, *keys, *operators, *streams, *webhooks, devices},
                                options);
    http.listen("http://platform.test",
                [this](const HttpRequest& given, const HttpRespond& respond) {
                    const auto exchange = begin(given);
                    loop.post([exchange, respond] { respond(exchange->response); });
                });
    loop.run_ready();
}

// ------------------------------------------------------------------------------------------ asking

HttpRequest Stage::request(std::string_view who, std::string_view method, std::string_view target,
                           std::string_view body, const Fields& fields) const {
    HttpRequest out;
    out.method = method;
    out.target = target;
    out.body = body;
    out.peer = "127.0.0.1:50112";
    if (!who.empty()) {
        const auto token = tokens.find(who);
        REQUIRE(token != tokens.end());
        out.headers.add("Authorization", "Bearer " + token->second);
    }
    if (!body.empty()) out.headers.add("Content-Type", "application/json");
    for (const HttpHeader& field : fields) out.headers.set(field.name, field.value);
    return out;
}

std::shared_ptr<Exchange> Stage::begin(HttpRequest given) const {
    auto exchange = std::make_shared<Exchange>();
    exchange->method = given.method;
    exchange->target = given.target;
    api->handle(std::move(given), exchange);
    return exchange;
}

Reply Stage::reply(const Exchange& exchange) {
    if (!exchange.response) return {};
    return {exchange.response->status, exchange.response->headers, exchange.response->body};
}

Reply Stage::call(HttpRequest given) {
    const auto exchange = begin(std::move(given));
    loop.run_ready();
    return reply(*exchange);
}

Reply Stage::call(std::string_view who, std::string_view method, std::string_view target,
                  std::string_view body, const Fields& fields) {
    return call(request(who, method, target, body, fields));
}

Reply Stage::done(std::string_view who, std::string_view method, std::string_view target,
                  std::string_view body, const Fields& fields) {
    Reply out = call(who, method, target, body, fields);
    INFO(method << " " << target << ": " << out.status << " " << out.body);
    REQUIRE(out.ok());
    return out;
}

Reply Stage::import(std::string_view csv, std::string_view query, const Fields& fields) {
    Fields all{{"Content-Type", "text/csv"}};
    all.insert(all.end(), fields.begin(), fields.end());
    return call("m2m-sp/op", "POST", "/v1/card-batches?" + std::string(query), csv, all);
}

Answer Stage::submit(Command command) {
    std::optional<Result<Answer, Failure>> out;
    memory.store->submit(std::move(command),
                         [&out](const Result<Answer, Failure>& answer) { out = answer; });
    loop.run_ready();
    REQUIRE(out);
    REQUIRE(*out);
    return **out;
}

std::optional<Chain> Stage::chain(const Name& name) {
    std::optional<Chain> out;
    memory.reader->read([&](Archive& archive) { out = archive.chain(name); }, [](const auto&) {});
    loop.run_ready();
    return out;
}

std::optional<std::string> Stage::record(const Name& name) {
    std::optional<std::string> out;
    memory.reader->read([&](Archive& archive) { out = archive.record(name); }, [](const auto&) {});
    loop.run_ready();
    return out;
}

// ------------------------------------------------------------------------------------- story parts

void Stage::cards(unsigned first, unsigned last, std::string_view batch, std::string_view to) {
    std::string csv = "iccid,imsi\n";
    for (unsigned number = first; number <= last; ++number) {
        const std::string card(iccid(number).text());
        const std::string subscription(imsi(number).text());
        csv.append(card).append(",").append(subscription).append("\n");
        simulator->played().book().add(card, subscription);
    }
    const Reply imported = import(csv, "operator=op-east&batch=" + std::string(batch));
    INFO(imported.body);
    REQUIRE(imported.status == 201);
    if (to.empty()) return;
    done("m2m-sp/op", "POST", "/v1/card-batches/" + std::string(batch) + "/issue",
         R"({"to":")" + std::string(to) + R"("})");
}

static Origin device_origin(const Stage& stage, std::string_view provider) {
    Origin out = stage.origin();
    out.actor = {party(provider), Principal("device"), {}};
    out.cause = Cause::device;
    return out;
}

Answer Stage::report_card(std::string_view device, std::string_view provider, unsigned number) {
    return decide(ReportCard{.device = DeviceId::parse(device).value(),
                             .provider = party(provider),
                             .iccid = iccid(number),
                             .imsi = imsi(number),
                             .imei = {},
                             .eid = {},
                             .claim = *ClaimId::of(random.token(12)),
                             .origin = device_origin(*this, provider)});
}

Answer Stage::report_equipment(std::string_view device, std::string_view provider,
                               std::string_view equipment) {
    return decide(ReportEquipment{.device = DeviceId::parse(device).value(),
                                  .provider = party(provider),
                                  .equipment = EquipmentId::parse(equipment).value(),
                                  .parties = parties->book(),
                                  .claim = *ClaimId::of(random.token(12)),
                                  .origin = device_origin(*this, provider)});
}

std::string Stage::device_id(unsigned number, std::string_view provider) {
    return (provider == "dp-one" ? "ONE-" : "TWO-") + std::to_string(number);
}

std::string Stage::equipment_id(unsigned number) {
    return "EX-" + std::to_string(number);
}

void Stage::device(unsigned number, std::string_view provider, std::string_view customer) {
    const std::string id = device_id(number, provider);
    const std::string who = std::string(provider) + "/op";
    cards(number, number, "B-" + std::to_string(number), provider);
    const std::string card = "/v1/cards/" + std::string(iccid(number).text()) + "/m2m-service";
    done(who, "PUT", card, R"({"status":"active"})");
    REQUIRE_FALSE(report_card(id, provider, number).refusal);
    if (customer.empty()) return;
    done(who, "POST", "/v1/devices/handover",
         R"({"device_ids":[")" + id + R"("],"to":")" + std::string(customer) + R"("})");
}

void Stage::equipment(unsigned number, std::string_view provider, std::string_view customer,
                      bool active) {
    device(number, provider, customer);
    const std::string id = device_id(number, provider);
    const std::string who = std::string(customer) + "/op";
    done(who, "PUT", "/v1/devices/" + id + "/m2m-service", R"({"status":"active"})");
    REQUIRE_FALSE(report_equipment(id, provider, equipment_id(number)).refusal);
    if (active)
        done(who, "PUT", "/v1/equipment/" + equipment_id(number) + "/service",
             R"({"status":"active"})");
    settle();
}

}  // namespace msp::api_stage
