#include "api/openapi.hpp"

#include "access/json.hpp"
#include "api/routes.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace msp {

namespace {

constexpr std::pair<std::string_view, std::string_view> path_schemas[] = {
    {"iccid", "Iccid"},   {"device_id", "DeviceId"}, {"equipment_id", "EquipmentId"},
    {"batch", "BatchId"}, {"party", "PartyId"},      {"operator", "OperatorId"},
    {"code", "HoldCode"}, {"id", "RecordId"},        {"number", "FeedNumber"},
};

std::string_view schema_of(std::string_view path_parameter) {
    for (const auto& [name, schema] : path_schemas)
        if (name == path_parameter) return schema;
    return "RecordId";
}

std::vector<std::string_view> parameters_of(std::string_view path) {
    std::vector<std::string_view> out;
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
        out.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
    return out;
}

// "get_v1_devices_device_id"
std::string operation_id(const Route& route) {
    std::string out;
    for (const char c : route.method) out += static_cast<char>(c - 'A' + 'a');
    for (const char c : route.path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            out += c;
        else if (!out.ends_with('_'))
            out += '_';
    }
    while (out.ends_with('_')) out.pop_back();
    return out;
}

// The noun of a path: /v1/card-batches/{batch} is about card-batches.
std::string_view tag_of(std::string_view path) {
    if (!path.starts_with("/v1/")) return "health";
    path.remove_prefix(4);
    return path.substr(0, path.find('/'));
}

std::string lower(std::string_view method) {
    std::string out;
    for (const char c : method) out += static_cast<char>(c - 'A' + 'a');
    return out;
}

void write_ref(JsonWriter& json, std::string_view kind, std::string_view name) {
    json.open_object()
        .member("$ref", "#/components/" + std::string(kind) + "/" + std::string(name))
        .close_object();
}

void write_content(JsonWriter& json, std::string_view schema_or_type) {
    json.name("content").open_object();
    if (is_media_type(schema_or_type)) {
        json.name(schema_or_type).open_object().name("schema").open_object();
        if (schema_or_type == "application/json")
            json.member("type", "object");
        else
            json.member("type", "string");
        json.close_object().close_object();
    } else {
        json.name("application/json").open_object().name("schema");
        write_ref(json, "schemas", schema_or_type);
        json.close_object();
    }
    json.close_object();
}

// The answer of the change, if it gives one, and whether there would be one.
void write_preview_content(JsonWriter& json, std::string_view schema) {
    json.name("content").open_object().name("application/json").open_object();
    json.name("schema").open_object().name("allOf").open_array();
    if (!schema.empty()) write_ref(json, "schemas", schema);
    write_ref(json, "schemas", "Foreseen");
    json.close_array().close_object().close_object().close_object();
}

// -------------------------------------------------------------------------------------- parameters

void write_path_parameters(JsonWriter& json, const Route& route) {
    for (const std::string_view name : parameters_of(route.path)) {
        json.open_object().member("name", name).member("in", "path").member("required", true);
        json.name("schema");
        write_ref(json, "schemas", schema_of(name));
        json.close_object();
    }
}

const RouteParameter& parameter(std::string_view key) {
    const auto all = route_parameters();
    return *std::find_if(all.begin(), all.end(),
                         [key](const RouteParameter& one) { return one.key == key; });
}

void write_query_parameters(JsonWriter& json, const Route& route) {
    for_each_word(route.query, [&json](std::string_view key) {
        const RouteParameter& one = parameter(key);
        json.open_object()
            .member("name", one.name())
            .member("in", "query")
            .member("description", one.about)
            .name("schema")
            .raw(one.schema)
            .close_object();
    });
}

bool has_revision(const Route& route) {
    const Route& row = route.original();
    const bool switches = row.path.ends_with("/m2m-service") || row.path.ends_with("/service") ||
                          row.path.ends_with("/hold/{code}");
    return switches && changes_something(row);
}

bool takes_key(Who who) {
    return who != Who::everyone && who != Who::device && who != Who::network_operator;
}

void write_parameters(JsonWriter& json, const Route& route) {
    json.name("parameters").open_array();
    write_path_parameters(json, route);
    write_query_parameters(json, route);
    if (changes_something(route) && takes_key(route.who))
        write_ref(json, "parameters", "IdempotencyKey");
    if (has_revision(route)) write_ref(json, "parameters", "IfMatch");
    json.close_array();
}

// --------------------------------------------------------------------------------------- responses

void write_problem(JsonWriter& json, std::string_view status) {
    json.name(status);
    write_ref(json, "responses", "Problem");
}

void write_responses(JsonWriter& json, const Route& route) {
    json.name("responses").open_object().name(std::to_string(route.status)).open_object();
    json.member("description", route.of               ? "Nothing was done."
                               : route.answer.empty() ? "Done."
                                                      : "As asked for.");
    if (has_revision(route)) {
        json.name("headers").open_object().name("ETag");
        write_ref(json, "headers", "ETag");
        json.close_object();
    }
    if (route.of)
        write_preview_content(json, route.answer);
    else if (!route.answer.empty())
        write_content(json, route.answer);
    json.close_object();
    if (takes_key(route.who)) {
        write_problem(json, "401");
        write_problem(json, "403");
        write_problem(json, "429");
    }
    if (!parameters_of(route.path).empty()) write_problem(json, "404");
    if (has_revision(route)) {
        write_problem(json, "412");
        if (!route.of) write_problem(json, "428");
    }
    if (route.answer == "BatchReport") {
        json.name("422").open_object().member("description", "Rows are bad; nothing was taken.");
        write_content(json, route.answer);
        json.close_object();
    }
    write_problem(json, "default");
    json.close_object();
}

// ---------------------------------------------------------------------------------------- security

std::string_view scheme_of(Who who) {
    if (who == Who::device) return "DeviceSecret";
    return who == Who::network_operator ? "OperatorSignature" : "ApiKey";
}

std::string_view caller_words(Who who) {
    switch (who) {
        case Who::everyone: return "Everyone.";
        case Who::device: return "A device, by its own credential.";
        case Who::network_operator: return "The operator, by its signature.";
        case Who::party: return "Any party.";
        case Who::device_provider: return "Device providers and the M2M service provider.";
        case Who::equipment_provider: return "Equipment providers and the M2M service provider.";
        case Who::staff: return "The M2M service provider.";
    }
    std::abort();
}

void write_who(JsonWriter& json, const Route& route) {
    std::string description(caller_words(route.who));
    if (takes_key(route.who)) description += " Role: " + std::string(word(route.least)) + ".";
    json.member("description", description).name("security").open_array();
    if (route.who != Who::everyone)
        json.open_object().name(scheme_of(route.who)).open_array().close_array().close_object();
    json.close_array();
}

// ------------------------------------------------------------------------------------------- whole

// Bodies whose members may all be left out, and so the body too.
bool is_optional(std::string_view body) {
    return body == "HoldReason" || body == "AuditBegin";
}

void write_operation(JsonWriter& json, const Route& route) {
    json.name(lower(route.method))
        .open_object()
        .member("operationId", operation_id(route))
        .member("summary", route.summary)
        .name("tags")
        .open_array()
        .value(tag_of(route.path))
        .close_array();
    write_who(json, route);
    write_parameters(json, route);
    if (!route.body.empty()) {
        json.name("requestBody").open_object().member("required", !is_optional(route.body));
        write_content(json, route.body);
        json.close_object();
    }
    write_responses(json, route);
    json.close_object();
}

void write_paths(JsonWriter& json) {
    json.name("paths").open_object();
    std::set<std::string_view> written;
    for (const Route& first : routes()) {
        if (!written.insert(first.path).second) continue;
        json.name(first.path).open_object();
        for (const Route& route : routes())
            if (route.path == first.path) write_operation(json, route);
        json.close_object();
    }
    json.close_object();
}

constexpr std::string_view fixed_components = R"(
"parameters":{
 "IdempotencyKey":{"name":"Idempotency-Key","in":"header",
  "description":"Makes a repeated request be done once: the same key is answered with the first )"
                                              R"(answer for 24 hours.",
  "schema":{"type":"string","minLength":1,"maxLength":128}},
 "IfMatch":{"name":"If-Match","in":"header",
  "description":"The ETag that was read: refused with 412 if somebody changed it since. )"
                                              R"(Needed to stop and to replace.",
  "schema":{"type":"string","examples":["\"w3\""]}}},
"headers":{"ETag":{"description":"The revision of the hold or wish that the call is about.",
 "schema":{"type":"string"}}},
"responses":{"Problem":{"description":"Why not, and what to do about it.",
 "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},
"securitySchemes":{
 "ApiKey":{"type":"http","scheme":"bearer","bearerFormat":"msp_<id>_<secret>"},
 "DeviceSecret":{"type":"http","scheme":"basic",
  "description":"Device ID and its secret; or a client certificate of its provider."},
 "OperatorSignature":{"type":"apiKey","in":"header","name":"webhook-signature",
  "description":"As the operator's connector takes it."}})";

void write_components(JsonWriter& json) {
    json.name("components").open_object().name("schemas").open_object();
    for (const auto& schemas : {body_schemas(), answer_schemas()})
        for (const NamedSchema& one : schemas) json.name(one.name).raw(one.schema);
    json.close_object();
}

void write_info(JsonWriter& json) {
    json.member("openapi", "3.1.0").name("info").open_object();
    json.member("title", "M2M Service Platform")
        .member("version", "1")
        .member(
            "description",
            "Who holds a machine's service down, since when, why, and what would bring it back. "
            "Errors are application/problem+json with a stable `code` and a `hint`. Unknown "
            "members and parameters are refused. Times are RFC 3339 in UTC.")
        .name("license")
        .open_object()
        .member("name", "Apache-2.0")
        .member("identifier", "Apache-2.0")
        .close_object()
        .close_object();
    json.name("servers").open_array().open_object().member("url", "/").close_object().close_array();
}

}  // namespace

std::string openapi_document() {
    std::string out;
    JsonWriter json(out);
    json.open_object();
    write_info(json);
    write_paths(json);
    write_components(json);
    out += ",";
    out += fixed_components;
    json.close_object();
    json.close_object();
    return out;
}

}  // namespace msp
