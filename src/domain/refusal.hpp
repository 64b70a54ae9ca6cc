// "You may not": every rule that can say no, once, with the sentence and the next step that users
// read.
//
// One table serves the API (status and problem+json), the command line (exit code), the portal and
// the docs. Values; no threads.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace msp {

enum class RefusalCode : unsigned char {
    // nothing there, or not yours: the two cannot be told apart
    no_such_card,
    no_such_device,
    no_such_equipment,
    no_such_claim,
    no_such_batch,
    no_such_party,
    no_such_operator,
    no_such_reason,
    no_such_key,
    no_such_webhook,
    no_such_delivery,
    // not yours to do
    not_the_customer,
    m2m_sp_only,
    not_the_holder,
    past_installation,
    role_too_small,
    // the state says no
    already_stopped,
    use_equipment_service,
    equipment_bound,
    no_equipment_bound,
    device_bound,
    card_bound_elsewhere,
    device_bound_elsewhere,
    equipment_has_device,
    equipment_unknown,
    equipment_stopped,
    was_active,
    not_admitted,
    not_issued_to_provider,
    imsi_differs,
    eid_differs,
    not_an_equipment_provider,
    not_a_device_provider,
    batch_in_use,
    batch_incomplete,
    subscription_lost,
    claim_closed,
    party_closed,
    party_exists,
    prefix_taken,
    nothing_to_retry,
    webhook_disabled,
    too_many_webhooks,
    // the call itself
    device_differs,
    revision_missing,
    revision_stale,
    key_reused,
    unknown_reason,
    card_conflicts,
    until_past,
    invalid,
};

enum class RefusalKind : unsigned char {
    absent,
    forbidden,
    conflict,
    precondition,
    needs_precondition,
    unprocessable,
    malformed
};

struct RefusalEntry {
    RefusalCode code;
    std::string_view word;  // stable, for programs
    RefusalKind kind;
    std::string_view sentence;
    std::string_view hint;  // the next step
};
std::span<const RefusalEntry> refusal_table();
const RefusalEntry& entry_of(RefusalCode);

struct Refusal {
    RefusalCode code = RefusalCode::invalid;
    std::string detail;   // replaces the table's sentence where more can be said
    std::string pointer;  // JSON pointer (RFC 6901) to the member at fault, if one is
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace msp
