// One request on its way to its answer: who asks, which row of the table, what was sent.
//
// Law: it is answered exactly once; every answer, refusals too, leaves through here, gets its trace
// and is counted. Whatever a caller sent stays out of the log. A shared_ptr keeps it until it is
// answered; dropped unanswered, its connection closes. Threads: the loop's only, so a job for the
// reader must not hold one.
#pragma once

#include "access/keys.hpp"
#include "access/problem.hpp"
#include "api/desk.hpp"
#include "api/rehearsal.hpp"
#include "api/route_matcher.hpp"
#include "api/target.hpp"
#include "domain/decision.hpp"
#include "store/archive.hpp"
#include "store/store.hpp"
#include "world/http_server.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

// SHA-256 over method, target and body: what tells one request from another.
std::string fingerprint(const HttpRequest&);

class Call : public std::enable_shared_from_this<Call> {
public:
    Call(std::shared_ptr<Desk>, HttpRequest, std::shared_ptr<HttpExchange>);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // What the steps before the handler find out, in this order.
    void found(RouteMatch);
    void asked(Query);
    void let_in(Caller);
    void keyed(std::string idempotency_key);

    Desk& desk() const { return *desk_; }
    const ApiParts& parts() const { return desk_->parts; }
    const HttpRequest& request() const { return request_; }
    const Route& route() const { return *match_.route; }
    const Query& query() const { return query_; }
    // Whether it only asks what a change would do (rehearsal.hpp).
    bool previews() const { return rehearsal_ != nullptr; }
    // Where its commands go, and nowhere else.
    Store& store() const;
    const std::string& trace_id() const { return trace_id_; }
    Time now() const { return desk_->parts.loop.now(); }

    // Requires: the call is a party's.
    const Caller& caller() const { return *caller_; }
    Origin origin() const;
    // With a part, of one of the commands that the call is made of.
    std::optional<IdempotencyKey> key(std::string_view part = {}) const;
    const std::string& key_name() const { return idempotency_key_; }  // empty: none was sent
    // Of a body that is too large to be digested on the loop.
    void fingerprinted(std::string fingerprint) { fingerprint_ = std::move(fingerprint); }

    const std::string& argument(std::string_view name) const;
    template <AnIdentifier Id>
    Result<Id, Problem> identifier(std::string_view name) const {
        return taken(name, Id::parse(argument(name)));
    }
    template <AnIdentifier Id>
    Result<Id, Problem> identifier(std::string_view name, CheckDigit policy) const {
        return taken(name, Id::parse(argument(name), policy));
    }

    // Of the following, one is called, once.
    void answer(HttpResponse);
    void refuse(Problem, const std::vector<HttpHeader>& headers = {});
    void refuse(const Refusal& refusal) { refuse(problem_of(refusal)); }
    void refuse(RefusalCode code) { refuse(Refusal{code, {}, {}}); }
    void fail(const Failure&);
    // For answers that others give, piece by piece.
    std::shared_ptr<HttpExchange> hand_over();
    HttpRequest take_request() { return std::move(request_); }

    // `then` runs unless the store failed, which is answered. A refusal is left to it.
    void submit(Command, std::function<void(const Answer&)> then);
    // For commands that others submit for the call, and for what it does elsewhere.
    void note_replay(const Answer& answer) { replayed_ = replayed_ || answer.replayed; }
    void note_change();
    // A record as a preview foresees it, for what is looked up after a change. Null: it is as it
    // stands.
    const std::optional<std::string>* foreseen(const Name&) const;

private:
    template <AnIdentifier Id>
    static Result<Id, Problem> taken(std::string_view name, const Result<Id, IdentityError>& id) {
        if (id) return *id;
        return bad_path(name, id.reason());
    }
    static Problem bad_path(std::string_view name, const IdentityError&);
    void leave(HttpResponse);

    const std::shared_ptr<Desk> desk_;  // a call may outlive the door that took it
    HttpRequest request_;
    std::shared_ptr<HttpExchange> exchange_;
    std::string trace_id_;
    Monotonic begun_;
    RouteMatch match_;
    Query query_;
    std::optional<Caller> caller_;
    std::unique_ptr<Rehearsal> rehearsal_;  // of a preview
    std::string idempotency_key_;
    mutable std::string fingerprint_;  // empty: not taken yet
    bool replayed_ = false;
};

// Runs `job` on the reader's thread and `then` with what it found on the loop; a failure is
// answered.
template <class Value>
void read(const CallPtr& call, std::function<Value(Archive&)> job,
          std::function<void(Value)> then) {
    auto found = std::make_shared<std::optional<Value>>();
    call->parts().reader.read(
        [found, job = std::move(job)](Archive& archive) { *found = job(archive); },
        [call, found, then = std::move(then)](const Result<Done, Failure>& done) {
            if (!done) return call->fail(done.reason());
            then(*std::move(*found));
        });
}

HttpResponse json_response(std::string body, int status = 200);

// An answer that was rendered where it was read; a refusal has not been.
using Rendered = Result<HttpResponse, Refusal>;
void answer_read(const CallPtr&, std::function<Rendered(Archive&)> job);

}  // namespace msp
