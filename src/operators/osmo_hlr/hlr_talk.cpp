#include "operators/osmo_hlr/hlr_talk.hpp"

#include "operators/answer_document.hpp"

#include <utility>

namespace msp {

namespace {

using Verb = CtrlRequest::Verb;
using Kind = HlrMove::Kind;

constexpr std::string_view ambiguous = "An error has occurred.";
constexpr std::string_view nobody = "No such subscriber.";
constexpr std::string_view nobody_to_delete = "Subscriber doesn't exist.";
constexpr std::string_view not_in_force = "not-in-force";
constexpr unsigned looks_most = 7;
constexpr Duration first_rest{20};  // doubled each time: 1.3 s in all
constexpr std::size_t words_most = 120;

std::string by_imsi(const std::string& imsi, std::string_view what) {
    return "subscriber.by-imsi-" + imsi + "." + std::string(what);
}

CtrlRequest info(const std::string& imsi) {
    return {Verb::get, by_imsi(imsi, "info")};
}

std::string words(std::string_view code, const CtrlReply& reply) {
    return std::string(code) + ": " + words_of(reply.value, words_most);
}

HlrMove ask(CtrlRequest request) {
    return {.kind = Kind::ask, .request = std::move(request)};
}

}  // namespace

// ------------------------------------------------------------------------------------------ orders

OrderTalk::OrderTalk(const Errand& errand, HlrPlan plan)
    : imsi_(errand.subscription.imsi.text()), order_(errand.order), plan_(std::move(plan)) {
    if (activates() && !plan_.circuit_switched) stage_ = Stage::write_packet;
}

HlrMove OrderTalk::move() const {
    const std::string allowed = activates() ? "1" : "0";
    switch (stage_) {
        case Stage::write_circuit: return ask({Verb::set, by_imsi(imsi_, "cs-enabled"), allowed});
        case Stage::write_packet: return ask({Verb::set, by_imsi(imsi_, "ps-enabled"), allowed});
        case Stage::explain:
        case Stage::read_back: return ask(info(imsi_));
        case Stage::kick_packet:
            return {.kind = Kind::kick,
                    .message = end_packet_session(imsi_, plan_.our_name, record_.sgsn)};
        case Stage::kick_circuit:
            return {.kind = Kind::kick,
                    .message = withdraw_circuit(imsi_, plan_.our_name, record_.vlr)};
        case Stage::look: return {.kind = Kind::look};
        case Stage::rest: return {.kind = Kind::rest, .pause = first_rest * (1 << (looks_ - 1))};
        case Stage::erase: return ask({Verb::set, "subscriber.delete", imsi_});
        case Stage::over: break;
    }
    return {};
}

void OrderTalk::answered(const HlrAnswer& answer) {
    if (!answer) {
        const Failure& why = answer.reason();
        const bool nothing_left = why.kind == Failure::Kind::unreachable && !written_;
        return end(nothing_left ? Outcome::Kind::not_sent : Outcome::Kind::unknown, why.what);
    }
    written_ = true;
    switch (stage_) {
        case Stage::write_circuit:
        case Stage::write_packet: return take_written(*answer);
        case Stage::explain: return take_explanation(*answer);
        case Stage::read_back: return take_record(*answer);
        case Stage::erase: return take_erased(*answer);
        case Stage::kick_packet:
        case Stage::kick_circuit:
        case Stage::look:
        case Stage::rest:
        case Stage::over: break;
    }
}

void OrderTalk::take_written(const CtrlReply& reply) {
    if (reply.kind == CtrlReply::Kind::error) {
        if (reply.value == nobody) return absent();
        if (reply.value != ambiguous) return end(Outcome::Kind::refused, words("refused", reply));
        stage_ = Stage::explain;
        return;
    }
    if (reply.value != "OK") return end(Outcome::Kind::unknown, "malformed-answer");
    stage_ = stage_ == Stage::write_circuit ? Stage::write_packet : Stage::read_back;
}

void OrderTalk::take_explanation(const CtrlReply& reply) {
    if (reply.kind == CtrlReply::Kind::error && reply.value == nobody) return absent();
    end(Outcome::Kind::unknown, "hlr-error");
}

void OrderTalk::take_record(const CtrlReply& reply) {
    if (reply.kind == CtrlReply::Kind::error) return take_explanation(reply);
    record_ = decode_record(reply.value);
    const std::string_view allowed = activates() ? "1" : "0";
    const bool circuit_counts = plan_.circuit_switched || !activates();
    if (record_.packet_allowed != allowed || (circuit_counts && record_.circuit_allowed != allowed))
        return end(Outcome::Kind::unknown, std::string(not_in_force));
    if (activates()) return end(Outcome::Kind::done);
    if (!record_.sgsn.empty())
        stage_ = Stage::kick_packet;
    else if (!record_.vlr.empty())
        stage_ = Stage::kick_circuit;
    else
        kicked_all();
}

void OrderTalk::kicked(bool left) {
    if (stage_ == Stage::kick_packet) {
        kick_arrives_ = left;
        if (!record_.vlr.empty()) {
            stage_ = Stage::kick_circuit;
            return;
        }
    }
    kicked_all();
}

void OrderTalk::kicked_all() {
    if (!plan_.sees_sessions) return gone();
    stage_ = Stage::look;
}

void OrderTalk::looked(const Listed& listed) {
    if (!listed) return end(Outcome::Kind::busy, "sessions-not-seen");
    if (!*listed) return gone();
    if (!kick_arrives_) return end(Outcome::Kind::busy, "serving-node-away");
    stage_ = Stage::rest;
    if (++looks_ < looks_most) return;
    if (order_ == Order::reclaim) return end(Outcome::Kind::busy, "session-still-up");
    end(Outcome::Kind::accepted, "session-still-up");
}

void OrderTalk::gone() {
    if (order_ == Order::de_activate) return end(Outcome::Kind::done);
    stage_ = Stage::erase;
}

void OrderTalk::take_erased(const CtrlReply& reply) {
    const bool error = reply.kind == CtrlReply::Kind::error;
    if (error && reply.value != nobody_to_delete)
        return end(Outcome::Kind::unknown, words("hlr-error", reply));
    end(Outcome::Kind::done);
}

void OrderTalk::absent() {
    if (order_ == Order::reclaim) return end(Outcome::Kind::done);
    end(Outcome::Kind::refused, "no-such-subscription");
}

void OrderTalk::give_up() {
    if (stage_ != Stage::over) end(Outcome::Kind::unknown, "no-answer");
}

void OrderTalk::end(Outcome::Kind kind, std::string reason) {
    stage_ = Stage::over;
    outcome_ = {kind, std::move(reason), std::nullopt};
}

// ------------------------------------------------------------------------------- reads and polls

LookTalk::LookTalk(const Errand& errand, const HlrPlan& plan)
    : imsi_(errand.subscription.imsi.text()),
      sees_sessions_(plan.sees_sessions),
      shown_(Failure{Failure::Kind::unknown, "no-answer"}) {}

HlrMove LookTalk::move() const {
    if (stage_ == Stage::record) return ask(info(imsi_));
    return {.kind = stage_ == Stage::look ? Kind::look : Kind::over};
}

void LookTalk::answered(const HlrAnswer& answer) {
    stage_ = Stage::over;
    if (!answer) {
        shown_ = answer.reason();
        return;
    }
    const bool error = answer->kind == CtrlReply::Kind::error;
    if (error && answer->value != nobody) {
        shown_ = Failure{Failure::Kind::unknown, "hlr-error"};
        return;
    }
    shown_ = HlrShown{};
    if (!error) shown_ = HlrShown{decode_record(answer->value), std::nullopt};
    if (sees_sessions_) stage_ = Stage::look;
}

void LookTalk::looked(const Listed& listed) {
    stage_ = Stage::over;
    if (listed) shown_ = HlrShown{shown_->record, *listed};
}

void LookTalk::give_up() {
    stage_ = Stage::over;
}

Result<Reading, Failure> reading_of(const Result<HlrShown, Failure>& shown) {
    if (!shown) return shown.reason();
    Reading out;
    out.session = shown->session;
    if (!shown->record) {
        out.state = NetworkState::reclaimed;
        out.native = "absent";
        return out;
    }
    const HlrRecord& record = *shown->record;
    if (record.packet_allowed == "1") out.state = NetworkState::active;
    if (record.packet_allowed == "0") out.state = NetworkState::de_active;
    const std::string native =
        "ps " + words_of(record.packet_allowed, 8) + " cs " + words_of(record.circuit_allowed, 8);
    out.native = *Text<32>::of(native);
    return out;
}

Outcome poll_of(Order order, const Result<HlrShown, Failure>& shown) {
    if (!shown) return {Outcome::Kind::accepted, {}, std::nullopt};
    const bool barred = shown->record && shown->record->packet_allowed == "0";
    if (order != Order::de_activate || !barred)
        return {Outcome::Kind::unknown, "not-ours", std::nullopt};
    const bool gone = shown->session == false;
    return {gone ? Outcome::Kind::done : Outcome::Kind::accepted, {}, std::nullopt};
}

}  // namespace msp
