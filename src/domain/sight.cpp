#include "domain/sight.hpp"

#include "domain/party.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace msp {

namespace {

constexpr std::size_t telling_tail = 6;  // as many digits tell one subscriber from another
constexpr std::size_t widest_gap = 2;    // between digits of one number, as in "(701) 23"

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_gap(char c) {
    return std::string_view(" -./()").find(c) != std::string_view::npos;
}

// How much of the text, which begins with a digit, may be read as one number.
std::size_t stretch(std::string_view text) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size() && at <= end + widest_gap; ++at) {
        if (is_digit(text[at]))
            end = at + 1;
        else if (!is_gap(text[at]))
            break;
    }
    return end;
}

std::size_t longest_run(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = is_digit(c) ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string_view tail(std::string_view identifier) {
    return identifier.substr(identifier.size() - std::min(identifier.size(), telling_tail));
}

bool names_subscriber(std::string_view number, const Chain& chain) {
    std::string digits;
    std::copy_if(number.begin(), number.end(), std::back_inserter(digits), is_digit);
    const auto ends_as = [&digits](std::string_view identifier) {
        return digits.find(tail(identifier)) != std::string::npos;
    };
    return ends_as(chain.card.iccid.text()) || ends_as(chain.subscription.imsi.text()) ||
           (chain.card.eid && ends_as(chain.card.eid->text())) ||
           (chain.subscription.msisdn && ends_as(chain.subscription.msisdn->text())) ||
           (chain.subscription.mdn && ends_as(chain.subscription.mdn->text()));
}

}  // namespace

Sight sight_of(const PartyId& reader, const Chain& chain) {
    if (reader == m2m_sp()) return {.card_identity = true, .equipment = true};
    const PartyId& provider = chain.equipment ? chain.equipment->provider : chain.customer;
    return {.card_identity = reader == chain.holder, .equipment = reader == provider};
}

Chain as_seen(Chain chain, Sight sight) {
    if (!sight.equipment) chain.equipment.reset();
    if (sight.card_identity) return chain;
    const auto reasons = chain.holds.reasons();
    for (Reason reason : std::vector<Reason>(reasons.begin(), reasons.end())) {
        reason.text = without_identifiers(reason.text, chain);
        chain.holds.put(std::move(reason));
    }
    if (auto& parked = chain.exchange.parked)
        parked->reason = without_identifiers(parked->reason, chain);
    return chain;
}

std::string_view last_four(const Iccid& iccid) {
    return iccid.text().substr(iccid.text().size() - 4);
}

std::string without_identifiers(std::string_view words, const Chain& chain) {
    std::string out;
    while (!words.empty()) {
        const std::size_t length = is_digit(words[0]) ? stretch(words) : 1;
        const std::string_view piece = words.substr(0, length);
        const bool hidden =
            longest_run(piece) >= telling_tail || (length > 1 && names_subscriber(piece, chain));
        out += hidden ? std::string_view("…") : piece;
        words.remove_prefix(length);
    }
    return out;
}

}  // namespace msp
