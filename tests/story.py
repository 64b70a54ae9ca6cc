"""A small fleet in many states: what databases of released versions hold, and how it is read."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from pathlib import Path

from served import Client, luhn

CARDS = 12
READINGS = [
    "/v1/parties",
    "/v1/card-batches",
    "/v1/cards?limit=100",
    "/v1/devices?limit=100",
    "/v1/equipment?limit=100",
    "/v1/equipment/EX-1?provider=acme",
    "/v1/equipment/EX-4?provider=acme",
    "/v1/claims",
    "/v1/operators/op-east/drift",
    "/v1/history?limit=1000",
]
FEED = "/v1/events?limit=1000"
WORDS = {"summary", "sentence", "says", "lifted_by"}  # for people: they may be said better one day


def iccid(number):
    body = "898603" + str(10**11 + number)
    return body + luhn(body)


def imsi(number):
    return f"46003{number:010d}"


def card_file():
    rows = [f"{iccid(n)},{imsi(n)}" for n in range(1, CARDS + 1)]
    return "iccid,imsi\n" + "\n".join(rows) + "\n"


def device_credentials(enrolment_key, device):
    """What a device sends as Basic credentials."""
    secret = device_secret(enrolment_key, device)
    return base64.b64encode(f"{device}:{secret}".encode()).decode()


def add_party(call, party, role, prefixes, key_name):
    """Makes a party and a key of it: a device provider's enrolment key, and the token."""
    body = {"party": party, "roles": [role]}
    if prefixes:
        body["device_prefixes"] = prefixes
    made = call("m2m-sp", "POST", "/v1/parties", body)
    key = {"party": party, "role": "admin", "name": key_name}
    return made.get("enrolment_key"), call("m2m-sp", "POST", "/v1/keys", key)["token"]


def device_secret(enrolment_key, device):
    key = base64.urlsafe_b64decode(enrolment_key + "=" * (-len(enrolment_key) % 4))
    digest = hmac.new(key, device.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Story:
    """Plays parties, devices and an operator against a served platform."""

    def __init__(self, program, server, folder):
        self.program, self.server, self.folder = program, server, Path(folder)
        self.staff = Client(server, (self.folder / "data" / "staff.key").read_text().strip())
        self.tokens = {"m2m-sp": self.staff.token}
        self.operator = self.operator_url = None

    def call(self, who, method, path, body=None, **more):
        sent = body if body is None or isinstance(body, str) else json.dumps(body)
        status, answer = Client(self.server, self.tokens[who]).call(method, path, sent, **more)
        if status >= 300 or status == 0:
            sys.exit(f"{method} {path}: {status} {answer!r}")
        return json.loads(answer) if answer else {}

    def begin_operator(self):
        (self.folder / "cards.csv").write_text(card_file())
        self.operator = subprocess.Popen(
            [
                self.program,
                "simulate",
                "operator",
                "--subscriptions",
                str(self.folder / "cards.csv"),
                "--listen",
                "127.0.0.1:0",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        where = self.operator.stdout.readline()
        self.operator_url = "http://" + where[where.index("127.0.0.1:") :].split()[0].rstrip(".,")
        settings = {"base_url": self.operator_url, "kind": "fenced", "limits": {"per_second": 1000}}
        self.call("m2m-sp", "PUT", "/v1/operators/op-east", settings)

    def end_operator(self):
        self.operator.terminate()
        self.operator.wait()
        # What is kept must not depend on a port that is free elsewhere.
        settings = {"base_url": "http://127.0.0.1:9", "kind": "fenced", "paused": True}
        self.call("m2m-sp", "PUT", "/v1/operators/op-east", settings)

    def settle(self):
        while self.call("m2m-sp", "GET", "/v1/cards?pending=true&limit=1")["items"]:
            time.sleep(0.02)

    def add_party(self, party, role, prefixes):
        enrolment_key, self.tokens[party] = add_party(self.call, party, role, prefixes, "upgrade")
        return enrolment_key

    def report(self, device, **body):
        client = Client(self.server, "")
        return client.call(
            "POST",
            "/v1/device-reports",
            json.dumps({"device_id": device, **body}),
            authorization="Basic " + device_credentials(self.enrolment_key, device),
        )

    def switch_machine(self, number, **body):
        path = f"/v1/equipment/EX-{number}"
        revision = self.call("acme", "GET", path)["revisions"]["wish"]
        self.call("acme", "PUT", path + "/service", body, if_match=f'"w{revision}"')

    def play(self):
        self.enrolment_key = self.add_party("modemworks", "device-provider", ["MW-"])
        self.add_party("acme", "equipment-provider", [])
        self.begin_operator()
        batch = "/v1/card-batches"
        where = batch + "?operator=op-east&batch=B-1"
        self.call("m2m-sp", "POST", where, card_file(), kind="text/csv")
        cards = [iccid(n) for n in range(1, CARDS)]
        self.call("m2m-sp", "POST", "/v1/cards/issue", {"iccids": cards, "to": "modemworks"})
        self.make_devices(range(1, 9))
        self.build_machines(range(1, 7))
        self.change_machines()
        self.end_operator()
        self.call("acme", "PUT", "/v1/equipment/EX-5/service", {"status": "de-active"})

    def make_devices(self, numbers):
        for n in numbers:
            service = f"/v1/cards/{iccid(n)}/m2m-service"
            self.call("modemworks", "PUT", service, {"status": "active"})
            self.report(f"MW-{n}", iccid=iccid(n), imsi=imsi(n))
        self.settle()
        self.report("MW-9", iccid=iccid(9), imsi=imsi(9))  # too early: a claim
        devices = [f"MW-{n}" for n in numbers]
        handover = {"device_ids": devices, "to": "acme"}
        self.call("modemworks", "POST", "/v1/devices/handover", handover)

    def build_machines(self, numbers):
        for n in numbers:
            self.call("acme", "PUT", f"/v1/devices/MW-{n}/m2m-service", {"status": "active"})
            self.report(f"MW-{n}", equipment_id=f"EX-{n}")
            self.call("acme", "PUT", f"/v1/equipment/EX-{n}/service", {"status": "active"})
        self.settle()

    def change_machines(self):
        hold = {"text": "invoice INV-1", "follows_equipment": True}
        self.call("m2m-sp", "PUT", "/v1/devices/MW-1/hold/unpaid", hold)
        self.call("acme", "PUT", "/v1/equipment/EX-2/service", {"status": "de-active"})
        self.switch_machine(3, status="stopped", device_id="MW-3")
        self.switch_machine(4, status="replaced", device_id="MW-4")
        self.settle()


def without_words(value):
    if isinstance(value, dict):
        return {name: without_words(one) for name, one in value.items() if name not in WORDS}
    return [without_words(one) for one in value] if isinstance(value, list) else value


def readings(server, staff, party):
    """Everything that is to be read again for ever, as the API tells it."""
    out = {}
    for client, paths in ((Client(server, staff), READINGS), (Client(server, party), [FEED])):
        for path in paths:
            status, body = client.call("GET", path)
            if status != 200:
                sys.exit(f"{path}: {status} {body!r}")
            out[path] = without_words(json.loads(body))
    return out
