// How kinds of names are numbered in the database: for ever, whatever the enumeration does. The
// table `kind` in schema/sqlite/ says the same to people. A chain itself and an answer have tables
// of their own, and no number.
#pragma once

#include "domain/view.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace msp {

struct StoredKind {
    std::int64_t number = 0;
    std::string_view word;
};

inline StoredKind stored_kind(Name::Kind kind) {
    switch (kind) {
        case Name::Kind::chain: return {0, "chain"};
        case Name::Kind::iccid: return {1, "iccid"};
        case Name::Kind::imsi: return {2, "imsi"};
        case Name::Kind::subscription: return {3, "subscription"};
        case Name::Kind::device: return {4, "device"};
        case Name::Kind::equipment: return {5, "equipment"};
        case Name::Kind::claim: return {16, "claim"};
        case Name::Kind::batch: return {17, "batch"};
        case Name::Kind::batch_open: return {18, "batch_open"};
        case Name::Kind::equipment_card: return {19, "equipment_card"};
        case Name::Kind::party: return {20, "party"};
        case Name::Kind::key: return {21, "key"};
        case Name::Kind::endpoint: return {22, "endpoint"};
        case Name::Kind::endpoint_state: return {23, "endpoint_state"};
        case Name::Kind::delivery: return {24, "delivery"};
        case Name::Kind::operator_settings: return {25, "operator_settings"};
        case Name::Kind::operator_event: return {26, "operator_event"};
        case Name::Kind::setting: return {27, "setting"};
        case Name::Kind::answer: return {0, "answer"};
    }
    std::abort();
}

}  // namespace msp
