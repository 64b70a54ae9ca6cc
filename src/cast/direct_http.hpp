// An HttpClient whose other ends are functions in this process: for tests and simulations, where no
// socket is wanted and time is not the machine's.
//
// Law: as for HttpClient. A peer that drops a request leaves it `unknown` at once; one that never
// answers leaves it `unknown` when its time is over; an address that nobody listens on is
// `unreachable`. One that is swallowed is there, but nothing gets to it and no answer of its comes
// back: all that is under way is `unknown` when its time is over. Threads: the loop's only.
#pragma once

#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace msp {

// Takes a request, its target as a server sees it; answers once, later or never. Nothing: dropped.
using HttpRespond = std::function<void(std::optional<HttpResponse>)>;
using HttpPeerFunction = std::function<void(HttpRequest, HttpRespond)>;

class DirectHttp final : public HttpClient {
public:
    explicit DirectHttp(Loop& loop) : loop_(loop) {}

    // `origin` is scheme and authority: "http://operator.test".
    void listen(std::string origin, HttpPeerFunction peer) {
        peers_[std::move(origin)] = std::move(peer);
    }
    void close(const std::string& origin) { peers_.erase(origin); }

    // A network that takes what is sent and delivers nothing, until it is told otherwise.
    void swallow(const std::string& origin) { swallowed_.insert(origin); }
    void deliver(const std::string& origin) { swallowed_.erase(origin); }
    // Requests and answers together.
    std::uint64_t lost_on_the_way() const { return lost_on_the_way_; }

    void send(HttpCall call, Done done) override {
        const std::size_t path =
            std::min(call.request.target.find('/', 8), call.request.target.size());
        const std::string origin = call.request.target.substr(0, path);
        const auto peer = peers_.find(origin);
        const auto waiting = std::make_shared<Done>(std::move(done));
        if (peer == peers_.end()) {
            loop_.post([waiting] {
                tell(waiting, Failure{Failure::Kind::unreachable, "refused"});
            });
            return;
        }
        const Failure no_answer{Failure::Kind::unknown, "no answer"};
        const Loop::TimerId timer =
            loop_.after(call.timeout, [waiting, no_answer] { tell(waiting, no_answer); });
        if (lost(origin)) return;
        call.request.target.erase(0, path);
        const auto respond = [this, origin, waiting, timer, no_answer, limit = call.body_limit](
                                 const std::optional<HttpResponse>& response) {
            if (lost(origin)) return;
            loop_.cancel(timer);
            const bool whole = response && response->body.size() <= limit;
            loop_.post([waiting, no_answer, whole, response] {
                whole ? tell(waiting, *response) : tell(waiting, no_answer);
            });
        };
        loop_.post([function = peer->second, request = std::move(call.request), respond] {
            function(request, respond);
        });
    }

private:
    bool lost(const std::string& origin) {
        const bool is = swallowed_.contains(origin);
        if (is) ++lost_on_the_way_;
        return is;
    }

    static void tell(const std::shared_ptr<Done>& waiting, Result<HttpResponse, Failure> outcome) {
        if (const Done done = std::exchange(*waiting, nullptr)) done(std::move(outcome));
    }

    Loop& loop_;
    std::map<std::string, HttpPeerFunction> peers_;
    std::set<std::string> swallowed_;
    std::uint64_t lost_on_the_way_ = 0;
};

}  // namespace msp
