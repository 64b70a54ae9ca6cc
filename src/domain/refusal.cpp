#include "domain/refusal.hpp"

#include <cassert>

namespace msp {

using enum RefusalCode;
using enum RefusalKind;

static constexpr RefusalEntry table[] = {
    {no_such_card, "no-such-card", absent, "There is no card of this ICCID among yours.",
     "Check the ICCID; list your cards with `msp card list`."},
    {no_such_device, "no-such-device", absent, "There is no device of this ID among yours.",
     "Check the device ID; a device appears once it has reported its card."},
    {no_such_equipment, "no-such-equipment", absent,
     "There is no equipment of this ID among yours.",
     "Check the equipment ID; it appears once a device has reported it."},
    {no_such_claim, "no-such-claim", absent, "There is no such claim among yours.",
     "List open claims with `msp claim list`."},
    {no_such_batch, "no-such-batch", absent, "There is no card batch of this name.",
     "List batches with `msp card batches`."},
    {no_such_party, "no-such-party", absent, "There is no party of this name.",
     "List parties with `msp party list`."},
    {no_such_operator, "no-such-operator", absent, "There is no operator of this name.",
     "List operators with `msp operator list`."},
    {no_such_reason, "no-such-reason", absent,
     "The M2M service provider does not hold it for this reason.",
     "Read `held_by` of the device to see which reasons stand."},

    {not_the_customer, "not-the-customer", forbidden,
     "Only the party that uses this M2M service may switch it.",
     "Ask the party named as customer, or the M2M service provider."},
    {m2m_sp_only, "m2m-sp-only", forbidden, "Only the M2M service provider may do this.",
     "Ask the M2M service provider."},
    {not_the_holder, "not-the-holder", forbidden,
     "Only the party that has it in custody, or the M2M service provider, may hand it on.",
     "Ask the party named as customer to hand it over."},
    {past_installation, "past-installation", forbidden,
     "Since its equipment service was first active, only the equipment provider moves this hold.",
     "Put a hold of the M2M service provider instead: `msp device hold`."},
    {role_too_small, "role-too-small", forbidden, "This key's role does not allow it.",
     "Use a key with the role named in the documentation of this call."},

    {already_stopped, "already-stopped", conflict, "Its M2M service is stopped, for ever.",
     "Let the device report with a fresh card; a stopped subscription never comes back."},
    {use_equipment_service, "use-equipment-service", conflict,
     "Its equipment service is active; the device is switched through it.",
     "Use PUT /v1/equipment/{equipment_id}/service."},
    {equipment_bound, "equipment-bound", conflict, "An equipment is bound to this device.",
     "Use the equipment service, or unbind the equipment first."},
    {no_equipment_bound, "no-equipment-bound", conflict, "No device is bound to this equipment.",
     "Let a device report this equipment ID first."},
    {device_bound, "device-bound", conflict, "The card is in a device.",
     "Hand the device over instead of issuing the card."},
    {card_bound_elsewhere, "card-bound-elsewhere", conflict, "The card is bound to another device.",
     "If it was moved, its provider frees it first; the claim is kept for its owner to decide."},
    {device_bound_elsewhere, "device-bound-elsewhere", conflict,
     "The device is bound to another card or equipment.",
     "The claim is kept for its owner to decide: `msp claim list`."},
    {equipment_has_device, "equipment-has-device", conflict,
     "Another live device is bound to this equipment.",
     "The equipment provider ends that one first: equipment service `replaced`."},
    {equipment_unknown, "equipment-unknown", conflict,
     "This equipment ID is not registered, and its provider does not let reports create equipment.",
     "Register it: PUT /v1/equipment/{equipment_id}."},
    {equipment_stopped, "equipment-stopped", conflict, "The service of this equipment is stopped.",
     "Its provider may reopen it: equipment service `de-active`; then the device reports again."},
    {was_active, "was-active", conflict,
     "The equipment service was active under this binding, so it is no mistake of the test.",
     "Use equipment service `replaced` or `stopped`."},
    {not_admitted, "not-admitted", conflict,
     "The report came while the M2M service was held: no window for claims was open.",
     "Activate the M2M service of the card for the test, then let the device report again."},
    {not_issued_to_provider, "not-issued-to-provider", conflict,
     "The card was not issued to the provider of this device.",
     "The M2M service provider issues the card: `msp card issue`."},
    {imsi_differs, "imsi-differs", conflict, "The reported IMSI is not the one of this card.",
     "Check the card in the device; a multi-IMSI card is compared by EID."},
    {eid_differs, "eid-differs", conflict, "The reported EID is not the one of this card.",
     "Check the eUICC in the device."},
    {not_an_equipment_provider, "not-an-equipment-provider", conflict,
     "The party is not an equipment provider.",
     "Hand the device over to an equipment provider first."},
    {not_a_device_provider, "not-a-device-provider", conflict,
     "The party is not a device provider.", "Name a device provider: `msp party list`."},
    {batch_in_use, "batch-in-use", conflict, "Cards of this batch are in use.",
     "Only a batch whose cards were neither issued nor switched nor bound can be withdrawn."},
    {batch_incomplete, "batch-incomplete", conflict,
     "The registration of this batch is not complete.",
     "Wait until it is, or repeat the same file."},
    {subscription_lost, "subscription-lost", conflict,
     "The operator terminated this subscription; it cannot be switched any more.",
     "Stop the service or replace the device."},
    {claim_closed, "claim-closed", conflict, "The claim was decided already.",
     "Let the device report again if things have changed."},
    {party_closed, "party-closed", conflict, "The party is closed.", "Name a party that is open."},
    {nothing_to_retry, "nothing-to-retry", conflict, "Nothing is parked or pending there.",
     "Read the chain: `msp device status`."},

    {device_differs, "device-differs", conflict,
     "The device named is not the one bound now, so nothing was ended.",
     "Read the equipment again and name its device in `device_id` (null if there is none)."},
    {revision_missing, "revision-missing", needs_precondition,
     "This change cannot be undone and needs If-Match.",
     "Read the object, look at it, and send its ETag in If-Match."},
    {revision_stale, "revision-stale", precondition, "Somebody changed it since you read it.",
     "Read it again and decide anew; the answer shows who changed it."},
    {key_reused, "key-reused", unprocessable, "This Idempotency-Key was used for another request.",
     "Use a fresh key for each request."},
    {unknown_reason, "unknown-reason", malformed, "There is no such reason in the catalogue.",
     "Codes for a hold of the M2M service provider: unpaid, contract, fraud, maintenance, law, "
     "other."},
    {card_conflicts, "card-conflicts", conflict,
     "A live card has this ICCID or IMSI with other particulars.",
     "Compare the row with the card; a recycled IMSI is free once its reclaim is confirmed."},
    {until_past, "until-past", malformed, "The time in `until` is over already.",
     "Name a time that is still to come, in RFC 3339 with an offset."},
    {invalid, "invalid", malformed, "The request is not valid.",
     "See `errors` for the members at fault."},
};

std::span<const RefusalEntry> refusal_table() {
    return table;
}

const RefusalEntry& entry_of(RefusalCode code) {
    const RefusalEntry& entry = table[static_cast<std::size_t>(code)];
    assert(entry.code == code);
    return entry;
}

}  // namespace msp
