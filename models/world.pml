/* What every model shares: a wire that loses, repeats and reorders, a moment from which it is calm,
 * and rules that are broken on purpose.
 *
 * A message on the wire is a bit in a set, its number says what it carries. Any bit may be taken
 * next, so messages overtake each other; a bit may stay when its message is taken, so messages are
 * repeated without bound; a bit may vanish. At an arbitrary moment it becomes calm: from then on
 * nothing is lost or repeated and nobody changes his mind. What must hold in the end is judged only
 * after that moment.
 */
#define bit(number) (1 << (number))

bool calm;

active proctype Calm() {
    calm = true
}

/* Keeps time going when nothing else moves. With weak fairness Spin does not look at runs that
 * simply stop; with this they go on for ever, and what is stuck is seen. */
active proctype Time() {
    do
    :: calm
    od
}

/* Any one of the messages that are on the wire. */
inline choose(wire, number) {
    number = 0;
    do
    :: wire & bit(number) -> break
    :: (wire >> (number + 1)) != 0 -> number++
    od
}

/* A message arrives, or a copy of it does and it will arrive again. */
inline receive(wire, number) {
    choose(wire, number);
    if
    :: wire = wire & ~bit(number)
    :: !calm -> skip
    fi
}

inline lose(wire, number) {
    choose(wire, number);
    wire = wire & ~bit(number);
    number = 0
}

inline send(wire, number) {
    wire = wire | bit(number)
}

#define on_the_wire(wire, number) ((wire & bit(number)) != 0)

/* The model is right unless one of its rules is broken: -DWRONG=rule. */
#ifndef WRONG
#define WRONG nothing_wrong
#endif
#define wrong(rule) (WRONG == rule)
