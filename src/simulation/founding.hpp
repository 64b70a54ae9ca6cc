// How a simulated world begins: parties with keys, operators with their settings, cards, and an
// endpoint of each equipment provider, all committed before the first node starts.
//
// Machine i is meant to become card i, device i, equipment i. Values and one function; the same
// seed founds the same world.
#pragma once

#include "domain/identity.hpp"
#include "operators/operator_settings.hpp"
#include "simulation/storm.hpp"
#include "store/engine.hpp"

#include <map>
#include <string>
#include <vector>

namespace msp::simulation {

struct Machine {
    unsigned number = 0;
    std::string iccid;
    std::string imsi;
    std::string operator_id;
    std::string maker;     // device provider
    std::string provider;  // equipment provider
    std::string device;
    std::string equipment;
};

struct Founded {
    std::map<std::string, std::string> tokens;            // by party
    std::map<std::string, std::string> enrolment_keys;    // by device provider
    std::map<std::string, std::string> secrets;           // of the endpoint, by equipment provider
    std::map<std::string, std::string> callback_secrets;  // by operator
    std::vector<OperatorSettings> operators;
    std::vector<Machine> machines;
};

inline constexpr const char* equipment_providers[] = {"ep-one", "ep-two"};
inline constexpr const char* device_providers[] = {"dp-one", "dp-two"};

// Names of hosts.
std::string host_of_node(unsigned number);
std::string host_of_operator(unsigned number);
std::string host_of_receiver(const std::string& party);
inline constexpr const char* platform_host = "msp.example";

std::string iccid_number(unsigned number);
std::string imsi_number(unsigned number);

// Lanes 0 to nodes - 1 are the nodes', the one after them is the founder's.
Founded found(Engine&, const Storm&, std::uint64_t seed, Time at);

}  // namespace msp::simulation
