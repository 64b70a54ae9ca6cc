// API keys: who is asking. `msp_<id>_<secret>`, 256-bit secret, kept as SHA-256, shown once.
//
// Law: a key belongs to a party and has a role; a closed party's keys open nothing. Unknown, wrong
// and revoked keys cannot be told apart, in the answer or in time. Loop's thread only.
#pragma once

#include "access/parties.hpp"
#include "world/crypto.hpp"
#include "world/random.hpp"

namespace msp {

enum class Role : unsigned char {
    viewer,
    op,
    admin
};  // each may do what the one before may; `op` is written "operator"
std::string_view word(Role);
std::optional<Role> role(std::string_view word);

struct Key {
    std::string id;  // 10 characters [a-z0-9]
    PartyId party;
    Role role = Role::viewer;
    std::string name;  // what people call it; the principal in events
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

class Keys {
public:
    Keys(Store&, const Parties&);

    void learn(const Key&);  // at start
    // From `Authorization: Bearer msp_…`; nothing: not let in.
    std::optional<Caller> caller(std::string_view authorization, Time now) const;
    std::vector<Key> of(const PartyId&) const;  // by creation
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

struct KeepKey {  // create or replace: a party's admin, or staff
    Key key;
    Origin origin;
};
std::vector<Name> names(const KeepKey&);
Decision decide(const View&, const KeepKey&);

struct RevokeKey {
    std::string id;
    Origin origin;
};
std::vector<Name> names(const RevokeKey&);
Decision decide(const View&, const RevokeKey&);

}  // namespace msp
