#include "api/matrix_world_test.hpp"

#include "api/target.hpp"
#include "provisioning/report_equipment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace msp::api_stage {

std::string_view other(std::string_view party) {
    if (party == "ep-one") return "ep-two";
    if (party == "ep-two") return "ep-one";
    return party == "dp-one" ? "dp-two" : "dp-one";
}

World::World() {
    machine(ep_one_machine, "dp-one", "ep-one");
    machine(ep_two_machine, "dp-two", "ep-two");
    stage.device(dp_one_device, "dp-one", "");
    stage.device(dp_two_device, "dp-two", "");
    stage.cards(dp_one_card, dp_one_card, "B-ONE", "dp-one");
    stage.cards(dp_two_card, dp_two_card, "B-TWO", "dp-two");
    stage.done("m2m-sp/op", "PUT", "/v1/devices/ONE-731001/hold/unpaid", "{}");
    stage.done("m2m-sp/op", "PUT", "/v1/devices/TWO-842002/hold/unpaid", "{}");
    stage.import("iccid,imsi\n" + std::string(iccid(unused_card).text()) + "," +
                     std::string(imsi(unused_card).text()) + "\n",
                 "operator=op-east&batch=B-UNUSED");
    claims();
    for (const std::string_view party : parties) note(party);
    stage.settle();
}

void World::machine(unsigned number, std::string_view provider, std::string_view customer) {
    stage.equipment(number, provider, customer, true);
}

// Reports outside the window: of equipment for those who have machines, of cards for the others.
void World::claims() {
    for (const auto& [number, provider, customer] :
         {std::tuple{ep_one_claim, "dp-one", "ep-one"}, {ep_two_claim, "dp-two", "ep-two"}}) {
        stage.device(number, provider, customer);
        REQUIRE(stage
                    .report_equipment(Stage::device_id(number, provider), provider,
                                      Stage::equipment_id(number))
                    .refusal);
    }
    for (const auto& [number, provider] :
         {std::pair{dp_one_claim, "dp-one"}, {dp_two_claim, "dp-two"}}) {
        stage.cards(number, number, "B-" + std::to_string(number), provider);
        REQUIRE(stage.report_card(Stage::device_id(number, provider), provider, number).refusal);
    }
}

void World::note(std::string_view party) {
    const std::string admin = std::string(party) + "/admin";
    const bool one = party == "ep-one" || party == "dp-one" || party == "m2m-sp";
    const bool machine = is_equipment_provider(party);
    const unsigned device =
        machine ? (one ? ep_one_machine : ep_two_machine) : (one ? dp_one_device : dp_two_device);
    Things out;
    out.iccid = iccid(one ? dp_one_card : dp_two_card).text();
    out.device_id = Stage::device_id(device, one ? "dp-one" : "dp-two");
    out.equipment_id = Stage::equipment_id(one ? ep_one_machine : ep_two_machine);
    const Reply device_now = stage.done(admin, "GET", "/v1/devices/" + out.device_id);
    out.chain = device_now.at("chain");
    out.claim = stage.done(admin, "GET", "/v1/claims?state=open").at("items.0.id");
    out.key =
        stage.done(admin, "POST", "/v1/keys", R"({"name":"spare","role":"viewer"})").at("key");
    if (party != "m2m-sp")
        out.webhook = stage
                          .done(admin, "POST", "/v1/webhooks",
                                R"({"url":"https://hooks.example.com/in","after":0})")
                          .at("id");
    things_.emplace(party, std::move(out));
}

// ----------------------------------------------------------------------------------------- samples

std::string sample_body(std::string_view schema, const Things& of) {
    const std::map<std::string_view, std::string> samples{
        {"", ""},
        {"text/csv", "iccid,imsi\n"},
        {"application/json", "{}"},
        {"IssueTo", R"({"to":"dp-one"})"},
        {"CardIssue", R"({"iccids":[")" + of.iccid + R"("],"to":"dp-one"})"},
        {"ServiceSwitch", R"({"status":"de-active"})"},
        {"HoldReason", R"({"text":"x"})"},
        {"Handover", R"({"device_ids":[")" + of.device_id + R"("],"to":"ep-one"})"},
        {"EquipmentCard", R"({"name":"Big one"})"},
        {"EquipmentSwitch", R"({"status":"de-active"})"},
        {"DeviceReport", R"({"device_id":"ONE-1","equipment_id":"EX-1"})"},
        {"OperatorSettings", R"({"base_url":"http://op-east.test/api"})"},
        {"Pause", R"({"reason":"x"})"},
        {"AuditBegin", "{}"},
        {"WebhookNew", R"({"url":"https://hooks.example.com/other"})"},
        {"WebhookChange", R"({"enabled":true})"},
        {"Replay", R"({"from":1})"},
        {"PartyNew", R"({"party":"ep-new","roles":["equipment-provider"]})"},
        {"PartyChange", R"({"name":"x"})"},
        {"KeyNew", R"({"name":"x","role":"viewer"})"},
    };
    const auto found = samples.find(schema);
    INFO("no sample of " << schema);
    REQUIRE(found != samples.end());
    return found->second;
}

// What a parameter of the path stands for: one of the party's things, or something fixed.
static std::string path_value(const Route& route, std::string_view name, const Things& of) {
    if (name == "iccid") return of.iccid;
    if (name == "device_id") return of.device_id;
    if (name == "equipment_id") return of.equipment_id;
    if (name == "batch") return route.original().method == "DELETE" ? "B-UNUSED" : "B-ONE";
    if (name == "party") return "dp-one";
    if (name == "operator") return "op-east";
    if (name == "code") return "unpaid";
    if (name == "number") return "1";
    REQUIRE(name == "id");
    if (route.path.starts_with("/v1/claims")) return of.claim;
    if (route.path.starts_with("/v1/webhooks")) return of.webhook.empty() ? "none" : of.webhook;
    REQUIRE(route.path.starts_with("/v1/keys"));
    return of.key;
}

Things absent_things() {
    return {.iccid = std::string(iccid(nobodys).text()),
            .device_id = "ONE-990099",
            .equipment_id = "EX-990099",
            .claim = "c990099",
            .webhook = "wh-990099",
            .key = "k990099000",
            .chain = "990099"};
}

bool takes_object(const Route& route) {
    for (const char* part : {"{iccid}", "{device_id}", "{equipment_id}", "{id}"})
        if (route.path.find(part) != std::string_view::npos &&
            route.path != "/v1/equipment/{equipment_id}")
            return true;
    return route.path == "/v1/equipment/{equipment_id}" && route.method == "GET";
}

std::string filled_path(const Route& route, const Things& of) {
    std::string out;
    std::string_view pattern = route.path;
    while (!pattern.empty()) {
        const std::size_t open = std::min(pattern.find('{'), pattern.size());
        out += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const std::size_t close = pattern.find('}');
        out += encoded_segment(path_value(route, pattern.substr(1, close - 1), of));
        pattern.remove_prefix(close + 1);
    }
    return out;
}

std::string needed_query(const Route& route, std::string_view party) {
    const bool names_provider = route.query.find("provider") != std::string_view::npos;
    const Route& row = route.original();
    if (row.path == "/v1/card-batches" && row.method == "POST")
        return std::string("?operator=op-east&batch=B-NEW&on_error=skip") +
               (route.of ? "" : "&dry_run=true");
    if (names_provider && party == "m2m-sp" && route.path.find("{equipment_id}") != route.path.npos)
        return "?provider=ep-one";
    return {};
}

// ----------------------------------------------------------------------------------------- answers

std::string plain(const Reply& reply, const Things& asked) {
    std::string out = std::to_string(reply.status);
    for (const HttpHeader& field : reply.headers.all())
        if (field.name != "Traceparent") out += "\n" + field.name + ": " + field.value;
    out += "\n" + reply.body;
    const auto cut = [&out](std::string_view from, std::size_t length) {
        if (from.empty()) return;
        for (auto at = out.find(from); at != std::string::npos; at = out.find(from))
            out.erase(at, length);
    };
    cut(R"("trace_id":")", 46);
    for (const std::string* each : {&asked.iccid, &asked.device_id, &asked.equipment_id})
        cut(*each, each->size());
    return out;
}

std::vector<std::string> canaries(std::string_view party) {
    std::vector<std::string> out{"operator-token-canary", "whsec_dGhlIHNlY3JldCBvZiBvcC1lYXN0"};
    if (party == "m2m-sp") return out;
    const bool one = party.ends_with("one");
    for (const unsigned number :
         {one ? ep_two_machine : ep_one_machine, one ? dp_two_device : dp_one_device,
          one ? dp_two_card : dp_one_card, one ? ep_two_claim : ep_one_claim,
          one ? dp_two_claim : dp_one_claim})
        out.push_back(std::to_string(number));
    const unsigned machine = one ? ep_one_machine : ep_two_machine;
    const unsigned claim = one ? ep_one_claim : ep_two_claim;
    if (is_equipment_provider(party)) {
        out.emplace_back(iccid(machine).text());
        out.emplace_back(imsi(machine).text());
        for (const unsigned number :
             {one ? dp_one_device : dp_two_device, one ? dp_one_card : dp_two_card,
              one ? dp_one_claim : dp_two_claim})
            out.push_back(std::to_string(number));
    } else {
        out.push_back(Stage::equipment_id(machine));
        out.push_back(Stage::equipment_id(claim));
    }
    return out;
}

}  // namespace msp::api_stage
