// Webhook endpoints of a party, what was delivered to them, and doing it again.

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/history.hpp"
#include "api/query_reader.hpp"
#include "notices/change_endpoint.hpp"
#include "notices/endpoint_progress.hpp"
#include "notices/endpoints.hpp"

#include <charconv>
#include <limits>

namespace msp {

namespace {

constexpr std::size_t types_most = 32;
constexpr std::size_t url_bytes_most = 2048;

Refusal no_such_webhook() {
    return {RefusalCode::no_such_webhook, {}, {}};
}

std::optional<Endpoint> find(const Call& call, const std::string& id) {
    for (Endpoint& endpoint : call.parts().webhooks.of(call.caller().party))
        if (endpoint.id.view() == id) return std::move(endpoint);
    return std::nullopt;
}

enum class Secret : bool { kept, shown };

// Made: it has an ID to be shown.
enum class Made : bool { no, yes };

std::string webhook_json(const Endpoint& endpoint, const StoredProgress& stored, Secret secret,
                         Made made = Made::yes) {
    const EndpointProgress& progress = stored.progress;
    std::string out;
    JsonWriter json(out);
    json.open_object();
    if (made == Made::yes) json.member("id", endpoint.id);
    json.member("url", endpoint.url).name("types").open_array();
    for (const std::string& type : endpoint.types.words()) json.value(type);
    json.close_array()
        .member("state", word(endpoint.state))
        .member("reason", endpoint.reason)
        .member("created", endpoint.created)
        .member("position", progress.position)
        .member("failing", progress.failing_since.has_value())
        .member("failing_since", progress.failing_since)
        .member("last_delivered", progress.last_delivered)
        .member("delivered", progress.delivered)
        .member("failed", progress.failed)
        .member("dead", progress.dead)
        .member("stuck_chains", stored.stuck.size());
    if (endpoint.old_secret) json.member("old_secret_until", endpoint.old_secret->until);
    if (secret == Secret::shown) json.member("secret", endpoint.secret.text());
    json.close_object();
    return out;
}

void answer_endpoint(const CallPtr& call, const Endpoint& endpoint, Secret secret,
                     int status = 200) {
    const Made made = call->previews() && status == 201 ? Made::no : Made::yes;
    if (call->previews()) secret = Secret::kept;
    answer_read(call, [endpoint, secret, status, made](Archive& archive) -> Rendered {
        HttpResponse out = json_response(
            webhook_json(endpoint, read_progress(archive, endpoint), secret, made), status);
        if (status == 201)
            out.headers.add("Location", "/v1/webhooks/" + std::string(endpoint.id.view()));
        return out;
    });
}

// The endpoint's record is the answer's text.
void answer_decided(const CallPtr& call, const Answer& answer, Secret secret, int status = 200) {
    if (answer.refusal) return call->refuse(*answer.refusal);
    answer_endpoint(call, *decode_endpoint(answer.text), secret, status);
}

template <class Flow>
void change_endpoint(const CallPtr& call, Flow flow, Secret secret) {
    call->submit(flow_command(std::move(flow), Urgency::urgent, call->key()),
                 [call, secret](const Answer& answer) { answer_decided(call, answer, secret); });
}

std::optional<EndpointId> endpoint_id(const Call& call) {
    return EndpointId::of(call.argument("id"));
}

}  // namespace

void list_webhooks(const CallPtr& call) {
    answer_read(
        call,
        [endpoints =
             call->parts().webhooks.of(call->caller().party)](Archive& archive) -> Rendered {
            std::string body;
            JsonWriter json(body);
            json.open_object().name("items").open_array();
            for (const Endpoint& endpoint : endpoints)
                json.raw(webhook_json(endpoint, read_progress(archive, endpoint), Secret::kept));
            json.close_array().name("next_cursor").null().close_object();
            return json_response(std::move(body));
        });
}

void get_webhook(const CallPtr& call) {
    const auto endpoint = find(*call, call->argument("id"));
    if (!endpoint) return call->refuse(no_such_webhook());
    answer_endpoint(call, *endpoint, Secret::kept);
}

void add_webhook(const CallPtr& call) {
    if (call->caller().staff()) return call->refuse(staff_have_no_feed());
    auto given = read_json(call->request());
    if (!given) return call->refuse(given.reason());
    JsonObject body = std::move(given).value();
    NewEndpoint asked{
        .party = call->caller().party,
        .url = body.text("/url", Need::required, url_bytes_most).value_or(""),
        .types =
            body.texts("/types", types_most, Need::optional).value_or(std::vector<std::string>()),
        .after = {},
        .key = call->key()};
    if (const auto after =
            body.number("/after", 0, std::numeric_limits<std::int64_t>::max(), Need::optional))
        asked.after = static_cast<std::uint64_t>(*after);
    if (auto problem = body.problem()) return call->refuse(*std::move(problem));
    call->parts().webhooks.create(asked, call->store(),
                                  [call](const Result<Answer, Failure>& answer) {
                                      if (!answer) return call->fail(answer.reason());
                                      call->note_replay(*answer);
                                      answer_decided(call, *answer, Secret::shown, 201);
                                  });
}

// What a change asks for; a URL and types are looked at before anything is decided.
static Result<ChangeEndpoint, Problem> endpoint_change(const Call& call, const EndpointId& id) {
    auto given = read_json(call.request());
    if (!given) return given.reason();
    JsonObject body = std::move(given).value();
    ChangeEndpoint out{.id = id,
                       .by = call.caller().party,
                       .url = body.text("/url", Need::optional, url_bytes_most),
                       .types = {},
                       .enabled = body.flag("/enabled", Need::optional),
                       .at = call.now()};
    const auto words = body.texts("/types", types_most, Need::optional);
    if (auto problem = body.problem()) return *std::move(problem);
    if (words) {
        const auto types = TypeFilter::parse(*words);
        if (!types) return problem_of(types.reason());
        out.types = *types;
    }
    if (out.url) {
        auto url = call.parts().webhooks.accept_url(*out.url);
        if (!url) return problem_of(url.reason());
        out.url = *std::move(url);
    }
    return out;
}

void change_webhook(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    if (!id) return call->refuse(no_such_webhook());
    const auto command = endpoint_change(*call, *id);
    if (!command) return call->refuse(command.reason());
    change_endpoint(call, *command, Secret::kept);
}

void rotate_webhook(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    if (!id) return call->refuse(no_such_webhook());
    change_endpoint(call,
                    RotateSecret{.id = *id,
                                 .by = call->caller().party,
                                 .fresh = WebhookSecret::fresh(call->parts().random),
                                 .at = call->now()},
                    Secret::shown);
}

void remove_webhook(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    if (!id) return call->refuse(no_such_webhook());
    call->submit(
        flow_command(DeleteEndpoint{*id, call->caller().party}, Urgency::urgent, call->key()),
        [call](const Answer& answer) {
            if (answer.refusal) return call->refuse(*answer.refusal);
            HttpResponse out;
            out.status = 204;
            call->answer(std::move(out));
        });
}

// -------------------------------------------------------------------------------------- deliveries

static void write_attempt(JsonWriter& json, const Attempt& attempt) {
    json.open_object()
        .member("delivered", attempt.error.empty())
        .member("status", attempt.status == 0 ? std::nullopt : std::optional(attempt.status))
        .member("error", attempt.error.empty() ? std::nullopt : std::optional(attempt.error))
        .member("took_ms", attempt.took.count())
        .member("at", attempt.at)
        .member("by_hand", attempt.by_hand)
        .close_object();
}

static EndpointDelivery::Attempted answer_attempt(const CallPtr& call) {
    return [call](const Result<Attempt, Refusal>& attempt) {
        if (!attempt) return call->refuse(attempt.reason());
        std::string body;
        JsonWriter json(body);
        write_attempt(json, *attempt);
        call->answer(json_response(std::move(body)));
    };
}

void test_webhook(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    if (!id) return call->refuse(no_such_webhook());
    call->parts().webhooks.test(call->caller().party, *id, answer_attempt(call));
}

static void foresee_resending(const CallPtr& call, const EndpointId& id, std::uint64_t number) {
    call->parts().webhooks.can_resend(call->caller().party, id, number,
                                      [call](const Result<Done, Refusal>& possible) {
                                          if (!possible) return call->refuse(possible.reason());
                                          call->note_change();
                                          call->answer({});
                                      });
}

void resend_delivery(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    const std::string& given = call->argument("number");
    std::uint64_t number = 0;
    const auto read = std::from_chars(given.data(), given.data() + given.size(), number);
    if (!id) return call->refuse(no_such_webhook());
    if (read.ec != std::errc() || read.ptr != given.data() + given.size())
        return call->refuse(RefusalCode::no_such_delivery);
    if (call->previews()) return foresee_resending(call, *id, number);
    call->parts().webhooks.resend(call->caller().party, *id, number, answer_attempt(call));
}

// As it would stand: behind the number, and what is stuck before it stays so.
static void answer_rewound(const CallPtr& call, const Endpoint& endpoint, std::uint64_t from) {
    answer_read(call, [endpoint, from](Archive& archive) -> Rendered {
        StoredProgress stored = read_progress(archive, endpoint);
        stored.progress.position = from - 1;
        std::erase_if(stored.stuck, [from](const StuckLane& lane) { return lane.head >= from; });
        return json_response(webhook_json(endpoint, stored, Secret::kept));
    });
}

static void foresee_replay(const CallPtr& call, const EndpointId& id, std::uint64_t from) {
    call->parts().webhooks.can_replay(call->caller().party, id, from,
                                      [call, from](const Result<Done, Refusal>& possible) {
                                          if (!possible) return call->refuse(possible.reason());
                                          const auto endpoint = find(*call, call->argument("id"));
                                          if (!endpoint) return call->refuse(no_such_webhook());
                                          call->note_change();
                                          answer_rewound(call, *endpoint, from);
                                      });
}

void replay_webhook(const CallPtr& call) {
    const auto id = endpoint_id(*call);
    if (!id) return call->refuse(no_such_webhook());
    auto given = read_json(call->request());
    if (!given) return call->refuse(given.reason());
    JsonObject body = std::move(given).value();
    const auto from = body.number("/from", 1, std::numeric_limits<std::int64_t>::max());
    if (auto problem = body.problem()) return call->refuse(*std::move(problem));
    const auto number = static_cast<std::uint64_t>(*from);
    if (call->previews()) return foresee_replay(call, *id, number);
    call->parts().webhooks.replay(call->caller().party, *id, number,
                                  [call](const Result<Done, Refusal>& done) {
                                      if (!done) return call->refuse(done.reason());
                                      get_webhook(call);
                                  });
}

static std::string delivery_json(const Delivery& delivery) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("number", delivery.number)
        .member("event_id", delivery.event_id)
        .member("type", word(delivery.type))
        .member("state", word(delivery.state))
        .member("due", delivery.due)
        .member("attempts", delivery.attempts_made);
    const Attempt* last = delivery.attempts.empty() ? nullptr : &delivery.attempts.back();
    json.member("status", last && last->status != 0 ? std::optional(last->status) : std::nullopt)
        .member("at", last ? std::optional(last->at) : std::nullopt)
        .name("last_attempts")
        .open_array();
    for (const Attempt& attempt : delivery.attempts) write_attempt(json, attempt);
    json.close_array().close_object();
    return out;
}

static std::optional<DeliveryState> delivery_state(QueryReader& query) {
    const auto given = query.one_of("state", {"delivered", "retrying", "dead"});
    for (const auto one : {DeliveryState::delivered, DeliveryState::retrying, DeliveryState::dead})
        if (given && *given == word(one)) return one;
    return std::nullopt;
}

void list_deliveries(const CallPtr& call) {
    const auto endpoint = find(*call, call->argument("id"));
    if (!endpoint) return call->refuse(no_such_webhook());
    QueryReader query(call->query());
    DeliveryQuery asked{.endpoint = endpoint->id, .state = delivery_state(query)};
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    asked.limit = page->limit;
    const std::string& place = page->place;
    std::from_chars(place.data(), place.data() + place.size(), asked.before);
    answer_read(call, [asked, page = *page](Archive& archive) -> Rendered {
        const DeliveryPage found = read_deliveries(archive, asked);
        std::vector<std::string> items;
        for (const Delivery& delivery : found.deliveries) items.push_back(delivery_json(delivery));
        std::optional<std::string> next;
        if (found.next) next = std::to_string(*found.next);
        return json_response(list_body(items, next, page));
    });
}

}  // namespace msp
