#include "operators/osmo_hlr/ctrl_message.hpp"

#include "operators/osmo_hlr/ipa_frame.hpp"

#include <cassert>
#include <charconv>

namespace msp {

namespace {

// The part before the separator; takes both off.
std::string_view cut(std::string_view& rest, char separator) {
    const std::size_t at = rest.find(separator);
    const std::string_view out = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return out;
}

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

std::string encode(const CtrlRequest& request, std::uint32_t id) {
    assert(id > 0);
    const bool sets = request.verb == CtrlRequest::Verb::set;
    std::string text = (sets ? "SET " : "GET ") + std::to_string(id) + " " + request.variable;
    if (sets) text += " " + request.value;
    return encode({IpaProtocol::ctrl, std::move(text)});
}

std::optional<CtrlReply> decode_ctrl(std::string_view text) {
    CtrlReply out;
    const std::string_view verb = cut(text, ' ');
    const std::string_view digits = cut(text, ' ');
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, out.id);
    if (error != std::errc{} || rest != end || out.id == 0) return std::nullopt;
    if (verb == "ERROR") {
        out.kind = CtrlReply::Kind::error;
    } else if (verb == "GET_REPLY" || verb == "SET_REPLY") {
        out.variable = cut(text, ' ');
        if (out.variable.empty()) return std::nullopt;
    } else {
        return std::nullopt;
    }
    out.value = text;
    return out;
}

HlrRecord decode_record(std::string_view info) {
    HlrRecord out;
    while (!info.empty()) {
        std::string_view value = without_return(cut(info, '\n'));
        const std::string_view name = cut(value, '\t');
        if (name == "nam_ps") out.packet_allowed = value;
        if (name == "nam_cs") out.circuit_allowed = value;
        if (name == "sgsn_number") out.sgsn = value;
        if (name == "vlr_number") out.vlr = value;
    }
    return out;
}

bool lists_session(std::string_view list, std::string_view imsi) {
    while (!list.empty()) {
        std::string_view line = without_return(cut(list, '\n'));
        if (cut(line, ',') == imsi && !line.empty()) return true;
    }
    return false;
}

}  // namespace msp
