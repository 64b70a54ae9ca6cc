// Rare states that a run set must have reached, or it has proved nothing about them.
//
// A value; sums of several runs are made by +=. Threads: one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace msp::simulation {

enum class Rare : unsigned char {
    killed_with_order_in_flight,
    paused_between_commit_and_sending,
    two_nodes_on_one_chain,
    stale_write,
    unknown_commit_was_in,
    unknown_commit_was_not_in,
    disk_full,
    store_broke,
    key_replayed,
    revision_stale,
    refused,
    gave_up,
    claim_kept,
    claim_accepted,
    test_ended,
    service_active,
    equipment_stopped,
    equipment_replaced,
    equipment_back_with_new_device,
    reclaimed,
    operator_held,
    subscription_lost,
    order_refused,
    drift_found,
    insisted,
    imsi_reused,
    operator_restored,
    order_took_effect_twice,
    answer_lost_after_effect,
    notice_repeated,
    notice_retried,
    partitioned,
    clock_was_wrong,
};
inline constexpr std::size_t rare_count = static_cast<std::size_t>(Rare::clock_was_wrong) + 1;
std::string_view word(Rare);

class Sometimes {
public:
    void reached(Rare rare, std::uint64_t times = 1) {
        counts_[static_cast<std::size_t>(rare)] += times;
    }
    std::uint64_t count(Rare rare) const { return counts_[static_cast<std::size_t>(rare)]; }
    Sometimes& operator+=(const Sometimes& other) {
        for (std::size_t i = 0; i < rare_count; ++i) counts_[i] += other.counts_[i];
        return *this;
    }

private:
    std::array<std::uint64_t, rare_count> counts_{};
};

}  // namespace msp::simulation
