// The parties of the platform: roles, policies, device-ID prefixes, enrolment keys.
//
// Law: parties are closed, never deleted. A device ID belongs to the party with the longest
// registered prefix of it; no two parties register the same prefix, nor one a prefix of another
// party's: one record holds all prefixes, so two registrations at once cannot pass each other.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/party.hpp"
#include "domain/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

class Random;
class Store;

struct Party {
    PartyId id;
    std::string name;
    PartyFacts facts;
    std::vector<std::string> device_prefixes;  // characters of a device ID, at least 2; sorted
    std::string
        enrolment_key;  // 32 bytes; device secrets derive from it; shown when made, never again
    // Whose certificates its devices may show: SHA-256 in hex of the CA certificate; empty: none.
    std::string certificate_authority;
    Time created{};
    friend bool operator==(const Party&, const Party&) = default;
};
std::string encode(const Party&);
// Refuses what a newer version wrote: what is not understood is not dropped.
Result<Party, Failure> decode_party(std::string_view);
Name name_of(const Party&);

std::string fresh_enrolment_key(Random&);

// All parties, in memory: learnt at start, renewed by each commit that changes one. Outlives the
// store that it listens to. Loop's thread only.
class Parties {
public:
    explicit Parties(Store&);
    Parties(const Parties&) = delete;
    Parties& operator=(const Parties&) = delete;

    void learn(const Party&);  // at start, before the first commit
    std::shared_ptr<const PartyBook> book() const { return book_; }
    const Party* find(const PartyId&) const;
    std::vector<Party> all() const;  // by id
    // Whose device this is, by prefix; null: nobody's.
    const Party* provider_of(const DeviceId&) const;

private:
    std::map<PartyId, Party> parties_;
    std::map<std::string, PartyId, std::less<>> prefixes_;
    std::shared_ptr<const PartyBook> book_;
};

// Decisions on parties; the M2M SP's staff only. Answer::text is the party's id.
struct RegisterParty {
    Party party;
    Origin origin;
};
// Refuses: m2m_sp_only, party_exists, prefix_taken, not_a_device_provider (prefixes without the
// role), invalid.
std::vector<Name> names(const RegisterParty&);
Decision decide(const View&, const RegisterParty&);

struct ChangeParty {
    PartyId id;
    std::optional<std::string> name{};
    std::optional<bool> reports_create_equipment{};
    std::optional<bool> open{};
    std::vector<std::string> add_prefixes{};
    std::optional<std::string> enrolment_key{};  // secrets derived from the one before end with it
    std::optional<std::string> certificate_authority{};
    Origin origin;
};
// Refuses: m2m_sp_only, no_such_party, prefix_taken, not_a_device_provider, invalid.
std::vector<Name> names(const ChangeParty&);
Decision decide(const View&, const ChangeParty&);

}  // namespace msp
