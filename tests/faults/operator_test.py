#!/usr/bin/env python3
"""An operator that is dead while much changes, and one that is killed amid orders, again and again.

In the end everything is settled, and what the platform says is confirmed is what the operator's own
journal says. Of operators that fence and of such that do not. And one whose journal has no room.

usage: operator_test.py MSP
"""

import json
import random
import sys
import tempfile
import threading
from pathlib import Path

from played_operator import PlayedOperator, settings
from trials import Platform, Trials, wait_until
from served import Client

CARDS = 200
KILLS = 8
STATE = {"active": "active", "de-active": "de-active", "reclaimed": "terminated"}


class Play:
    """A platform with cards at an operator that is there or not."""

    def __init__(self, program, folder, kind):
        self.platform = Platform(program, folder, CARDS)
        cards = [f"{iccid},46003{n:010d}" for n, iccid in enumerate(self.platform.cards)]
        self.operator = PlayedOperator(program, folder, kind, "\n".join(["iccid,imsi", *cards]))
        self.call("PUT", "/v1/operators/op-test", settings(self.operator.port, kind))

    def call(self, method, path, body=None, **more):
        sent = None if body is None else json.dumps(body)
        status, answer = self.platform.staff.call(method, path, sent, **more)
        if status not in (200, 201):
            sys.exit(f"{method} {path}: {status} {answer!r}")
        return json.loads(answer)

    def switch(self, iccid, status):
        self.call("PUT", f"/v1/cards/{iccid}/m2m-service", {"status": status})

    def stop(self, iccid):
        revision = self.call("GET", f"/v1/cards/{iccid}")["revisions"]["customer_hold"]
        body = {"status": "stopped"}
        self.call("PUT", f"/v1/cards/{iccid}/m2m-service", body, if_match=f'"c{revision}"')

    def pending(self):
        return self.call("GET", "/v1/cards?pending=true&limit=1")["items"]

    def settle(self):
        wait_until(lambda: not self.pending(), lambda: self.platform.server.process.poll() is None)

    def chains(self):
        return self.call("GET", f"/v1/cards?limit={CARDS}")["items"]


def differences(play, journal):
    """Where what is said differs from what is, as texts; nothing is left pending, nothing open."""
    state = dict.fromkeys(play.platform.cards, "de-active")
    for entry in journal:
        state[entry["subscription"]] = entry["state"]
    for chain in play.chains():
        iccid, network = chain["card"]["iccid"], chain["network"]
        if not network["confirmed"] or chain["pending"]:
            yield f"{iccid} is not settled: {chain['sentence']}"
        elif STATE[network["wanted"]] != state[iccid] or network["observed"] != network["wanted"]:
            yield f"{iccid} is {network['wanted']} here and {state[iccid]} there"


def out_of_order(journal):
    """Effects of orders that came after a newer one's."""
    newest, late = {}, 0
    for entry in journal:
        late += entry["generation"] < newest.get(entry["subscription"], 0)
        newest[entry["subscription"]] = max(
            newest.get(entry["subscription"], 0), entry["generation"]
        )
    return late


def judge(trials, sentence, play, more=""):
    journal = play.operator.journal()
    wrong, late = list(differences(play, journal)), out_of_order(journal)
    figures = f"{CARDS} cards, {len(journal)} effects, {late} out of order, {len(wrong)} differ"
    trials.say(sentence, not wrong and not late, f"{figures}{more} {wrong[:1] or ''}".strip())
    return journal


def dead_all_the_time(trials, program, folder, kind):
    """It was never there while holds changed, and the platform itself was killed meanwhile."""
    play = Play(program, folder, kind)
    cards = play.platform.cards
    for iccid in cards:
        play.switch(iccid, "active")
    for iccid in cards[: CARDS // 2]:
        play.switch(iccid, "de-active")
    play.platform.server.kill()
    play.platform.restart()
    for iccid in cards[-10:]:
        play.stop(iccid)
    told = lambda: play.call("GET", "/v1/operators/op-test")
    wait_until(lambda: told()["breaker"] != "closed")
    waiting = play.call("GET", f"/v1/cards?pending=true&limit={CARDS}")["items"]
    says = all("has not confirmed" in chain["sentence"] for chain in waiting)
    trials.say(
        f"a {kind} operator that is dead is seen to be, and what waits for it says so",
        says and len(waiting) >= CARDS // 2,
        f"{len(waiting)} wait, breaker {told()['breaker']}, queue {told()['queue']}",
    )
    play.operator.start()
    play.settle()
    journal = judge(trials, "once it is there everything settles as its journal says", play)
    trials.say(
        "and only the newest wish was sent of each",
        len(journal) <= CARDS and all(entry["generation"] >= 1 for entry in journal),
        f"{len(journal)} orders took effect",
    )
    play.operator.kill()
    play.platform.server.end()


def flip_for_ever(play, token, stopped):
    client = Client(play.platform.server, token)
    while not stopped.is_set():
        iccid, status = random.choice(play.platform.cards), random.choice(["active", "de-active"])
        body = json.dumps({"status": status})
        client.call("PUT", f"/v1/cards/{iccid}/m2m-service", body)
    client.close()


def killed_amid_orders(trials, program, folder, kind):
    play, stopped = Play(program, folder, kind), threading.Event()
    knobs = ["asynchronous=0.3", "completion-median-ms=100", "completion-p99-ms=1000"]
    play.operator.start(*knobs)
    flipping = threading.Thread(target=flip_for_ever, args=(play, play.platform.token, stopped))
    flipping.start()
    effects = 0
    for _ in range(KILLS):
        wait_until(lambda: len(play.operator.journal()) >= effects + 50)
        effects = len(play.operator.journal())
        play.operator.kill()
        # Orders are tried in vain before it is back.
        wait_until(lambda: play.call("GET", "/v1/operators/op-test")["breaker"] != "closed")
        play.operator.start(*knobs)
    stopped.set()
    flipping.join()
    play.settle()
    sentence = f"a {kind} operator that is killed amid orders: all settles as its journal says"
    judge(trials, sentence, play, f", {KILLS} kills")
    play.operator.kill()
    play.platform.server.end()
    whole, checked = play.platform.check()
    trials.say("no law is broken", whole, checked)


def has_no_room_for_its_journal(trials, program, folder):
    """Orders until it answers no more: an entry is half written then, and nobody was told of it."""
    operator = PlayedOperator(program, folder, "fenced", "iccid,imsi\ns1,460030000000001")
    operator.start(within=["prlimit", "--fsize=1000"])
    done = 0
    while operator.order("s1", f"r{done}", {"order": "activate", "generation": done}) == 200:
        done += 1
    said, code = operator.process.communicate()[1], operator.process.returncode
    journal = folder / "journal"
    trials.say(
        "an operator whose journal has no room ends, and says where, why and what to do",
        code == 1 and all(text in said for text in (str(journal), "File too large", "next=")),
        f"exit {code}, {said.strip().replace(str(folder), 'DIR') or 'not a word'}",
    )
    torn = not journal.read_bytes().endswith(b"\n")
    operator.start()
    again = operator.order("s1", "again", {"order": "de-activate", "generation": done})
    told = [entry["order_reference"] for entry in operator.journal()]
    operator.kill()
    trials.say(
        "and with room again it goes on with all that it told of",
        torn and done > 0 and again == 200 and told == [f"r{n}" for n in range(done)] + ["again"],
        f"{done} told before, {len(told)} effects now",
    )


def main(program):
    trials = Trials()
    with tempfile.TemporaryDirectory(prefix="msp-operator-") as folder:
        has_no_room_for_its_journal(trials, program, Path(folder))
    for kind in ("fenced", "serial"):
        for trial in (dead_all_the_time, killed_amid_orders):
            with tempfile.TemporaryDirectory(prefix="msp-operator-") as folder:
                trial(trials, program, Path(folder), kind)
    return trials.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
