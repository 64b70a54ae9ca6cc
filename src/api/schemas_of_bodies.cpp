#include "api/openapi.hpp"

namespace msp {

static constexpr NamedSchema of_bodies[] = {
    // --------------------------------------------------------------------------------- identifiers
    {"Iccid",
     R"({"type":"string","pattern":"^89[0-9]{16,18}$","examples":["89860326041777000193"]})"},
    {"Imsi", R"({"type":"string","pattern":"^[0-9]{6,15}$","examples":["460031234567719"]})"},
    {"DeviceId", R"({"type":"string","pattern":"^[A-Za-z0-9._:-]{1,64}$","examples":["D-0815"]})"},
    {"EquipmentId",
     R"({"type":"string","pattern":"^[A-Za-z0-9._:-]{1,64}$","examples":["EX-4711"]})"},
    {"BatchId",
     R"({"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$","examples":["B-2026-014"]})"},
    {"PartyId", R"({"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,31}$","examples":["acme"]})"},
    {"OperatorId",
     R"({"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,31}$","examples":["op-east"]})"},
    {"HoldCode",
     R"({"type":"string","enum":["unpaid","contract","fraud","maintenance","law","other"]})"},
    {"RecordId", R"({"type":"string","minLength":1,"maxLength":64})"},
    {"FeedNumber", R"({"type":"integer","minimum":1})"},
    {"Role", R"({"type":"string","enum":["viewer","operator","admin"]})"},
    {"Time", R"({"type":"string","format":"date-time","examples":["2026-03-02T09:14:05.120Z"]})"},

    // ------------------------------------------------------------------------------ cards, devices
    {"IssueTo", R"({"type":"object","additionalProperties":false,"required":["to"],"properties":{
        "to":{"$ref":"#/components/schemas/PartyId"}},"examples":[{"to":"modemworks"}]})"},
    {"CardIssue", R"({"type":"object","additionalProperties":false,"required":["iccids","to"],
        "properties":{"iccids":{"type":"array","maxItems":1000,
        "items":{"$ref":"#/components/schemas/Iccid"}},
        "to":{"$ref":"#/components/schemas/PartyId"}},
        "examples":[{"iccids":["89860326041777000193"],"to":"modemworks"}]})"},
    {"Handover", R"({"type":"object","additionalProperties":false,"required":["device_ids","to"],
        "properties":{"device_ids":{"type":"array","maxItems":1000,
        "items":{"$ref":"#/components/schemas/DeviceId"}},
        "to":{"$ref":"#/components/schemas/PartyId"}},
        "examples":[{"device_ids":["D-0815"],"to":"acme"}]})"},
    {"ServiceSwitch", R"({"type":"object","additionalProperties":false,"required":["status"],
        "properties":{"status":{"type":"string","enum":["active","de-active","stopped"]},
        "until":{"anyOf":[{"$ref":"#/components/schemas/Time"},{"type":"null"}],
        "description":"With active: the hold comes back then."}},
        "examples":[{"status":"active","until":"2026-03-02T18:00:00Z"}]})"},
    {"HoldReason", R"({"type":"object","additionalProperties":false,"properties":{
        "text":{"type":"string","maxLength":500},
        "follows_equipment":{"type":"boolean","default":false,
        "description":"The reason survives a replacement of the device."}},
        "examples":[{"text":"INV-8831"}]})"},

    // ----------------------------------------------------------------------------------- equipment
    {"EquipmentCard", R"({"type":"object","additionalProperties":false,"properties":{
        "name":{"type":"string","maxLength":200},
        "labels":{"type":"object","maxProperties":32,"additionalProperties":{"type":"string"}}},
        "examples":[{"name":"Excavator X320","labels":{"site":"pudong-7"}}]})"},
    {"EquipmentSwitch", R"({"type":"object","additionalProperties":false,"required":["status"],
        "properties":{"status":{"type":"string","enum":["active","de-active","stopped","replaced"]},
        "device_id":{"anyOf":[{"$ref":"#/components/schemas/DeviceId"},{"type":"null"}],
        "description":"The device that stopped and replaced end; null if there is none."}},
        "examples":[{"status":"active"},{"status":"replaced","device_id":"D-0815"}]})"},

    // ------------------------------------------------------------------------------------- reports
    {"DeviceReport", R"({"anyOf":[{"type":"object","additionalProperties":false,
        "required":["device_id","iccid","imsi"],"properties":{
        "device_id":{"$ref":"#/components/schemas/DeviceId"},
        "iccid":{"$ref":"#/components/schemas/Iccid"},"imsi":{"$ref":"#/components/schemas/Imsi"},
        "imei":{"type":"string"},"eid":{"type":"string"}}},
        {"type":"object","additionalProperties":false,"required":["device_id","equipment_id"],
        "properties":{"device_id":{"$ref":"#/components/schemas/DeviceId"},
        "equipment_id":{"$ref":"#/components/schemas/EquipmentId"}}}],
        "examples":[{"device_id":"D-0815","equipment_id":"EX-4711"}]})"},

    // ----------------------------------------------------------------------------------- operators
    {"OperatorSettings", R"({"type":"object","additionalProperties":false,"required":["base_url"],
        "properties":{"name":{"type":"string"},
        "connector":{"type":"string","default":"rest",
            "description":"The kind of its interface; docs/operators/ has a page for each."},
        "base_url":{"type":"string","format":"uri"},
        "core":{"type":"object","additionalProperties":false,"properties":{
        "gsup":{"type":"string"},"sgsn":{"type":"string"},"vty":{"type":"string"},
        "circuit_switched":{"type":"boolean"}},
        "description":"The other interfaces of a mobile core; with osmo-hlr only."},
        "account":{"type":"object","additionalProperties":false,"properties":{
        "name":{"type":"string"},"service_plan":{"type":"string"},
        "zip_code":{"type":"string"},"etf_waiver":{"type":"boolean"}},
        "description":"What requests say of the customer; with thingspace only."},
        "token":{"type":"string","description":"Who we are, to the operator."},
        "secret":{"type":"string","pattern":"^whsec_","description":"Signs its reports to us."},
        "callback_secret":{"type":"string","description":"The same as secret."},
        "kind":{"type":"string",
        "enum":["fenced","serial","combined","overwritten","overwritten-combined"]},
        "can":{"type":["object","string"],"description":"What the operator can do, one by one."},
        "drift":{"type":"string","enum":["send-ours","ask","accept"]},
        "drift_policy":{"type":"string","description":"The same as drift."},
        "rate_per_s":{"type":"number","exclusiveMinimum":0},
        "concurrency":{"type":"integer","minimum":1},
        "limits":{"type":"object"},"pace":{"type":"object"},"breaker":{"type":"object"},
        "audit":{"type":"object"},"paused":{"type":"boolean"}},
        "examples":[{"connector":"rest","base_url":"https://op-east.example/api","kind":"serial",
        "drift":"send-ours","rate_per_s":50,"concurrency":8}]})"},
    {"Pause", R"({"type":"object","additionalProperties":false,"required":["reason"],
        "properties":{"reason":{"type":"string","maxLength":500}},
        "examples":[{"reason":"their maintenance"}]})"},
    {"AuditBegin", R"({"type":"object","additionalProperties":false,"properties":{
        "go_through":{"type":"boolean","default":false,
        "description":"Goes on although more differs than can be chance."}},
        "examples":[{"go_through":false}]})"},

    // ------------------------------------------------------------------------------------ webhooks
    {"WebhookNew", R"({"type":"object","additionalProperties":false,"required":["url"],
        "properties":{"url":{"type":"string","format":"uri","maxLength":2048},
        "types":{"type":"array","maxItems":32,"items":{"type":"string"}},
        "after":{"type":"integer","minimum":0,
        "description":"Begins behind this number of the feed; left out: from now on."}},
        "examples":[{"url":"https://epba.example/hook","types":["m2m.equipment.*"]}]})"},
    {"WebhookChange", R"({"type":"object","additionalProperties":false,"properties":{
        "url":{"type":"string","format":"uri","maxLength":2048},
        "types":{"type":"array","maxItems":32,"items":{"type":"string"}},
        "enabled":{"type":"boolean"}},"examples":[{"enabled":true}]})"},
    {"Replay", R"({"type":"object","additionalProperties":false,"required":["from"],
        "properties":{"from":{"type":"integer","minimum":1}},"examples":[{"from":1200}]})"},

    // ------------------------------------------------------------------------------- parties, keys
    {"PartyNew", R"({"type":"object","additionalProperties":false,"required":["party","roles"],
        "properties":{"party":{"$ref":"#/components/schemas/PartyId"},
        "name":{"type":"string","maxLength":200},
        "roles":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string",
        "enum":["device-provider","equipment-provider"]}},
        "device_prefixes":{"type":"array","maxItems":100,"items":{"type":"string","minLength":2}},
        "reports_create_equipment":{"type":"boolean","default":true},
        "certificate_authority":{"type":["string","null"],"pattern":"^[0-9a-f]{64}$"}},
        "examples":[{"party":"modemworks","name":"Modemworks","roles":["device-provider"],
        "device_prefixes":["MW-"]}]})"},
    {"PartyChange", R"({"type":"object","additionalProperties":false,"properties":{
        "name":{"type":"string","maxLength":200},"open":{"type":"boolean"},
        "add_device_prefixes":{"type":"array","maxItems":100,"items":{"type":"string"}},
        "reports_create_equipment":{"type":"boolean"},
        "certificate_authority":{"type":"string"},
        "new_enrolment_key":{"type":"boolean"}},"examples":[{"open":false}]})"},
    {"KeyNew", R"({"type":"object","additionalProperties":false,"required":["name","role"],
        "properties":{"name":{"type":"string","minLength":1,"maxLength":64},
        "role":{"$ref":"#/components/schemas/Role"},
        "party":{"$ref":"#/components/schemas/PartyId"},
        "expires":{"anyOf":[{"$ref":"#/components/schemas/Time"},{"type":"null"}]}},
        "examples":[{"name":"epba","role":"operator"}]})"},
};

std::span<const NamedSchema> body_schemas() {
    return of_bodies;
}

}  // namespace msp
