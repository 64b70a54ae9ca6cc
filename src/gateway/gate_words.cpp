#include "gateway/gate_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view none = "-";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t authority_digits = 64;

constexpr std::array<std::pair<DoorState, std::string_view>, 5> states{
    {{DoorState::unbound, "unbound"},
     {DoorState::active, "active"},
     {DoorState::inactive, "inactive"},
     {DoorState::stopped, "stopped"},
     {DoorState::quarantined, "quarantined"}}};

// ------------------------------------------------------------------------------------------ write

std::string spelt_in_hex(std::string_view bytes) {
    if (bytes.empty()) return std::string(none);
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        out += hex_digits[static_cast<unsigned char>(byte) >> 4U];
        out += hex_digits[static_cast<unsigned char>(byte) & 15U];
    }
    return out;
}

std::string line(std::initializer_list<std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty()) out += ' ';
        out += word;
    }
    return out + '\n';
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}
std::string number(Duration value) {
    return std::to_string(value.count());
}

std::string written(const GateBegin& begin) {
    return line({"begin", number(begin.epoch)});
}
std::string written(const GateProvider& provider) {
    std::string out =
        line({"provider", provider.party.text(), spelt_in_hex(provider.enrolment_key),
              provider.authority.empty() ? none : std::string_view(provider.authority)});
    out.pop_back();
    for (const std::string& prefix : provider.prefixes) out += ' ' + prefix;
    return out + '\n';
}
std::string written(const GateDevice& device) {
    return line({"device", device.device.text(), word(device.state)});
}
std::string written(const GateEnd& end) {
    return line({"end", number(end.epoch), number(end.count)});
}
std::string written(const GateSet& set) {
    return line({"set", number(set.epoch), set.device.text(), word(set.state)});
}
std::string written(const GateBeat& beat) {
    return line({"beat", number(beat.instance), number(beat.clock)});
}
std::string written(const GateClock& clock) {
    return line({"clock", number(clock.instance), number(clock.epoch), number(clock.clock)});
}
std::string written(const GatePresence& presence) {
    if (!presence.peer)
        return line({"disconnected", presence.device.text(), number(presence.connection)});
    return line({"connected", presence.device.text(), number(presence.connection), *presence.peer});
}

// ------------------------------------------------------------------------------------------- read

// The words of one line. What is asked for and is not there, or is not so, spoils it.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    std::string_view next() {
        if (ended_) spoil();
        const std::size_t space = rest_.find(' ');
        const std::string_view word = rest_.substr(0, space);
        ended_ = space == std::string_view::npos;
        rest_ = ended_ ? std::string_view() : rest_.substr(space + 1);
        if (word.empty()) spoil();
        return word;
    }
    std::uint64_t number() {
        const std::string_view word = next();
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        const bool padded = word.size() > 1 && word.front() == '0';
        if (error != std::errc() || end != word.data() + word.size() || padded) spoil();
        return value;
    }
    Duration clock() {
        constexpr std::uint64_t longest = std::uint64_t{1} << 62U;
        const std::uint64_t value = number();
        if (value > longest) spoil();
        return Duration(value > longest ? 0 : value);
    }
    template <class Id>
    std::optional<Id> identifier() {
        const auto id = Id::parse(next());
        if (!id) spoil();
        return id ? std::optional<Id>(*id) : std::nullopt;
    }
    DoorState state() {
        const auto state = door_state(next());
        if (!state) spoil();
        return state.value_or(DoorState::unbound);
    }
    std::string bytes() {
        const std::string_view word = next();
        std::string out;
        if (word == none) return out;
        if (word.size() % 2 != 0) spoil();
        for (std::size_t i = 0; i + 1 < word.size(); i += 2)
            out += static_cast<char>(digit(word[i]) * 16 + digit(word[i + 1]));
        return out;
    }
    std::string digest() {
        const std::string_view word = next();
        if (word == none) return {};
        if (word.size() != authority_digits) spoil();
        for (const char c : word) digit(c);
        return std::string(word);
    }
    // The beginning of a device ID.
    std::string prefix() {
        const std::string_view word = next();
        if (!DeviceId::parse(word)) spoil();
        return std::string(word);
    }

    bool ended() const { return ended_; }
    bool whole() const { return ended_ && !spoilt_; }

private:
    void spoil() { spoilt_ = true; }
    unsigned digit(char c) {
        const std::size_t value = hex_digits.find(c);
        if (value == std::string_view::npos) spoil();
        return value == std::string_view::npos ? 0 : unsigned(value);
    }

    std::string_view rest_;
    bool ended_ = false;
    bool spoilt_ = false;
};

template <class Line>
std::optional<Line> if_whole(const Words& words, Line line) {
    return words.whole() ? std::optional<Line>(std::move(line)) : std::nullopt;
}

std::optional<GateOrder> read_provider(Words& words) {
    const auto party = words.identifier<PartyId>();
    if (!party) return std::nullopt;
    GateProvider out{*party, words.bytes(), words.digest(), {}};
    while (!words.ended()) out.prefixes.push_back(words.prefix());
    return if_whole<GateOrder>(words, std::move(out));
}

std::optional<GateOrder> read_device(Words& words) {
    const auto device = words.identifier<DeviceId>();
    if (!device) return std::nullopt;
    const DoorState state = words.state();
    return if_whole<GateOrder>(words, GateDevice{*device, state});
}

std::optional<GateOrder> read_set(Words& words) {
    const std::uint64_t epoch = words.number();
    const auto device = words.identifier<DeviceId>();
    if (!device) return std::nullopt;
    const DoorState state = words.state();
    return if_whole<GateOrder>(words, GateSet{epoch, *device, state});
}

std::optional<GateOrder> read_order(std::string_view line) {
    Words words(line);
    const std::string_view verb = words.next();
    if (verb == "set") return read_set(words);
    if (verb == "device") return read_device(words);
    if (verb == "provider") return read_provider(words);
    if (verb == "begin") {
        const GateBegin begin{words.number()};
        return if_whole<GateOrder>(words, begin);
    }
    if (verb == "end") {
        const std::uint64_t epoch = words.number();
        const GateEnd end{epoch, std::size_t(words.number())};
        return if_whole<GateOrder>(words, end);
    }
    if (verb == "beat") {
        const std::uint64_t instance = words.number();
        const GateBeat beat{instance, words.clock()};
        return if_whole<GateOrder>(words, beat);
    }
    return std::nullopt;
}

std::optional<GateNews> read_news(std::string_view line) {
    Words words(line);
    const std::string_view verb = words.next();
    if (verb == "clock") {
        const std::uint64_t instance = words.number();
        const std::uint64_t epoch = words.number();
        const GateClock clock{instance, epoch, words.clock()};
        return if_whole<GateNews>(words, clock);
    }
    if (verb != "connected" && verb != "disconnected") return std::nullopt;
    const auto device = words.identifier<DeviceId>();
    if (!device) return std::nullopt;
    GatePresence presence{*device, words.number(), std::nullopt};
    if (verb == "connected") presence.peer = std::string(words.next());
    return if_whole<GateNews>(words, std::move(presence));
}

// Every line, or nothing.
template <class Line>
std::optional<std::vector<Line>> read_lines(std::string_view message,
                                            std::optional<Line> (*read)(std::string_view)) {
    std::vector<Line> out;
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        auto one = read(message.substr(0, end));
        if (!one) return std::nullopt;
        out.push_back(*std::move(one));
        message.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace

std::string_view word(DoorState state) {
    for (const auto& [one, text] : states)
        if (one == state) return text;
    std::abort();
}

std::optional<DoorState> door_state(std::string_view word) {
    for (const auto& [state, text] : states)
        if (text == word) return state;
    return std::nullopt;
}

std::string line_of(const GateOrder& order) {
    return std::visit([](const auto& one) { return written(one); }, order);
}
std::string line_of(const GateNews& news) {
    return std::visit([](const auto& one) { return written(one); }, news);
}

std::optional<std::vector<GateOrder>> read_gate_orders(std::string_view message) {
    return read_lines<GateOrder>(message, read_order);
}
std::optional<std::vector<GateNews>> read_gate_news(std::string_view message) {
    return read_lines<GateNews>(message, read_news);
}

}  // namespace msp
