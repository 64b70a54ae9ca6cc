/* Holds of several parties, one wanted, and orders that overtake each other.
 *
 * The customer and the M2M SP each move their own hold, the customer may stop. What is wanted
 * follows; each change of it is a generation, and the order carries it. Two nodes send what is
 * wanted and not confirmed, as often as they like, and may stand still for ever between reading the
 * row and sending. The audit compares what was confirmed with what the operator has.
 *
 * Nothing but the fence, or one order at a time, keeps an old order from landing last. How one
 * order at a time is kept with an operator that loses answers is another model: msp_loop.pml.
 */
#include "world.pml"

mtype:kind = {
    fenced,    /* keeps our generation, refuses an older one */
    serial,    /* no fence; a newer order is sent when no older one can land any more */
    unbounded  /* neither: law 4 is only repaired by the audit */
};

mtype:rule = {
    nothing_wrong,
    one_flag,            /* both parties write one hold */
    unstops,             /* a command after `stopped` brings the service back */
    confirms_any_answer, /* an answer to an older order confirms the newest */
    sends_once,          /* sends when wanted changes, and never again */
    no_audit             /* nobody looks whether what was confirmed is still so */
};

#ifndef OPERATOR
#define OPERATOR fenced
#endif
#ifndef CUSTOMER
#define CUSTOMER 1  /* changes of the customer's hold */
#endif
#ifndef M2M_SP
#define M2M_SP 1    /* changes of the M2M SP's hold */
#endif

mtype:state = { ACTIVE, DE_ACTIVE, RECLAIMED };

/* The row of the chain. */
bool customer_hold = true, m2m_sp_hold, stopped;
byte generation, confirmed;
bool drift;
mtype:state wanted_in[CUSTOMER + M2M_SP + 3] = DE_ACTIVE;
#define wanted (wanted_in[generation])

/* The wire, by generation. */
short orders, answers;

/* The operator. */
mtype:state network = DE_ACTIVE;
byte fence;

/* Only the proof sees: what each party was last told of its own hold. */
bool customer_says = true, m2m_sp_says;
bool reclaim_landed;

#define behind        (confirmed != generation || drift)
#define held          (customer_hold || m2m_sp_hold)
#define holds_come_to (stopped && !(wrong(unstops) && !held) -> RECLAIMED \
                                                             : (held -> DE_ACTIVE : ACTIVE))
#define m2m_active    (!held && !stopped && wanted == ACTIVE && !behind)

inline follow_wanted() {
    if
    :: wanted != holds_come_to -> generation++; wanted_in[generation] = holds_come_to
    :: else
    fi
}

active proctype Customer() {
    byte changes;
    do
    :: atomic { !calm && !stopped && changes < CUSTOMER ->
        changes++;
        customer_says = !customer_says;
        customer_hold = customer_says;
        m2m_sp_hold = (wrong(one_flag) -> customer_says : m2m_sp_hold);
        follow_wanted() }
    :: atomic { !calm && !stopped -> stopped = true; follow_wanted() }
    od
}

active proctype M2mSp() {
    byte changes;
    do
    :: atomic { !calm && (!stopped || wrong(unstops)) && changes < M2M_SP ->
        changes++;
        m2m_sp_says = !m2m_sp_says;
        m2m_sp_hold = m2m_sp_says;
        customer_hold = (wrong(one_flag) -> m2m_sp_says : customer_hold);
        follow_wanted() }
    od
}

#define alone (OPERATOR != serial || (orders & ~bit(generation)) == 0)

proctype Node() {
    byte order, sent;
    do
    :: atomic { OPERATOR == serial && behind && alone -> send(orders, generation) }
    :: atomic { OPERATOR != serial && behind && !on_the_wire(orders, generation) &&
                (!wrong(sends_once) || sent != generation) ->
        order = generation;
        sent = (wrong(sends_once) -> generation : 0) }
       if
       :: atomic { send(orders, order); order = 0 }
       :: atomic { !calm -> order = 0 }           /* it never wakes; another one does its work */
       fi
    od
}

active proctype Operator() {
    byte order;
    do
    :: atomic { orders != 0 ->
        receive(orders, order);
        if
        :: OPERATOR == fenced && order < fence    /* an older generation: nothing happens */
        :: else ->
            network = wanted_in[order];
            fence = (OPERATOR == fenced -> order : 0);
            reclaim_landed = reclaim_landed || network == RECLAIMED;
            send(answers, order)
        fi;
        order = 0 }
    od
}

active proctype Answers() {
    byte order;
    do
    :: atomic { answers != 0 ->
        receive(answers, order);
        order = (wrong(confirms_any_answer) -> generation : order);
        if
        :: order >= confirmed -> confirmed = order; drift = drift && order != generation
        :: else                                   /* an answer of long ago */
        fi;
        order = 0 }
    od
}

active proctype Audit() {
    do
    :: atomic { !behind && network != wanted && !wrong(no_audit) -> drift = true }
    od
}

active proctype Wire() {
    byte number;
    do
    :: atomic { !calm && orders != 0 -> lose(orders, number) }
    :: atomic { !calm && answers != 0 -> lose(answers, number) }
    od
}

init {
    atomic { run Node(); run Node() }
}

/* ------------------------------------------------------------------------------ what is proved */

#define own_holds      (stopped || (customer_hold == customer_says && m2m_sp_hold == m2m_sp_says))
#define nobody_says_no (!customer_says && !m2m_sp_says && !stopped)
#define stop_is_kept   (!stopped || wanted == RECLAIMED)
#define reclaim_stays  (!reclaim_landed || network == RECLAIMED)
#define confirmed_true (behind || network == wanted)

ltl safe {
    [] (own_holds && (!m2m_active || nobody_says_no) && stop_is_kept && reclaim_stays &&
        confirmed_true)
}

/* Once it is calm, what is wanted is in force and known to be. */
ltl live { [] (calm -> <> [] (!behind && network == wanted)) }

/* These states are reached, or the proofs above would be empty. */
ltl never_active    { [] !m2m_active }
ltl never_reclaimed { [] !reclaim_landed }
