// For tests: a platform in which every party has something of its own, and a call of the table
// about what is one party's.
#pragma once

#include "api/routes.hpp"
#include "api/stage_test.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace msp::api_stage {

// Whose the numbers are; each stands in the device ID, the equipment ID, the ICCID and the IMSI.
constexpr unsigned ep_one_machine = 731'001, ep_two_machine = 842'002;
constexpr unsigned dp_one_device = 731'003, dp_two_device = 842'004;
constexpr unsigned dp_one_card = 731'005, dp_two_card = 842'006;
constexpr unsigned ep_one_claim = 731'007, ep_two_claim = 842'008;
constexpr unsigned dp_one_claim = 731'009, dp_two_claim = 842'010;
constexpr unsigned unused_card = 953'011;
constexpr unsigned nobodys = 990'099;

constexpr std::string_view parties[] = {"m2m-sp", "ep-one", "ep-two", "dp-one", "dp-two"};
constexpr std::string_view roles[] = {"viewer", "op", "admin"};

inline bool is_equipment_provider(std::string_view party) {
    return party.starts_with("ep-");
}
std::string_view other(std::string_view party);  // of the same kind

// The things of one party, as they stand in paths.
struct Things {
    std::string iccid, device_id, equipment_id, claim, webhook, key, chain;
};
Things absent_things();
// A row whose path names one of a party's things.
bool takes_object(const Route&);

class World {
public:
    World();

    const Things& of(std::string_view party) const { return things_.find(party)->second; }

    Stage stage;

private:
    void machine(unsigned number, std::string_view provider, std::string_view customer);
    void claims();
    void note(std::string_view party);

    std::map<std::string, Things, std::less<>> things_;  // by party
};

// A body that a call of this schema takes. Fails where there is no sample.
std::string sample_body(std::string_view schema, const Things&);
// The path of a row, about these things.
std::string filled_path(const Route&, const Things&);
// What a call of this party cannot go without.
std::string needed_query(const Route&, std::string_view party);

// An answer without what differs between two askings of the same, and without what was asked for.
std::string plain(const Reply&, const Things& asked);
// What must never reach this party: the numbers of what is another's, for an equipment provider
// every number of a card and the devices that are not handed over to it, for a device provider the
// equipment that its devices are built into.
std::vector<std::string> canaries(std::string_view party);

}  // namespace msp::api_stage
