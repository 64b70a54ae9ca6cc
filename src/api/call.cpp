#include "api/call.hpp"

#include "api/trace.hpp"
#include "world/crypto.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace msp {

Call::Call(std::shared_ptr<Desk> desk, HttpRequest request, std::shared_ptr<HttpExchange> exchange)
    : desk_(std::move(desk)),
      request_(std::move(request)),
      exchange_(std::move(exchange)),
      trace_id_(trace_id_of(request_, desk_->parts.random)),
      begun_(desk_->parts.loop.monotonic()) {
    ++desk_->calls;
}

Call::~Call() {
    --desk_->calls;
}

void Call::found(RouteMatch match) {
    match_ = std::move(match);
    if (match_.route->of) rehearsal_ = std::make_unique<Rehearsal>(desk_->parts.reader);
}
void Call::asked(Query query) {
    query_ = std::move(query);
}
void Call::let_in(Caller caller) {
    caller_ = std::move(caller);
}
void Call::keyed(std::string idempotency_key) {
    idempotency_key_ = std::move(idempotency_key);
}

Origin Call::origin() const {
    return {.actor = {caller().party, caller().principal, {}},
            .cause = Cause::command,
            .operation = OperationId::of(trace_id_).value_or(OperationId()),
            .at = now()};
}

std::string fingerprint(const HttpRequest& request) {
    std::string bytes;
    bytes.reserve(request.target.size() + request.body.size() + 32);
    for (const std::string* part : {&request.method, &request.target})
        bytes.append(std::to_string(part->size())).append(":").append(*part);
    bytes += request.body;
    return std::string(bytes_of(sha256(bytes)));
}

std::optional<IdempotencyKey> Call::key(std::string_view part) const {
    if (idempotency_key_.empty()) return std::nullopt;
    std::string name = idempotency_key_;
    if (!part.empty())
        name = "part-" + hex(sha256(std::to_string(name.size()) + ":" + name + std::string(part)));
    if (fingerprint_.empty()) fingerprint_ = fingerprint(request_);
    return IdempotencyKey{caller().party, std::move(name), fingerprint_};
}

const std::string& Call::argument(std::string_view name) const {
    for (const auto& [its_name, value] : match_.arguments)
        if (its_name == name) return value;
    assert(false && "the row has no such parameter");
    std::abort();
}

Problem Call::bad_path(std::string_view name, const IdentityError& error) {
    Problem problem;
    problem.status = 400;
    problem.code = "invalid-path";
    problem.detail = "The path names something that is no " + std::string(name) + ".";
    problem.hint = error.hint;
    problem.errors.push_back(
        {"{" + std::string(name) + "}", std::string(error.code), error.sentence});
    return problem;
}

void Call::leave(HttpResponse response) {
    assert(exchange_);
    desk_->metrics.answered(match_.route, response.status, desk_->parts.loop.monotonic() - begun_);
    response.headers.add("Traceparent", traceparent(trace_id_, desk_->parts.random));
    if (replayed_) response.headers.add("Idempotency-Replayed", "true");
    std::exchange(exchange_, nullptr)->respond(std::move(response));
}

// What the change would have answered, and whether there would have been one. Nothing was made, so
// there is no place where it is.
static HttpResponse as_preview(HttpResponse of_change, bool would_change) {
    HttpResponse out;
    for (const HttpHeader& field : of_change.headers.all())
        if (field.name != "Location") out.headers.add(field.name, field.value);
    out.headers.set("Content-Type", "application/json");
    out.body = of_change.body.empty() ? "{}" : std::move(of_change.body);
    assert(out.body.starts_with('{') && out.body.ends_with('}'));  // its answer is an object
    out.body.pop_back();
    out.body.append(out.body.size() > 1 ? "," : "")
        .append(would_change ? R"("would_change":true})" : R"("would_change":false})");
    return out;
}

void Call::answer(HttpResponse response) {
    if (rehearsal_ && response.status < 300)
        response = as_preview(std::move(response), rehearsal_->would_change());
    leave(std::move(response));
}

void Call::refuse(Problem problem, const std::vector<HttpHeader>& headers) {
    problem.trace_id = trace_id_;
    if (problem.turned_away)
        problem.retry_after = std::max(problem.retry_after.value_or(Duration()),
                                       desk_->appointments.next(desk_->parts.loop.monotonic()));
    desk_->metrics.refused(problem.code);
    HttpResponse response =
        problem.status == 401 ? render_unauthenticated(problem, "Bearer") : render(problem);
    for (const HttpHeader& header : headers)
        if (!header.value.empty()) response.headers.add(header.name, header.value);
    leave(std::move(response));
}

void Call::fail(const Failure& failure) {
    if (failure.kind != Failure::Kind::overloaded)  // which is counted, and comes in thousands
        desk_->parts.log.error("call failed", {{"trace", trace_id_},
                                               {"method", match_.route->method},
                                               {"route", match_.route->path},
                                               {"what", failure.what}});
    refuse(problem_of(failure));
}

std::shared_ptr<HttpExchange> Call::hand_over() {
    return std::exchange(exchange_, nullptr);
}

Store& Call::store() const {
    if (rehearsal_) return *rehearsal_;
    return desk_->parts.store;
}

void Call::note_change() {
    if (rehearsal_) rehearsal_->note_change();
}

const std::optional<std::string>* Call::foreseen(const Name& name) const {
    return rehearsal_ ? rehearsal_->record(name) : nullptr;
}

void Call::submit(Command command, std::function<void(const Answer&)> then) {
    store().submit(std::move(command), [self = shared_from_this(), then = std::move(then)](
                                           const Result<Answer, Failure>& result) {
        if (!self->previews()) self->desk_->metrics.decided(result);
        if (!result) return self->fail(result.reason());
        self->note_replay(*result);
        then(*result);
    });
}

HttpResponse json_response(std::string body, int status) {
    HttpResponse out;
    out.status = status;
    out.headers.add("Content-Type", "application/json");
    out.headers.add("Cache-Control", "no-store");
    out.body = std::move(body);
    return out;
}

void answer_read(const CallPtr& call, std::function<Rendered(Archive&)> job) {
    read<Rendered>(call, std::move(job), [call](Rendered rendered) {
        if (!rendered) return call->refuse(rendered.reason());
        call->answer(std::move(rendered).value());
    });
}

}  // namespace msp
