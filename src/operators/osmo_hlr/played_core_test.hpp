// For tests: OsmoHLR and OsmoSGSN as far as the connector sees them, in simulated time. Written
// from recorded bytes; tests/core holds the connector against the real ones.
#pragma once

#include "cast/direct_streams.hpp"
#include "operators/operator_link_contract.hpp"
#include "operators/osmo_hlr/ctrl_message.hpp"
#include "operators/osmo_hlr/gsup_message.hpp"
#include "world/manual_loop.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace msp::sample {

class PlayedCore {
public:
    struct Subscriber {
        std::string packet = "0";
        std::string circuit = "0";
        bool session = false;  // a device that attaches as soon as it may
        bool known_to_node = false;
        unsigned activations = 0;
        unsigned bars = 0;
        unsigned deletions = 0;
    };
    using Trouble = LinkOnTrial::Trouble;

    PlayedCore(ManualLoop&, DirectStreams&);

    void listen(bool);
    void set_packet(const std::string& imsi, const std::string& allowed);

    static SocketAddress ctrl() { return {"127.0.0.1", 4259}; }
    static SocketAddress gsup() { return {"127.0.0.1", 4222}; }
    static SocketAddress sgsn() { return {"127.0.0.1", 4251}; }
    static SocketAddress terminal() { return {"127.0.0.1", 4258}; }
    static std::string node() { return "SGSN-00-00-00-00-00-00"; }

    std::map<std::string, Subscriber> subscribers;
    std::map<std::string, Subscriber> deleted;
    Trouble trouble = Trouble::none;
    Duration kick_takes{5};
    bool node_is_away = false;       // from the HLR: what goes to it comes back as an error
    bool node_hides = false;         // nobody serves its CTRL
    std::vector<std::string> heard;  // what the HLR was asked
    std::string peer_name;

private:
    using Peer = std::shared_ptr<DirectPeer>;

    void serve(const SocketAddress&, const std::function<void(const Peer&, const IpaFrame&)>&);
    void take_request(const Peer&, const IpaFrame&);
    std::string reply_to(const std::string& id, const std::string& verb,
                         const std::string& variable, const std::string& value);
    void take_gsup(const Peer&, const IpaFrame&);
    std::string info(const std::string& imsi) const;
    std::string list() const;
    void serve_terminal();
    void type(const Peer&, std::string_view line);
    std::string printed() const;
    void say(const Peer&, std::string text, const std::string& id);

    ManualLoop& loop_;
    DirectStreams& streams_;
    std::vector<Peer> peers_;
};

}  // namespace msp::sample
