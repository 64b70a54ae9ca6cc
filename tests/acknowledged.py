"""What the platform acknowledged to clients, on record outside of it, against what it kept.

Every command puts a text of its own on the hold of a card. A log outside the server records each
answer, synced before the next command: acknowledged, refused, or unknown (no answer, or one that
says so). In the end the history is read:

    acknowledged   must stand in the history exactly once
    unknown        at most once
    refused        never
"""

import json
import os
import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from served import Client, luhn

DISK_FULL = 507  # said of a command of which nothing was done


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
        if any(outcome != "unknown" for _, outcome in entries):
            os.fsync(self.file.fileno())  # beside those of other threads

    def those(self, outcome):
        return [token for token, one in list(self.outcome.items()) if one == outcome]


def put_text(client, iccid, token):
    """How it ended, and the answer's status and body."""
    status, body = client.call(
        "PUT", f"/v1/cards/{iccid}/hold/other", json.dumps({"text": token}), key="k-" + token
    )
    if status == 0 or (status >= 500 and status != DISK_FULL):
        return "unknown", status, body
    return ("acknowledged" if status < 300 else "refused"), status, body


def put_and_log(client, log, iccid, token):
    log.card[token] = iccid
    log.write([(token, "unknown")])
    outcome, status, body = put_text(client, iccid, token)
    log.write([(token, outcome)])
    return outcome, status, body


class Load:
    """Threads that send commands until they are stopped, or get no answer.

    `heard` is told of each answer.
    """

    def __init__(self, server, token, cards, log, name, threads, heard=lambda *_: None):
        self.stopped = threading.Event()
        each = (server, token, cards, log, heard)
        self.workers = [
            threading.Thread(target=self.run, args=(*each, f"{name}-{t}")) for t in range(threads)
        ]
        for worker in self.workers:
            worker.start()

    def run(self, server, token, cards, log, heard, name):
        client, count = Client(server, token), 0
        answered = True
        while answered and not self.stopped.is_set():
            told = put_and_log(client, log, random.choice(cards), f"{name}-{count}")
            heard(*told)
            answered, count = told[1] != 0, count + 1
        client.close()

    def stop(self):
        self.stopped.set()
        for worker in self.workers:
            worker.join()


def repeat(client, log, texts):
    """Each again under its key: it is applied now, or was and is answered so.

    As a careful client would, but each after another text has been put on the same card, so that
    one which is applied twice shows.
    """
    for text in texts:
        put_and_log(client, log, log.card[text], text + "-between")
        put_and_log(client, log, log.card[text], text)
    return len(texts)


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


@dataclass
class Verdict:
    acknowledged: int = 0
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    forbidden: list = field(default_factory=list)

    @property
    def good(self):
        return self.acknowledged > 0 and not (self.lost or self.doubled or self.forbidden)

    def __str__(self):
        return (
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"refused but applied {len(self.forbidden)}"
        )


def judge(log, texts):
    times = {}
    for text in texts:
        times[text] = times.get(text, 0) + 1
    acknowledged = log.those("acknowledged")
    return Verdict(
        len(acknowledged),
        [t for t in acknowledged if times.get(t, 0) == 0],
        [t for t, n in times.items() if n > 1],
        [t for t in log.those("refused") if times.get(t, 0) > 0],
    )


def check(program, folder):
    """`msp check` over the data of a server that has ended."""
    return subprocess.run(
        [program, "check", "--data", os.path.join(folder, "data")],
        capture_output=True,
        text=True,
        check=False,
    )
