#include "operators/osmo_hlr/played_core_test.hpp"

#include <chrono>
#include <sstream>

namespace msp::sample {

using namespace std::chrono_literals;

namespace {

std::string framed(IpaProtocol protocol, std::string body) {
    return encode(IpaFrame{protocol, std::move(body)});
}

// The IMSI of "subscriber.by-imsi-<imsi>.<what>".
std::pair<std::string, std::string> taken_apart(const std::string& variable) {
    const std::string prefix = "subscriber.by-imsi-";
    if (!variable.starts_with(prefix)) return {"", variable};
    const std::size_t dot = variable.find('.', prefix.size());
    return {variable.substr(prefix.size(), dot - prefix.size()), variable.substr(dot + 1)};
}

}  // namespace

PlayedCore::PlayedCore(ManualLoop& loop, DirectStreams& streams) : loop_(loop), streams_(streams) {
    listen(true);
}

void PlayedCore::serve(const SocketAddress& where,
                       const std::function<void(const Peer&, const IpaFrame&)>& take) {
    streams_.listen(where, [this, where, take](const Peer& peer) {
        peers_.push_back(peer);
        auto cutter = std::make_shared<IpaCutter>(0xfffe);
        const std::weak_ptr<DirectPeer> weak = peer;
        peer->received = [cutter, weak, take](std::string_view bytes) {
            cutter->take(bytes);
            while (const auto frame = cutter->next())
                if (const auto still = weak.lock()) take(still, *frame);
        };
        if (where == gsup())
            peer->send(
                framed(IpaProtocol::connection, std::string("\x04\x01\x08\x01\x07\x01\x00", 7)));
    });
}

void PlayedCore::listen(bool open) {
    if (!open) {
        for (const SocketAddress& one : {ctrl(), gsup(), sgsn(), terminal()}) streams_.close(one);
        for (const Peer& peer : std::exchange(peers_, {})) peer->cut();
        return;
    }
    serve(ctrl(), [this](const Peer& peer, const IpaFrame& frame) { take_request(peer, frame); });
    serve(gsup(), [this](const Peer& peer, const IpaFrame& frame) { take_gsup(peer, frame); });
    serve_terminal();
    if (node_hides) return streams_.close(sgsn());
    serve(sgsn(), [this](const Peer& peer, const IpaFrame& frame) {
        std::istringstream words(frame.body);
        std::string verb, id, variable;
        words >> verb >> id >> variable;
        peer->send(framed(IpaProtocol::ctrl, "GET_REPLY " + id + " " + variable + " " + list()));
    });
}

void PlayedCore::set_packet(const std::string& imsi, const std::string& allowed) {
    Subscriber& one = subscribers.at(imsi);
    if (one.packet == allowed) return;
    one.packet = allowed;
    if (allowed == "0") ++one.bars;
    if (allowed == "1") ++one.activations;
    if (allowed == "1") one.session = one.known_to_node = true;
}

std::string PlayedCore::info(const std::string& imsi) const {
    const Subscriber& one = subscribers.at(imsi);
    const bool odd = trouble == Trouble::unknown_word;
    return "\nid\t1\nimsi\t" + imsi + "\nnam_cs\t" + one.circuit + "\nnam_ps\t" +
           (odd ? "perhaps" : one.packet) + (one.known_to_node ? "\nsgsn_number\t" + node() : "") +
           "\nms_purged_cs\t0\nlmsi\t00000000";
}

std::string PlayedCore::list() const {
    std::string out;
    for (const auto& [imsi, one] : subscribers)
        if (one.session) out += imsi + ",IPv4 10.45.0.2\n";
    return out;
}

std::string PlayedCore::reply_to(const std::string& id, const std::string& verb,
                                 const std::string& variable, const std::string& value) {
    const auto [imsi, what] = taken_apart(variable);
    const auto reply = [&](const std::string& said) {
        return verb + "_REPLY " + id + " " + variable + " " + said;
    };
    if (what == "subscriber.delete") {
        auto one = subscribers.extract(value);
        if (one.empty()) return "ERROR " + id + " Subscriber doesn't exist.";
        ++one.mapped().deletions;
        deleted.insert(std::move(one));
        return reply("1");
    }
    if (!subscribers.contains(imsi))
        return "ERROR " + id + (verb == "SET" ? " An error has occurred." : " No such subscriber.");
    if (verb == "GET") return reply(info(imsi));
    if (what == "ps-enabled") set_packet(imsi, value);
    if (what == "cs-enabled") subscribers.at(imsi).circuit = value;
    return reply("OK");
}

void PlayedCore::take_request(const Peer& peer, const IpaFrame& frame) {
    std::istringstream words(frame.body);
    std::string verb, id, variable, value;
    words >> verb >> id >> variable >> value;
    heard.push_back(verb + " " + variable + (value.empty() ? "" : " " + value));
    if (trouble == Trouble::loses_request) return;
    say(peer, reply_to(id, verb, variable, value), id);
}

void PlayedCore::say(const Peer& peer, std::string text, const std::string& id) {
    switch (trouble) {
        case Trouble::loses_answer: return;
        case Trouble::hangs:
            loop_.after(30s, [peer, text] { peer->send(framed(IpaProtocol::ctrl, text)); });
            return;
        case Trouble::breaks_down: text = "ERROR " + id + " An error has occurred."; break;
        case Trouble::malformed: text = "what do you mean"; break;
        case Trouble::truncated:
            peer->send(framed(IpaProtocol::ctrl, text).substr(0, 9));
            return peer->cut();
        case Trouble::oversized:
            peer->send(framed(IpaProtocol::ctrl, text + std::string(60'000, 'x')));
            return;
        case Trouble::none:
        case Trouble::accepts_first:
        case Trouble::loses_request:
        case Trouble::busy:
        case Trouble::unknown_word:
        case Trouble::down: break;
    }
    peer->send(framed(IpaProtocol::ctrl, text));
}

void PlayedCore::serve_terminal() {
    streams_.listen(terminal(), [this](const Peer& peer) {
        peers_.push_back(peer);
        auto line = std::make_shared<std::string>();
        const std::weak_ptr<DirectPeer> weak = peer;
        peer->received = [this, line, weak](std::string_view bytes) {
            for (const char one : bytes) {
                if (one != '\n') {
                    if (one != '\r') *line += one;
                } else if (const auto still = weak.lock()) {
                    type(still, std::exchange(*line, {}));
                }
            }
        };
        peer->send("Welcome to the OsmoHLR VTY interface\r\n\xff\xfb\x01\xff\xfd\x1fOsmoHLR> ");
    });
}

std::string PlayedCore::printed() const {
    std::string out =
        "ID     MSISDN        IMSI              IMEI              NAM\r\n"
        "-----  ------------  ----------------  ----------------  -----\r\n";
    unsigned id = 0;
    for (const auto& [imsi, one] : subscribers) {
        const std::string access =
            std::string(one.circuit == "1" ? "CS" : "  ") + (one.packet == "1" ? "PS" : "  ");
        out += std::to_string(++id) + "      none          " + imsi + "    -------------    " +
               (trouble == Trouble::unknown_word ? "ALL" : access) + "  \r\n";
    }
    if (id == 0) return out + "% No matching subscriber(s)\r\n";
    return out + " Subscribers Shown: " + std::to_string(id) + "\r\n";
}

void PlayedCore::type(const Peer& peer, std::string_view line) {
    std::string answer = std::string(line) + "\r\n";
    if (line == "show subscribers all") answer += printed();
    switch (trouble) {
        case Trouble::loses_request:
        case Trouble::loses_answer: return;
        case Trouble::hangs: loop_.after(30s, [peer, answer] { peer->send(answer); }); return;
        case Trouble::breaks_down: answer = "% Unknown command.\r\n"; break;
        case Trouble::malformed: answer += "ID MSISDN IMSI IMEI NAM\r\nwhat do you mean\r\n"; break;
        case Trouble::truncated:
            peer->send(answer.substr(0, answer.size() / 2));
            return peer->cut();
        case Trouble::oversized: answer = std::string(60'000, 'x'); break;
        case Trouble::none:
        case Trouble::accepts_first:
        case Trouble::busy:
        case Trouble::unknown_word:
        case Trouble::down: break;
    }
    peer->send(answer + "OsmoHLR> \r\nOsmoHLR> ");
}

void PlayedCore::take_gsup(const Peer& peer, const IpaFrame& frame) {
    if (frame.protocol == IpaProtocol::connection) {
        if (frame.body.starts_with('\x05')) peer_name = frame.body.c_str() + 4;
        return;
    }
    const auto message = decode_gsup(frame.body);
    if (!message || message->from != peer_name) return;
    if (node_is_away || message->to != node()) {
        GsupMessage error = *message;
        error.type = GsupMessage::Type::routing_error;
        std::swap(error.from, error.to);
        return peer->send(encode(error));
    }
    const bool ends = message->type == GsupMessage::Type::delete_data &&
                      message->domain == GsupMessage::Domain::packet;
    if (!ends) return;
    loop_.after(trouble == Trouble::accepts_first ? 3s : kick_takes, [this, imsi = message->imsi] {
        const auto one = subscribers.find(imsi);
        if (one != subscribers.end()) one->second.session = false;
    });
}

}  // namespace msp::sample
