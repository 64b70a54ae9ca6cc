#!/usr/bin/env python3
"""`msp serve` at its start and its end, as whoever runs it sees it.

It goes on where it was, is drained by SIGTERM, is ready when it says so, and says why it does not
start, with the next step and the documented exit code.

usage: process_test.py MSP
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

from played_operator import free_port
from trials import Platform, Trials, wait_until
from acknowledged import Load
from served import BESIDE, Client

EXIT_DONE, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
READINGS = [
    "/v1/cards?limit=100",
    "/v1/card-batches",
    "/v1/parties",
    "/v1/keys",
    "/v1/history?limit=1000",
    "/v1/operators/op-test/drift",
    "/v1/webhooks",
]


def readings(platform):
    """What there is, but for what passes with the reading itself."""
    out = {path: json.loads(platform.staff.call("GET", path)[1]) for path in READINGS}
    for key in out["/v1/keys"]["items"]:
        key.pop("last_used", None)
    return out


def goes_on_where_it_was(trials, program, folder):
    platform = Platform(program, folder, 50)
    for number, iccid in enumerate(platform.cards):
        status = json.dumps({"status": "active" if number % 2 else "de-active"})
        platform.staff.call("PUT", f"/v1/cards/{iccid}/m2m-service", status)
        platform.staff.call("PUT", f"/v1/cards/{iccid}/hold/other", json.dumps({"text": "x"}))
    before = readings(platform)
    for end in (platform.server.kill, platform.server.end):
        end()
        platform.restart()
    differ = [path for path, read in readings(platform).items() if read != before[path]]
    platform.server.end()
    trials.say(
        "after kill -9 and after SIGTERM everything reads as before",
        not differ and len(before["/v1/cards?limit=100"]["items"]) == 50,
        f"{len(before)} readings, {len(differ)} differ {differ or ''}",
    )


def wait_for_an_operator(platform, answers, iccid):
    """A call that is held back until the operator, who is paused, has done it."""
    client, body = Client(platform.server, platform.token), json.dumps({"status": "active"})
    path = f"/v1/cards/{iccid}/m2m-service?wait=9s"
    answers.append(client.call("PUT", path, body))


def is_drained(trials, program, folder):
    platform, answers = Platform(program, folder, 50), []
    waiting = [
        threading.Thread(target=wait_for_an_operator, args=(platform, answers, iccid))
        for iccid in platform.cards[:10]
    ]
    for thread in waiting:
        thread.start()
    pending = "/v1/cards?pending=true&limit=100"
    wait_until(lambda: len(json.loads(platform.staff.call("GET", pending)[1])["items"]) == 10)
    load = Load(platform.server, platform.token, platform.cards[10:], platform.log, "load", 8)
    wait_until(lambda: len(platform.log.those("acknowledged")) > 200)
    platform.server.process.send_signal(signal.SIGTERM)
    code = platform.server.process.wait()
    load.stop()
    for thread in waiting:
        thread.join()
    answered = [status for status, _ in answers]
    trials.say(
        "SIGTERM: calls under way are answered, and the process ends well",
        code == EXIT_DONE and answered == [200] * 10,
        f"exit {code}, {answered.count(200)} of 10 that were held back answered",
    )
    platform.restart()
    verdict, unknown = platform.verdict(), len(platform.log.those("unknown"))
    platform.server.end()
    figures = f"{verdict.acknowledged} acknowledged, {unknown} not taken, {verdict}"
    trials.say("and nothing acknowledged is lost", verdict.good, figures)


READINESS = b"GET /readyz HTTP/1.1\r\nHost: here\r\n"


class HalfAsked:
    """One answer has come, and the next question is on its way: a drain has to wait for it."""

    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.sendall(READINESS + b"\r\n" + READINESS)
        self.first = self.answer()

    def answer(self):
        answer = http.client.HTTPResponse(self.connection)
        answer.begin()
        answer.read()
        return answer.status

    def ask_the_rest(self):
        try:
            self.connection.sendall(b"\r\n")
            return self.answer()
        except (OSError, http.client.HTTPException):
            return 0


def takes_newcomers(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    except ConnectionError:
        return False


def is_ready_when_it_says_so(trials, program, folder):
    """Asked from before its start until it has nothing else left to do."""
    port, seen = free_port(), []
    command = [*BESIDE, program, "serve", "--data", str(folder / "data"), "--listen-devices", "off"]
    process = subprocess.Popen(
        [*command, "--listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    client = Client(SimpleNamespace(port=port), "")

    def ask():
        seen.append(client.call("GET", "/readyz")[0])
        return seen[-1]

    wait_until(lambda: ask() == 200, lambda: process.poll() is None)
    begun = len(seen)
    token = (folder / "data" / "staff.key").read_text().strip()
    works = Client(client.server, token).call("GET", "/v1/parties")[0]
    trials.say(
        "/readyz answers 200 once it takes requests, and not before",
        works == 200 and set(seen[: begun - 1]) <= {0, 503},
        f"{begun - 1} times not yet, then 200",
    )
    half_asked = HalfAsked(port)
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: not takes_newcomers(port), lambda: process.poll() is None)
    drains, last = process.poll() is None, half_asked.ask_the_rest()
    code = process.wait()
    trials.say(
        "told to stop it answers 503 to whoever still asks, and ends well",
        half_asked.first == 200 and drains and last == 503 and code == EXIT_DONE,
        f"{half_asked.first} before, {last} after, exit {code}",
    )


def refusals(folder, taken):
    """How a start goes wrong: the flags, what is said of it, and the exit code."""
    (folder / "file").touch()
    (folder / "closed").mkdir(mode=0o500)
    (folder / "bad.toml").write_text('data = "x"\n[log]\nlevl = "debug"\n')
    (folder / "broken.toml").write_text("data = \n")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "chains.db").write_text("This is a letter, and no database. " * 9)
    off = ["--listen-devices", "off"]
    at = lambda data: ["--data", str(folder / data), "--listen", "127.0.0.1:0", *off]
    new = ["--data", str(folder / "new"), "--listen"]
    devices = ["127.0.0.1:0", "--listen-devices", taken]
    yield "the port is in use", [*new, taken, *off], "in use", EXIT_FAILED
    yield "the device port is in use", [*new, *devices], "in use", EXIT_FAILED
    yield "another process has the folder", at("data"), "another process", EXIT_FAILED
    yield "a file is where the folder should be", at("file/data"), "Not a directory", EXIT_FAILED
    yield "the folder is not ours to write", at("closed"), "Permission denied", EXIT_FAILED
    yield "the database is none", at("foreign"), "not a database", EXIT_FAILED
    bad = str(folder / "bad.toml")
    yield "a setting that there is none of", ["--config", bad], "line 3", EXIT_USAGE
    broken = str(folder / "broken.toml")
    yield "a file that is no TOML", ["--config", broken], "line 1", EXIT_USAGE
    absent = str(folder / "absent.toml")
    yield "a file that is not there", ["--config", absent], "No such file", EXIT_USAGE
    yield "a value that is none", [*at("new"), "--log", "loud"], "debug|info", EXIT_USAGE


def says_why_it_does_not_start(trials, program, folder):
    platform = Platform(program, folder, 1)
    taken = f"127.0.0.1:{platform.server.port}"
    # Root writes everywhere, unless it lays that down.
    plain = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
    for sentence, flags, expected, code in refusals(folder, taken):
        ended = subprocess.run(
            [*plain, program, "serve", *flags], capture_output=True, text=True, check=False
        )
        kept = ended.returncode == code and expected in ended.stderr and "next" in ended.stderr
        last = ended.stderr.strip().replace(str(folder), "DIR").split("\n")[-2:]
        trials.say(sentence, kept, f"exit {ended.returncode}" + ("" if kept else f", {last}"))
    works = platform.get("/readyz")
    platform.server.end()
    trials.say("and the process that was there is not disturbed", works == 200, f"{works}")


def main(program):
    trials = Trials()
    for trial in (
        goes_on_where_it_was,
        is_drained,
        is_ready_when_it_says_so,
        says_why_it_does_not_start,
    ):
        with tempfile.TemporaryDirectory(prefix="msp-process-") as folder:
            trial(trials, program, Path(folder))
    return trials.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
