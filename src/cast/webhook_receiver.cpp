#include "cast/webhook_receiver.hpp"

#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <utility>

namespace msp {

namespace json = boost::json;

static constexpr std::string_view secret_prefix = "whsec_";
static constexpr std::int64_t tolerance_s = 300;
static constexpr std::size_t hanging_most = 1'000;
static constexpr std::size_t bodies_kept = 1'000;

struct WebhookReceiver::Notice {
    std::string id;
    std::string type;
    std::string chain;  // empty where none is known
    std::uint64_t sequence = 0;
    std::uint64_t number = 0;  // 0: a test

    static std::optional<Notice> read(const std::string& body);
};

std::optional<WebhookReceiver::Notice> WebhookReceiver::Notice::read(const std::string& body) try {
    const json::object event = json::parse(body).as_object();
    Notice out;
    out.id = json::value_to<std::string>(event.at("id"));
    out.type = json::value_to<std::string>(event.at("type"));
    if (event.at("specversion").as_string() != "1.0") return std::nullopt;
    if (event.contains("number")) out.number = event.at("number").to_number<std::uint64_t>();
    if (!event.contains("chain")) return out;
    out.chain = json::value_to<std::string>(event.at("chain"));
    out.sequence = event.at("sequence").to_number<std::uint64_t>();
    return out;
} catch (const std::exception&) {
    return std::nullopt;
}

WebhookReceiver::WebhookReceiver(Loop& loop, std::uint64_t seed, std::vector<std::string> secrets)
    : loop_(loop),
      random_(seed),
      secrets_(std::move(secrets)),
      self_(std::make_shared<WebhookReceiver*>(this)) {}

static std::string field(const HttpRequest& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
}

static std::string expected_signature(std::string_view secret, const std::string& content) {
    const auto key = from_base64(secret.substr(std::min(secret.size(), secret_prefix.size())));
    return key ? "v1," + base64(bytes_of(hmac_sha256(*key, content))) : std::string();
}

bool WebhookReceiver::verified(const HttpRequest& request) const {
    const std::string id = field(request, "webhook-id");
    const std::string timestamp = field(request, "webhook-timestamp");
    std::int64_t sent_s = 0;
    std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), sent_s);
    const auto now_s = loop_.now().time_since_epoch().count() / 1'000;
    if (id.empty() || std::llabs(now_s - sent_s) > tolerance_s) return false;
    const std::string content = id + "." + timestamp + "." + request.body;
    const std::string offered = " " + field(request, "webhook-signature") + " ";
    return std::any_of(secrets_.begin(), secrets_.end(), [&](const std::string& secret) {
        const std::string expected = expected_signature(secret, content);
        return !expected.empty() && offered.find(" " + expected + " ") != std::string::npos;
    });
}

static HttpResponse answer(int status) {
    HttpResponse response;
    response.status = status;
    return response;
}

void WebhookReceiver::handle(const HttpRequest& request, const HttpRespond& respond) {
    ++tally_.requests;
    if (knobs_.takes == Duration(0)) return receive(request, respond);
    loop_.after(knobs_.takes, [self = self_, request, respond] {
        if (*self) (*self)->receive(request, respond);
    });
}

void WebhookReceiver::receive(const HttpRequest& request, const HttpRespond& respond) {
    if (!verified(request)) {
        ++tally_.bad_signature;
        return respond(answer(401));
    }
    const auto notice = Notice::read(request.body);
    if (!notice || notice->id != field(request, "webhook-id")) {
        ++tally_.malformed;
        return respond(answer(400));
    }
    if (chance(knobs_.hangs)) {
        ++tally_.hung;
        hanging_.push_back(respond);
        if (hanging_.size() > hanging_most) hanging_.pop_front();
        return;
    }
    const bool refused = !knobs_.refused_chain.empty() && notice->chain == knobs_.refused_chain;
    if (refused || chance(knobs_.fails)) return fail(respond);
    take(*notice, request.body);
    if (!chance(knobs_.drops_answer)) return respond(answer(204));
    ++tally_.dropped;
    respond(std::nullopt);
}

void WebhookReceiver::fail(const HttpRespond& respond) {
    ++tally_.failed;
    HttpResponse response = answer(knobs_.failure);
    if (knobs_.retry_after_s)
        response.headers.add("Retry-After", std::to_string(*knobs_.retry_after_s));
    respond(std::move(response));
}

void WebhookReceiver::take(const Notice& notice, const std::string& body) {
    ++tally_.accepted;
    bodies_.push_back(body);
    if (bodies_.size() > bodies_kept) bodies_.pop_front();
    if (!ids_.insert(notice.id).second) {
        ++tally_.repeated;
        return;
    }
    if (notice.number > 0) numbers_.insert(notice.number);
    if (!notice.chain.empty()) watch(notice);
}

void WebhookReceiver::watch(const Notice& notice) {
    auto& came = arrivals_[notice.chain];
    if (!came.empty()) {
        if (notice.sequence < came.back())
            ++tally_.backwards;
        else if (notice.sequence != came.back() + 1)
            ++tally_.gaps;
    }
    came.push_back(notice.sequence);
}

Result<std::unique_ptr<HttpServer>, Failure> listen_for_webhooks(Loop& loop,
                                                                 const HttpListen& where,
                                                                 WebhookReceiver& receiver) {
    return listen_http(
        loop, where,
        [&receiver](const HttpRequest& request, const std::shared_ptr<HttpExchange>& exchange) {
            receiver.handle(request, [exchange](const std::optional<HttpResponse>& response) {
                if (response) exchange->respond(*response);
            });
        });
}

}  // namespace msp
