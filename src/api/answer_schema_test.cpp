#include "api/answer_schema_test.hpp"

#include "api/openapi.hpp"
#include "api/route_matcher.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace msp::api_stage {

namespace {

namespace json = boost::json;

const json::object& document() {
    static const json::value all = json::parse(openapi_document());
    return all.as_object();
}

// Follows "#/components/schemas/Chain".
const json::value& followed(std::string_view reference) {
    const json::value* at = nullptr;
    const json::object* from = &document();
    reference.remove_prefix(2);
    while (!reference.empty()) {
        const std::string_view name = reference.substr(0, reference.find('/'));
        at = &from->at(name);
        from = at->if_object();
        reference.remove_prefix(std::min(reference.size(), name.size() + 1));
    }
    return *at;
}

bool has_type(const json::value& value, std::string_view type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    return type == "array" ? value.is_array() : type == "object" && value.is_object();
}

class Checker {
public:
    std::vector<std::string> faults;

    void check_named(std::string_view schema, const json::value& value) {
        check(followed("#/components/schemas/" + std::string(schema)).as_object(), value, "");
    }

    void check(const json::object& schema, const json::value& value, const std::string& at) {
        for (const auto& [keyword, rule] : schema) keyword_holds(schema, keyword, rule, value, at);
        if (const auto* object = value.if_object()) check_members(schema, *object, at);
    }

private:
    void fault(const std::string& at, const std::string& what) {
        faults.push_back((at.empty() ? "/" : at) + ": " + what);
    }

    void keyword_holds(const json::object& schema, std::string_view keyword,
                       const json::value& rule, const json::value& value, const std::string& at) {
        static const std::set<std::string_view> said_elsewhere{
            "description", "examples", "default",    "format",
            "required",    "title",    "properties", "additionalProperties"};
        if (said_elsewhere.contains(keyword)) return;
        if (keyword == "$ref")
            check(followed(rule.as_string()).as_object(), value, at);
        else if (keyword == "type")
            check_type(rule, value, at);
        else if (keyword == "enum")
            check_enum(rule.as_array(), value, at);
        else if (keyword == "const")
            check_enum({rule}, value, at);
        else if (keyword == "anyOf")
            check_any(rule.as_array(), value, at);
        else if (keyword == "items")
            check_items(rule.as_object(), value, at);
        else if (keyword == "pattern")
            check_pattern(rule.as_string(), value, at);
        else if (!check_bound(keyword, rule, value, at))
            fault(at, "keyword not understood in " + json::serialize(schema));
    }

    void check_type(const json::value& rule, const json::value& value, const std::string& at) {
        const json::array types = rule.is_array() ? rule.as_array() : json::array{rule};
        const bool any = std::any_of(types.begin(), types.end(), [&value](const json::value& type) {
            return has_type(value, type.as_string());
        });
        if (!any) fault(at, "is not of type " + json::serialize(rule));
    }

    void check_enum(const json::array& allowed, const json::value& value, const std::string& at) {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            fault(at, json::serialize(value) + " is none of " + json::serialize(allowed));
    }

    void check_any(const json::array& choices, const json::value& value, const std::string& at) {
        for (const json::value& choice : choices) {
            Checker one;
            one.check(choice.as_object(), value, at);
            if (one.faults.empty()) return;
        }
        fault(at, "fits no choice");
    }

    void check_items(const json::object& schema, const json::value& value, const std::string& at) {
        const auto* items = value.if_array();
        if (items == nullptr) return;
        for (std::size_t i = 0; i < items->size(); ++i)
            check(schema, (*items)[i], at + "/" + std::to_string(i));
    }

    void check_pattern(std::string_view pattern, const json::value& value, const std::string& at) {
        const auto* text = value.if_string();
        const std::regex expected(pattern.begin(), pattern.end());
        if (text != nullptr && !std::regex_search(text->begin(), text->end(), expected))
            fault(at, "does not match " + std::string(pattern));
    }

    // False: it is no bound.
    bool check_bound(std::string_view keyword, const json::value& rule, const json::value& value,
                     const std::string& at) {
        const auto bound = rule.is_number() ? rule.to_number<double>() : 0;
        bool holds = true;
        if (keyword == "minimum")
            holds = !value.is_number() || value.to_number<double>() >= bound;
        else if (keyword == "maximum")
            holds = !value.is_number() || value.to_number<double>() <= bound;
        else if (keyword == "maxItems")
            holds = !value.is_array() || double(value.as_array().size()) <= bound;
        else if (keyword == "minLength")
            holds = !value.is_string() || double(value.as_string().size()) >= bound;
        else if (keyword == "maxLength")
            holds = !value.is_string() || double(value.as_string().size()) <= bound;
        else
            return false;
        if (!holds) fault(at, "is beyond " + std::string(keyword));
        return true;
    }

    void check_members(const json::object& schema, const json::object& given,
                       const std::string& at) {
        if (const auto* required = schema.if_contains("required"))
            for (const json::value& name : required->as_array())
                if (!given.contains(name.as_string()))
                    fault(at, "lacks " + std::string(name.as_string()));
        const auto* declared = schema.if_contains("properties");
        const auto* others = schema.if_contains("additionalProperties");
        if (!declared && !others) return;
        for (const auto& [name, value] : given) {
            const std::string here = at + "/" + std::string(name);
            const auto* one = declared ? declared->as_object().if_contains(name) : nullptr;
            if (one)
                check(one->as_object(), value, here);
            else if (others && others->is_object())
                check(others->as_object(), value, here);
            else
                fault(here, "is not declared");
        }
    }
};

std::string media_type(const HttpResponse& response) {
    const std::string all(response.headers.find("Content-Type").value_or(""));
    return all.substr(0, all.find(';'));
}

// The schema of what was asked; empty where the table names none.
std::string_view declared_answer(const Route* route, const HttpResponse& response) {
    const bool good = response.status < 400;
    if (!good && media_type(response) == "application/problem+json") return "Problem";
    if (route == nullptr) return "Problem";
    return route->answer;
}

}  // namespace

std::vector<std::string> faults_of_answer(std::string_view method, std::string_view target,
                                          const HttpResponse& response) {
    static const RouteMatcher matcher(routes());
    const auto match = matcher.match(method, target.substr(0, target.find('?')));
    const std::string_view name = declared_answer(match ? match->route : nullptr, response);
    const bool preview = match && match->route->of && response.status < 300;
    if ((name.empty() && !preview) || response.body.empty())
        return response.body.empty() && (name.empty() || is_media_type(name) || method == "HEAD")
                   ? std::vector<std::string>{}
                   : std::vector<std::string>{"/: a body where there is to be none, or none"};
    const std::string expected = name == "Problem"     ? "application/problem+json"
                                 : is_media_type(name) ? std::string(name)
                                                       : "application/json";
    if (media_type(response) != expected)
        return {"/: is " + media_type(response) + ", not " + expected};
    if (is_media_type(name)) return {};
    boost::system::error_code error;
    json::value body = json::parse(response.body, error);
    if (error) return {"/: is no JSON"};
    Checker checker;
    if (preview) {
        json::object foreseen;
        if (auto* all = body.if_object(); all && all->contains("would_change")) {
            foreseen["would_change"] = all->at("would_change");
            all->erase("would_change");
        }
        checker.check_named("Foreseen", foreseen);
    }
    if (!name.empty()) checker.check_named(name, body);
    return checker.faults;
}

}  // namespace msp::api_stage

using namespace msp;
using namespace msp::api_stage;

static HttpResponse answered(int status, std::string body) {
    HttpResponse out;
    out.status = status;
    out.headers.add("Content-Type", status < 400 ? "application/json" : "application/problem+json");
    out.body = std::move(body);
    return out;
}

TEST_CASE("An answer that is not as declared is seen to be so") {
    const auto faults = [](std::string body, int status = 200) {
        return faults_of_answer("GET", "/livez", answered(status, std::move(body))).size();
    };
    CHECK(faults(R"({"status":"live"})") == 0);
    CHECK(faults(R"({"status":"live","parts":{"store":"ok"}})") == 0);
    CHECK(faults(R"({"status":"live","parts":{"store":1}})") == 1);
    CHECK(faults(R"({"status":"alive"})") == 1);
    CHECK(faults(R"({"status":7})") == 2);
    CHECK(faults(R"({})") == 1);
    CHECK(faults(R"({"status":"live","more":1})") == 1);
    CHECK(faults(R"([])") == 1);
    CHECK(faults("{") == 1);
    CHECK(faults("") == 1);
    CHECK(faults(R"({"title":"x","status":404,"code":"y"})", 404) == 0);
    CHECK(faults(R"({"title":"x","status":404})", 404) == 1);
    CHECK(faults_of_answer("GET", "/nowhere", answered(200, "{}")).size() == 1);
}
