// API keys: who is asking. `msp_<id>_<secret>`, 256-bit secret, kept as SHA-256, shown once.
//
// Law: a key belongs to a party and has a role; a closed party's keys open nothing. Unknown, wrong,
// expired and revoked keys cannot be told apart, in the answer or in time.
#pragma once

#include "access/parties.hpp"
#include "domain/time.hpp"
#include "world/crypto.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

enum class Role : unsigned char {
    viewer,
    op,
    admin
};  // each may do what the one before may; `op` is written "operator"
std::string_view word(Role);
std::optional<Role> role(std::string_view text);

struct Key {
    std::string id;  // 10 characters [a-z0-9]
    PartyId party;
    Role role = Role::viewer;
    std::string name;  // what people call it, 1 to 64 bytes; the principal in events
    Digest secret_digest{};
    Time created{};
    std::optional<Time> expires;
    std::optional<Time> revoked;
    friend bool operator==(const Key&, const Key&) = default;
};
std::string encode(const Key&);
Result<Key, Failure> decode_key(std::string_view);

struct Caller {
    PartyId party;
    Role role = Role::viewer;
    Principal principal;
    std::string key_id;
    bool staff() const { return party == m2m_sp(); }
};

// The id of the key that this `Authorization` field claims to be; empty where it has not the form.
// Failures are counted by it (attempts.hpp).
std::string_view claimed_key_id(std::string_view authorization);

// All keys, in memory: learnt at start, renewed by each commit that changes one. Outlives the store
// that it listens to. Loop's thread only.
class Keys {
public:
    Keys(Store&, const Parties&);
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    void learn(const Key&);  // at start, before the first commit
    // From `Authorization: Bearer msp_…`; nothing: not let in.
    std::optional<Caller> caller(std::string_view authorization, Time now) const;
    std::vector<Key> of(const PartyId&) const;  // by creation, those that ended too
    const Key* find(std::string_view id) const;

private:
    const Parties& parties_;
    std::map<std::string, Key, std::less<>> keys_;
};

// A fresh key and the token that is shown this once.
struct FreshKey {
    Key key;
    std::string token;
};
FreshKey make_key(Random&, const PartyId&, Role, std::string name, Time created,
                  std::optional<Time> expires);

// Decisions on keys; of a party's admin for its own, of the M2M SP's staff for any (who is an admin
// is asked at the door). Answer::text is the key's id.
struct KeepKey {  // creates it, or puts another secret, name, role or end in its place
    Key key;
    Origin origin;
};
// Refuses: no_such_party, party_closed, no_such_key (the id is another party's), until_past,
// invalid.
std::vector<Name> names(const KeepKey&);
Decision decide(const View&, const KeepKey&);

struct RevokeKey {
    std::string id;
    Origin origin;
};
// Refuses: no_such_key. A key that was revoked already stays as it is.
std::vector<Name> names(const RevokeKey&);
Decision decide(const View&, const RevokeKey&);

}  // namespace msp
