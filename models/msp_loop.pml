/* The conversation with an operator about one subscription: src/domain/protocol.hpp as a proof.
 *
 * Two nodes take whatever step is due, without a lease; each may stop for ever, or stand still
 * for too long, between the commit of an order and its sending. The customer, the M2M SP and the
 * operator change their minds. At most one order or one read is under way, and an order that was
 * sent stays in flight until no copy of it can take effect any more. That it cannot is modelled as
 * a fact (no copy on the wire, no node that may still send it); the platform knows it from the
 * operator's fence, from the bound on a request's life, or because the operator ignores a repeated
 * reference and said done. The operator's events are hints: they make somebody read, and here a
 * read may begin at any time.
 */
#include "world.pml"

/* The operator's kind: -DOPERATOR=kind. docs/operators/promises.md says what each is promised. */
mtype:kind = {
    fenced,      /* keeps our generation, refuses an older one; shows its suspension apart */
    serial,      /* no fence; shows its suspension apart; while it suspends it refuses to activate
                    and to reclaim */
    combined,    /* as serial, but shows one status, whoever caused it; while it suspends it may
                    refuse to activate, or keep that for later */
    overwritten, /* one field that the last writer wins; it does tell `suspended` */
    overwritten_combined /* one field that the last writer wins and that tells active or not */
};

mtype:rule = {
    nothing_wrong,
    /* What was sent */
    commits_after_sending,     /* bytes leave before `in flight` is committed */
    sends_after_a_pause,       /* sends however long it stood still since the commit */
    sends_too_early,           /* forgets what is in flight while a copy of it can still land */
    done_ends_flight,          /* done: forgets what is in flight, though a second copy can land */
    shown_ends_flight,         /* the same when a read shows the effect */
    answer_unmatched,          /* an answer is taken for the sending that awaits one */
    accepted_is_done,          /* takes "accepted" for done */
    /* What was read */
    reads_twice,               /* two reads at once */
    late_read_counts,          /* a read that was given up is applied if it comes after all */
    reads_beside_order,        /* reads while an order awaits its answer, and applies both */
    read_outlives_generation,  /* applies a read that was asked before the last change of wanted */
    done_is_seen,              /* reports active at done, before a read showed it */
    masked_confirms,           /* "inactive" confirms a de-activate, though a suspension may mask */
    hold_explains_active,      /* an operator's hold excuses active where de-active is wanted */
    /* The operator's hold */
    orders_over_suspension,    /* overwritten field: orders although a suspension was read */
    orders_unread,             /* overwritten field: orders without a read before */
    de_activates_over_suspension, /* overwritten field: only `activate` waits for the suspension */
    refusal_sets_no_hold,      /* "refused, we suspend" is not booked as the operator's hold */
    read_wakes_nothing,        /* what is parked sleeps on when a read shows a change */
    no_slow_timer              /* combined status: what is parked wakes on a changed read only */
};

#ifndef OPERATOR
#define OPERATOR fenced
#endif
#ifndef CUSTOMER
#define CUSTOMER 1     /* changes of the customer's hold */
#endif
#ifndef M2M_SP
#define M2M_SP 0       /* changes of the M2M SP's hold */
#endif
#ifndef SUSPENSIONS
#define SUSPENSIONS 1  /* times the operator suspends, and again that it resumes */
#endif
#ifndef MEDDLING
#define MEDDLING 0     /* times the operator activates what we de-activated */
#endif
#ifndef INSISTENCE
#define INSISTENCE 0   /* times a person insists on `activate` under the operator's hold */
#endif

#define fences     (OPERATOR == fenced)
#define refuses    (OPERATOR == serial || OPERATOR == combined)
#define overwrites (OPERATOR == overwritten || OPERATOR == overwritten_combined)
#define hides      (OPERATOR == combined || OPERATOR == overwritten_combined)

/* ------------------------------------------------------------------------ the row of the chain */

mtype:state = { ACTIVE, DE_ACTIVE, RECLAIMED };

bool customer_hold = true, m2m_sp_hold, operator_hold, stopped;

byte generation, confirmed;
mtype:state wanted_in[CUSTOMER + M2M_SP + 3] = DE_ACTIVE; /* what each generation wants */
#define wanted (wanted_in[generation])

#define NONE 15
byte in_flight = NONE;      /* the generation that was sent, or may have been, and may still land */
bool awaits_order;          /* the conversation: an order without an answer, ... */
byte awaits_reads;          /* ... or a read */
bool answered;              /* what is in flight has its answer; what is left is a second copy */
bool drift, parked, seen;
bool clear_to_send;         /* overwritten: a read since the last order showed no suspension */
bool insisted;

/* ----------------------------------------------------------------------- nodes, wire, operator */

byte committed[2] = NONE;   /* by node: the generation committed and not yet sent */
bool stood_still[2];        /* by node: longer than the allowed pause */

short orders;               /* by generation */
bool done, refused;         /* answers to the sending that is in flight */

bool read_open[2], read_overtaken[2];
byte newest_read;

mtype:state network = DE_ACTIVE;
bool suspends;
byte fence;

/* -------------------------------------------------------------------- what only the proof sees */

mtype:broken = {
    nothing, confirmed_fell, effect_after_reclaim, operator_blamed, older_won, active_untrue,
    suspension_undone
};
mtype:broken broken = nothing;
bool reclaim_landed;        /* a reclaim took effect */
bool by_itself;             /* the operator was the last to change the network's state */
byte moves, moves_known;    /* of the operator's suspension: made, and known to us */
byte moves_at_refusal;
bool active_at_done;
bool stands;                /* overwritten field: a suspension that no order has undone, ... */
bool raced;                 /* ... and something of ours was under way when it began */
bool sent_on_insistence;

#define behind        (confirmed != generation || drift)
#define may_leave(n)  (committed[n] == in_flight && !stood_still[n])
#define cannot_land   (in_flight == NONE \
                       || (!on_the_wire(orders, in_flight) && !may_leave(0) && !may_leave(1)))
#define no_answer     (cannot_land && !done && !refused)

#define told_clear    (clear_to_send && !operator_hold)
#define cleared       (!overwrites || wanted == RECLAIMED || insisted || told_clear \
                       || (wrong(orders_over_suspension) && (clear_to_send || operator_hold)) \
                       || (wrong(orders_unread) && !operator_hold) \
                       || (wrong(de_activates_over_suspension) && wanted == DE_ACTIVE \
                           && (clear_to_send || operator_hold)))
#define sendable      (in_flight == NONE && !awaits_order && behind && !parked && cleared)
#define may_order     (awaits_reads == 0 || wrong(reads_beside_order))
#define may_read      (!awaits_order || wrong(reads_beside_order))

#define equipment_active (!customer_hold && !m2m_sp_hold && !stopped && !operator_hold \
                          && wanted == ACTIVE && !behind && seen)

/* ------------------------------------------------------------------ parties change their minds */

#define held          (customer_hold || m2m_sp_hold)
#define holds_come_to (stopped -> RECLAIMED : (held -> DE_ACTIVE : ACTIVE))

/* The end of a command's transaction: a new generation, if what is wanted changed. */
inline follow_wanted() {
    if
    :: wanted != holds_come_to ->
        generation++;
        wanted_in[generation] = holds_come_to;
        seen = false; drift = false; parked = false;
        clear_to_send = false; insisted = false;
        if
        :: wrong(read_outlives_generation)
        :: else -> read_open[0] = false; read_open[1] = false
        fi
    :: else
    fi
}

active proctype Customer() {
    byte changes;
    do
    :: atomic { !calm && !stopped && changes < CUSTOMER ->
        changes++;
        customer_hold = !customer_hold;
        follow_wanted() }
    :: atomic { !calm && !stopped -> stopped = true; follow_wanted() }
    od
}

#if M2M_SP > 0
active proctype M2mSp() {
    byte changes;
    do
    :: atomic { !calm && !stopped && changes < M2M_SP ->
        changes++;
        m2m_sp_hold = !m2m_sp_hold;
        follow_wanted() }
    od
}
#endif

#if INSISTENCE > 0
active proctype Staff() {
    byte times;
    do
    :: atomic { !calm && times < INSISTENCE && operator_hold && wanted == ACTIVE && behind ->
        times++;
        insisted = true;
        parked = false }
    od
}
#endif

/* -------------------------------------------------------------------- the operator's own doing */

active proctype OperatorsMind() {
    byte suspensions, meddlings;
    do
    :: atomic { !calm && network != RECLAIMED && suspensions < SUSPENSIONS &&
                !suspends && !stands && (OPERATOR != overwritten_combined || network == ACTIVE) ->
        suspensions++;
        moves++;
        suspends = true;
        if
        :: overwrites ->
            network = DE_ACTIVE;
            by_itself = true;
            stands = true;
            raced = (clear_to_send || in_flight != NONE || orders != 0 || read_open[0])
        :: else
        fi }
    :: atomic { !calm && network != RECLAIMED && suspensions < SUSPENSIONS && suspends ->
        suspensions++;
        moves++;
        suspends = false;
        if
        :: overwrites -> network = ACTIVE; by_itself = true; stands = false; raced = false
        :: else
        fi }
    :: atomic { !calm && network == DE_ACTIVE && !suspends && meddlings < MEDDLING ->
        meddlings++;
        network = ACTIVE;
        by_itself = true }
    od
}

/* -------------------------------------------------------------------------------------- orders */

inline commit_order(node) {
    in_flight = generation;
    committed[node] = generation;
    awaits_order = true;
    answered = false;
    clear_to_send = false;
    sent_on_insistence = insisted;
    insisted = false
}

inline send_order(node) {
    send(orders, committed[node]);
    committed[node] = NONE
}

proctype Node(byte me) {
    do
    :: atomic { sendable && may_order && committed[me] == NONE && !wrong(commits_after_sending) ->
        commit_order(me) }
       if
       :: atomic { send_order(me) }
       :: atomic { !calm -> committed[me] = NONE } /* crashed, or stood still too long: not sent */
       :: atomic { !calm && wrong(sends_after_a_pause) -> stood_still[me] = true }
          atomic { send_order(me); stood_still[me] = false }
       fi
    :: atomic { sendable && may_order && committed[me] == NONE && wrong(commits_after_sending) ->
        committed[me] = generation }
       atomic { send(orders, committed[me]) }
       if
       :: atomic { in_flight == NONE ->
           in_flight = committed[me];
           awaits_order = true;
           committed[me] = NONE }
       :: atomic { in_flight != NONE || !calm -> committed[me] = NONE }
       fi
    od
}

/* The answer to an older sending reaches nobody. */
#define answerable(order) (in_flight == order && awaits_order)

inline refuse(order) {
    if
    :: answerable(order) -> refused = true; moves_at_refusal = moves
    :: else
    fi
}

inline carry_out(order) {
    if
    :: reclaim_landed && wanted_in[order] != RECLAIMED -> broken = effect_after_reclaim
    :: else
    fi;
    if
    :: overwrites ->
        if
        :: stands && wanted_in[order] == ACTIVE && !raced &&
           !(sent_on_insistence && order == in_flight) -> broken = suspension_undone
        :: else
        fi;
        if
        :: stands && (wanted_in[order] != DE_ACTIVE || raced) -> stands = false; raced = false
        :: else
        fi;
        suspends = false
    :: else
    fi;
    network = wanted_in[order];
    by_itself = false;
    if
    :: network == RECLAIMED -> reclaim_landed = true; suspends = false
    :: else
    fi;
    if
    :: answerable(order) ->
        done = true;
        if
        :: wrong(done_is_seen) -> active_at_done = (network == ACTIVE && !suspends)
        :: else
        fi
    :: else
    fi
}

active proctype Operator() {
    byte order;
    do
    :: atomic { orders != 0 ->
        receive(orders, order);
        if
        :: fences && order < fence                /* an older generation: nothing happens */
        :: wrong(accepted_is_done) && answerable(order) && !calm ->
            done = true;
            send(orders, order)                   /* it will be carried out later */
        :: !(fences && order < fence) ->
            if
            :: fences -> fence = order
            :: else
            fi;
            if
            :: suspends && refuses && wanted_in[order] != DE_ACTIVE -> refuse(order)
            :: suspends && OPERATOR == combined && wanted_in[order] == ACTIVE -> carry_out(order)
            :: suspends && overwrites && wanted_in[order] == RECLAIMED -> refuse(order)
            :: else -> carry_out(order)
            fi
        fi;
        order = 0 }
    od
}

/* ---------------------------------------------------------------- answers, deadlines, wake-ups */

inline confirm(order) {
    if
    :: order > confirmed -> confirmed = order
    :: order < confirmed -> broken = confirmed_fell
    :: else
    fi;
    if
    :: order == generation -> drift = false
    :: else
    fi
}

inline forget_answers() {
    if
    :: wrong(answer_unmatched)
    :: else -> done = false; refused = false; moves_at_refusal = 0; active_at_done = false
    fi
}

inline forget_in_flight() {
    in_flight = NONE;
    answered = false;
    sent_on_insistence = false;
    forget_answers()
}

inline absorb_done() {
    confirm(in_flight);
    awaits_order = false;
    answered = true;
    if
    :: wrong(done_is_seen) && in_flight == generation && wanted == ACTIVE ->
        seen = true;
        if
        :: !active_at_done && !operator_hold -> broken = active_untrue
        :: else
        fi
    :: else
    fi;
    if
    :: wrong(done_ends_flight) -> forget_in_flight()
    :: else
    fi
}

inline absorb_refused() {
    awaits_order = false;
    answered = true;
    if
    :: in_flight == generation -> parked = true
    :: else
    fi;
    if
    :: wrong(refusal_sets_no_hold)
    :: else -> operator_hold = true; seen = false
    fi;
    if
    :: moves_at_refusal < moves_known -> broken = older_won
    :: else -> moves_known = moves_at_refusal
    fi
}

#define ages (in_flight != NONE && !awaits_order)

active proctype Answers() {
    do
    :: atomic { awaits_order && done ->
        if
        :: done = false
        :: !calm -> skip                          /* the answer comes twice */
        fi;
        absorb_done() }
    :: atomic { awaits_order && refused ->
        if
        :: refused = false
        :: !calm -> skip
        fi;
        absorb_refused() }
    :: atomic { awaits_order && (!calm || no_answer) ->
        awaits_order = false;                     /* the deadline: outcome unknown */
        forget_answers() }
    :: atomic { ages && (cannot_land || fences || wrong(sends_too_early)) -> forget_in_flight() }
    :: atomic { parked && !calm -> parked = false }           /* an operator's event, staff */
    :: atomic { parked && OPERATOR == combined && in_flight == NONE &&
                !wrong(no_slow_timer) && !wrong(read_wakes_nothing) ->
        parked = false }                                      /* the slow timer */
    od
}

/* --------------------------------------------------------------------------------------- reads */

inline begin_read(reader) {
    awaits_reads++;
    read_open[reader] = true;
    read_overtaken[reader] = false;
    newest_read = reader;
    was_confirmed = !behind && (wanted == ACTIVE || !wrong(read_outlives_generation));
    was_clear = (in_flight == NONE);
    was_unanswered = (in_flight != NONE && !answered && !awaits_order)
}

/* The moment at which the operator looks: what it shows is true then, and perhaps no longer when
 * it arrives. */
inline operator_looks() {
    shows_suspension = suspends;
    shows_moves = moves;
    was_active = (network == ACTIVE && !suspends);
    shows = (hides && suspends && network == ACTIVE -> DE_ACTIVE : network);
    if
    :: overwrites && suspends && cannot_land && orders == 0 && in_flight == NONE -> raced = false
    :: else
    fi
}

inline note_moves_known() {
    if
    :: shows_moves < moves_known -> broken = older_won
    :: else
    fi
}

/* One status for all: the operator's hold can only be inferred, and only from what `active` of ours
 * should have made active. */
inline judge_hidden_hold() {
    if
    :: shows == ACTIVE && operator_hold -> parked = false; operator_hold = false; note_moves_known()
    :: shows == DE_ACTIVE && was_confirmed && !operator_hold &&
       (wanted == ACTIVE || wrong(read_outlives_generation)) ->
        operator_hold = true;
        if
        :: !shows_suspension -> broken = operator_blamed
        :: else -> note_moves_known()
        fi
    :: else
    fi
}

inline judge_shown_hold() {
    if
    :: shows_suspension != operator_hold ->
        operator_hold = shows_suspension;
        if
        :: wrong(read_wakes_nothing)
        :: else -> parked = false
        fi;
        note_moves_known()
    :: else
    fi
}

#define excused       (shows_suspension && (shows != ACTIVE || wrong(hold_explains_active)))
#define unexplained   (was_confirmed && shows != wanted \
                       && (hides -> (wanted == DE_ACTIVE && shows == ACTIVE) \
                                  : (!behind && !excused)))
#define ours_explains (was_unanswered && in_flight != NONE && !answered && !awaits_order \
                       && shows == wanted_in[in_flight] \
                       && (!fences || wrong(shown_ends_flight)) \
                       && (!hides || shows != DE_ACTIVE || wrong(masked_confirms)) \
                       && (OPERATOR != overwritten || !shows_suspension))

inline judge_state() {
    if
    :: unexplained -> drift = true
    :: else
    fi;
    seen = (was_confirmed && wanted == ACTIVE && shows == ACTIVE && (hides || !shows_suspension));
    if
    :: seen && !was_active -> broken = active_untrue
    :: else
    fi;
    if
    :: shows_moves > moves_known -> moves_known = shows_moves
    :: else
    fi;
    clear_to_send = (overwrites && was_clear && in_flight == NONE && wanted != RECLAIMED &&
                     behind && (hides || !shows_suspension));
    if
    :: ours_explains ->
        confirm(in_flight);
        answered = true;
        if
        :: wrong(shown_ends_flight) -> forget_in_flight()
        :: else
        fi
    :: else
    fi
}

inline absorb_reading() {
    if
    :: hides -> judge_hidden_hold()
    :: else -> judge_shown_hold()
    fi;
    judge_state();
    if
    :: newest_read == me -> read_overtaken[1 - me] = true
    :: else
    fi
}

inline end_read(reader) {
    if
    :: awaits_reads > 0 -> awaits_reads--
    :: else
    fi;
    read_open[reader] = false; read_overtaken[reader] = false; newest_read = 0;
    was_confirmed = false; was_clear = false; was_unanswered = false; was_active = false;
    shows = 0; shows_suspension = false; shows_moves = 0
}

proctype Reader(byte me) {
    bool was_confirmed, was_clear, was_unanswered; /* when it was asked */
    mtype:state shows;
    bool shows_suspension;
    byte shows_moves;
    bool was_active;                               /* in truth, when the operator looked */
    do
    :: atomic { may_read && !sendable && (awaits_reads == 0 || wrong(reads_twice)) ->
        begin_read(me) }
       if
       :: atomic { !wrong(late_read_counts) -> operator_looks() }
       :: atomic { wrong(late_read_counts) ->
            if
            :: !calm -> awaits_reads = 0
            :: true
            fi }
          atomic { operator_looks() }
       fi;
       if
       :: atomic { read_open[me] && !read_overtaken[me] -> absorb_reading(); end_read(me) }
       :: atomic { !read_open[me] || read_overtaken[me] || !calm -> end_read(me) }
       fi                                          /* outdated, or lost */
    od
}

/* ------------------------------------------------------------------------------------ the wire */

active proctype Wire() {
    byte order;
    do
    :: atomic { !calm && orders != 0 -> lose(orders, order) }
    :: atomic { !calm && done -> done = false }
    :: atomic { !calm && refused -> refused = false }
    od
}

init {
    atomic {
        run Node(0);
        run Node(1);
        run Reader(0);
        if
        :: wrong(reads_twice) || wrong(late_read_counts) -> run Reader(1)
        :: else
        fi
    }
}

/* ------------------------------------------------------------------------------ what is proved */

/* Law 1 and 3: what is wanted follows from holds and stopped, and nobody moves another's hold. */
#define wanted_follows   ((wanted == RECLAIMED) == stopped \
                          && (stopped || (wanted == DE_ACTIVE) == held))
/* Law 2. */
#define confirmed_behind (confirmed <= generation)
/* Law 4: what is confirmed is so at the operator, unless the operator itself changed it since. */
#define confirmed_true   (behind || operator_hold || network == wanted || by_itself)
#define seen_is_current  (!seen || confirmed == generation)

ltl safe {
    [] (broken == nothing && wanted_follows && confirmed_behind && confirmed_true &&
        seen_is_current)
}

/* Law 10: once it is calm everything settles, or waits, visibly, for the operator. What one status
 * hides cannot be known, and what a suspension masks is repaired when it ends. */
#define hold_known  (operator_hold == suspends || (hides && wanted == DE_ACTIVE))
#define masks       (suspends && (overwrites || (MEDDLING > 0 && OPERATOR == combined)))
#define in_force    (network == wanted || masks)
#define is_active   (network == ACTIVE && !suspends && wanted == ACTIVE)
#define settled     (!behind && in_flight == NONE \
                     && ((wanted == RECLAIMED && network == RECLAIMED) \
                         || (wanted != RECLAIMED && in_force && hold_known \
                             && equipment_active == is_active)))
#define waits       (behind && operator_hold && suspends && !equipment_active)

ltl live { [] (calm -> <> [] (settled || waits)) }

/* These states are reached, or the proofs above would be empty. */
ltl never_active    { [] !equipment_active }
ltl never_reclaimed { [] !(reclaim_landed && !behind) }
ltl never_held      { [] !operator_hold }
ltl never_parked    { [] !parked }
