// What a decision may look at: chains and records by name, as of one instant.
//
// A decision that asks for a name which was not loaded gets nothing and the name is noted in
// missing(): it is loaded and the decision is made again. Decisions are pure, so making one twice
// is making it once. Law: a name leads to its live chain; last() also to the newest that had it
// before. A chain's live names follow from the chain alone (live_names), so they cannot disagree
// with it. A value; one thread at a time.
#pragma once

#include "domain/chain.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace msp {

struct Name {
    enum class Kind : unsigned char {
        // of chains
        chain,  // value: its number
        iccid,
        imsi,          // scope: operator
        subscription,  // scope: operator; only where the operator's reference is not the ICCID
        device,
        equipment,  // scope: equipment provider
        // of records: opaque bodies of those who keep them
        claim,
        batch,
        batch_open,      // exists while a batch is being registered
        equipment_card,  // scope: equipment provider; registered: name and labels
        party,
        key,
        endpoint,        // a webhook endpoint
        endpoint_state,  // its position and what is stuck
        delivery,        // scope: endpoint
        operator_settings,
        operator_event,  // scope: operator; stored first, then answered
        answer,          // scope: party; what an idempotency key was answered
        setting,
    };
    Kind kind = Kind::chain;
    std::string scope;
    std::string value;
    friend auto operator<=>(const Name&, const Name&) = default;

    static Name of(ChainId);
    static Name of(const Iccid&);
    static Name of(const DeviceId&);
    static Name of(const OperatorId&, const Imsi&);
    static Name of(const PartyId& equipment_provider, const EquipmentId&);
    static Name subscription(const OperatorId&, std::string_view reference);
};
bool names_a_chain(Name::Kind);

// The names under which a chain is alive: ICCID and IMSI until the reclaim is confirmed, device and
// equipment while bound.
std::vector<Name> live_names(const Chain&);
// Whether the step leaves them as they are: the usual case, and quickly seen.
bool keeps_names(const Chain& before, const Chain& after);

struct Record {
    Name name;
    std::optional<std::string> body;  // nothing: it ends
    friend bool operator==(const Record&, const Record&) = default;
};

struct NameHash {
    std::size_t operator()(const Name&) const noexcept;
};

class View {
public:
    const Chain* chain(const Name&) const;  // live
    const Chain* last(const Name&) const;   // live, or the newest that had this name
    const std::string* record(const Name&) const;
    std::span<const Name> missing() const { return missing_; }

    // For whoever loads. An absent chain or record is learned too.
    void learn(const Name&, const std::optional<Chain>&, bool live);
    void learn(const Name&, std::shared_ptr<const Chain>, bool live);
    void learn(const Name&, std::optional<std::string> record);
    bool knows(const Name&) const;
    void forget_missing() { missing_.clear(); }
    // What was decided, for the decisions that follow in the same batch.
    void follow(const Chain& after);
    void follow(std::shared_ptr<const Chain> after);
    void follow(const Record&);

private:
    struct Found {
        std::optional<ChainId> chain;
        bool live = false;
    };
    const Found* find(const Name&) const;

    std::unordered_map<Name, Found, NameHash> names_;
    std::unordered_map<ChainId, std::shared_ptr<const Chain>> chains_;
    std::unordered_map<Name, std::optional<std::string>, NameHash> records_;
    mutable std::vector<Name> missing_;
};

}  // namespace msp
