#include "operators/osmo_hlr/gsup_message.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <utility>

namespace msp {

namespace {

constexpr char imsi_tag = 0x01;
constexpr char cause_tag = 0x02;
constexpr char cancel_type_tag = 0x06;
constexpr char domain_tag = 0x28;
constexpr char source_tag = 0x60;
constexpr char destination_tag = 0x61;
constexpr char withdrawn = 0x01;

constexpr char ping = 0x00;
constexpr char pong = 0x01;
constexpr char identity_get = 0x04;
constexpr char identity_response = 0x05;

std::string element(char tag, std::string_view value) {
    assert(value.size() <= 255);
    return std::string{tag, static_cast<char>(value.size())} + std::string(value);
}

std::string named(char tag, const std::string& name) {
    return name.empty() ? "" : element(tag, name + '\0');
}

std::string swapped_digits(std::string_view digits) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int low = digits[i] - '0';
        const int high = i + 1 < digits.size() ? digits[i + 1] - '0' : 0xf;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

std::optional<std::string> digits_of(std::string_view swapped) {
    std::string out;
    for (std::size_t i = 0; i < swapped.size(); ++i) {
        const auto pair = static_cast<unsigned char>(swapped[i]);
        const bool odd_end = i + 1 == swapped.size() && pair >> 4 == 0xf;
        if ((pair & 0xf) > 9 || (pair >> 4 > 9 && !odd_end)) return std::nullopt;
        out += static_cast<char>('0' + (pair & 0xf));
        if (!odd_end) out += static_cast<char>('0' + (pair >> 4));
    }
    return out;
}

std::string name_of(std::string_view value) {
    return std::string(value.substr(0, value.find('\0')));
}

// False: the value is not what its tag promises. A tag without a meaning here is let go.
bool take_element(GsupMessage& out, char tag, std::string_view value) {
    if (tag == source_tag) out.from = name_of(value);
    if (tag == destination_tag) out.to = name_of(value);
    if (tag == imsi_tag) {
        const auto digits = digits_of(value);
        if (digits) out.imsi = *digits;
        return digits && !digits->empty();
    }
    if (tag == cause_tag) {
        if (value.size() != 1) return false;
        out.cause = static_cast<unsigned char>(value[0]);
    }
    if (tag == domain_tag) {
        if (value.size() != 1 || value[0] < 1 || value[0] > 2) return false;
        out.domain = static_cast<GsupMessage::Domain>(value[0]);
    }
    return true;
}

GsupMessage kick(GsupMessage::Type type, GsupMessage::Domain domain, std::string_view imsi,
                 std::string from, std::string to) {
    return {.type = type,
            .imsi = std::string(imsi),
            .domain = domain,
            .cause = {},
            .from = std::move(from),
            .to = std::move(to)};
}

struct Item {
    char tag;
    std::string_view value;
};

}  // namespace

GsupMessage end_packet_session(std::string_view imsi, std::string from, std::string to) {
    return kick(GsupMessage::Type::delete_data, GsupMessage::Domain::packet, imsi, std::move(from),
                std::move(to));
}

GsupMessage withdraw_circuit(std::string_view imsi, std::string from, std::string to) {
    return kick(GsupMessage::Type::location_cancel, GsupMessage::Domain::circuit, imsi,
                std::move(from), std::move(to));
}

std::string encode(const GsupMessage& message) {
    std::string body{static_cast<char>(message.type)};
    body += element(imsi_tag, swapped_digits(message.imsi));
    if (message.cause)
        body += element(cause_tag, {reinterpret_cast<const char*>(&*message.cause), 1});
    if (message.type == GsupMessage::Type::location_cancel)
        body += element(cancel_type_tag, {&withdrawn, 1});
    if (message.domain) {
        const char domain = static_cast<char>(*message.domain);
        body += element(domain_tag, {&domain, 1});
    }
    body += named(source_tag, message.from) + named(destination_tag, message.to);
    return encode({IpaProtocol::gsup, std::move(body)});
}

std::optional<GsupMessage> decode_gsup(std::string_view body) {
    if (body.empty()) return std::nullopt;
    GsupMessage out;
    out.type = static_cast<GsupMessage::Type>(body[0]);
    body.remove_prefix(1);
    while (!body.empty()) {
        if (body.size() < 2) return std::nullopt;
        const std::size_t length = static_cast<unsigned char>(body[1]);
        if (body.size() < 2 + length) return std::nullopt;
        if (!take_element(out, body[0], body.substr(2, length))) return std::nullopt;
        body.remove_prefix(2 + length);
    }
    if (out.imsi.empty()) return std::nullopt;
    return out;
}

bool asks_who_we_are(const IpaFrame& frame) {
    return frame.protocol == IpaProtocol::connection && frame.body.starts_with(identity_get);
}

// The serial number comes first and is the name the HLR routes by.
std::string answer_to_connection(const IpaFrame& frame, std::string_view our_name) {
    if (frame.protocol != IpaProtocol::connection || frame.body.empty()) return {};
    if (frame.body[0] == ping) return encode({IpaProtocol::connection, {pong}});
    if (frame.body[0] != identity_get) return {};
    const std::array<Item, 3> items{{{0, our_name}, {1, our_name}, {8, "0/0/0"}}};
    std::string body{identity_response};
    for (const Item& item : items) {
        const std::size_t length = 1 + item.value.size() + 1;
        body += static_cast<char>(length >> 8);
        body += static_cast<char>(length & 0xff);
        body += item.tag;
        body += item.value;
        body += '\0';
    }
    return encode({IpaProtocol::connection, std::move(body)});
}

}  // namespace msp
