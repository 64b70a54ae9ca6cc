/* An operator whose events are numbered and carry their cause.
 *
 * Every change of a subscription at the operator has a number, whoever caused it. The event says
 * which: the operator suspended, the operator resumed, or an order of ours took effect, and then it
 * names the order's generation: the echo of what we did ourselves. Events overtake each other and
 * come twice. What the operator's hold is follows from the newest thing heard of it, be it an event
 * of the operator's own doing or a read, which shows the number it is as old as. An echo says
 * nothing of the operator's hold; it may confirm an order whose answer was lost.
 *
 * The platform is more careful than this model asks: there every event is a hint, and it is the
 * read that moves the hold. The model says what a connector may believe that saves that read.
 */
#include "world.pml"

mtype:delivery = {
    once,          /* the operator tells each event once; it may be lost, and the audit reads */
    until_answered /* the operator repeats an event until it is answered; there is no audit */
};

mtype:rule = {
    nothing_wrong,
    blames_echo,          /* the echo of a de-activate is booked as the operator's hold */
    echo_lifts,           /* the echo of an activate lifts the operator's hold */
    echo_moves_number,    /* an echo makes an older event of the operator's doing look outdated */
    no_numbers,           /* events are booked as they come */
    read_without_number,  /* a read is booked whatever was heard since the operator looked */
    no_audit,             /* nobody reads, though events may be lost */
    answers_first,        /* an event is answered before it is stored */
    remembers_first       /* "heard before" is committed before what it says is booked */
};

#ifndef DELIVERY
#define DELIVERY once
#endif
#ifndef CUSTOMER
#define CUSTOMER 2     /* changes of the customer's hold */
#endif
#ifndef SUSPENSIONS
#define SUSPENSIONS 2  /* times the operator suspends, and again that it resumes */
#endif
#define audited (DELIVERY == once && !wrong(no_audit))

mtype:state = { ACTIVE, DE_ACTIVE };

/* The row of the chain. */
bool customer_hold = true, operator_hold;
byte generation, confirmed;
mtype:state wanted_in[CUSTOMER + 1] = DE_ACTIVE;
#define wanted   (wanted_in[generation])
byte number;                        /* of the newest thing heard of the operator's hold */
short heard;                        /* events, by number: the inbox */
#define reported (wanted == ACTIVE && confirmed == generation && !operator_hold)

/* The wire: orders and answers by generation, events by number. */
short orders, answers, events;

/* The operator, and what each of its events says. */
mtype:state network = DE_ACTIVE;
byte fence, event_number;
bool suspends;
mtype:cause = { NOBODY, OPERATOR, OUR_ORDER };
#define EVENTS (CUSTOMER + SUSPENSIONS + 1)
mtype:cause cause_of[EVENTS] = NOBODY;
byte order_of[EVENTS];
bool suspended_after[EVENTS];

/* Only the proof sees: the newest number at which anything told us of the operator's hold. */
byte told;

/* ----------------------------------------------------------------------------- changes of mind */

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

inline tell(cause, order) {
    event_number++;
    cause_of[event_number] = cause;
    order_of[event_number] = order;
    suspended_after[event_number] = suspends;
    send(events, event_number)
}

active proctype OperatorsMind() {
    byte changes;
    do
    :: atomic { !calm && changes < SUSPENSIONS ->
        changes++;
        suspends = !suspends;
        tell(OPERATOR, 0) }
    od
}

/* -------------------------------------------------------------------- orders and their answers */

active proctype Node() {
    do
    :: atomic { confirmed != generation && !on_the_wire(orders, generation) ->
        send(orders, generation) }
    od
}

active proctype Operator() {
    byte order;
    do
    :: atomic { orders != 0 ->
        receive(orders, order);
        if
        :: order < fence                          /* an older generation: nothing happens */
        :: order == fence -> send(answers, order) /* it was done already */
        :: order > fence ->
            network = wanted_in[order];
            fence = order;
            send(answers, order);
            tell(OUR_ORDER, order)
        fi;
        order = 0 }
    od
}

inline confirm(order) {
    confirmed = (order > confirmed -> order : confirmed)
}

active proctype Answers() {
    byte order;
    do
    :: atomic { answers != 0 ->
        receive(answers, order);
        confirm(order);
        order = 0 }
    od
}

/* -------------------------------------------------------------------------------------- events */

#define newest(event) (event > number || wrong(no_numbers))

inline book(event) {
    if
    :: cause_of[event] == OPERATOR ->
        told = (event > told -> event : told);
        if
        :: newest(event) -> operator_hold = suspended_after[event]; number = event
        :: else                                   /* something newer was heard of the hold */
        fi
    :: cause_of[event] == OUR_ORDER ->
        confirm(order_of[event]);
        if
        :: wrong(blames_echo) && newest(event) && wanted_in[order_of[event]] == DE_ACTIVE ->
            operator_hold = true
        :: wrong(echo_lifts) && newest(event) && wanted_in[order_of[event]] == ACTIVE ->
            operator_hold = false
        :: wrong(echo_moves_number) && newest(event) -> number = event
        :: else
        fi
    fi
}

inline remember(event) {
    heard = heard | bit(event)
}

#define heard_before(event) on_the_wire(heard, event)

active proctype Inbox() {
    byte event;
    do
    :: atomic { events != 0 ->
        receive(events, event);
        if
        :: heard_before(event) -> event = 0
        :: !heard_before(event) && wrong(answers_first)
        :: !heard_before(event) && wrong(remembers_first) -> remember(event)
        :: !heard_before(event) && !wrong(answers_first) && !wrong(remembers_first) ->
            remember(event);
            book(event);
            event = 0
        fi }
       if
       :: event == 0
       :: atomic { event != 0 -> remember(event); book(event); event = 0 }
       :: atomic { event != 0 && !calm ->          /* killed between the two */
            if
            :: wrong(remembers_first) -> send(events, event) /* unanswered, so it comes again */
            :: else
            fi;
            event = 0 }
       fi
    od
}

/* --------------------------------------------------------------------------- the audit's reads */

active proctype Audit() {
    bool showed_suspension;
    byte looked_at;
    do
    :: atomic { audited && number != event_number ->   /* there is news, and the operator looks */
        showed_suspension = suspends;
        looked_at = event_number }
       if
       :: atomic { looked_at >= number || wrong(read_without_number) ->
            operator_hold = showed_suspension;
            number = looked_at;
            told = (looked_at > told -> looked_at : told);
            showed_suspension = false;
            looked_at = 0 }
       :: atomic { looked_at < number || !calm -> /* outdated, or lost */
            showed_suspension = false;
            looked_at = 0 }
       fi
    od
}

active proctype Wire() {
    byte lost;
    do
    :: atomic { !calm && orders != 0 -> lose(orders, lost) }
    :: atomic { !calm && answers != 0 -> lose(answers, lost) }
    :: atomic { !calm && events != 0 && DELIVERY == once -> lose(events, lost) }
    od
}

/* ------------------------------------------------------------------------------ what is proved */

/* Law 6: the operator's hold is as the newest thing said that we were told of it; nothing older has
 * overridden that, and no echo of our own order has moved it. */
#define newest_wins    (operator_hold == suspended_after[told])
/* Law 4: what is confirmed is so at the operator. */
#define confirmed_true (confirmed != generation || network == wanted)

ltl safe { [] (newest_wins && confirmed_true && confirmed <= generation) }

/* Once it is calm, what we report is so, and what the operator holds is known. */
#define active_in_truth (network == ACTIVE && !suspends && wanted == ACTIVE)

ltl live {
    [] (calm -> <> [] (confirmed == generation && operator_hold == suspends &&
                       reported == active_in_truth))
}

/* These states are reached, or the proofs above would be empty. */
ltl never_reported  { [] !reported }
ltl never_held      { [] !operator_hold }
ltl never_told_late { [] !(told > 1 && on_the_wire(events, 1) && cause_of[1] == OPERATOR) }
