#include "simulation/watched_engine.hpp"

namespace msp::simulation {

Written WatchedEngine::write(const Changes& changes) {
    const StoreFaults& faults = around_.faults;
    ++around_.tally.writes;
    const Duration now = around_.schedule.now();
    double dice = random_.unit();
    const auto comes = [&dice](double share) {
        dice -= share;
        return dice < 0 && dice + share >= 0;
    };
    if (comes(faults.filled)) full_until_ = now + faults.full_for;
    if (faults.filled > 0 && now < full_until_) return fail(Written::full, "no space is left");
    if (comes(faults.broke_not_in)) return fail(Written::broken, "a write failed");
    if (comes(faults.unknown_not_in)) return fail(Written::unknown, "the connection broke");
    const bool broke = comes(faults.broke_in);
    const bool unknown = comes(faults.unknown_in);
    const Written written = carry_out(changes);
    if (written != Written::committed) return written;
    if (broke) return fail(Written::broken, "a sync failed");
    if (unknown) return fail(Written::unknown, "the connection broke");
    return written;
}

Written WatchedEngine::carry_out(const Changes& changes) {
    const Written written = engine_.write(changes);
    if (written == Written::committed) {
        around_.witness.committed(changes, around_.epoch + around_.schedule.now());
        if (around_.committed) around_.committed(changes);
    }
    if (written == Written::stale) {
        ++around_.tally.stale;
        around_.sometimes.reached(Rare::stale_write);
    }
    return written;
}

Written WatchedEngine::fail(Written how, const char* why) {
    trouble_ = why;
    if (how == Written::full) {
        ++around_.tally.full;
        around_.sometimes.reached(Rare::disk_full);
    } else if (how == Written::broken) {
        ++around_.tally.broken;
        around_.sometimes.reached(Rare::store_broke);
    } else {
        ++around_.tally.unknown;
    }
    return how;
}

Landed WatchedEngine::resolve(const LaneBatch& batch) {
    const Landed landed = engine_.resolve(batch);
    around_.sometimes.reached(landed == Landed::in ? Rare::unknown_commit_was_in
                                                   : Rare::unknown_commit_was_not_in);
    return landed;
}

}  // namespace msp::simulation
