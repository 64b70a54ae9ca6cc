// What carries out each call of the table: one function a row, one file a resource.
//
// Each answers its call exactly once, now or later, on the loop.
#pragma once

#include "api/routes.hpp"

namespace msp {

// health.cpp
void show_live(const CallPtr&);
void show_ready(const CallPtr&);
void show_metrics(const CallPtr&);
void show_openapi(const CallPtr&);

// card_batches.cpp
void import_cards(const CallPtr&);
void list_batches(const CallPtr&);
void get_batch(const CallPtr&);
void get_rejected_rows(const CallPtr&);
void withdraw_batch(const CallPtr&);
void issue_batch(const CallPtr&);

// cards.cpp, m2m_service.cpp, checks.cpp
void list_cards(const CallPtr&);
void get_card(const CallPtr&);
void issue_cards(const CallPtr&);
void switch_card(const CallPtr&);
void check_card(const CallPtr&);
void retry_card(const CallPtr&);

// devices.cpp, m2m_service.cpp, checks.cpp
void list_devices(const CallPtr&);
void get_device(const CallPtr&);
void hand_over_devices(const CallPtr&);
void switch_device(const CallPtr&);
void check_device(const CallPtr&);
void retry_device(const CallPtr&);

// holds.cpp
void put_card_hold(const CallPtr&);
void lift_card_hold(const CallPtr&);
void put_device_hold(const CallPtr&);
void lift_device_hold(const CallPtr&);
void show_hold_catalogue(const CallPtr&);
void show_refusals(const CallPtr&);

// equipment.cpp, checks.cpp
void list_equipment(const CallPtr&);
void get_equipment(const CallPtr&);
void put_equipment(const CallPtr&);
void switch_equipment(const CallPtr&);
void check_equipment(const CallPtr&);
void retry_equipment(const CallPtr&);
void unbind_equipment(const CallPtr&);

// claims.cpp
void list_claims(const CallPtr&);
void get_claim(const CallPtr&);
void accept_claim(const CallPtr&);
void dismiss_claim(const CallPtr&);

// reports.cpp
void report_device(const CallPtr&);
void hear_operator_event(const CallPtr&);

// operators.cpp
void list_operators(const CallPtr&);
void get_operator(const CallPtr&);
void put_operator(const CallPtr&);
void show_drift(const CallPtr&);
void pause_operator(const CallPtr&);
void resume_operator(const CallPtr&);
void audit_operator(const CallPtr&);
void retry_operator(const CallPtr&);

// events.cpp
void list_events(const CallPtr&);
void stream_events(const CallPtr&);
void list_history(const CallPtr&);

// webhooks.cpp
void list_webhooks(const CallPtr&);
void add_webhook(const CallPtr&);
void get_webhook(const CallPtr&);
void change_webhook(const CallPtr&);
void remove_webhook(const CallPtr&);
void rotate_webhook(const CallPtr&);
void test_webhook(const CallPtr&);
void replay_webhook(const CallPtr&);
void list_deliveries(const CallPtr&);
void resend_delivery(const CallPtr&);

// parties.cpp
void list_parties(const CallPtr&);
void add_party(const CallPtr&);
void get_party(const CallPtr&);
void change_party(const CallPtr&);

// keys.cpp
void show_me(const CallPtr&);
void list_keys(const CallPtr&);
void add_key(const CallPtr&);
void remove_key(const CallPtr&);

}  // namespace msp
