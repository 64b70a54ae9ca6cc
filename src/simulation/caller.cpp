#include "simulation/caller.hpp"

#include "world/crypto.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace msp::simulation {

static constexpr unsigned tries_most = 10;
static constexpr Duration patience{4'000};

Caller::Caller(const Surroundings& around, std::uint64_t seed)
    : around_(around), random_(seed), client_(around.wire, around.loop, "field") {}

void Caller::ask(Ask ask, Done done) {
    ++tally_.asked;
    ++waiting_;
    const std::string key = ask.method == "GET" ? "" : random_.token(20);
    all_.push_back({std::move(ask), key, {}, {}, 0, std::move(done)});
    attempt(all_.back());
}

static std::string hexadecimal(Random& random, std::size_t digits) {
    static constexpr char alphabet[] = "0123456789abcdef";
    std::string out;
    while (out.size() < digits) out += alphabet[random.below(16)];
    out.front() = '1';
    return out;
}

// ETags of a wish are "w7".
static std::optional<std::uint32_t> revision_named(const Ask& ask) {
    constexpr std::string_view wish = "\"w";
    if (!ask.if_match.starts_with(wish)) return std::nullopt;
    std::uint32_t out = 0;
    std::from_chars(ask.if_match.data() + wish.size(), ask.if_match.data() + ask.if_match.size(),
                    out);
    return out;
}

HttpRequest Caller::request(Asked& asked) {
    const Ask& ask = asked.ask;
    HttpRequest out;
    out.method = ask.method;
    out.target = std::string("http://") + platform_host + ask.target;
    out.body = ask.body;
    if (ask.secret.empty())
        out.headers.add("Authorization", "Bearer " + around_.founded.tokens.at(ask.who));
    else
        out.headers.add("Authorization", "Bearer " + ask.who + ":" + ask.secret);
    const bool csv = ask.target.starts_with("/v1/card-batches?");
    if (!ask.body.empty()) out.headers.add("Content-Type", csv ? "text/csv" : "application/json");
    if (!ask.if_match.empty()) out.headers.add("If-Match", ask.if_match);
    if (!asked.key.empty() && ask.secret.empty()) out.headers.add("Idempotency-Key", asked.key);
    const std::string operation = hexadecimal(random_, 32);
    out.headers.add("Traceparent", "00-" + operation + "-" + hexadecimal(random_, 16) + "-00");
    around_.witness.expect(operation, ask.mover, revision_named(ask));
    asked.operations.push_back(operation);
    return out;
}

void Caller::attempt(Asked& asked) {
    ++asked.tries;
    ++tally_.tries;
    HttpCall call;
    call.request = request(asked);
    call.timeout = patience;
    around_.story.tell([&] {
        return asked.ask.who + " asks: " + asked.ask.method + " " + asked.ask.target + " " +
               asked.ask.body + (asked.tries > 1 ? " (again)" : "") + ", operation " +
               asked.operations.back();
    });
    client_.send(std::move(call), [this, &asked](const Result<HttpResponse, Failure>& response) {
        answered(asked, response);
    });
}

void Caller::answered(Asked& asked, const Result<HttpResponse, Failure>& response) {
    around_.story.tell([&] {
        return asked.ask.who + " hears: " +
               (response ? std::to_string(response->status) + " " + response->body.substr(0, 120)
                         : response.reason().what) +
               " to " + asked.ask.method + " " + asked.ask.target;
    });
    if (!response || response->status >= 500 || response->status == 429) return again(asked);
    asked.status = response->status;
    --waiting_;
    const bool taken = response->status / 100 == 2;
    ++(taken ? tally_.acknowledged : tally_.refused);
    if (!taken) around_.sometimes.reached(Rare::refused);
    if (response->status == 412) around_.sometimes.reached(Rare::revision_stale);
    if (response->headers.find("Idempotency-Replayed"))
        around_.sometimes.reached(Rare::key_replayed);
    check(asked);
    if (const Done done = std::exchange(asked.done, nullptr)) done(*response);
}

void Caller::again(Asked& asked) {
    if (asked.tries >= tries_most) {
        --waiting_;
        ++tally_.given_up;
        around_.sometimes.reached(Rare::gave_up);
        return;
    }
    const auto rest = static_cast<Duration::rep>(200 + random_.below(2'000));
    around_.loop.after(Duration(rest), [this, &asked] { attempt(asked); });
}

void Caller::check(const Asked& asked) const {
    if (asked.key.empty() || !asked.ask.secret.empty()) return;
    unsigned applied = 0;
    for (const std::string& operation : asked.operations)
        applied += around_.witness.applied(operation);
    if (asked.ask.whole && applied > 1)
        around_.story.broken(7, "one idempotency key took effect twice",
                             {asked.ask.target, asked.operations.front()});
    if (!asked.status || *asked.status / 100 != 2 || !asked.ask.whole) return;
    const Name answer{Name::Kind::answer, asked.ask.who, asked.key};
    if (around_.witness.answered(answer) != 1)
        around_.story.broken(7, "a command was acknowledged and is not on record",
                             {asked.ask.target, asked.operations.back()});
}

void Caller::look_back() const {
    for (const Asked& asked : all_) check(asked);
}

}  // namespace msp::simulation
