// The machines of the demo, drawn from a seed: cards with right check digits, devices, equipment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace msp::demo {

struct Machine {
    std::string iccid, imsi, device, equipment;
    std::string at_operator;
    std::string provider;  // the equipment provider that builds it in
};

struct Fleet {
    std::vector<Machine> machines;
    std::vector<Machine>
        spares;  // a card and a device each, for replacements; no equipment of their own
};

// Half of the machines at each operator, half for each provider; `spares` of each kind in turn.
Fleet draw_fleet(std::uint64_t seed, std::size_t machines, std::size_t spares);

// iccid,imsi of all cards at one operator, as its delivery note would be.
std::string card_file(const Fleet&, const std::string& at_operator);

// A delivery note that a spreadsheet, a hurry and a typist went through: every row is wrong in
// another way.
std::string damaged_card_file();

}  // namespace msp::demo
