#include "cli/calls.hpp"

#include "cli/render.hpp"

#include <boost/json.hpp>

#include <ostream>

namespace msp::cli {

namespace json = boost::json;

const std::vector<Flag> list_flags{{"--limit", "N", "at most so many (100)"},
                                   {"--all", "", "all there are"}};
const std::vector<Flag> change_flags{
    {"--dry-run", "", "say what it would do, and do nothing"},
    {"--wait", "DURATION", "wait so long until the network confirms, such as 30s"}};

std::vector<Flag> joined(std::vector<Flag> flags, const std::vector<Flag>& more) {
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

static std::string with(std::string target, const std::string& query) {
    return target + (target.find('?') == std::string::npos ? "?" : "&") + query;
}

// All pages of a list as one array; nothing when a call failed.
static std::optional<json::array> pages(Invocation& invocation, const std::string& target) {
    const std::size_t limit = invocation.has("--all")
                                  ? SIZE_MAX
                                  : std::size_t(std::stoul("0" + invocation.value("--limit")));
    const std::size_t wanted = limit == 0 ? 100 : limit;
    json::array items;
    std::string cursor;
    do {
        const std::size_t size = std::min<std::size_t>(wanted - items.size(), 1000);
        std::string page = with(target, "limit=" + std::to_string(size));
        if (!cursor.empty()) page += "&cursor=" + percent_encoded(cursor);
        const auto answer = invocation.call("GET", page);
        if (!answer) return std::nullopt;
        boost::system::error_code error;
        const json::value parsed = json::parse(answer->body, error);
        if (error || !parsed.is_object() || !parsed.get_object().contains("items")) return items;
        for (const json::value& item : parsed.at("items").as_array()) items.push_back(item);
        const json::value* next = parsed.get_object().if_contains("next_cursor");
        cursor = next && next->is_string() ? std::string(next->get_string()) : std::string();
    } while (!cursor.empty() && items.size() < wanted);
    return items;
}

Run list_of(std::string_view path, std::vector<Column> columns, std::string_view id_path) {
    return [=](Invocation& invocation) {
        const auto items = pages(invocation, fill(invocation, path));
        return items ? invocation.show_list(json::serialize(*items), columns, id_path)
                     : invocation.exit_code;
    };
}

Run one_chain(std::string_view path) {
    return [=](Invocation& invocation) {
        const auto answer = invocation.call("GET", fill(invocation, path));
        return answer ? invocation.show_object(answer->body, render_chain) : invocation.exit_code;
    };
}

Run one_thing(std::string_view path) {
    return [=](Invocation& invocation) {
        const auto answer = invocation.call("GET", fill(invocation, path));
        return answer ? invocation.show_object(answer->body, render_facts) : invocation.exit_code;
    };
}

Run call_of(std::string_view method, std::string_view path, std::vector<Member> body,
            std::string_view said) {
    return [=](Invocation& invocation) {
        const std::string sent = method == "POST" || method == "PUT" || method == "PATCH"
                                     ? object_of(invocation, body)
                                     : std::string();
        const auto answer =
            invocation.call(method, fill(invocation, path), sent == "{}" ? std::string() : sent);
        if (!answer) return invocation.exit_code;
        if (!said.empty()) invocation.err() << said << "\n";
        return answer->body.empty() ? int(exit_done)
                                    : invocation.show_object(answer->body, render_facts);
    };
}

static bool pending(const std::string& body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    const json::value* found =
        error || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("pending");
    return found && found->is_bool() && found->get_bool();
}

static int preview(Invocation& invocation, const std::string& target, const std::string& body) {
    const std::size_t query = std::min(target.find('?'), target.size());
    const auto answer =
        invocation.call("POST", target.substr(0, query) + ":preview" + target.substr(query), body);
    if (!answer) return invocation.exit_code;
    return invocation.show_object(answer->body, [](const std::string& received) {
        boost::system::error_code error;
        const json::value parsed = json::parse(received, error);
        const json::value* sentence =
            error || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("sentence");
        return sentence && sentence->is_string() ? std::string(sentence->get_string()) + "\n"
                                                 : received + "\n";
    });
}

Run change_of(std::string_view method, std::string_view path, std::vector<Member> body) {
    return [=](Invocation& invocation) {
        const std::string target = fill(invocation, path);
        const std::string sent = method == "DELETE" ? std::string() : object_of(invocation, body);
        if (invocation.has("--dry-run")) return preview(invocation, target, sent);
        const bool wait = invocation.has("--wait");
        const auto answer = invocation.call(
            method,
            wait ? with(target, "wait=" + percent_encoded(invocation.value("--wait"))) : target,
            sent);
        if (!answer) return invocation.exit_code;
        const int shown = invocation.show_object(answer->body, render_chain);
        if (!wait || !pending(answer->body)) return shown;
        invocation.err() << "msp: not settled after " << invocation.value("--wait")
                         << "; the change goes on\n";
        return int(exit_timed_out);
    };
}

Run items_of(std::string_view path, std::vector<Member> body, std::string_view list_argument,
             std::string_view list_member) {
    return [=](Invocation& invocation) {
        json::object sent = json::parse(object_of(invocation, body)).as_object();
        if (!list_argument.empty()) {
            json::array list;
            for (const std::string& one : invocation.values(list_argument)) list.emplace_back(one);
            sent[list_member] = std::move(list);
        }
        const auto answer = invocation.call("POST", fill(invocation, path), json::serialize(sent));
        if (!answer) return invocation.exit_code;
        boost::system::error_code error;
        const json::value parsed = json::parse(answer->body, error);
        if (error || !parsed.is_object()) return int(exit_failed);
        const auto count = [&parsed](std::string_view name) {
            const json::value* found = parsed.get_object().if_contains(name);
            return found && found->is_int64() ? found->get_int64() : 0;
        };
        const std::string format =
            invocation.has("--output") ? invocation.value("--output") : "table";
        if (format != "table")
            invocation.show_object(answer->body, render_facts);
        else
            invocation.out() << count("changed") << " changed, " << count("unchanged")
                             << " unchanged, " << count("refused") << " refused\n";
        if (count("refused") == 0) return int(exit_done);
        for (const json::value& item : parsed.at("items").as_array())
            if (const json::value* code = item.as_object().if_contains("code"))
                invocation.err() << "  " << json::value_to<std::string>(item.at("item")) << ": "
                                 << json::value_to<std::string>(*code) << "\n";
        return int(exit_partly);
    };
}

}  // namespace msp::cli
