"""The platform between two real mobile cores and machines with emulated devices.

What is looked at is the truth of each side: the HLR's record, the serving node's sessions, what the
device itself heard, what the equipment provider was told.
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from core import GB, HLR_CTRL, SGSN_CTRL, VTY, Core  # noqa: E402
from device import Device  # noqa: E402
from served import Client, Server  # noqa: E402
from story import add_party, device_credentials, iccid, imsi  # noqa: E402

WITHIN = 60  # seconds; what has not come by then does not come
PACE = {
    "answer_deadline_ms": 6000,
    "allowed_pause_ms": 1000,
    "assumed_life_ms": 3000,
    "completion_deadline_ms": 20000,
    "poll_every_ms": 200,
    "backoff_least_ms": 50,
    "backoff_most_ms": 1000,
}
AUDIT = {"on": True, "page_every_ms": 50, "sweep_every_ms": 1000}


@dataclass
class Machine:
    number: int
    operator: str
    core: Core
    key: bytes = field(default_factory=lambda: os.urandom(16))
    device: Device = None

    @property
    def name(self):
        return f"MW-{self.number}"

    @property
    def imsi(self):
        return imsi(self.number)

    @property
    def iccid(self):
        return iccid(self.number)

    def record(self):
        return self.core.record(self.imsi)

    def allowed(self):
        """What the HLR says of packet and circuit-switched service; nothing: it has no record."""
        record = self.record()
        return record and record["nam_ps"] + record["nam_cs"]

    def has_session(self):
        return bool(self.core.sessions().get(self.imsi))


class Play:
    """The platform, its parties and the cores; what a scenario does is in scenarios.py."""

    def __init__(self, program, folder, cores, settings=None):
        self.program, self.folder, self.cores = program, Path(folder), cores
        self.settings = settings or {"pace": PACE, "audit": AUDIT}
        self.through_session = all(core.with_sessions for core in cores.values())
        self.server = Server(program, folder)
        first = next(iter(cores.values()))
        door = first.gateway if self.through_session else "127.0.0.1"
        self.door = door
        self.serve()
        self.authority = str(self.folder / "data" / "tls" / "ca.pem")
        self.tokens = {"m2m-sp": (self.folder / "data" / "staff.key").read_text().strip()}
        self.enrolment_key = self.add_party("modemworks", "device-provider", ["MW-"])
        self.add_party("acme", "equipment-provider", [])
        self.machines = []
        for operator, core in cores.items():
            self.connect(operator, core)

    def serve(self):
        self.server.start(devices=f"{self.door}:0")

    def kill(self):
        self.server.kill()

    def end(self):
        for machine in self.machines:
            machine.device.end()
        self.server.end()

    # ------------------------------------------------------------------------------ the platform

    def call(self, who, method, path, body=None, kind="application/json", expect=None, **more):
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        client = Client(self.server, self.tokens[who])
        key = os.urandom(8).hex() if method in ("POST", "PUT") else None
        status, answer = client.call(method, path, body, key=key, kind=kind, **more)
        client.close()
        if status != expect and (expect or not 200 <= status < 300):
            raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer) if answer else {}

    def add_party(self, party, role, prefixes):
        enrolment_key, self.tokens[party] = add_party(self.call, party, role, prefixes, "core")
        return enrolment_key

    def connect(self, operator, core):
        settings = {
            "connector": "osmo-hlr",
            "base_url": f"ctrl://{core.host}:{HLR_CTRL}",
            "core": {"sgsn": f"{core.host}:{SGSN_CTRL}", "vty": f"{core.host}:{VTY}"},
            **self.settings,
        }
        self.call("m2m-sp", "PUT", f"/v1/operators/{operator}", settings)

    def chain(self, machine):
        return self.call("m2m-sp", "GET", f"/v1/cards/{machine.iccid}")

    def switch_card(self, machine, status):
        path = f"/v1/cards/{machine.iccid}/m2m-service"
        self.call("modemworks", "PUT", path, {"status": status})

    def switch_device(self, machine, status):
        path = f"/v1/devices/{machine.name}/m2m-service"
        self.call("acme", "PUT", path, {"status": status})

    def switch_equipment(self, equipment, status, **more):
        path = f"/v1/equipment/{equipment}"
        revision = self.call("acme", "GET", path)["revisions"]["wish"]
        match = f'"w{revision}"'
        body = {"status": status, **more}
        self.call("acme", "PUT", f"{path}/service", body, if_match=match)

    def last_told(self, kind, equipment):
        """The newest event of this kind about a machine in the equipment provider's feed."""
        found = {"data": {"after": {}, "cause": None}}
        for event in self.call("acme", "GET", "/v1/events?limit=1000")["items"]:
            if event["type"] == kind and event["subject"] == f"equipment/{equipment}":
                found = event
        return found

    # ------------------------------------------------------------------------------- the devices

    def add_machine(self, number, operator):
        machine = Machine(number, operator, self.cores[operator])
        machine.core.add_card(machine.imsi, machine.key)
        machine.device = Device(
            machine.name, machine.imsi, machine.key, (machine.core.host, GB)
        )
        machine.device.switch_on()
        self.machines.append(machine)
        return machine

    def stock(self, machine):
        """Registers its card and issues it to the device provider."""
        row = f"iccid,imsi\n{machine.iccid},{machine.imsi}\n"
        path = f"/v1/card-batches?operator={machine.operator}&batch=B-{machine.number}"
        self.call("m2m-sp", "POST", path, row, kind="text/csv")
        cards = {"iccids": [machine.iccid], "to": "modemworks"}
        self.call("m2m-sp", "POST", "/v1/cards/issue", cards)

    def report(self, machine, **body):
        """What the device says to the platform, through its own session where it can have one."""
        basic = device_credentials(self.enrolment_key, machine.name)
        content = json.dumps({"device_id": machine.name, **body})
        request = (
            f"POST /v1/device-reports HTTP/1.1\r\nHost: msp\r\nConnection: close\r\n"
            f"Authorization: Basic {basic}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n{content}"
        ).encode()
        where = (self.door, self.server.device_port())
        status, answer = machine.device.call(where, request, self.authority)
        words = json.loads(answer).get("result", status) if status else f"no way out ({answer})"
        machine.device.note(f"reports {', '.join(body)}: {words}")
        return words

    def settled(self, claim):
        """Waits until it is so."""
        deadline = time.monotonic() + WITHIN
        while not (now := claim()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return now

    def settle(self):
        pending = "/v1/cards?pending=true&limit=1"
        return self.settled(lambda: not self.call("m2m-sp", "GET", pending)["items"])
