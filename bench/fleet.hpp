// A fleet for measuring: known by arithmetic, so that neither client nor server has to keep a list.
//
// Machine n of a fleet has the device ID device_of(n); it is in service, or switched off by its
// provider, and nothing is under way with its operator.
#pragma once

#include "domain/chain.hpp"
#include "domain/view.hpp"
#include "world/random.hpp"

#include <cstdint>
#include <string>

namespace msp::bench {

Chain nth_chain(std::uint64_t n);
std::string device_of(std::uint64_t n);
// Which machine a device ID, ICCID or IMSI of the fleet belongs to.
std::uint64_t number_of(const Name&);

// Writes machines 1 to `chains` into an empty folder: registered as cards, bound, changed once
// since.
void fill(const std::string& folder, std::uint64_t chains);

// The folder of a fleet that is kept between runs under `folder`; made there the first time.
std::string kept_fleet(const std::string& folder, std::uint64_t chains);
// A new folder with the database of another; what was there is gone.
void copy_fleet(const std::string& fleet, const std::string& into);

// Ends the program where a database refuses what it must not.
void must(bool good);

}  // namespace msp::bench
