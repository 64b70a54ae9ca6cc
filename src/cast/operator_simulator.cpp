#include "cast/operator_simulator.hpp"

#include "cast/operator_documents.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

namespace msp {

using Trouble = OperatorTongue::Trouble;

namespace {

constexpr std::size_t oversize = 9 * 1024 * 1024;  // more than a list takes, too
constexpr unsigned callback_tries = 4;
constexpr Duration callback_retry{5'000};

std::optional<OperatorBook::Deed> deed(std::string_view name) {
    using enum OperatorBook::Deed;
    for (const auto one : {suspend, resume, terminate, change, detach})
        if (word(one) == name) return one;
    return std::nullopt;
}

}  // namespace

// What goes wrong with one request; drawn when it arrives.
struct OperatorSimulator::Mishap {
    bool lost_before = false;
    bool error_before = false;
    bool too_many = false;
    bool unavailable = false;
    bool rejected = false;
    bool lost_after = false;
    bool error_after = false;
    bool hang = false;
    bool duplicated = false;

    bool stopped() const {
        return lost_before || error_before || too_many || unavailable || rejected;
    }
};

OperatorSimulator::OperatorSimulator(Loop& loop, HttpClient& http, std::uint64_t seed,
                                     const OperatorKnobs& knobs, OperatorFront front)
    : loop_(loop),
      http_(http),
      operator_(loop, seed, knobs),
      front_(std::move(front)),
      tongue_(make_tongue(front_)),
      self_(std::make_shared<OperatorSimulator*>(this)) {
    assert(tongue_);
    keep_kind();
    operator_.report_to([this](const OperatorReport& happened) { report(happened); });
}

void OperatorSimulator::handle(const HttpRequest& request, const HttpRespond& respond) {
    const ReadTarget target = read_target(request.target);
    if (target.path.empty()) return respond(error_response(404, "no-such-resource"));
    if (target.path[0] == "journal")
        return respond(journal_response(operator_.book(), number(target, "after", 0),
                                        number(target, "limit", 1'000)));
    if (target.path[0] == "control") return respond(direct(request, target));
    if (!tongue_->knows(request)) return respond(tongue_->trouble(Trouble::credentials));
    receive(request, respond);
}

// Some interfaces leave no choice.
void OperatorSimulator::keep_kind() {
    if (const auto kind = tongue_->kind()) operator_.knobs().kind = *kind;
    if (tongue_->accepts_first()) operator_.knobs().asynchronous = 1;
}

// A bucket of as many requests as it takes in a second, and one at the least.
bool OperatorSimulator::above_rate() {
    const double rate = operator_.knobs().per_second;
    if (rate <= 0) return false;
    const Monotonic now = loop_.monotonic();
    const double earned = std::chrono::duration<double>(now - filled_).count() * rate;
    bucket_ = std::min(bucket_ + earned, std::max(rate, 1.0));
    filled_ = now;
    if (bucket_ < 1) return true;
    bucket_ -= 1;
    return false;
}

void OperatorSimulator::receive(const HttpRequest& request, const HttpRespond& respond) {
    keep_kind();
    const OperatorKnobs& knobs = operator_.knobs();
    const bool order = tongue_->is_order(request);
    const Mishap mishap{.lost_before = chance(knobs.lost_before),
                        .error_before = chance(knobs.error_before),
                        .too_many = chance(knobs.too_many) || above_rate(),
                        .unavailable = chance(knobs.unavailable),
                        .rejected = knobs.rejected > 0 && chance(knobs.rejected),
                        .lost_after = chance(knobs.lost_after),
                        .error_after = chance(knobs.error_after),
                        .hang = chance(knobs.hang),
                        .duplicated = order && chance(knobs.duplicated)};
    ++operator_.counts()[order ? "order" : "read"];
    const Time latest = loop_.now() + knobs.life;
    const Duration delay =
        std::min(operator_.drawn(knobs.latency_median, knobs.latency_p99), knobs.life);
    const Duration rest = knobs.life - delay;
    loop_.after(delay, [self = std::weak_ptr(self_), request, respond, latest, mishap, rest] {
        const auto still = self.lock();
        if (!still) return;
        OperatorSimulator& simulator = **still;
        simulator.serve(request, respond, latest, mishap);
        if (mishap.duplicated && !mishap.stopped()) simulator.repeat(request, latest, rest);
    });
}

void OperatorSimulator::serve(const HttpRequest& request, const HttpRespond& respond, Time latest,
                              const Mishap& mishap) {
    for (const auto& [happens, what] : {std::pair{mishap.lost_before, "lost before"},
                                        {mishap.rejected, "rejected"},
                                        {mishap.too_many, "too many"},
                                        {mishap.unavailable, "maintenance"},
                                        {mishap.hang, "hang"}})
        if (happens) ++operator_.counts()[what];
    if (mishap.lost_before) return respond(std::nullopt);
    if (mishap.error_before) return respond(tongue_->trouble(Trouble::internal));
    if (mishap.rejected) return respond(tongue_->trouble(Trouble::credentials));
    if (mishap.too_many) return respond(tongue_->trouble(Trouble::too_many));
    if (mishap.unavailable) return respond(tongue_->trouble(Trouble::maintenance));
    const HttpResponse response = garble(answer(request, latest));
    if (mishap.lost_after) {
        ++operator_.counts()["answer lost"];
        return respond(std::nullopt);
    }
    if (mishap.error_after) return respond(tongue_->trouble(Trouble::internal));
    if (!mishap.hang) return respond(response);
    loop_.after(operator_.knobs().hang_for, [respond, response] { respond(response); });
}

// A copy of the request comes once more, whose answer nobody waits for.
void OperatorSimulator::repeat(const HttpRequest& request, Time latest, Duration rest) {
    const auto most = static_cast<std::uint64_t>(std::max<Duration::rep>(rest.count(), 0));
    const auto later = static_cast<Duration::rep>(operator_.random().below(most + 1));
    ++operator_.counts()["order repeated"];
    loop_.after(Duration(later), [self = std::weak_ptr(self_), request, latest] {
        if (const auto still = self.lock()) (*still)->answer(request, latest);
    });
}

HttpResponse OperatorSimulator::answer(const HttpRequest& request, Time latest) {
    auto said = tongue_->answer(operator_, request, read_target(request.target), latest);
    if (said.order) ++operator_.counts()["order " + std::string(word(*said.order))];
    return std::move(said.response);
}

HttpResponse OperatorSimulator::garble(HttpResponse response) {
    const OperatorKnobs& knobs = operator_.knobs();
    const bool malformed = chance(knobs.malformed);
    const bool truncated = chance(knobs.truncated);
    const bool oversized = chance(knobs.oversized);
    if (malformed) response.body = "<html><body>It works!</body></html>";
    if (truncated) response.body.resize(response.body.size() / 2);
    if (oversized) response.body.append(oversize, ' ');
    if (malformed || truncated || oversized) ++operator_.counts()["garbled"];
    return response;
}

// The door for whoever directs the play.
HttpResponse OperatorSimulator::direct(const HttpRequest& request, const ReadTarget& target) {
    const std::string what = target.path.size() > 1 ? target.path[1] : "";
    const auto texts = read_texts(request.body.empty() ? "{}" : request.body);
    if (!texts) return error_response(400, "not-an-object-of-texts");
    if (what == "counts") {
        std::vector<std::pair<std::string_view, std::string>> out;
        for (const auto& [name, count] : operator_.counts())
            out.emplace_back(name, std::to_string(count));
        return json_response(200, write_texts(out));
    }
    if (what == "knobs") {
        OperatorKnobs turned = operator_.knobs();
        for (const auto& [name, value] : *texts)
            if (const auto set = set_knob(turned, name, value); !set)
                return error_response(400, set.reason().what);
        operator_.knobs() = turned;
        keep_kind();
        return json_response(200, write_texts(knob_values(operator_.knobs())));
    }
    if (what == "snapshot") operator_.snapshot();
    if (what == "snapshot") return json_response(200, "{}");
    if (what == "restore")
        return operator_.restore() ? json_response(200, "{}") : error_response(409, "no-snapshot");
    const auto asked = deed(what);
    if (!asked) return error_response(404, "no-such-control");
    const auto text = [&texts](const char* name) {
        const auto found = texts->find(name);
        return found == texts->end() ? std::string() : found->second;
    };
    return operator_.act(text("subscription"), *asked, text("cause"))
               ? json_response(200, "{}")
               : error_response(409, "not-now");
}

void OperatorSimulator::report(const OperatorReport& happened) {
    const OperatorKnobs& knobs = operator_.knobs();
    if (front_.callback_url.empty() || !tongue_->report(happened, loop_.now())) return;
    ++operator_.counts()["report"];
    if (chance(knobs.callback_lost)) {
        ++operator_.counts()["report lost"];
        return;
    }
    const int copies = chance(knobs.callback_duplicated) ? 2 : 1;
    if (copies > 1) ++operator_.counts()["report repeated"];
    const auto most = static_cast<std::uint64_t>(knobs.callback_delay_most.count());
    if (most > 0) ++operator_.counts()["report late"];
    for (int i = 0; i < copies; ++i) {
        const auto later = static_cast<Duration::rep>(operator_.random().below(most + 1));
        loop_.after(Duration(later), [self = std::weak_ptr(self_), happened] {
            if (const auto still = self.lock()) (*still)->send(happened, callback_tries);
        });
    }
}

void OperatorSimulator::send(const OperatorReport& happened, unsigned tries) {
    auto request = tongue_->report(happened, loop_.now());
    if (!request) return;
    HttpCall call;
    call.request = std::move(*request);
    http_.send(std::move(call), [self = std::weak_ptr(self_), happened,
                                 tries](const Result<HttpResponse, Failure>& response) {
        const auto still = self.lock();
        if (!still) return;
        OperatorSimulator& simulator = **still;
        const bool taken = response && response->status / 100 == 2;
        ++simulator.operator_.counts()[taken ? "report taken" : "report not taken"];
        if (taken || tries <= 1) return;
        simulator.loop_.after(callback_retry, [self, happened, tries] {
            if (const auto later = self.lock()) (*later)->send(happened, tries - 1);
        });
    });
}

}  // namespace msp
