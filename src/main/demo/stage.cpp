#include "main/demo/stage.hpp"

#include "access/device_credentials.hpp"
#include "world/crypto.hpp"
#include "world/http_client.hpp"

#include <unistd.h>
#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <thread>

namespace msp::demo {

namespace json = boost::json;

static const json::value* find(const json::value& from, std::string_view path) {
    const json::value* at = &from;
    while (!path.empty() && at) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        at = at->is_object() ? at->get_object().if_contains(path.substr(0, dot)) : nullptr;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return at;
}

std::string text_at(const json::value& from, std::string_view path) {
    const json::value* found = find(from, path);
    if (!found || found->is_null()) return {};
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

const json::array& items_at(const json::value& from, std::string_view path) {
    static const json::array none;
    const json::value* found = find(from, path);
    return found && found->is_array() ? found->get_array() : none;
}

std::string Reply::text(std::string_view path) const {
    return text_at(body(), path);
}

std::int64_t Reply::number(std::string_view path) const {
    const json::value* found = find(body(), path);
    return found && found->is_int64() ? found->get_int64() : 0;
}

Stage::Stage(Address address, std::string staff_token, std::ostream& out)
    : address_(std::move(address)), out_(out), terminal_(::isatty(STDOUT_FILENO) == 1) {
    tokens_["m2m-sp"] = std::move(staff_token);
}

static Reply reply_to(const HttpCall& call) {
    const auto answer = call_http(call);
    json::value body;
    if (!answer) body = {{"detail", answer.reason().what}};
    if (answer && !answer->body.empty()) {
        boost::system::error_code error;
        body = json::parse(answer->body, error);
        if (error) body = json::string(answer->body);
    }
    return {.status = answer ? answer->status : 0,
            .json = std::make_shared<const json::value>(std::move(body)),
            .etag = answer ? std::string(answer->headers.find("ETag").value_or("")) : ""};
}

static HttpCall prepared(std::string method, std::string target) {
    HttpCall call;
    call.request.method = std::move(method);
    call.request.target = std::move(target);
    call.timeout = Duration(60'000);
    call.body_limit = 64 * 1024 * 1024;
    return call;
}

Reply Stage::call(const std::string& who, const std::string& method,
                  const std::string& target) const {
    return call(who, method, target, json::value());
}

Reply Stage::call(const std::string& who, const std::string& method, const std::string& target,
                  const json::value& body, const std::string& if_match) const {
    HttpCall call = prepared(method, address_.api + target);
    call.request.headers.add("Authorization", "Bearer " + tokens_.at(who));
    if (!if_match.empty()) call.request.headers.add("If-Match", if_match);
    if (!body.is_null()) {
        call.request.headers.add("Content-Type", "application/json");
        call.request.body = json::serialize(body);
    }
    return reply_to(call);
}

Reply Stage::upload(const std::string& target, const std::string& csv) const {
    HttpCall call = prepared("POST", address_.api + target);
    call.request.headers.add("Authorization", "Bearer " + tokens_.at("m2m-sp"));
    call.request.headers.add("Content-Type", "text/csv");
    call.request.body = csv;
    return reply_to(call);
}

Reply Stage::report(const std::string& device, const json::value& body) const {
    HttpCall call = prepared("POST", address_.devices + "/v1/device-reports");
    call.ca_file = address_.ca_file;
    const std::string secret = device_secret(enrolment_key_, DeviceId::parse(device).value());
    call.request.headers.add("Authorization", "Basic " + base64(device + ":" + secret));
    call.request.headers.add("Content-Type", "application/json");
    call.request.body = json::serialize(body);
    return reply_to(call);
}

std::size_t Stage::each(const std::string& what, std::size_t count,
                        const std::function<bool(std::size_t)>& work) {
    std::atomic<std::size_t> next{0}, done{0}, good{0};
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < std::min<std::size_t>(16, count); ++t)
        threads.emplace_back([&] {
            for (std::size_t i = 0; (i = next++) < count; ++done)
                if (work(i)) ++good;
        });
    while (terminal_ && done < count) {
        out_ << "\r    " << what << ": " << done << " of " << count << std::flush;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    for (std::thread& thread : threads) thread.join();
    if (terminal_) out_ << "\r\x1b[K";
    return good;
}

bool Stage::until(const std::string& what, Duration patience, const std::function<bool()>& so) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!so()) {
        if (std::chrono::steady_clock::now() > end) {
            if (terminal_) out_ << "\r\x1b[K";
            out_ << "    waited too long: " << what << "\n";
            return false;
        }
        if (terminal_) out_ << "\r    waiting: " << what << std::flush;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (terminal_) out_ << "\r\x1b[K";
    return true;
}

json::array Stage::list(const std::string& who, const std::string& target) const {
    json::array out;
    std::string cursor;
    do {
        std::string page =
            target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=1000";
        if (!cursor.empty()) page += "&cursor=" + cursor;
        const Reply reply = call(who, "GET", page);
        if (!reply.ok()) break;
        for (const json::value& item : items_at(reply.body(), "items")) out.push_back(item);
        cursor = reply.text("next_cursor");
    } while (!cursor.empty());
    return out;
}

}  // namespace msp::demo
