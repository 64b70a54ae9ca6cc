#include "simulation/wire.hpp"

#include <algorithm>

namespace msp::simulation {

using namespace std::chrono_literals;

static constexpr Duration usual_least{1};
static constexpr std::uint64_t usual_spread_ms = 20;

void Wire::listen(const std::string& host, Loop& loop, HttpPeerFunction serve) {
    served_.insert_or_assign(host, Served{&loop, std::move(serve)});
}

void Wire::spread(const std::string& name, std::vector<std::string> over) {
    spread_.insert_or_assign(name, std::move(over));
}

std::string Wire::resolve(const std::string& name) {
    const auto found = spread_.find(name);
    if (found == spread_.end()) return name;
    return found->second[random_.below(found->second.size())];
}

bool Wire::cut_off(const std::string& one, const std::string& other) const {
    return cuts_.contains({one, other}) || cuts_.contains({other, one});
}

Duration Wire::delay() {
    Duration out =
        usual_least + Duration(static_cast<Duration::rep>(random_.below(usual_spread_ms)));
    if (random_.unit() >= faults_.late) return out;
    ++tally_.late;
    const auto most = static_cast<std::uint64_t>(faults_.late_most.count());
    return out + Duration(static_cast<Duration::rep>(random_.below(most + 1)));
}

void Wire::carry(const std::string& from, const std::string& to, std::string_view words,
                 const std::function<void()>& arrive) {
    ++tally_.messages;
    if (watch_) watch_(from, to, words);
    if (cut_off(from, to)) {
        ++tally_.cut_off;
        return;
    }
    if (random_.unit() < faults_.lost) {
        ++tally_.lost;
        return;
    }
    const bool repeated = random_.unit() < faults_.repeated;
    schedule_.after(delay(), arrive);
    if (!repeated) return;
    ++tally_.repeated;
    const auto most = static_cast<std::uint64_t>(faults_.late_most.count());
    schedule_.after(delay() + Duration(static_cast<Duration::rep>(random_.below(most + 1))),
                    arrive);
}

// One who sent a request, until the answer came or nobody waits for it any more.
struct Wire::Waiting {
    std::uint64_t number = 0;
    WireClient* client = nullptr;  // null once nobody waits
    HttpClient::Done done;
    Loop::TimerId timer = 0;
    std::size_t body_limit = 0;
};

// Whether the caller still waits or not: the request takes effect where it arrives.
void Wire::arrive(const std::string& from, const std::string& to, const HttpRequest& request,
                  const WaitingPointer& waiting) {
    const auto server = served_.find(to);
    if (server == served_.end()) {
        ++tally_.refused;
        if (waiting->client)
            waiting->client->hear(waiting, Failure{Failure::Kind::unreachable, "refused"});
        return;
    }
    const auto respond = [this, from, to, waiting](const std::optional<HttpResponse>& response) {
        carry(to, from, response ? std::to_string(response->status) : "closed",
              [waiting, response] {
                  if (!waiting->client) return;
                  if (response && response->body.size() <= waiting->body_limit)
                      waiting->client->hear(waiting, *response);
                  else
                      waiting->client->hear(waiting,
                                            Failure{Failure::Kind::unknown, "no whole answer"});
              });
    };
    server->second.loop->post(
        [serve = server->second.serve, request, respond] { serve(request, respond); });
}

// ------------------------------------------------------------------------------------------ client

WireClient::~WireClient() {
    for (auto& [number, waiting] : waiting_) waiting->client = nullptr;
    for (auto& [number, waiting] : waiting_) waiting->done = {};
}

void WireClient::send(HttpCall call, Done done) {
    const std::string& target = call.request.target;
    const std::size_t begin = target.find("://") + 3;
    const std::size_t path = std::min(target.find('/', begin), target.size());
    const std::string to = wire_.resolve(target.substr(begin, path - begin));
    const auto waiting = std::make_shared<Wire::Waiting>(
        Wire::Waiting{++newest_, this, std::move(done), 0, call.body_limit});
    waiting_.emplace(waiting->number, waiting);
    waiting->timer = loop_.after(call.timeout, [this, waiting] {
        tell(waiting, Failure{Failure::Kind::unknown, "no answer"});
    });
    auto request = std::make_shared<HttpRequest>(std::move(call.request));
    request->target.erase(0, path);
    request->peer = host_ + ":1";
    wire_.carry(host_, to, request->method + " " + request->target,
                [&wire = wire_, from = host_, to, request, waiting] {
                    wire.arrive(from, to, *request, waiting);
                });
}

void WireClient::hear(const WaitingPointer& waiting, Result<HttpResponse, Failure> outcome) {
    loop_.post([this, waiting, outcome = std::move(outcome)] { tell(waiting, outcome); });
}

void WireClient::tell(const WaitingPointer& waiting, Result<HttpResponse, Failure> outcome) {
    if (!waiting_.erase(waiting->number)) return;
    waiting->client = nullptr;
    loop_.cancel(waiting->timer);
    if (const Done done = std::exchange(waiting->done, nullptr)) done(std::move(outcome));
}

}  // namespace msp::simulation
