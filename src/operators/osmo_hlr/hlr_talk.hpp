// What is said to an HLR for one errand, step by step, as values fed with answers: no socket, no
// clock.
//
//   activate       write ── read back ── done
//   de-activate    write ── read back ── kick ── look ─┬─ gone: done
//                                                ▲     │ listed
//                                              rest ◄──┘ ... for about a second, then accepted
//   reclaim        as de-activate, and only when the session is gone: delete ── done
//
// Law: done means that the HLR shows it and, where sessions can be seen, that the serving node
// lists none of the IMSI any more. The packet domain is written last, and it alone is the state: an
// order that was cut short is plainly not done. `busy`: everything sent was answered, so nothing of
// it can land later; the whole is to be done again. What the HLR does not know is reclaimed.
// Pure; no threads. Source: docs/operators/osmo-hlr.md.
#pragma once

#include "domain/failure.hpp"
#include "domain/protocol.hpp"
#include "domain/result.hpp"
#include "operators/osmo_hlr/ctrl_message.hpp"
#include "operators/osmo_hlr/gsup_message.hpp"

#include <optional>
#include <string>

namespace msp {

struct HlrPlan {
    std::string our_name;           // as a peer of the HLR
    bool circuit_switched = false;  // whether to activate is to allow circuit-switched service too
    bool sees_sessions = false;     // whether the serving node can be asked
};

// What is to be done next.
struct HlrMove {
    enum class Kind : unsigned char { ask, kick, look, rest, over };
    Kind kind = Kind::over;
    CtrlRequest request{};  // ask
    GsupMessage message{};  // kick
    Duration pause{};       // rest
};

using HlrAnswer = Result<CtrlReply, Failure>;
using Listed = Result<bool, Failure>;  // whether the serving node lists the IMSI

// What the talks have in common: a move, and exactly one answer to it.
class HlrTalk {
public:
    virtual ~HlrTalk() = default;
    virtual HlrMove move() const = 0;
    virtual void answered(const HlrAnswer&) = 0;
    virtual void kicked(bool left) = 0;
    virtual void looked(const Listed&) = 0;
    virtual void rested() = 0;
    // At any time: the HLR could not carry a kick on.
    virtual void unroutable() = 0;
    // Nobody waits any longer: whatever was sent may have arrived.
    virtual void give_up() = 0;
};

class OrderTalk final : public HlrTalk {
public:
    OrderTalk(const Errand&, HlrPlan);

    HlrMove move() const override;
    void answered(const HlrAnswer&) override;
    void kicked(bool left) override;
    void looked(const Listed&) override;
    void rested() override { stage_ = Stage::look; }
    void unroutable() override { kick_arrives_ = false; }
    void give_up() override;

    // Requires: the move is `over`.
    const Outcome& outcome() const { return outcome_; }

private:
    enum class Stage : unsigned char {
        write_circuit,
        write_packet,
        explain,
        read_back,
        kick_packet,
        kick_circuit,
        look,
        rest,
        erase,
        over,
    };

    void take_written(const CtrlReply&);
    void take_explanation(const CtrlReply&);
    void take_record(const CtrlReply&);
    void take_erased(const CtrlReply&);
    void absent();
    void kicked_all();
    void gone();
    void end(Outcome::Kind, std::string reason = {});
    bool activates() const { return order_ == Order::activate; }

    std::string imsi_;
    Order order_;
    HlrPlan plan_;
    HlrRecord record_;
    Stage stage_ = Stage::write_circuit;
    bool written_ = false;       // something may have left
    bool kick_arrives_ = false;  // as far as is known
    unsigned looks_ = 0;
    Outcome outcome_;
};

// How a subscriber stands: at the HLR, and at the serving node.
struct HlrShown {
    std::optional<HlrRecord> record;  // nothing: the HLR does not know the IMSI
    std::optional<bool> session;      // nothing: not seen
};

class LookTalk final : public HlrTalk {
public:
    LookTalk(const Errand&, const HlrPlan&);

    HlrMove move() const override;
    void answered(const HlrAnswer&) override;
    void kicked(bool) override {}
    void looked(const Listed&) override;
    void rested() override {}
    void unroutable() override {}
    void give_up() override;

    const Result<HlrShown, Failure>& shown() const { return shown_; }

private:
    enum class Stage : unsigned char { record, look, over };

    std::string imsi_;
    bool sees_sessions_;
    Stage stage_ = Stage::record;
    Result<HlrShown, Failure> shown_;
};

Result<Reading, Failure> reading_of(const Result<HlrShown, Failure>&);
// What became of an accepted order. Only a de-activation is ever accepted.
Outcome poll_of(Order, const Result<HlrShown, Failure>&);

}  // namespace msp
