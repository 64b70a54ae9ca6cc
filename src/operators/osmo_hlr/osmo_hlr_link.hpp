// The connector for a mobile core of Osmocom: an OsmoHLR, and the OsmoSGSN that serves its
// subscribers (docs/operators/osmo-hlr.md).
//
// What the core can do is known, and stands here; the settings say only how long a request may live
// and whether somebody reports what staff change. One connection to each interface, and one to the
// terminal for each page of the list.
// Threads: the loop's. Loop and dialer outlive it; what is under way when it goes is answered
// `unknown`, later.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "operators/osmo_hlr/ctrl_client.hpp"
#include "operators/osmo_hlr/gsup_peer.hpp"
#include "operators/osmo_hlr/hlr_talk.hpp"
#include "operators/osmo_hlr/terminal.hpp"
#include "world/loop.hpp"
#include "world/stream.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace msp {

class OsmoHlrLink final : public OperatorLink {
public:
    // The name is this node's alone among the HLR's peers.
    OsmoHlrLink(const OperatorSettings&, Loop&, StreamDialer&, std::string our_name);
    ~OsmoHlrLink() override;
    OsmoHlrLink(const OsmoHlrLink&) = delete;
    OsmoHlrLink& operator=(const OsmoHlrLink&) = delete;

    const Capabilities& can() const override { return can_; }
    void carry_out(const Errand&, OutcomeDone) override;
    void poll(const Errand&, OutcomeDone) override;
    void ask(const Errand&, ReadingDone) override;
    void list(const std::string& after, std::size_t limit, ListDone) override;
    Result<OperatorEvent, EventFault> parse_event(const HttpRequest&) const override;

private:
    // One talk under way. `finish` tells what came of it.
    struct Run {
        std::string imsi;
        std::shared_ptr<HlrTalk> talk;
        std::function<void()> finish;
        Loop::TimerId deadline = 0;
        Loop::TimerId rest = 0;
    };
    using Number = std::uint64_t;

    void begin(const Errand&, std::shared_ptr<HlrTalk>, std::function<void()> finish);
    void go_on(Number);
    void look(Number);
    void end(Number);
    // The talk of a run that is still under way, to be told something.
    template <class Tell>
    void tell(Number, Tell);
    // What comes back later finds nobody, once the link is gone.
    template <class Act>
    auto while_alive(Act);
    void heard(const GsupMessage&);

    const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    Loop& loop_;
    Capabilities can_;
    Duration timeout_;
    HlrPlan plan_;
    std::optional<std::string> callback_key_;
    CtrlClient hlr_;
    std::optional<CtrlClient> sgsn_;
    std::optional<HlrTerminal> terminal_;
    GsupPeer gsup_;
    Number last_ = 0;
    std::map<Number, Run> runs_;
};

}  // namespace msp
