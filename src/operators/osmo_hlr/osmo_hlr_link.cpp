#include "operators/osmo_hlr/osmo_hlr_link.hpp"

#include "operators/signed_report.hpp"

#include <utility>

namespace msp {

namespace {

constexpr std::size_t longest_hlr_reply = 16 * 1024;
constexpr std::size_t longest_list = 0xfffe;
constexpr std::size_t longest_print = 64 * 1024 * 1024;  // of a million subscribers
constexpr Duration kick_timeout{2'000};
constexpr Duration look_timeout{2'000};
constexpr std::uint16_t gsup_port = 4222;  // of every OsmoHLR

Capabilities capabilities(const OperatorSettings& settings) {
    const Capabilities& declared = settings.profile.can;
    const Capabilities out{.fences_by_generation = false,
                           .request_life = declared.request_life,
                           // One connection carries each request once: what was answered is over.
                           .ignores_repeated_reference = true,
                           .status_field = StatusField::overwritten_combined,
                           .tells_cause = false,
                           .notifies = declared.notifies,
                           .lists_in_bulk = !settings.core.vty.empty(),
                           .cuts_sessions = !settings.core.sgsn.empty()};
    return in_call_time(out, settings.profile.pace);
}

SocketAddress ctrl_of(const OperatorSettings& settings) {
    return *parse_socket_address(settings.base_url.substr(ctrl_scheme.size()));
}

SocketAddress gsup_of(const OperatorSettings& settings) {
    if (settings.core.gsup.empty()) return {ctrl_of(settings).host, gsup_port};
    return *parse_socket_address(settings.core.gsup);
}

}  // namespace

template <class Act>
auto OsmoHlrLink::while_alive(Act act) {
    return [act, still = std::weak_ptr(alive_)](const auto& news) {
        if (!still.expired()) act(news);
    };
}

OsmoHlrLink::OsmoHlrLink(const OperatorSettings& settings, Loop& loop, StreamDialer& dialer,
                         std::string our_name)
    : loop_(loop),
      can_(capabilities(settings)),
      timeout_(call_time(settings.profile.pace)),
      plan_{our_name, settings.core.circuit_switched, !settings.core.sgsn.empty()},
      callback_key_(callback_key(settings.callback_secret)),
      hlr_(loop, dialer, ctrl_of(settings), longest_hlr_reply),
      gsup_(loop, dialer, gsup_of(settings), std::move(our_name),
            while_alive([this](const GsupMessage& message) { heard(message); })) {
    if (const auto sgsn = parse_socket_address(settings.core.sgsn))
        sgsn_.emplace(loop, dialer, *sgsn, longest_list);
    if (const auto terminal = parse_socket_address(settings.core.vty))
        terminal_.emplace(loop, dialer, *terminal, longest_print);
}

OsmoHlrLink::~OsmoHlrLink() {
    for (auto& [number, run] : runs_) {
        loop_.cancel(run.deadline);
        loop_.cancel(run.rest);
        run.talk->give_up();
        loop_.post(std::move(run.finish));
    }
}

void OsmoHlrLink::carry_out(const Errand& errand, OutcomeDone done) {
    auto talk = std::make_shared<OrderTalk>(errand, plan_);
    auto finish = [talk, done = std::move(done)] { done(talk->outcome()); };
    begin(errand, talk, std::move(finish));
}

void OsmoHlrLink::poll(const Errand& errand, OutcomeDone done) {
    auto talk = std::make_shared<LookTalk>(errand, plan_);
    auto finish = [talk, order = errand.order, done = std::move(done)] {
        done(poll_of(order, talk->shown()));
    };
    begin(errand, talk, std::move(finish));
}

void OsmoHlrLink::ask(const Errand& errand, ReadingDone done) {
    auto talk = std::make_shared<LookTalk>(errand, plan_);
    auto finish = [talk, done = std::move(done)] { done(reading_of(talk->shown())); };
    begin(errand, talk, std::move(finish));
}

// The whole is printed for each page: so each page is as young as it can be.
void OsmoHlrLink::list(const std::string& after, std::size_t limit, ListDone done) {
    const auto cut = [after, limit,
                      done = std::move(done)](const Result<SubscriberList, Failure>& all) {
        if (!all) return done(all.reason());
        done(page_of(*all, after, limit));
    };
    if (terminal_) return terminal_->print(timeout_, cut);
    loop_.post([cut] { cut(Failure{Failure::Kind::malformed, "no-list"}); });
}

Result<OperatorEvent, EventFault> OsmoHlrLink::parse_event(const HttpRequest& request) const {
    return parse_signed_report(request, callback_key_, loop_.now());
}

void OsmoHlrLink::begin(const Errand& errand, std::shared_ptr<HlrTalk> talk,
                        std::function<void()> finish) {
    const Number number = ++last_;
    const auto deadline = loop_.after(timeout_, [this, number] {
        runs_.at(number).talk->give_up();
        end(number);
    });
    runs_[number] = {std::string(errand.subscription.imsi.text()), std::move(talk),
                     std::move(finish), deadline};
    go_on(number);
}

template <class Tell>
void OsmoHlrLink::tell(Number number, Tell what) {
    const auto run = runs_.find(number);
    if (run == runs_.end()) return;
    what(*run->second.talk);
    go_on(number);
}

void OsmoHlrLink::go_on(Number number) {
    const HlrMove move = runs_.at(number).talk->move();
    switch (move.kind) {
        case HlrMove::Kind::ask:
            return hlr_.ask(move.request, timeout_,
                            while_alive([this, number](const HlrAnswer& answer) {
                                tell(number, [&](HlrTalk& talk) { talk.answered(answer); });
                            }));
        case HlrMove::Kind::kick:
            return gsup_.send(move.message, kick_timeout, while_alive([this, number](bool left) {
                                  tell(number, [left](HlrTalk& talk) { talk.kicked(left); });
                              }));
        case HlrMove::Kind::look: return look(number);
        case HlrMove::Kind::rest:
            runs_.at(number).rest = loop_.after(
                move.pause, [this, number] { tell(number, [](HlrTalk& talk) { talk.rested(); }); });
            return;
        case HlrMove::Kind::over: return end(number);
    }
}

void OsmoHlrLink::look(Number number) {
    const CtrlRequest request{CtrlRequest::Verb::get, "subscriber-list-active-v1"};
    const auto take = [this, number](const HlrAnswer& answer) {
        const auto run = runs_.find(number);
        if (run == runs_.end()) return;
        const bool told = answer && answer->kind == CtrlReply::Kind::value;
        const Listed listed = told ? Listed(lists_session(answer->value, run->second.imsi))
                                   : Listed(Failure{Failure::Kind::unknown, "no-list"});
        tell(number, [&](HlrTalk& talk) { talk.looked(listed); });
    };
    sgsn_->ask(request, look_timeout, while_alive(take));
}

// Answers of serving nodes that come back nevertheless tell nothing that a look does not.
void OsmoHlrLink::heard(const GsupMessage& message) {
    if (message.type != GsupMessage::Type::routing_error) return;
    for (const auto& [number, run] : runs_)
        if (run.imsi == message.imsi) run.talk->unroutable();
}

void OsmoHlrLink::end(Number number) {
    const auto run = runs_.extract(number);
    loop_.cancel(run.mapped().deadline);
    loop_.cancel(run.mapped().rest);
    run.mapped().finish();
}

}  // namespace msp
