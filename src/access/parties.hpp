// The parties of the platform: roles, policies, device-ID prefixes, enrolment keys.
//
// Law: parties are closed, never deleted. A device ID belongs to the party with the longest
// registered prefix of it; no two parties register the same prefix, nor one a prefix of another
// party's. The registry holds all of them in memory: read at start, renewed by each commit that
// changes one. Loop's thread only.
#pragma once

#include "domain/party.hpp"
#include "store/archive.hpp"
#include "store/store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace msp {

struct Party {
    PartyId id;
    std::string name;
    PartyFacts facts;
    std::vector<std::string> device_prefixes;  // characters of a device ID, at least 2
    std::string
        enrolment_key;  // 32 bytes; device secrets derive from it; never shown after it was made
    Time created{};
    friend bool operator==(const Party&, const Party&) = default;
};
std::string encode(const Party&);
Result<Party, Failure> decode_party(std::string_view);

class Parties {
public:
    explicit Parties(Store&);

    void learn(const Party&);  // at start
    std::shared_ptr<const PartyBook> book() const { return book_; }
    const Party* find(const PartyId&) const;
    std::vector<Party> all() const;  // by id
    // Whose device this is, by prefix; null: nobody's.
    const Party* provider_of(const DeviceId&) const;

private:
    std::map<PartyId, Party> parties_;
    std::shared_ptr<const PartyBook> book_;
};

// Decisions on parties; the M2M SP's staff only.
struct RegisterParty {
    Party party;
    std::vector<Party> others;  // as known now: prefixes must not overlap
    Origin origin;
};
std::vector<Name> names(const RegisterParty&);
Decision decide(const View&, const RegisterParty&);

struct ChangeParty {
    PartyId id;
    std::optional<std::string> name;
    std::optional<bool> reports_create_equipment;
    std::optional<bool> open;
    std::vector<std::string> add_prefixes;
    std::optional<std::string> enrolment_key;
    std::vector<Party> others;
    Origin origin;
};
std::vector<Name> names(const ChangeParty&);
Decision decide(const View&, const ChangeParty&);

}  // namespace msp
