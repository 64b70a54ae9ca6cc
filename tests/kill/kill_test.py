#!/usr/bin/env python3
"""Kills the server at random moments under load; compares what it acknowledged with what it kept.

Every command puts a text of its own on the hold of a card. A log outside the server records each
answer, synced before the next command: acknowledged, refused, or unknown (no answer). After each
kill the server is started again on the same folder; unknown commands are repeated under their
Idempotency-Key, as a careful client would, each after another text has been put on the same card,
so that one which is applied twice shows. In the end the history is read:

    acknowledged   must stand in the history exactly once
    unknown        at most once
    refused        never

and so are the events of the party that has the cards, whose numbers must have no gap.

usage: kill_test.py MSP [--kills 30] [--threads 8] [--seed N] [--least-rate 200]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from served import Client, Server, luhn  # noqa: E402


class OutsideLog:
    """What clients know, in a file of its own, synced before it counts."""

    def __init__(self, path):
        self.file = open(path, "w")
        self.lock = threading.Lock()
        self.outcome = {}
        self.card = {}

    def write(self, entries):
        with self.lock:
            for token, outcome in entries:
                self.file.write(f"{outcome} {token}\n")
                self.outcome[token] = outcome
            self.file.flush()
            os.fsync(self.file.fileno())


def put_text(client, iccid, token):
    status, _ = client.call(
        "PUT", f"/v1/cards/{iccid}/hold/other", json.dumps({"text": token}), key="k-" + token
    )
    if status == 0 or status >= 500:
        return "unknown"
    return "acknowledged" if status < 300 else "refused"


def load(server, token, cards, log, name, stop):
    client = Client(server, token)
    count = 0
    while not stop.is_set():
        text = f"{name}-{count}"
        count += 1
        log.card[text] = random.choice(cards)
        log.write([(text, "unknown")])
        log.write([(text, put_text(client, log.card[text], text))])
    client.close()


def register_cards(client, count):
    """Cards of an operator that is never called: this is about what the platform itself keeps."""
    status, body = client.call(
        "PUT",
        "/v1/operators/op-test",
        json.dumps({"base_url": "http://127.0.0.1:9", "paused": True}),
    )
    if status not in (200, 201):
        sys.exit(f"the operator could not be connected: {status} {body!r}")
    cards, rows = [], ["iccid,imsi"]
    for i in range(count):
        body = "898603" + str(10**11 + i)
        cards.append(body + luhn(body))
        rows.append(f"{cards[-1]},46003{i:010d}")
    status, body = client.call(
        "POST",
        "/v1/card-batches?operator=op-test&batch=B-1",
        "\n".join(rows) + "\n",
        kind="text/csv",
    )
    if status not in (200, 201):
        sys.exit(f"cards could not be registered: {status} {body!r}")
    return cards


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


def history(client):
    """Every text in the order it came to stand on a card's hold, over the whole history."""
    texts, standing, cursor = [], {}, None
    while True:
        path = "/v1/history?limit=1000" + (f"&after={cursor}" if cursor else "")
        status, body = client.call("GET", path)
        if status != 200:
            sys.exit(f"history could not be read: {status} {body!r}")
        page = json.loads(body)
        for event in page["items"]:
            if not event["type"].endswith(("holds-changed", "status-changed")):
                continue
            for hold in event["data"].get("holds", []):
                if hold["code"] == "other" and standing.get(event["subject"]) != hold["text"]:
                    standing[event["subject"]] = hold["text"]
                    texts.append(hold["text"])
        if not page["next_cursor"]:
            return texts
        cursor = page["next_cursor"]


def one_life(server, token, cards, log, name, threads, seconds):
    stop = threading.Event()
    workers = [
        threading.Thread(target=load, args=(server, token, cards, log, f"{name}-{t}", stop))
        for t in range(threads)
    ]
    for worker in workers:
        worker.start()
    time.sleep(seconds)
    server.kill()
    stop.set()
    for worker in workers:
        worker.join()


def repeat_unknown(client, log):
    """Repeats what had no answer, under its key: it is applied now, or was and is answered so."""
    unknown = [t for t, outcome in log.outcome.items() if outcome == "unknown"]
    for text in unknown:
        between = text + "-between"
        log.card[between] = log.card[text]
        log.write([(between, put_text(client, log.card[text], between))])
        log.write([(text, put_text(client, log.card[text], text))])
    return len(unknown)


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


def judge(log, texts):
    times = {}
    for text in texts:
        times[text] = times.get(text, 0) + 1
    acknowledged = [t for t, outcome in log.outcome.items() if outcome == "acknowledged"]
    lost = [t for t in acknowledged if times.get(t, 0) == 0]
    doubled = [t for t, n in times.items() if n > 1]
    forbidden = [
        t for t, outcome in log.outcome.items() if outcome == "refused" and times.get(t, 0) > 0
    ]
    return acknowledged, lost, doubled, forbidden


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("msp")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--least-rate", type=float, default=200)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="msp-kill-") as folder:
        run(options, folder)


def run(options, folder):
    server = Server(options.msp, folder)
    starts, busy, unknown = [server.start()], 0.0, 0
    token = open(os.path.join(folder, "data", "staff.key")).read().strip()
    client = Client(server, token)
    cards = register_cards(client, 200)
    told = Client(server, give_cards_to_a_party(client))
    log = OutsideLog(os.path.join(folder, "outside.log"))
    for kill in range(options.kills):
        seconds = random.uniform(0.2, 1.0)
        busy += seconds
        one_life(server, token, cards, log, str(kill), options.threads, seconds)
        client.close()
        starts.append(server.start())
        unknown += repeat_unknown(client, log)
    texts, (gaps, events) = history(client), gaps_in_events(told)
    server.kill()
    checked = subprocess.run(
        [options.msp, "check", "--data", os.path.join(folder, "data")],
        capture_output=True,
        text=True,
    )
    acknowledged, lost, doubled, forbidden = judge(log, texts)
    rate = len(acknowledged) / busy
    print(
        f"seed {options.seed}: {options.kills} kills, {len(log.outcome)} commands sent, "
        f"{len(acknowledged)} acknowledged ({rate:.0f} a second), {unknown} unanswered at a kill, "
        f"gaps {gaps} in {events} events, lost {len(lost)}, doubled {len(doubled)}, "
        f"refused but applied {len(forbidden)}; "
        f"restart {1000 * sorted(starts)[len(starts) // 2]:.0f} ms median, "
        f"{1000 * max(starts):.0f} ms at most"
    )
    print(checked.stdout.strip())
    good = (
        not gaps
        and events > len(acknowledged)
        and not lost
        and not doubled
        and not forbidden
        and checked.returncode == 0
    )
    if rate < options.least_rate:
        print(f"the load was too small: {rate:.0f} of {options.least_rate:.0f} commands a second")
        good = False
    print(f"{options.kills if good else 0} passed, {0 if good else options.kills} failed")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
