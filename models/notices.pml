/* The notices of one chain's events to one endpoint: src/notices, law 8.
 *
 * An event and its place in the feed are committed together. An endpoint is a reader of the feed
 * with a stored position; whoever finds it behind sends the event at the position, and the position
 * moves when that very event is acknowledged. Deliverers and the receiver crash; the wire loses,
 * repeats and reorders both ways. The receiver drops what it has by its sequence.
 */
#include "world.pml"

mtype:rule = {
    nothing_wrong,
    two_commits,      /* the change is committed first, its event afterwards */
    moves_at_sending, /* the position moves when the notice is sent */
    moves_blindly,    /* an acknowledgement moves the position, whichever notice it is for */
    sends_ahead       /* later notices of the chain are sent beside one that is not yet taken */
};

#ifndef EVENTS
#define EVENTS 4
#endif

byte changes, events;   /* of the chain: made, and told in its feed */
byte position = 1;      /* of the endpoint: the next event to be taken */
short notices, acknowledgements;
byte taken;             /* by the receiver, one after the other */
bool gap;               /* it saw an event before the one that precedes it */

active proctype Chain() {
    do
    :: atomic { !calm && changes < EVENTS && !wrong(two_commits) -> changes++; events++ }
    :: atomic { !calm && changes < EVENTS && wrong(two_commits) -> changes++ }
       if
       :: atomic { events++ }
       :: atomic { !calm -> skip }                /* killed between the two */
       fi
    od
}

proctype Deliverer() {
    byte event;
    do
    :: atomic { position <= events && !on_the_wire(notices, position) -> event = position }
       do
       :: atomic { wrong(sends_ahead) && event < events -> event++ }
       :: break
       od;
       if
       :: atomic {
            send(notices, event);
            position = (wrong(moves_at_sending) -> event + 1 : position);
            event = 0 }
       :: atomic { !calm -> event = 0 }           /* killed before it was sent */
       fi
    od
}

proctype Acknowledged() {
    byte event;
    do
    :: atomic { acknowledgements != 0 ->
        receive(acknowledgements, event);
        if
        :: event == position || (wrong(moves_blindly) && position <= events) -> position++
        :: else
        fi;
        event = 0 }
    od
}

active proctype Receiver() {
    byte event;
    do
    :: atomic { notices != 0 ->
        receive(notices, event);
        if
        :: event == taken + 1 -> taken = event; send(acknowledgements, event)
        :: event <= taken -> send(acknowledgements, event)
        :: event > taken + 1 -> gap = true
        fi;
        event = 0 }
    od
}

active proctype Wire() {
    byte event;
    do
    :: atomic { !calm && notices != 0 -> lose(notices, event) }
    :: atomic { !calm && acknowledgements != 0 -> lose(acknowledgements, event) }
    od
}

init {
    atomic { run Deliverer(); run Deliverer(); run Acknowledged(); run Acknowledged() }
}

/* Every event comes, first arrivals in order, and the position never passes what was taken. */
ltl safe { [] (!gap && taken <= events && position <= taken + 1) }
ltl live { [] (calm -> <> [] (taken == changes)) }

ltl never_all_taken { [] (taken < EVENTS) }
