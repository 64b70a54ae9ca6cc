/* An operator that shows one status, active or not, and reports each change of it without a cause.
 *
 * Then our own de-activation comes back as "now inactive" and looks like a suspension of the
 * operator's. The rule: an event is only a hint. The operator's hold is inferred from a read that
 * was asked while our `active` was confirmed, whose generation is still the newest, and which no
 * read that was asked later has overtaken. Two nodes read, without knowing of each other: the
 * platform itself allows one read at a time (msp_loop.pml) and so has less to fear.
 */
#include "world.pml"

mtype:rule = {
    nothing_wrong,
    believes_events,   /* what an event says is booked */
    infers_any_time,   /* the hold is inferred from any read, whatever we asked of the network */
    newest_read_only,  /* only the read that was asked last counts: two readers starve each other */
    confirmed_is_seen  /* active is reported at confirmation, before a read showed it */
};

#ifndef CUSTOMER
#define CUSTOMER 2     /* changes of the customer's hold */
#endif
#ifndef SUSPENSIONS
#define SUSPENSIONS 1  /* times the operator suspends, and again that it resumes */
#endif

mtype:state = { ACTIVE, DE_ACTIVE };

/* The row of the chain. */
bool customer_hold = true, operator_hold;
byte generation, confirmed;
#define NEVER 99
byte seen_in = NEVER;               /* the generation under which a read showed active, or not */
mtype:state wanted_in[CUSTOMER + 2] = DE_ACTIVE;
#define wanted   (wanted_in[generation])
#define reported (wanted == ACTIVE && !operator_hold && \
                  (seen_in == generation || (wrong(confirmed_is_seen) && confirmed == generation)))

/* The wire: orders and answers by generation, events by number. */
short orders, answers, events;

/* The operator, and what each of its events says. */
mtype:state network = DE_ACTIVE;
byte fence, event_number;
bool suspends;
#define EVENTS (CUSTOMER + SUSPENSIONS + 2)
bool says_active[EVENTS];
#define shows_active (network == ACTIVE && !suspends)

/* Reads. */
byte newest_reader;
bool overtaken[2];

/* Only the proof sees. */
bool blamed;                        /* the operator, for what was our own doing */
bool suspended_at[EVENTS];
byte newest_event;

active proctype Customer() {
    byte changes;
    do
    :: atomic { !calm && changes < CUSTOMER ->
        changes++;
        customer_hold = !customer_hold;
        generation++;
        wanted_in[generation] = (customer_hold -> DE_ACTIVE : ACTIVE) }
    od
}

inline report_change() {
    event_number++;
    says_active[event_number] = shows_active;
    suspended_at[event_number] = suspends;
    send(events, event_number)
}

active proctype OperatorsMind() {
    byte changes;
    do
    :: atomic { !calm && changes < SUSPENSIONS ->
        changes++;
        suspends = !suspends;
        if
        :: network == ACTIVE -> report_change()
        :: else
        fi }
    od
}

active proctype Node() {
    byte order;
    do
    :: atomic { confirmed != generation && !on_the_wire(orders, generation) -> order = generation }
       if
       :: atomic { send(orders, order); order = 0 }
       :: atomic { !calm -> order = 0 }
       fi
    od
}

active proctype Operator() {
    byte order;
    bool before;
    do
    :: atomic { orders != 0 ->
        receive(orders, order);
        if
        :: order < fence
        :: order == fence -> send(answers, order)
        :: order > fence ->
            before = shows_active;
            network = wanted_in[order];
            fence = order;
            send(answers, order);
            if
            :: before != shows_active -> report_change()
            :: else
            fi
        fi;
        order = 0;
        before = false }
    od
}

active proctype Answers() {
    byte order;
    do
    :: atomic { answers != 0 ->
        receive(answers, order);
        confirmed = (order > confirmed -> order : confirmed);
        order = 0 }
    od
}

active proctype Events() {
    byte event;
    do
    :: atomic { events != 0 ->
        receive(events, event);
        if
        :: wrong(believes_events) && event > newest_event ->
            newest_event = event;
            operator_hold = !says_active[event];
            seen_in = generation;
            blamed = blamed || (operator_hold && !suspended_at[event])
        :: else
        fi;
        event = 0 }
    od
}

#define may_count (wrong(newest_read_only) -> newest_reader == me : !overtaken[me])

proctype Reader(byte me) {
    byte asked_in;
    bool showed_active, was_suspended;
    do
    :: atomic { (confirmed == generation && wanted == ACTIVE) || wrong(infers_any_time) ->
        asked_in = generation;
        newest_reader = me;
        overtaken[me] = false }
       atomic { showed_active = shows_active; was_suspended = suspends }
       if
       :: atomic { may_count && asked_in == generation ->
            overtaken[1 - me] = (newest_reader == me && !wrong(newest_read_only)) ||
                                overtaken[1 - me];
            operator_hold = !showed_active;
            seen_in = asked_in;
            blamed = blamed || (operator_hold && !was_suspended);
            asked_in = 0; showed_active = false; was_suspended = false }
       :: atomic { !may_count || asked_in != generation || !calm ->
            asked_in = 0; showed_active = false; was_suspended = false }
       fi
    od
}

active proctype Wire() {
    byte number;
    do
    :: atomic { !calm && orders != 0 -> lose(orders, number) }
    :: atomic { !calm && answers != 0 -> lose(answers, number) }
    :: atomic { !calm && events != 0 -> lose(events, number) }
    od
}

init {
    atomic { run Reader(0); run Reader(1) }
}

/* ------------------------------------------------------------------------------ what is proved */

/* Law 6: the operator is never blamed for our own order. */
ltl safe { [] !blamed }

/* Active is reported only where a read under this generation showed it. */
ltl seen { [] (!reported || seen_in == generation) }

ltl live {
    [] (calm -> <> [] (confirmed == generation && reported == (shows_active && !customer_hold) &&
                       (wanted == DE_ACTIVE || operator_hold == suspends)))
}

/* These states are reached, or the proofs above would be empty. */
ltl never_reported { [] !reported }
ltl never_held     { [] !operator_hold }
