// For tests: files in memory under SQLite, on a disk that loses what was not synced.
//
// Law: a write is seen at once and durable from the sync on that follows it. At a power cut the
// disk keeps of what was not synced a subset drawn by seed, sector by sector, so that a write may
// be torn and a later one outlive an earlier; nothing that was synced is lost, and no byte outside
// a write is touched. Once the power is cut everything fails until it is restored.
// Clock and randomness of SQLite come from here too, so that a run is repeated from its seed.
// Threads: one. There is one of it in a process, and it is SQLite's own choice from then on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msp::torn {

enum class Fault : unsigned char { none, power_cut, disk_full, sync_fails };
enum class Where : unsigned char { anywhere, log };

// Turns the disk on, as a new one.
void format(std::uint64_t seed);
// From the n-th write, sync or truncation on, of any file or of the log alone: the power is cut, no
// room is left, or the sync fails.
void plan(Fault, std::uint64_t operations_from_now, Where = Where::anywhere);
bool happened();
// What was not synced is decided upon, and the disk works again.
void restore_power();
// There is room again.
void free_room();

struct Tally {
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t sectors_kept = 0;
    std::uint64_t sectors_lost = 0;
    std::uint64_t writes_torn = 0;
};
const Tally& tally();

}  // namespace msp::torn
