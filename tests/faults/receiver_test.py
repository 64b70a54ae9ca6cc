#!/usr/bin/env python3
"""A back-end that is told by webhook is killed and started again, and so is the platform beside it.

It syncs each event to a file before it answers. In the end the file holds every event of its feed:
none missing, first arrivals in order for each chain, without a gap.

usage: receiver_test.py MSP
"""

import json
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from played_operator import free_port
from trials import HERE, Platform, Trials, wait_until
from served import BESIDE, Client

KILLS = 5
EACH = 150  # events between two kills


class Receiver:
    """The back-end as a process, always at the same place and on the same file."""

    def __init__(self, folder):
        self.port, self.path, self.process = free_port(), folder / "told", None

    def start(self):
        epba = [sys.executable, "-B", str(HERE / "epba.py"), str(self.port), str(self.path)]
        self.process = subprocess.Popen([*BESIDE, *epba], stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def told(self):
        """Whole lines only: the last may be half written, and was not answered then."""
        lines = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        return [json.loads(line) for line in lines]


class Play:
    def __init__(self, program, folder):
        self.receiver = Receiver(folder)
        self.receiver.start()
        self.environment = {"MSP_WEBHOOKS_ALLOW": f"127.0.0.1:{self.receiver.port}"}
        self.platform = Platform(program, folder, 30, environment=self.environment)
        self.staff, self.events, self.replays = self.platform.staff, 0, 0
        self.position = 0  # as last seen
        party = {"party": "modemworks", "roles": ["device-provider"], "device_prefixes": ["MW-"]}
        self.call(self.staff, "POST", "/v1/parties", party)
        self.call(self.staff, "POST", "/v1/card-batches/B-1/issue", {"to": "modemworks"})
        key = {"party": "modemworks", "role": "admin", "name": "faults"}
        token = self.call(self.staff, "POST", "/v1/keys", key)["token"]
        self.party = Client(self.platform.server, token)
        hook = {"url": f"http://127.0.0.1:{self.receiver.port}/hook", "after": 0}
        self.hook = self.call(self.party, "POST", "/v1/webhooks", hook)["id"]

    def call(self, client, method, path, body=None):
        sent = None if body is None else json.dumps(body)
        status, answer = client.call(method, path, sent)
        if status not in (200, 201):
            self.give_up(f"{method} {path}: {status} {answer!r}")
        return json.loads(answer)

    def give_up(self, why):
        there = {"platform": self.platform.alive(), "back-end": self.receiver.alive()}
        gone = [name for name, alive in there.items() if not alive]
        reached = f"position {self.position}, {len(self.receiver.told())} events told"
        sys.exit(f"given up at {reached}, gone: {gone or 'nobody'}: {why}")

    def wait(self, what, holds, back_end=True):
        """Until it is so, or one of those who could make it so is gone."""
        there = lambda: self.platform.alive() and (self.receiver.alive() or not back_end)
        if not wait_until(holds, there):
            self.give_up(f"waited for {what}")

    def happen(self, count):
        for _ in range(count):
            self.events += 1
            path = f"/v1/cards/{random.choice(self.platform.cards)}/hold/other"
            self.call(self.staff, "PUT", path, {"text": f"event {self.events}"})

    def webhook(self):
        shown = self.call(self.party, "GET", f"/v1/webhooks/{self.hook}")
        self.position = shown["position"]
        return shown

    def feed(self):
        """The numbers of all events there are."""
        numbers, after = [], 0
        while True:
            page = self.call(self.party, "GET", f"/v1/events?limit=1000&after={after}")["items"]
            if not page:
                return numbers
            numbers += [int(event["number"]) for event in page]
            after = numbers[-1]

    def delivered(self):
        """Whether the platform holds that nothing is left to be sent."""
        shown = self.webhook()
        return shown["position"] == len(self.feed()) and not shown["stuck_chains"]

    def wait_for_delivery(self):
        self.wait("delivery", lambda: self.delivered() or self.in_vain_twice())

    def in_vain_twice(self):
        """Whether the next attempt of anything is minutes away."""
        path = f"/v1/webhooks/{self.hook}/deliveries?state=retrying&limit=100"
        retrying = self.call(self.party, "GET", path)["items"]
        return any(delivery["attempts"] >= 2 for delivery in retrying)

    def replay(self):
        """Asks for what the platform itself holds to be undelivered; never for what it forgot."""
        while not self.delivered():
            path = f"/v1/webhooks/{self.hook}:replay"
            # The receiver may be ahead of the position, and a replay begins no later than there.
            begin = min(min(self.missing(), default=1), self.webhook()["position"] + 1)
            self.call(self.party, "POST", path, {"from": begin})
            self.replays += 1
            self.wait_for_delivery()

    def missing(self):
        return set(self.feed()) - {int(event["number"]) for event in self.receiver.told()}

    def restart_platform(self):
        self.platform.server.kill()
        self.party.close()
        self.platform.restart(environment=self.environment)


def disorder(told):
    """First arrivals of a chain that came after a later one of it, or with one left out."""
    newest, seen, wrong = {}, set(), 0
    for event in told:
        if event["number"] in seen:
            continue
        seen.add(event["number"])
        chain, sequence = event["subject"], int(event["sequence"])
        wrong += sequence != newest.get(chain, sequence - 1) + 1
        newest[chain] = sequence
    return wrong


def kill_many_times(play):
    """Each time while events are on their way; the next once all is delivered."""
    receiver = play.receiver
    for number in range(KILLS):
        before = len(receiver.told())
        play.happen(EACH // 2)
        play.wait("a first event", lambda: len(receiver.told()) > before)
        receiver.kill()
        play.happen(EACH // 2)
        play.wait("the first failure", lambda: play.webhook()["failing"], back_end=False)
        receiver.start()
        if number % 2 == 1:
            play.restart_platform()
        play.wait_for_delivery()
        play.replay()


def stay_dead(play):
    """Longer than the second attempt, so that the third is minutes away; then a replay is asked."""
    play.receiver.kill()
    play.happen(EACH)
    play.wait("the second attempt", play.in_vain_twice, back_end=False)
    play.receiver.start()
    play.replay()


def judge(trials, sentence, play):
    told, missing = play.receiver.told(), play.missing()
    numbers = {event["number"] for event in told}
    wrong = disorder(told)
    figures = (
        f"{len(numbers)} events, missing {len(missing)}, out of order {wrong}, "
        f"{len(told) - len(numbers)} repeated, {play.replays} replays asked for"
    )
    trials.say(sentence, numbers and not missing and not wrong, figures)


def main(program):
    trials = Trials()
    with tempfile.TemporaryDirectory(prefix="msp-receiver-") as folder:
        play = Play(program, Path(folder))
        kill_many_times(play)
        judge(trials, f"a back-end that is killed {KILLS} times is told everything in order", play)
        stay_dead(play)
        judge(trials, "one that was away for longer is, too, once it asks for a replay", play)
        play.receiver.kill()
        play.platform.server.end()
    return trials.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
