#include "operators/osmo_hlr/subscriber_list.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace msp {

namespace {

constexpr std::size_t longest_line = 512;

constexpr unsigned char telnet_command = 255;
constexpr unsigned char negotiation_begins = 250;
constexpr unsigned char negotiation_ends = 240;
constexpr unsigned char first_with_option = 251;  // WILL, WONT, DO, DONT
constexpr unsigned char last_with_option = 254;

std::vector<std::string_view> words_in(std::string_view line) {
    std::vector<std::string_view> out;
    for (std::size_t from = line.find_first_not_of(' '); from != std::string_view::npos;) {
        const std::size_t to = std::min(line.find(' ', from), line.size());
        out.push_back(line.substr(from, to - from));
        from = line.find_first_not_of(' ', to);
    }
    return out;
}

std::optional<std::size_t> number(std::string_view digits) {
    std::size_t out = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, out);
    return error == std::errc{} && rest == end ? std::optional(out) : std::nullopt;
}

bool is_heading(const std::vector<std::string_view>& words) {
    constexpr std::string_view heading[] = {"ID", "MSISDN", "IMSI", "IMEI", "NAM"};
    return std::equal(words.begin(), words.end(), std::begin(heading), std::end(heading));
}

bool is_rule(std::string_view line) {
    return !line.empty() && line.find_first_not_of("- ") == std::string_view::npos;
}

bool digits_only(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The packet domain is the state, as in what the control interface shows.
Reading reading_of(const ListedSubscriber& one) {
    Reading out;
    const bool circuit = one.access == "CSPS" || one.access == "CS";
    const bool packet = one.access == "CSPS" || one.access == "PS";
    if (!circuit && !packet && !one.access.empty()) {
        out.native = *Text<32>::of(one.access);
        return out;
    }
    out.state = packet ? NetworkState::active : NetworkState::de_active;
    out.native =
        *Text<32>::of(std::string(packet ? "ps 1" : "ps 0") + (circuit ? " cs 1" : " cs 0"));
    return out;
}

ListEntry entry_of(const ListedSubscriber& one) {
    ListEntry out{.reading = reading_of(one)};
    if (auto imsi = Imsi::parse(one.imsi)) out.imsi = std::move(imsi).value();
    return out;
}

}  // namespace

void SubscriberListReader::take(std::string_view bytes) {
    for (const char one : bytes) {
        if (result_) return;
        if (++taken_ > longest_) {
            result_ = Failure{Failure::Kind::unknown, "oversized-answer"};
            return;
        }
        if (!is_data(one) || one == '\r') continue;
        if (one == '\n')
            take_line(std::exchange(line_, {}));
        else if (line_.size() < longest_line)
            line_ += one;
        else
            malformed();
    }
}

bool SubscriberListReader::is_data(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    switch (telnet_) {
        case Telnet::data:
            if (code == telnet_command) telnet_ = Telnet::command;
            return code != telnet_command;
        case Telnet::command:
            telnet_ = Telnet::data;
            if (code == negotiation_begins) telnet_ = Telnet::negotiation;
            if (code >= first_with_option && code <= last_with_option) telnet_ = Telnet::option;
            return false;
        case Telnet::option: telnet_ = Telnet::data; return false;
        case Telnet::negotiation:
            if (code == telnet_command) telnet_ = Telnet::negotiation_command;
            return false;
        case Telnet::negotiation_command:
            telnet_ = code == negotiation_ends ? Telnet::data : Telnet::negotiation;
            return false;
    }
    return false;
}

// Before the heading anything may be said, but not that there is no such command.
void SubscriberListReader::take_line(std::string_view line) {
    const auto words = words_in(line);
    if (!within_) {
        within_ = is_heading(words);
        if (line.starts_with("% Unknown command")) malformed();
        return;
    }
    const bool count = words.size() == 3 && words[0] == "Subscribers" && words[1] == "Shown:";
    const bool none = line.starts_with("% No matching subscriber");
    if (!count && !none) return take_row(line);
    if ((none ? 0 : number(words[2])) != rows_.size()) return malformed();
    result_ = std::move(rows_);
}

void SubscriberListReader::take_row(std::string_view line) {
    if (is_rule(line) && rows_.empty()) return;
    const auto words = words_in(line);
    const bool fits = (words.size() == 4 || words.size() == 5) && number(words[0]) &&
                      digits_only(words[2]) && words[2].size() <= 15;
    if (!fits) return malformed();
    const std::string_view access = words.size() == 5 ? words[4] : std::string_view();
    if (access.size() > 8) return malformed();
    rows_.push_back({std::string(words[2]), std::string(access)});
}

void SubscriberListReader::malformed() {
    result_ = Failure{Failure::Kind::malformed, "malformed-answer"};
}

ListPage page_of(const SubscriberList& list, std::string_view after, std::size_t limit) {
    const auto earlier = [](const ListedSubscriber* one, const ListedSubscriber* other) {
        return one->imsi < other->imsi;
    };
    std::vector<const ListedSubscriber*> left;
    for (const ListedSubscriber& one : list)
        if (one.imsi > after) left.push_back(&one);
    const std::size_t shown = std::min(limit, left.size());
    std::partial_sort(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(shown), left.end(),
                      earlier);
    ListPage out;
    for (std::size_t i = 0; i < shown; ++i) out.entries.push_back(entry_of(*left[i]));
    if (shown > 0 && shown < left.size()) out.next = left[shown - 1]->imsi;
    return out;
}

}  // namespace msp
