#!/usr/bin/env python3
"""The door of devices, over TLS: by secret and by certificate, in prefix and out of it.

The commands of docs/devices.md are run as they stand there, with openssl and curl.

usage: device_door_test.py MSP
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import Server  # noqa: E402
from story import Story, card_file, iccid, imsi  # noqa: E402

DOCUMENT = HERE.parents[1] / "docs" / "devices.md"


def blocks():
    """The shell commands of the page: how a secret is made, the two reports."""
    return re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)


def shell(script, **environment):
    ended = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    return ended.stdout


def authority(folder, name):
    """A certificate authority, and a certificate of it for a device."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subject = ["-subj", f"/CN={name}", "-days", "2", "-nodes", "-newkey", "ec"]
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    run = ["openssl", "req", "-x509", *subject, *curve]
    subprocess.run([*run, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return key, certificate


def issue(folder, ca, device):
    key, request, certificate = (folder / f"{device}.{end}" for end in ("key", "csr", "pem"))
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    asked = ["openssl", "req", *curve, "-subj", f"/CN={device}", "-keyout", key, "-out", request]
    subprocess.run(asked, check=True, capture_output=True)
    signed = ["openssl", "x509", "-req", "-in", request, "-CA", ca[1], "-CAkey", ca[0]]
    more = ["-CAcreateserial", "-days", "2", "-out", certificate]
    subprocess.run([*signed, *more], check=True, capture_output=True)
    return ["--cert", str(certificate), "--key", str(key)]


def fingerprint(certificate):
    shown = ["openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"]
    told = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    return told.split("=")[1].strip().replace(":", "").lower()


class Door:
    def __init__(self, program, folder):
        self.folder = folder
        self.ca = authority(folder, "modemworks-ca")
        self.stranger = authority(folder, "stranger-ca")
        both = folder / "device-ca.pem"
        both.write_text(self.ca[1].read_text() + self.stranger[1].read_text())
        self.server = Server(program, folder)
        self.server.start(devices="127.0.0.1:0", environment={"MSP_TLS_DEVICE_CA": str(both)})
        self.story = Story(program, self.server, folder)
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "CA": str(folder / "data" / "tls" / "ca.pem"),
            "DEVICES": f"https://127.0.0.1:{self.server.device_port()}",
        }
        self.register()

    def register(self):
        story = self.story
        story.enrolment_key = story.add_party("modemworks", "device-provider", ["MW-"])
        known = {"certificate_authority": fingerprint(self.ca[1])}
        story.call("m2m-sp", "PATCH", "/v1/parties/modemworks", known)
        paused = {"base_url": "http://127.0.0.1:9", "paused": True}
        story.call("m2m-sp", "PUT", "/v1/operators/op-east", paused)
        batch = "/v1/card-batches?operator=op-east&batch=B-1"
        story.call("m2m-sp", "POST", batch, card_file(), kind="text/csv")
        story.call("m2m-sp", "POST", "/v1/card-batches/B-1/issue", {"to": "modemworks"})
        for number in (1, 2, 3):
            service = f"/v1/cards/{iccid(number)}/m2m-service"
            story.call("modemworks", "PUT", service, {"status": "active"})

    def documented(self, number, device):
        """The page's own commands, for a card."""
        secret, report_card, _ = blocks()
        return shell(
            secret + report_card,
            **self.environment,
            ENROLMENT_KEY=self.story.enrolment_key,
            DEVICE_ID=device,
            ICCID=iccid(number),
            IMSI=imsi(number),
        )

    def report(self, number, device, *more):
        body = {"device_id": device, "iccid": iccid(number), "imsi": imsi(number)}
        call = ["curl", "-s", "--cacert", self.environment["CA"], "--json", json.dumps(body)]
        target = self.environment["DEVICES"] + "/v1/device-reports"
        ended = subprocess.run([*call, *more, target], capture_output=True, text=True, check=False)
        return ended.stdout

    def printed_secret(self, program, device):
        key = self.folder / "enrolment"
        key.write_text(self.story.enrolment_key)
        command = [program, "device", "secret", device, "--enrolment-key-file", str(key)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def tests(door, program):
    secret = door.printed_secret(program, "MW-2")
    yield "the commands of the page bind a device", "bound", door.documented(1, "MW-1")
    yield "the same report again changes nothing", "unchanged", door.documented(1, "MW-1")
    yield "a prefix that is not the provider's is closed", 401, door.documented(2, "XX-2")
    yield "the command line makes the same secret", "bound", door.report(
        2, "MW-2", "--user", "MW-2:" + secret
    )
    yield "a wrong secret is refused", 401, door.report(2, "MW-2", "--user", "MW-2:" + "x" * 43)
    yield "a secret is no other device's", 401, door.report(3, "MW-3", "--user", "MW-3:" + secret)
    yield "a certificate of the provider's authority opens", "bound", door.report(
        3, "MW-3", *issue(door.folder, door.ca, "MW-3")
    )
    yield "that of another authority does not", 401, door.report(
        3, "MW-3", *issue(door.folder, door.stranger, "MW-3")
    )
    yield "nor does none at all", 401, door.report(3, "MW-3")
    yield "who lets others speak in his name is refused", 403, door.report(
        3, "MW-3", "--user", "MW-2:" + secret
    )


def main(program):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="msp-device-door-") as name:
        door = Door(program, Path(name))
        for sentence, expected, told in tests(door, program):
            answer = json.loads(told) if told else {}
            good = expected in (answer.get("result"), answer.get("status"))
            passed, failed = passed + good, failed + (not good)
            print(f"{'passed' if good else 'FAILED'}: {sentence}{'' if good else ': ' + told}")
        door.server.end()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
