#include "simulation/sometimes.hpp"

namespace msp::simulation {

static constexpr std::array<std::string_view, rare_count> words{
    "a node was killed with an order in flight",
    "a node was paused between commit and sending",
    "two nodes worked on one chain",
    "a write came too late and was decided again",
    "a commit of unknown outcome was in",
    "a commit of unknown outcome was not in",
    "the disk was full",
    "the store broke",
    "a key was answered again",
    "somebody else was faster (412)",
    "a rule said no",
    "a caller gave up without an answer",
    "a report was refused and kept as a claim",
    "a claim was accepted",
    "a test ended by time",
    "a service became active",
    "an equipment service was stopped",
    "a device was replaced",
    "an equipment went on with a new device",
    "a subscription was reclaimed",
    "an operator held",
    "a subscription was lost",
    "an operator refused an order",
    "drift was found",
    "a person insisted",
    "an IMSI was reused",
    "an operator brought an old database back",
    "an order took effect twice",
    "an answer was lost after the effect",
    "a notice came twice",
    "a notice was tried again",
    "hosts were cut off from each other",
    "a clock was wrong",
};

std::string_view word(Rare rare) {
    return words[static_cast<std::size_t>(rare)];
}

}  // namespace msp::simulation
