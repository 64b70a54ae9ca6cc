// Scenario 1, pre-provisioning: a batch of cards comes from an operator; the M2M SP registers it.
//
// A batch is registered in pieces of some rows each. From begin to complete the record `batch_open`
// stands and nobody can use its cards; a registration that never completes is withdrawn again, so
// no half of a batch is ever in use.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct CardRow {
    std::size_t line = 0;  // in the file, from 1
    Iccid iccid;
    Imsi imsi;
    SubscriptionReference reference;  // empty: the operator knows the subscription by its ICCID
    std::optional<Msisdn> msisdn;
    std::optional<Mdn> mdn;
    std::optional<Eid> eid;
    ChainId fresh{};  // the number the chain gets, should it be born
};

struct RegisterCards {
    OperatorId at;
    BatchId batch;
    std::vector<CardRow> rows;
    bool verify = false;  // read the network state back instead of taking it as declared de-active
    bool check_only = false;  // say what would be, change nothing
    Origin origin;
};
// Answers one item a row, named by its line: changed, unchanged (the same row was registered
// before) or card_conflicts (also with a card that is stopped and not reclaimed yet).
// Refuses (all): m2m_sp_only.
std::vector<Name> names(const RegisterCards&);
Decision decide(const View&, const RegisterCards&);

// The cards of one piece of a batch are withdrawn while unused: all of them, or none.
// Refuses: m2m_sp_only, batch_in_use.
struct WithdrawCards {
    std::vector<ChainId> chains;
    bool check_only = false;
    Origin origin;
};
std::vector<Name> names(const WithdrawCards&);
Decision decide(const View&, const WithdrawCards&);

}  // namespace msp
