// What a mobile core sends: frames of CTRL and of GSUP, the list that its terminal prints.
#include "tests/fuzz/targets.hpp"

#include "operators/osmo_hlr/ctrl_message.hpp"
#include "operators/osmo_hlr/gsup_message.hpp"
#include "operators/osmo_hlr/ipa_frame.hpp"
#include "operators/osmo_hlr/subscriber_list.hpp"

#include <string>
#include <vector>

namespace msp::fuzz {

constexpr std::size_t longest = 4'096;

static std::vector<IpaFrame> frames_of(IpaCutter& cutter, std::string_view bytes) {
    cutter.take(bytes);
    std::vector<IpaFrame> out;
    while (auto frame = cutter.next()) out.push_back(*std::move(frame));
    return out;
}

// The frames, which are the same however the bytes are cut.
static std::vector<IpaFrame> cut_twice(std::string_view bytes) {
    if (bytes.empty()) return {};
    IpaCutter at_once(longest);
    IpaCutter piecewise(longest);
    const auto whole = frames_of(at_once, bytes.substr(1));
    std::vector<IpaFrame> pieces;
    in_pieces(bytes, [&](std::string_view piece) {
        for (IpaFrame& frame : frames_of(piecewise, piece)) pieces.push_back(std::move(frame));
    });
    assert(whole == pieces && at_once.too_long() == piecewise.too_long());
    return whole;
}

void take_core_answer(std::string_view bytes) {
    for (const IpaFrame& frame : cut_twice(bytes)) {
        const auto reply = decode_ctrl(frame.body);
        if (!reply) continue;
        assert(reply->id > 0);
        (void)decode_record(reply->value);
        (void)lists_session(reply->value, "262070000000001");
    }
}

// The list, which is the same however it is cut; its pages hold each row once.
void take_core_list(std::string_view bytes) {
    if (bytes.empty()) return;
    SubscriberListReader at_once(longest);
    SubscriberListReader piecewise(longest);
    at_once.take(bytes.substr(1));
    in_pieces(bytes, [&](std::string_view piece) { piecewise.take(piece); });
    assert(at_once.result().has_value() == piecewise.result().has_value());
    if (!at_once.result() || !*at_once.result()) return;
    const SubscriberList& list = at_once.result()->value();
    assert(list == piecewise.result()->value());
    assert(page_of(list, "", list.size()).entries.size() == list.size());
}

void take_core_message(std::string_view bytes) {
    for (const IpaFrame& frame : cut_twice(bytes)) {
        (void)answer_to_connection(frame, "MSP-1");
        const auto message = decode_gsup(frame.body);
        if (!message) continue;
        assert(!message->imsi.empty());
        const auto again = decode_gsup(encode(*message).substr(4));
        assert(again && *again == *message);
    }
}

}  // namespace msp::fuzz
