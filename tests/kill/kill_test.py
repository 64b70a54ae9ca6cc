#!/usr/bin/env python3
"""Kills the server at random moments under load; compares what it acknowledged with what it kept.

What is sent and how it is judged is in tests/acknowledged.py. After each kill the server is started
again on the same folder; commands without an answer are repeated under their Idempotency-Key. In
the end the history is read, and so are the events of the party that has the cards, whose numbers
must have no gap.

After the kills that are asked for it goes on killing until so many commands were acknowledged.

usage: kill_test.py MSP [--kills 30] [--acknowledged 3000] [--threads 8] [--seed N]
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from acknowledged import (  # noqa: E402
    Load,
    OutsideLog,
    check,
    history,
    judge,
    register_cards,
    repeat,
)
from served import Client, Server  # noqa: E402


def give_cards_to_a_party(client):
    """The token of the party, which is told what happens to its cards from now on."""
    for method, path, body in [
        (
            "POST",
            "/v1/parties",
            {
                "party": "modemworks",
                "name": "Modem Works",
                "roles": ["device-provider"],
                "device_prefixes": ["MW-"],
            },
        ),
        ("POST", "/v1/card-batches/B-1/issue", {"to": "modemworks"}),
        ("POST", "/v1/keys", {"party": "modemworks", "role": "viewer", "name": "kill test"}),
    ]:
        status, answer = client.call(method, path, json.dumps(body))
        if status not in (200, 201):
            sys.exit(f"{method} {path}: {status} {answer!r}")
    return json.loads(answer)["token"]


def gaps_in_events(client):
    """How many numbers are missing or out of order in what a party is told; how much that is."""
    last, gaps = 0, 0
    while True:
        status, body = client.call("GET", "/v1/events?limit=1000" + f"&after={last}")
        if status != 200:
            sys.exit(f"events could not be read: {status} {body!r}")
        numbers = [int(event["number"]) for event in json.loads(body)["items"]]
        for number in numbers:
            gaps += number != last + 1
            last = number
        if not numbers:
            return gaps, last


def many_lives(options, server, token, cards, log):
    """Lives under load, each ended by a kill. How many, how long in all, and what was repeated."""
    lives, busy, repeated, starts = 0, 0.0, 0, []
    client = Client(server, token)
    while lives < options.kills or len(log.those("acknowledged")) < options.acknowledged:
        seconds = random.uniform(0.2, 1.0)
        load = Load(server, token, cards, log, str(lives), options.threads)
        time.sleep(seconds)
        server.kill()
        load.stop()
        client.close()
        starts.append(server.start())
        repeated += repeat(client, log, log.those("unknown"))
        lives, busy = lives + 1, busy + seconds
    return lives, busy, repeated, sorted(starts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("msp")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--acknowledged", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="msp-kill-") as folder:
        run(options, folder)


def run(options, folder):
    server = Server(options.msp, folder)
    server.start()
    token = open(os.path.join(folder, "data", "staff.key")).read().strip()
    client = Client(server, token)
    cards = register_cards(client, 200)
    told = Client(server, give_cards_to_a_party(client))
    log = OutsideLog(os.path.join(folder, "outside.log"))
    lives, busy, repeated, starts = many_lives(options, server, token, cards, log)
    client.close()
    verdict, (gaps, events) = judge(log, history(client)), gaps_in_events(told)
    server.kill()
    checked = check(options.msp, folder)
    rate = verdict.acknowledged / busy
    print(
        f"seed {options.seed}: {lives} kills, {len(log.outcome)} commands sent, "
        f"{verdict.acknowledged} acknowledged ({rate:.0f} a second), "
        f"{repeated} unanswered at a kill, gaps {gaps} in {events} events, {verdict}; restart "
        f"{1000 * starts[len(starts) // 2]:.0f} ms median, {1000 * starts[-1]:.0f} ms at most"
    )
    print(checked.stdout.strip())
    complete = not gaps and events > verdict.acknowledged
    good = complete and verdict.good and checked.returncode == 0
    print(f"{lives if good else 0} passed, {0 if good else lives} failed")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
