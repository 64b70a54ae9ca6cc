// The door of programs and people: every request that is not refused for its framing comes here.
//
//   row of the table ─► query ─► who asks ─► may they ─► body ─► the row's handler
//      404 405 400        400     401 429      403       400 413      …
//
// Law: deny by default: what has no row does not exist, and a row says who may. Bad input is
// refused with code, sentence and hint; never a crash, never half a change. What another party has
// cannot be told from what does not exist.
// Threads: the loop's only. Its parts outlive it. A call that still waits for the store at its end
// is not answered any more.
#pragma once

#include "api/desk.hpp"
#include "world/http_server.hpp"

#include <memory>

namespace msp {

class RouteMatcher;

class Api {
public:
    Api(const ApiParts&, const ApiOptions&);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    void handle(HttpRequest, std::shared_ptr<HttpExchange>);

    // From now on /readyz says no, so that whoever spreads requests goes elsewhere.
    void drain() { desk_->draining = true; }

    // Registrations of batches that were interrupted when the process before ended are taken back.
    // Call once at start, before requests come; `done` runs once none is left, or what failed.
    void withdraw_incomplete_batches(std::function<void(Result<Done, Failure>)> done);

private:
    std::shared_ptr<Desk> desk_;  // shared with the calls, which may outlive it
    std::unique_ptr<RouteMatcher> matcher_;
};

}  // namespace msp
