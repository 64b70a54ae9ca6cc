"""For tests from the outside: the shipped program as a server, and a client of it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time


# Before a command that runs beside a test: it ends with the test, however that ends.
BESIDE = ["setpriv", "--pdeathsig", "KILL"]


def luhn(body):
    total = 0
    for position, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


class Server:
    def __init__(self, program, folder):
        self.program, self.folder, self.process, self.port = program, folder, None, None

    def start(self, devices="off", environment=None):
        ready = os.path.join(self.folder, "listening")
        if os.path.exists(ready):
            os.remove(ready)
        log = open(os.path.join(self.folder, "server.log"), "ab")
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [
                *BESIDE,
                self.program,
                "serve",
                "--data",
                os.path.join(self.folder, "data"),
                "--listen",
                "127.0.0.1:0",
                "--listen-devices",
                devices,
                "--ready-file",
                ready,
            ],
            stdout=log,
            stderr=log,
            env={**os.environ, **(environment or {})},
        )
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                sys.exit("the server ended at its start: see " + log.name)
            time.sleep(0.002)
        self.port = int(open(ready).read().rsplit(":", 1)[1])
        return time.monotonic() - begun

    def device_port(self):
        """Where devices report, as the server said when it began to listen."""
        with open(os.path.join(self.folder, "server.log")) as log:
            return int(re.findall(r"devices report on https, port (\d+)", log.read())[-1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Client:
    def __init__(self, server, token):
        self.server, self.token, self.connection = server, token, None

    def call(
        self,
        method,
        path,
        body=None,
        key=None,
        kind="application/json",
        if_match=None,
        authorization=None,
    ):
        """Status and body; a status of 0 when there was no whole answer."""
        headers = {"Authorization": authorization or "Bearer " + self.token}
        if key:
            headers["Idempotency-Key"] = key
        if if_match:
            headers["If-Match"] = if_match
        if body is not None:
            headers["Content-Type"] = kind
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.server.port, timeout=10
                )
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, b""

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None
