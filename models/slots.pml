/* Two nodes work on one store, and on one chain of a slot that they lease.
 *
 * A node takes the lease, loads the row, decides on what it loaded, and writes the whole row back
 * if nobody wrote it meanwhile: the row's version is the fence. Then it sends. It may stand still
 * at any point while its lease ends, the other node takes over, and commands go on changing what is
 * wanted; it may wake up and go on where it was; it may die. The operator has no fence.
 *
 * The lease is for economy: it saves two nodes from doing the same work. With -DLEASE=0 both work
 * on everything all the time, and the same holds.
 */
#include "world.pml"

mtype:rule = {
    nothing_wrong,
    no_version,          /* the row is written whoever wrote it meanwhile */
    lease_for_version,   /* the row is written by who has the lease, whoever wrote it meanwhile */
    sends_first,         /* who has the lease sends before `in flight` is committed */
    sends_after_a_pause, /* who committed an order sends it, however long it stood still since */
    takeover_ends_flight,/* who takes over forgets what the other had in flight */
    stale_drops_answer,  /* an answer that met a row written meanwhile is dropped */
    lease_never_ends     /* only its owner gives a lease back */
};

#ifndef LEASE
#define LEASE 1
#endif
#ifndef COMMANDS
#define COMMANDS 2       /* each changes what is wanted, by whatever door and node it comes */
#endif

#define NONE   15
#define NOBODY 2

/* The store: the row of the chain, and the lease of its slot. */
byte generation, confirmed;
byte in_flight = NONE;   /* the generation that was sent, or may have been, and may still land */
byte owner = NOBODY;
bool unwritten[2];       /* by node: the version is still the one it loaded */

/* By node: the order that it committed and has not sent, and whether it may no longer do so. */
byte committed[2] = NONE;
bool stood_still[2];
bool dead[2];

/* The wire, by generation, and the newest generation that took effect. */
short orders, answers;
byte network;

/* Only the proof sees. */
byte acknowledged;       /* commands that were answered */
byte landed;             /* the greatest generation that ever took effect */
bool fell;               /* confirmed went back */

#define may_leave(n) (committed[n] == in_flight && !stood_still[n])
#define cannot_land  (!on_the_wire(orders, in_flight) && !may_leave(0) && !may_leave(1))

inline written() {
    unwritten[0] = false;
    unwritten[1] = false
}

active proctype Commands() {
    do
    :: atomic { !calm && acknowledged < COMMANDS -> acknowledged++; generation++; written() }
    od
}

/* ----------------------------------------------------------------------------------- the lease */

#define may_work (LEASE == 0 || owner == me)

active proctype Lease() {                         /* ends by itself, a living owner renews it */
    do
    :: atomic { owner != NOBODY && (!calm || dead[owner]) && !wrong(lease_never_ends) ->
        owner = NOBODY }
    od
}

/* --------------------------------------------------------------------------------------- nodes */

#define answered      (answers != 0 && confirmed != generation)
#define given_up      (!calm || !on_the_wire(answers, in_flight))
#define over          (in_flight != NONE && \
                       ((cannot_land && given_up) || wrong(takeover_ends_flight)))
#define to_send       (in_flight == NONE && confirmed != generation && committed[me] == NONE)

inline load() {
    unwritten[me] = true;
    my_generation = generation;
    my_confirmed = confirmed;
    my_in_flight = in_flight
}

inline forget_copy() {
    my_generation = 0; my_confirmed = 0; my_in_flight = 0;
    unwritten[me] = false
}

#define may_write (unwritten[me] || wrong(no_version) || (wrong(lease_for_version) && owner == me))

inline write() {
    fell = fell || my_confirmed < confirmed;
    generation = my_generation;
    confirmed = my_confirmed;
    in_flight = my_in_flight;
    written();
    forget_copy()
}

proctype Node(byte me) {
    byte my_generation, my_confirmed, my_in_flight;
    byte answer;
    do
    :: atomic { LEASE == 1 && owner == NOBODY && confirmed != generation -> owner = me }
    :: atomic { LEASE == 1 && owner == NOBODY && in_flight != NONE -> owner = me }

       /* An answer came to this node. Where the row was written meanwhile, it decides anew. */
    :: atomic { may_work && (answer != 0 || answered) ->
        if
        :: answer == 0 -> receive(answers, answer)
        :: else
        fi;
        load();
        my_confirmed = (answer > my_confirmed -> answer : my_confirmed) }
       if
       :: atomic { may_write -> write(); answer = 0 }
       :: atomic { !may_write ->
            forget_copy();
            answer = (wrong(stale_drops_answer) -> 0 : answer) }
       :: atomic { !calm -> forget_copy(); answer = 0 }     /* restarted */
       fi

       /* What is in flight cannot take effect any more. */
    :: atomic { may_work && answer == 0 && over -> load(); my_in_flight = NONE }
       if
       :: atomic { may_write -> write() }
       :: atomic { !may_write || !calm -> forget_copy() }
       fi

       /* An order is due: commit it, then send it. */
    :: atomic { may_work && answer == 0 && to_send && !wrong(sends_first) ->
        load();
        my_in_flight = my_generation }
       if
       :: atomic { may_write -> committed[me] = my_in_flight; write() }
          if
          :: atomic { send(orders, committed[me]); committed[me] = NONE }
          :: atomic { !calm -> committed[me] = NONE }       /* stood still too long: not sent */
          :: atomic { !calm && wrong(sends_after_a_pause) -> stood_still[me] = true }
             atomic { send(orders, committed[me]); committed[me] = NONE; stood_still[me] = false }
          fi
       :: atomic { !may_write || !calm -> forget_copy() }
       fi

    :: atomic { may_work && answer == 0 && to_send && wrong(sends_first) ->
        load();
        my_in_flight = my_generation }
       atomic { send(orders, my_in_flight) }
       if
       :: atomic { may_write -> write() }
       :: atomic { !may_write || !calm -> forget_copy() }
       fi

    :: atomic { !calm && !dead[1 - me] -> dead[me] = true; break }
    od
}

/* ---------------------------------------------------------------------- the operator, the wire */

active proctype Operator() {
    byte order;
    do
    :: atomic { orders != 0 ->
        receive(orders, order);
        network = order;
        landed = (order > landed -> order : landed);
        send(answers, order);
        order = 0 }
    od
}

active proctype Wire() {
    byte lost;
    do
    :: atomic { !calm && orders != 0 -> lose(orders, lost) }
    :: atomic { !calm && answers != 0 -> lose(answers, lost) }
    od
}

init {
    atomic { run Node(0); run Node(1) }
}

/* ------------------------------------------------------------------------------ what is proved */

/* Law 7: what was acknowledged is in force. */
#define nothing_lost   (generation == acknowledged)
/* Law 2. */
#define confirmed_kept (!fell && confirmed <= generation)
/* Law 4: no order takes effect after a newer one, and what is confirmed is so. */
#define in_order       (network == landed)
#define confirmed_true (confirmed != generation || network == generation)

ltl safe { [] (nothing_lost && confirmed_kept && in_order && confirmed_true) }

/* Whoever dies, and whatever it held. */
ltl live { [] (calm -> <> [] (confirmed == generation && network == generation)) }

/* These states are reached, or the proofs above would be empty. */
ltl never_confirmed { [] !(confirmed == COMMANDS) }
ltl never_together  { [] !(unwritten[0] && unwritten[1]) }
ltl never_woken     { [] !(committed[0] != NONE && LEASE == 1 && owner == 1) }
