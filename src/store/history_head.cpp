#include "store/history_head.hpp"

#include "world/crypto.hpp"
#include "world/signing.hpp"

#include <charconv>
#include <optional>

namespace msp {

static constexpr std::string_view title = "msp history head 1";
static constexpr std::string_view signature_word = "signature ";

static Failure no_head() {
    return {Failure::Kind::malformed, "that is no head of a history"};
}

static std::string spell(const HistoryHead& head) {
    std::string out(title);
    out += "\ntaken " + rfc3339(head.taken) + "\n";
    for (const LaneHead& lane : head.lanes)
        out += "lane " + std::to_string(lane.lane) + " next " +
               std::to_string(static_cast<std::uint64_t>(lane.next)) + " tie " + hex(lane.tie) +
               "\n";
    return out;
}

Result<std::string, Failure> write_head(const HistoryHead& head, std::string_view private_key) {
    std::string text = spell(head);
    const auto signature = sign(private_key, text);
    if (!signature) return signature.reason();
    text.append(signature_word).append(base64(*signature)) += '\n';
    return text;
}

namespace {

// Takes a text to pieces, from the front; false: it goes on otherwise.
class Words {
public:
    explicit Words(std::string_view text) : rest_(text) {}

    bool word(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool number(std::uint64_t& out) {
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return error == std::errc{};
    }
    bool digest(Digest& out) {
        for (unsigned char& byte : out) {
            if (rest_.size() < 2) return false;
            const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 2, byte, 16);
            if (error != std::errc{} || end != rest_.data() + 2) return false;
            rest_.remove_prefix(2);
        }
        return true;
    }
    std::string_view line() {
        const std::string_view out = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(out.size());
        return out;
    }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

bool read_lane(Words& words, LaneHead& out) {
    std::uint64_t next = 0;
    const bool whole = words.number(out.lane) && words.word(" next ") && words.number(next) &&
                       words.word(" tie ") && words.digest(out.tie) && words.word("\n");
    out.next = EntryId{next};
    return whole && out.lane < lanes_most && lane_of(out.next) == out.lane;
}

std::optional<HistoryHead> read_lines(std::string_view text) {
    Words words(text);
    HistoryHead out;
    if (!words.word(title) || !words.word("\ntaken ")) return std::nullopt;
    const auto taken = parse_rfc3339(words.line());
    if (!taken || !words.word("\n")) return std::nullopt;
    out.taken = *taken;
    while (words.word("lane "))
        if (!read_lane(words, out.lanes.emplace_back())) return std::nullopt;
    if (!words.at_end() || spell(out) != text) return std::nullopt;
    return out;
}

}  // namespace

Result<HistoryHead, Failure> read_head(std::string_view text, std::string_view public_key) {
    const std::size_t at = text.rfind(signature_word);
    if (at == std::string_view::npos || !text.ends_with('\n')) return no_head();
    const std::string_view lines = text.substr(0, at);
    std::string_view spelled = text.substr(at + signature_word.size());
    spelled.remove_suffix(1);
    const auto signature = from_base64(spelled);
    const auto head = read_lines(lines);
    if (!signature || !head) return no_head();
    const auto genuine = signed_by(public_key, lines, *signature);
    if (!genuine) return genuine.reason();
    if (!*genuine)
        return Failure{Failure::Kind::malformed,
                       "the head was changed, or was signed with another key"};
    return *head;
}

}  // namespace msp
