/* Replacing a device: several subscriptions in one equipment's life.
 *
 * The equipment is in service with an old device. Its EP says `replaced` and names the device
 * that it means; the old subscription is to be reclaimed, however long that takes. A new device, on
 * test by then, reports the equipment and is bound to it; a rival may report it too. The EP wishes
 * its service active again, the M2M SP's hold follows the equipment. Calls, orders and answers are
 * lost, repeated and overtaken. With -DRECYCLED=1 the operator gives the new card the IMSI of the
 * old one once that is reclaimed.
 */
#include "world.pml"

mtype:kind = {
    fenced, /* keeps our generation, refuses an older one */
    serial  /* no fence; a newer order is sent when no older one can land any more */
};

mtype:rule = {
    nothing_wrong,
    replaces_unnamed,     /* `replaced` does not name the device that it ends */
    drives_present_only,  /* the order loop looks after the present device's subscription only */
    answers_by_equipment, /* any answer is booked for the present device */
    orders_by_imsi,       /* an order goes by the IMSI, which may be another card's by now */
    binds_over,           /* a report binds though the equipment has a live device */
    binds_stale,          /* a report is decided on a row that was written meanwhile */
    hold_stays_behind,    /* the M2M SP's hold ends with the old device */
    wish_goes_along       /* the wish for the old device holds for the new one */
};

#ifndef OPERATOR
#define OPERATOR fenced
#endif
#ifndef WISHES
#define WISHES 2    /* times the EP changes its wish */
#endif
#ifndef M2M_SP
#define M2M_SP 1    /* changes of the M2M SP's hold */
#endif
#ifndef RIVAL
#define RIVAL 0     /* 1: a second device reports the same equipment */
#endif
#ifndef RECYCLED
#define RECYCLED 0  /* 1: the new card has the IMSI of the old one */
#endif

#define OLD   0
#define NEW   1
#define OTHER 2
#define ALL   3

mtype:state = { ACTIVE, DE_ACTIVE, RECLAIMED };

/* -------------------------------------------------------------------------- one chain a device */

/* The old device is in service; the others are on test: their M2M service was switched on, the
 * order may still be under way. */
bool recycled;                            /* the new card was registered, with the old one's IMSI */
bool customer_hold[ALL], m2m_sp_hold[ALL], stopped[ALL];
bool bound[ALL] = { true, false, false }; /* to the equipment, ... */
bool ended[ALL];                          /* ... and another device took over */
bool wished_active[ALL] = { true, false, false };
byte generation[ALL] = 1;
byte confirmed[ALL] = { 1, 0, 0 };
#define MOST (WISHES + M2M_SP + 4)
mtype:state wanted_in[ALL * MOST] = ACTIVE;
#define wanted(chain) (wanted_in[(chain) * MOST + generation[chain]])

byte present = OLD;                       /* the chain that the equipment's name leads to */

/* The wire: calls by the device they name, orders and answers of each chain by generation. */
short calls;
short orders[ALL], answers[ALL];

/* The operator. */
mtype:state network[ALL] = { ACTIVE, DE_ACTIVE, DE_ACTIVE };
byte fence[ALL];

/* Only the proof sees. */
bool meant[ALL];                          /* the EP wanted this very device to end */
bool ep_wishes = true, m2m_sp_says_hold;  /* what each was last told of its own wish and hold */
bool effect_after_reclaim;

#define registered(chain) (chain != NEW || RECYCLED == 0 || recycled)
#define held(chain)      (customer_hold[chain] || m2m_sp_hold[chain])
#define open(chain)      (!held(chain) && !stopped[chain])
#define behind(chain)    (confirmed[chain] != generation[chain])
#define in_force(chain)  (!behind(chain) && wanted(chain) == ACTIVE)
#define active_with(chain) (bound[chain] && !ended[chain] && wished_active[chain] && \
                            open(chain) && in_force(chain))
#define equipment_active (active_with(OLD) || active_with(NEW) || active_with(OTHER))

#define comes_to(chain)  (stopped[chain] -> RECLAIMED : (held(chain) -> DE_ACTIVE : ACTIVE))

inline follow_wanted(chain) {
    if
    :: wanted(chain) != comes_to(chain) ->
        generation[chain]++;
        wanted_in[chain * MOST + generation[chain]] = comes_to(chain)
    :: else
    fi
}

/* ---------------------------------------------------------------------- the equipment provider */

active proctype EquipmentProvider() {
    byte changes;
    do
    :: atomic { !calm && changes < WISHES && !stopped[present] ->
        changes++;
        wished_active[present] = !wished_active[present];
        customer_hold[present] = !wished_active[present];
        ep_wishes = wished_active[present];
        follow_wanted(present) }
    :: atomic { !calm && !meant[OLD] && !stopped[present] ->
        meant[OLD] = true;
        send(calls, OLD) }
    od
}

inline end(chain) {
    stopped[chain] = true;
    follow_wanted(chain)
}

/* `replaced`: of the device that it names, or of none. */
active proctype Calls() {
    byte device;
    do
    :: atomic { calls != 0 ->
        receive(calls, device);
        if
        :: stopped[present]                       /* there is no device to end */
        :: !stopped[present] && (device == present || wrong(replaces_unnamed)) -> end(present)
        :: !stopped[present] && device != present && !wrong(replaces_unnamed)  /* 409 */
        fi;
        device = 0 }
    od
}

/* ---------------------------------------------------------------------------------- the M2M SP */

active proctype M2mSp() {
    byte changes;
    do
    :: atomic { !calm && changes < M2M_SP && !stopped[present] ->
        changes++;
        m2m_sp_hold[present] = !m2m_sp_hold[present];
        m2m_sp_says_hold = m2m_sp_hold[present];
        follow_wanted(present) }
    :: atomic { RECYCLED == 1 && !recycled && stopped[OLD] && !behind(OLD) ->
        recycled = true }                  /* an IMSI is live until its reclaim is confirmed */
    od
}

/* ------------------------------------------------------------------------------ devices report */

#define may_bind(chain) (registered(chain) && !bound[chain] && open(chain) && \
                         (stopped[present] || wrong(binds_over)))

inline bind(chain) {
    ended[present] = true;
    bound[chain] = true;
    wished_active[chain] = wrong(wish_goes_along) && wished_active[present];
    ep_wishes = false;
    m2m_sp_hold[chain] = m2m_sp_hold[present] && !wrong(hold_stays_behind);
    present = chain;
    follow_wanted(chain)
}

proctype Device(byte me) {
    do
    :: atomic { may_bind(me) && !wrong(binds_stale) -> bind(me) }
    :: atomic { may_bind(me) && wrong(binds_stale) }
       atomic { bind(me) }
    od
}

/* -------------------------------------------------------------------- orders and their answers */

#define alone(chain)  (OPERATOR == fenced || (orders[chain] & ~bit(generation[chain])) == 0)
#define looked_after(chain) (chain == present || !bound[chain] || !wrong(drives_present_only))

proctype Node(byte chain) {
    do
    :: atomic { registered(chain) && behind(chain) && looked_after(chain) && alone(chain) &&
                !on_the_wire(orders[chain], generation[chain]) ->
        send(orders[chain], generation[chain]) }
    od
}

/* Whose subscription an order arrives at: its own by reference, the IMSI's present one by IMSI. */
#define imsi_moved     (recycled && wrong(orders_by_imsi))
#define arrives_at(chain) (imsi_moved && chain == OLD -> NEW : chain)

inline carry_out(order, chain, at) {
    effect_after_reclaim = effect_after_reclaim ||
                           (network[at] == RECLAIMED &&
                            wanted_in[chain * MOST + order] != RECLAIMED);
    network[at] = wanted_in[chain * MOST + order];
    fence[at] = (OPERATOR == fenced -> order : 0);
    send(answers[chain], order)
}

proctype Subscription(byte chain) {
    byte order, at;
    do
    :: atomic { orders[chain] != 0 ->
        receive(orders[chain], order);
        at = arrives_at(chain);
        if
        :: order < fence[at]                      /* an older generation: nothing happens */
        :: order >= fence[at] -> carry_out(order, chain, at)
        fi;
        order = 0;
        at = 0 }
    od
}

inline confirm(order, chain) {
    if
    :: order > confirmed[chain] && order <= generation[chain] -> confirmed[chain] = order
    :: else
    fi
}

proctype Answers(byte chain) {
    byte order;
    do
    :: atomic { answers[chain] != 0 ->
        receive(answers[chain], order);
        if
        :: wrong(answers_by_equipment) -> confirm(order, present)
        :: else -> confirm(order, chain)
        fi;
        order = 0 }
    od
}

active proctype Wire() {
    byte lost;
    do
    :: atomic { !calm && calls != 0 -> lose(calls, lost) }
    :: atomic { !calm && orders[OLD] != 0 -> lose(orders[OLD], lost) }
    :: atomic { !calm && orders[NEW] != 0 -> lose(orders[NEW], lost) }
    :: atomic { !calm && answers[OLD] != 0 -> lose(answers[OLD], lost) }
    :: atomic { !calm && answers[NEW] != 0 -> lose(answers[NEW], lost) }
    od
}

init {
    atomic {
        run Device(NEW);
        run Node(OLD); run Subscription(OLD); run Answers(OLD);
        run Node(NEW); run Subscription(NEW); run Answers(NEW);
        if
        :: RIVAL == 1 -> run Device(OTHER)
        :: else
        fi
    }
}

/* ------------------------------------------------------------------------------ what is proved */

/* Law 5: one live device, and one subscription in force that is the equipment's. */
#define live(chain)        (bound[chain] && !stopped[chain])
#define one_live           (live(OLD) + live(NEW) + live(OTHER) <= 1)
/* Nobody ends a device but by its name. */
#define as_meant           (!stopped[NEW] && !stopped[OTHER] && (!stopped[OLD] || meant[OLD]))
/* Law 4: what is confirmed is so at the operator, for each subscription by itself. */
#define confirmed_true(chain) (behind(chain) || network[chain] == wanted(chain))
#define both_true          (confirmed_true(OLD) && confirmed_true(NEW))
/* Laws 1 and 3: a hold outlives the device that it was put on, and so does nobody's wish. */
#define as_wished          (!equipment_active || (ep_wishes && !m2m_sp_says_hold))

ltl safe { [] (one_live && as_meant && both_true && as_wished && !effect_after_reclaim) }

/* Once it is calm, what is wanted of each subscription is in force: the old one is reclaimed. */
#define settled(chain) (!behind(chain) && network[chain] == wanted(chain))

ltl live { [] (calm -> <> [] (settled(OLD) && (settled(NEW) || !registered(NEW)))) }

/* These states are reached, or the proofs above would be empty. */
ltl never_successor { [] !(active_with(NEW) && network[OLD] == RECLAIMED && !behind(OLD)) }
ltl never_overlap   { [] !(active_with(NEW) && network[OLD] == ACTIVE) }
ltl never_follows   { [] !(bound[NEW] && m2m_sp_hold[NEW] && m2m_sp_hold[OLD]) }
ltl never_rival     { [] !bound[OTHER] }
