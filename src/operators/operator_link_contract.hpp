// What every link shows against its simulator, whatever its operator's interface looks like: all
// outcomes, lost answers, repetitions, words nobody knows, answers that are broken, cut off or
// endless.
//
// A connector brings a LinkOnTrial for each test; a test case of its folder calls
// check_operator_link().
#pragma once

#include "operators/operator_link.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace msp {

class LinkOnTrial {
public:
    enum class Trouble : unsigned char {
        none,
        accepts_first,  // accepted now, done after a while
        loses_request,  // no answer, no effect
        loses_answer,   // no answer, effect
        hangs,          // answers later than anybody waits
        breaks_down,    // an answer that admits an error of the operator's
        busy,           // asks to come again
        malformed,
        truncated,
        oversized,
        unknown_word,
        down,  // nobody listens
    };

    // What is not alike at every kind of interface.
    struct Manners {
        bool says_busy = true;
        bool refuses_while_suspended = true;
        bool names_suspension = true;  // as what it refuses for
        bool tells_absent_from_reclaimed = true;
        std::optional<Order> accepted_first = Order::activate;  // which kind can be; nothing: none
        bool always_accepts_first = false;
        bool looks_first = false;   // before an order: for its word of old, and to be logged in
        bool signs_reports = true;  // else they say a password, and every other byte can be changed
    };

    virtual ~LinkOnTrial() = default;
    virtual OperatorLink& link() = 0;

    // Subscription 1, 2 or 3; one that the operator does not know: 0.
    virtual Subscription subscription(unsigned) = 0;
    Errand errand(Errand::Kind, Order, std::uint64_t generation, unsigned number);
    virtual void play(Trouble) = 0;
    virtual void suspend(unsigned subscription, bool suspended) = 0;
    // How often what this errand orders took effect on its subscription.
    virtual unsigned effects(const Errand&) = 0;
    // A report of the operator's about subscription 1, as the platform gets it.
    virtual HttpRequest report() = 0;
    // Calls `begin` on the loop; what was begun is finished before this returns.
    virtual void run(const std::function<void()>& begin, const std::function<bool()>& finished) = 0;

    Manners manners{};

private:
    unsigned orders_ = 0;
};

using MakeLinkOnTrial = std::function<std::unique_ptr<LinkOnTrial>(std::string_view kind)>;

// The kinds are those of capabilities_of(): all of them, unless the interface leaves no choice.
void check_operator_link(const MakeLinkOnTrial&);
void check_operator_link(const MakeLinkOnTrial&, std::string_view kind);
// What is made of answers that are lost, late, broken or none.
void check_operator_trouble(const MakeLinkOnTrial&, std::string_view kind);

}  // namespace msp
