"""A simulated operator as a process of its own that can be killed, and what its journal says."""

import json
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import trials  # noqa: F401  finds what is shared
from served import BESIDE, Client

PACE = {
    "answer_deadline_ms": 2000,
    "allowed_pause_ms": 1000,
    "poll_every_ms": 200,
    "assumed_life_ms": 2000,
    "backoff_least_ms": 50,
    "backoff_most_ms": 1000,
}
BREAKER = {"failures": 10, "open_least_ms": 100, "open_most_ms": 1000}
LIMITS = {"per_second": 2000, "burst": 2000, "concurrency": 50}
LIFE_MS = 2000  # no order takes effect later than this after it arrived


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def settings(port, kind):
    """How the platform is to talk to it: without long pauses, so that the test has none."""
    can = {
        "fences_by_generation": kind == "fenced",
        "request_life_ms": LIFE_MS,
        "status_field": "separate",
        "tells_cause": True,
    }
    return {
        "base_url": f"http://127.0.0.1:{port}",
        "can": can,
        "pace": PACE,
        "breaker": BREAKER,
        "limits": LIMITS,
        "paused": False,
    }


class PlayedOperator:
    """`msp simulate operator`, always at the same place and on the same journal."""

    def __init__(self, program, folder, kind, rows):
        self.program, self.folder, self.kind = program, Path(folder), kind
        self.port, self.process, self.starts = free_port(), None, 0
        self.subscriptions = self.folder / "subscriptions.csv"
        self.subscriptions.write_text(rows)

    def start(self, *knobs, within=()):
        command = [*BESIDE, *within, self.program, "simulate", "operator"]
        command += ["--subscriptions", self.subscriptions]
        command += ["--listen", f"127.0.0.1:{self.port}", "--journal", self.folder / "journal"]
        for knob in (f"kind={self.kind}", f"life-ms={LIFE_MS}", *knobs):
            command += ["--knob", knob]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        if "listens on" not in said:
            raise SystemExit("the simulated operator did not start: " + said)
        self.starts += 1

    def order(self, subscription, reference, body):
        """The status; 0 when there was no whole answer."""
        path = f"/subscriptions/{subscription}/orders/{reference}"
        return Client(self, "").call("PUT", path, json.dumps(body))[0]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.loads(answer.read())

    def journal(self):
        """Everything that took effect, over all its lives."""
        return self.get("/journal?limit=1000000")["items"]
