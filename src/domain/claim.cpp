#include "domain/claim.hpp"

#include <array>
#include <charconv>

namespace msp {

namespace {

// Fields separated by tabs; tab, newline and backslash inside a field are escaped.
void append(std::string& out, std::string_view field) {
    if (!out.empty()) out += '\t';
    for (const char c : field) switch (c) {
            case '\t': out += "\\t"; break;
            case '\n': out += "\\n"; break;
            case '\\': out += "\\\\"; break;
            default: out += c;
        }
}

constexpr std::size_t field_count = 13;

std::optional<std::array<std::string, field_count>> fields_of(std::string_view text) {
    std::array<std::string, field_count> out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\t') {
            if (++at == field_count) return std::nullopt;
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            out[at] += text[i] == 't' ? '\t' : text[i] == 'n' ? '\n' : text[i];
        } else {
            out[at] += text[i];
        }
    }
    return at + 1 == field_count ? std::optional(std::move(out)) : std::nullopt;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
    Number out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

std::string encode(const Claim& claim) {
    std::string out;
    append(out, claim.id.view());
    append(out, std::to_string(static_cast<int>(claim.kind)));
    append(out, std::to_string(static_cast<int>(claim.state)));
    append(out, claim.device.text());
    append(out, claim.provider.text());
    append(out, claim.owner.text());
    for (const std::string* field :
         {&claim.iccid, &claim.imsi, &claim.imei, &claim.eid, &claim.equipment})
        append(out, *field);
    append(out, entry_of(claim.refused).word);
    append(out,
           std::to_string(claim.at.time_since_epoch().count()) + " " +
               (claim.decided ? std::to_string(claim.decided->time_since_epoch().count()) : ""));
    return out;
}

std::optional<Claim> decode_claim(std::string_view text) {
    const auto fields = fields_of(text);
    if (!fields) return std::nullopt;
    const auto& f = *fields;
    const auto kind = number<int>(f[1]);
    const auto state = number<int>(f[2]);
    const auto device = DeviceId::parse(f[3]);
    const auto provider = PartyId::parse(f[4]);
    const auto owner = PartyId::parse(f[5]);
    const std::size_t gap = f[12].find(' ');
    if (gap == std::string::npos) return std::nullopt;
    const auto at = number<std::int64_t>(f[12].substr(0, gap));
    const auto decided = number<std::int64_t>(f[12].substr(gap + 1));
    const auto id = ClaimId::of(f[0]);
    if (!id || !kind || !state || !device || !provider || !owner || !at) return std::nullopt;
    RefusalCode refused = RefusalCode::invalid;
    for (const RefusalEntry& entry : refusal_table())
        if (entry.word == f[11]) refused = entry.code;
    return Claim{.id = *id,
                 .kind = static_cast<Claim::Kind>(*kind),
                 .state = static_cast<Claim::State>(*state),
                 .device = *device,
                 .provider = *provider,
                 .owner = *owner,
                 .iccid = f[6],
                 .imsi = f[7],
                 .imei = f[8],
                 .eid = f[9],
                 .equipment = f[10],
                 .refused = refused,
                 .at = Time(Duration(*at)),
                 .decided = decided ? std::optional(Time(Duration(*decided))) : std::nullopt};
}

}  // namespace msp
