#include "store/seal.hpp"

#include <algorithm>

namespace msp {

// Part of what is hashed, so that no row passes for one of another form.
static constexpr char form_unsealed = 0;
static constexpr char form_sealed = 1;

static void append_number(std::string& out, std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
}

static Digest tie(char form, const Digest& before, const HistoryRow& row, const Digest& body) {
    std::string text = "msp history";
    text += form;
    text += bytes_of(before);
    append_number(text, row.place);
    append_number(text, row.events);
    append_number(text, row.at);
    text += bytes_of(body);
    return sha256(text);
}

Digest sealed_tie(const Digest& before, const HistoryRow& row, const Salt& salt) {
    return tie(form_sealed, before, row, sha256_of_pieces({{salt.data(), salt.size()}, row.body}));
}

Digest unsealed_tie(const Digest& before, const HistoryRow& row) {
    return tie(form_unsealed, before, row, sha256(row.body));
}

std::string encode(const Seal& seal) {
    std::string out{form_sealed};
    out.append(seal.salt.data(), seal.salt.size());
    return out.append(bytes_of(seal.tie));
}

std::optional<Seal> decode_seal(std::string_view bytes) {
    Seal out;
    if (bytes.size() != 1 + out.salt.size() + out.tie.size() || bytes[0] != form_sealed)
        return std::nullopt;
    std::copy_n(bytes.begin() + 1, out.salt.size(), out.salt.begin());
    std::copy_n(bytes.end() - out.tie.size(), out.tie.size(), out.tie.begin());
    return out;
}

std::optional<Digest> decode_tie(std::string_view bytes) {
    Digest out;
    if (bytes.size() != out.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

}  // namespace msp
