/* One party's commands through a door that loses, repeats and reorders them: law 7.
 *
 * Command n carries the idempotency key n and sets the hold to n mod 2. It names the revision
 * that its sender last read (If-Match). The sender tries again under the same key, or gives up
 * without an answer, reads, and sends the next command. Two nodes serve; looking up the key,
 * comparing the revision, moving the hold and keeping the answer is one commit.
 */
#include "world.pml"

mtype:rule = {
    nothing_wrong,
    no_key,     /* the answer to a key is not kept */
    no_match,   /* the revision is not compared */
    key_later   /* the answer is kept by a second commit */
};

#ifndef COMMANDS
#define COMMANDS 4
#endif

mtype:answer = { NONE, DONE, REVISION_STALE };

byte hold, revision;
mtype:answer kept[COMMANDS + 1] = NONE;   /* by key */

short commands, answers;                  /* the wire, by key */
byte matches[COMMANDS + 1];               /* the revision that each command names */

byte newest;                              /* the sender's newest command, ... */
bool settled = true;                      /* ... and whether it knows it done */

/* Only the proof sees. */
byte in_force;                            /* what the sender was last told is in force */
byte applied[COMMANDS + 1];
bool lied;                                /* told done, and it was not */

inline issue() {
    newest++;
    matches[newest] = revision;
    settled = false;
    send(commands, newest)
}

active proctype Sender() {
    byte key;
    do
    :: atomic { newest < COMMANDS -> issue() }    /* the next one, or the last one was given up */
    :: atomic { !settled && !on_the_wire(commands, newest) -> send(commands, newest) }
    :: atomic { answers != 0 ->
        choose(answers, key);
        answers = answers & ~bit(key);
        if
        :: key == newest && kept[key] == DONE ->
            settled = true;
            in_force = key % 2;
            lied = lied || applied[key] == 0
        :: else
        fi;
        key = 0 }
    od
}

inline keep(key, answer) {
    kept[key] = answer;
    send(answers, key)
}

#define known(key)   (kept[key] != NONE && !(wrong(no_key) && kept[key] == DONE))
#define matched(key) (matches[key] == revision || wrong(no_match) || wrong(no_key))

proctype Server() {
    byte key;
    do
    :: atomic { commands != 0 ->
        choose(commands, key);
        if
        :: commands = commands & ~bit(key)
        :: skip                                   /* it comes again */
        fi;
        if
        :: known(key) -> send(answers, key); key = 0
        :: !known(key) && !matched(key) -> keep(key, REVISION_STALE); key = 0
        :: !known(key) && matched(key) ->
            hold = key % 2;
            revision++;
            applied[key]++;
            if
            :: wrong(key_later)
            :: else -> keep(key, DONE); key = 0
            fi
        fi }
       if
       :: atomic { key != 0 -> keep(key, DONE); key = 0 }
       :: atomic { key != 0 -> key = 0 }          /* killed between the two */
       :: key == 0
       fi
    od
}

active proctype Wire() {
    byte key;
    do
    :: atomic { commands != 0 -> lose(commands, key) }
    :: atomic { answers != 0 -> lose(answers, key) }
    od
}

init {
    atomic { run Server(); run Server() }
}

#define once(key)   (applied[key] <= 1)
#define honest(key) (kept[key] != REVISION_STALE || applied[key] == 0)
#define sound(key)  (once(key) && honest(key))

ltl safe {
    [] (sound(1) && sound(2) && sound(3) && sound(4) && !lied &&
        (!settled || newest == 0 || hold == in_force))
}

ltl never_settled { [] !(settled && newest == COMMANDS) }
ltl never_stale   { [] (kept[2] != REVISION_STALE) }
