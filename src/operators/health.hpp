// How one operator fares, for the people who watch it: what was said, how long it took, what goes
// wrong, what waits.
//
// Law: no identifier of a subscriber gets in; a chain is known here by its number. Of fixed size
// whatever happens. Values; the loop's thread.
#pragma once

#include "domain/protocol.hpp"
#include "world/loop.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

// One thing said to an operator and what came back.
struct ExchangeNote {
    Time at{};  // when it was sent
    ChainId chain{};
    std::string_view what;  // activate, de-activate, reclaim, read, poll
    std::string outcome;    // done, accepted, refused suspended, unknown timeout, active …
    Duration took{};
    friend bool operator==(const ExchangeNote&, const ExchangeNote&) = default;
};

// How long answers take, in buckets that grow by a quarter of an octave from one millisecond on.
// Looks back over the last five to ten minutes.
class Latency {
public:
    void note(Duration took, Time now);
    // The share `part` of the answers took no longer; nothing where there were none.
    std::optional<Duration> within(double part) const;
    std::uint64_t count() const;

private:
    static constexpr std::size_t buckets = 96;
    using Span = std::array<std::uint64_t, buckets>;

    Span now_{};
    Span before_{};
    Time since_{};
};

struct AuditHealth {
    enum class State : unsigned char { off, waiting, sweeping, stopped };
    struct Counts {
        std::uint64_t compared = 0;
        std::uint64_t differed = 0;  // of these; each was asked about
        std::uint64_t pending = 0;   // not compared: something is under way there
        std::uint64_t unknown = 0;   // listed, and not known to us
        std::uint64_t unlisted = 0;  // ours, and not listed
        std::uint64_t unread = 0;    // in words that are not understood, or no answer
        Counts& operator+=(const Counts&);
        friend bool operator==(const Counts&, const Counts&) = default;
    };
    State state = State::off;
    std::optional<Time> since;  // of the sweep, or of the stop
    Counts now;                 // of the sweep that is under way, or was stopped
    std::optional<Time> last_swept;
    Counts last;                       // of the last whole sweep
    std::vector<ChainId> unlisted;     // of the last whole sweep, the first few
    std::vector<std::string> unknown;  // references of the last whole sweep, the first few, masked
    std::string trouble;               // why it stopped, or does not get on
    friend bool operator==(const AuditHealth&, const AuditHealth&) = default;
};

struct OperatorHealth {
    OperatorId id;
    bool paused = false;
    std::string_view breaker;  // closed, open, half-open
    std::optional<Duration> opens_in;
    std::size_t due = 0;               // chains that wait for a time
    std::optional<Duration> oldest{};  // how long the first of them is overdue
    unsigned conversations = 0;        // that await an answer
    std::optional<Duration> p50{}, p90{}, p99{};
    std::map<std::string, std::uint64_t> outcomes{};  // by kind and code, since start
    std::map<std::string, std::uint64_t> heard{};     // reports by what came of them, since start
    std::vector<ExchangeNote> last{};                 // the newest first
    AuditHealth audit{};
};

// Keeps what OperatorHealth shows of the conversations.
class Figures {
public:
    void note(ExchangeNote);
    void note_heard(std::string_view what) { ++heard_[std::string(what)]; }
    void show(OperatorHealth&) const;

private:
    static constexpr std::size_t notes_kept = 50;
    static constexpr std::size_t outcomes_kept = 40;

    Latency latency_;
    std::map<std::string, std::uint64_t> outcomes_;
    std::map<std::string, std::uint64_t> heard_;
    std::deque<ExchangeNote> last_;
};

std::string_view word(Outcome::Kind);  // done, accepted, refused, refused-suspended, busy …
std::string_view what_is_said(const Errand&);
// Kind and code: "refused suspended". What comes after the code, the operator's words, is left out.
std::string outcome_words(const Outcome&);

}  // namespace msp
