#!/usr/bin/env python3
"""No subscriber identity and no secret where none belongs, whatever is done and however wrongly.

A story is played in which every identity and every secret is known. Then each is looked for in the
server's log at its wordiest and in /metrics (none may be there), and in the bodies of refusals and
what the command line writes to standard error (no secret; no identity but those in the request).

usage: canaries_test.py MSP
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import story as stories  # noqa: E402
from served import Client, Server, luhn  # noqa: E402
from story import CARDS, Story, device_credentials, device_secret, iccid, imsi  # noqa: E402

CALLBACK_KEY = base64.b64encode(b"canary-callback-key-of-op-east!!").decode()
OPERATOR_TOKEN = "canary-operator-token-7Q2x"


def msisdn(number):
    return f"8617100{number:06d}"


def eid(number):
    body = f"89049032{number:022d}"
    return body + f"{98 - int(body + '00') % 97:02d}"  # ISO 7064


def card_file():
    rows = [f"{iccid(n)},{imsi(n)},{msisdn(n)},{eid(n)}" for n in range(1, CARDS + 1)]
    return "iccid,imsi,msisdn,eid\n" + "\n".join(rows) + "\n"


class Played:
    """The story, and wrong requests after it; keeps what was refused, with what was asked."""

    def __init__(self, program, folder):
        stories.card_file = card_file
        self.program, self.folder = program, Path(folder)
        self.server = Server(program, folder)
        self.server.start(environment={"MSP_LOG_LEVEL": "debug"})
        self.story = Story(program, self.server, folder)
        self.refused, self.secrets = [], {}

    def play(self):
        self.story.play()
        self.learn_secrets()

    def learn_secrets(self):
        story = self.story
        operator = {"base_url": "http://127.0.0.1:9", "kind": "fenced", "paused": True}
        operator |= {"callback_secret": "whsec_" + CALLBACK_KEY, "token": OPERATOR_TOKEN}
        story.call("m2m-sp", "PUT", "/v1/operators/op-east", operator)
        hook = story.call("acme", "POST", "/v1/webhooks", {"url": "https://epba.example/hook"})
        self.secrets = {f"key of {who}": token for who, token in story.tokens.items()}
        self.secrets |= {f"tail of key of {w}": t.split("_", 2)[2] for w, t in story.tokens.items()}
        self.secrets["enrolment key"] = story.enrolment_key
        self.secrets["webhook secret"] = hook["secret"].removeprefix("whsec_")
        self.secrets["callback secret"] = CALLBACK_KEY
        self.secrets["operator token"] = OPERATOR_TOKEN
        for n in range(1, CARDS + 1):
            secret = device_secret(story.enrolment_key, f"MW-{n}")
            self.secrets[f"secret of MW-{n}"] = secret
            sent = device_credentials(story.enrolment_key, f"MW-{n}")
            self.secrets[f"secret of MW-{n}, as sent"] = sent

    def identities(self):
        kinds = {"ICCID": iccid, "IMSI": imsi, "MSISDN": msisdn, "EID": eid}
        return {f"{kind} {n}": of(n) for kind, of in kinds.items() for n in range(1, CARDS + 1)}

    def ask(self, who, method, path, body=None, **more):
        """A request that must be refused; what it was told is kept."""
        token = self.story.tokens.get(who, who)
        sent = body if body is None or isinstance(body, str) else json.dumps(body)
        status, answer = Client(self.server, token).call(method, path, sent, **more)
        if status < 400:
            sys.exit(f"{method} {path} was not refused: {status} {answer!r}")
        self.refused.append((f"{method} {path} {sent}", answer.decode()))

    def run_wrongly(self, *words, key="acme"):
        config = self.folder / "contexts.json"
        address = f"http://127.0.0.1:{self.server.port}"
        context = {"server": address, "key": self.story.tokens.get(key, key)}
        config.write_text(json.dumps({"current": "here", "contexts": {"here": context}}))
        environment = {**os.environ, "MSP_CONTEXTS": str(config)}
        environment |= {"MSP_SERVER": address, "MSP_KEY": context["key"]}
        ended = subprocess.run(
            [self.program, *words], capture_output=True, text=True, env=environment, check=False
        )
        if ended.returncode == 0:
            sys.exit(f"msp {' '.join(words)} was not refused")
        self.refused.append((" ".join(words), ended.stderr))


def half_wrong(token):
    """A key that opens nothing, most of which is a real one's."""
    return token[:-1] + ("x" if token[-1] != "x" else "y")


def ask_wrongly(played):
    """Identities and secrets in every place of a request where they may be put by mistake."""
    story = played.story
    for who, token in story.tokens.items():
        played.ask(half_wrong(token), "GET", "/v1/me")
        played.ask(who, "GET", f"/v1/cards?key={token}")
        played.ask(who, "GET", f"/v1/cards?{token}=1")
        played.ask(who, "GET", f"/v1/{token}")
        played.ask(who, "POST", "/v1/keys", {"name": token, token: imsi(1)})
        played.ask(who, "POST", "/v1/keys", f'{{"token": "{token}", {imsi(2)}')
        played.ask(who, "POST", "/v1/webhooks", {"url": f"http://{token}@127.0.0.1/{imsi(3)}"})
        for n in range(1, CARDS + 1):
            played.ask(who, "GET", f"/v1/cards/{imsi(n)}")
            played.ask(who, "GET", f"/v1/devices/{imsi(n)}x")
            played.ask(who, "GET", f"/v1/equipment/{msisdn(n)}?provider=acme")
            played.ask(who, "PUT", f"/v1/cards/{iccid(n)}/m2m-service", {"status": imsi(n)})
            played.ask(who, "PUT", f"/v1/devices/MW-{n}/m2m-service", {"status": eid(n)})
    ask_as_others(played)
    report_wrongly(played)
    deliver_wrongly(played)


def ask_as_others(played):
    for n in range(1, CARDS + 1):
        played.ask("modemworks", "PUT", f"/v1/devices/MW-{n}/hold/unpaid", {"text": imsi(n)})
        played.ask("acme", "POST", "/v1/cards/issue", {"iccids": [iccid(n)], "to": imsi(n)})
        played.ask("modemworks", "GET", f"/v1/equipment/EX-{n}")
        wrong = {"device_ids": [f"MW-{n}", imsi(n)], "to": eid(n)}
        played.ask("modemworks", "POST", "/v1/devices/handover", wrong)
        played.ask("acme", "PUT", f"/v1/equipment/EX-{n}/service", {"status": "x"}, if_match='"w0"')


def report_wrongly(played):
    """Claims: devices that report what is not so, with and without their secret."""
    for n in range(1, 9):
        secret = played.secrets[f"secret of MW-{n}"]
        other = n % 8 + 1
        bodies = [
            {"device_id": f"MW-{n}", "iccid": iccid(other), "imsi": imsi(n)},
            {"device_id": f"MW-{n}", "iccid": iccid(n), "imsi": imsi(other)},
            {"device_id": secret, "iccid": msisdn(n), "imsi": eid(n)},
        ]
        for body in bodies:
            for word in (f"MW-{n}:{secret}", f"MW-{other}:{secret}", f"{imsi(n)}:{secret}"):
                basic = "Basic " + base64.b64encode(word.encode()).decode()
                played.ask("", "POST", "/v1/device-reports", body, authorization=basic)


def deliver_wrongly(played):
    """Card files with errors, and an operator's events that nothing proves."""
    where = "/v1/card-batches?operator=op-east&batch=B-"
    broken = card_file().replace(imsi(2), iccid(2)).replace(luhn(iccid(3)[:-1]), "x")
    played.ask("acme", "POST", where + "2", card_file(), kind="text/csv")
    played.ask("m2m-sp", "POST", where + "3", "imsi\n" + broken, kind="text/csv")
    played.ask("m2m-sp", "POST", where + "4&operator=" + imsi(1), broken, kind="text/csv")
    for n in range(1, CARDS + 1):
        event = {"id": f"evt-{n}", "type": "subscription.suspended", "imsi": imsi(n)}
        played.ask(CALLBACK_KEY, "POST", "/v1/operators/op-east/events", event)


def type_wrongly(played):
    for who, token in played.story.tokens.items():
        played.run_wrongly("card", "status", imsi(1), key=who)
        played.run_wrongly("card", "activate", iccid(1)[:-1] + "x", key=who)
        played.run_wrongly("device", "status", f"NO-{imsi(2)}", key=who)
        played.run_wrongly("claim", "get", imsi(3), key=who)
        played.run_wrongly("device", "list", key=half_wrong(token))
        played.run_wrongly("card", "import", str(played.folder / "none.csv"), key=who)


def hits(canaries, text, sent=None):
    """Names of those in the text; with `sent`, only of those that the request did not hold."""
    return [
        name for name, value in canaries.items() if value in text and not (sent and value in sent)
    ]


def places(played):
    """Name of a place, its size, and what was seen in it and should not be."""
    identities, secrets = played.identities(), played.secrets
    status, metrics = Client(played.server, played.story.tokens["m2m-sp"]).call("GET", "/metrics")
    assert status == 200
    log = (played.folder / "server.log").read_text()
    for name, text in (("server log", log), ("/metrics", metrics.decode())):
        yield name, text.count("\n"), hits(identities | secrets, text)
    seen = [hits(identities, told, sent) + hits(secrets, told) for sent, told in played.refused]
    yield "refusals", len(seen), [
        f"{name} in {told!r}"
        for names, (_, told) in zip(seen, played.refused, strict=True)
        for name in names
    ]


def blind(played):
    """What the search would not see were it there: each canary is planted in a line of its own."""
    canaries = played.identities() | played.secrets
    planted = {name: f"line {uuid.uuid4()} {value} end" for name, value in canaries.items()}
    return [name for name, line in planted.items() if name not in hits(canaries, line)]


def verdict(played):
    cards = played.story.call("m2m-sp", "GET", "/v1/cards?limit=100")
    known = hits(played.identities(), str(cards))
    count = len(played.identities()), len(played.secrets)
    print(f"{count[0]} identities, {count[1]} secrets; the platform shows {len(known)} to staff")
    bad = len(blind(played)) + (len(known) < 4 * CARDS)
    for place, size, seen in places(played):
        print(f"{place}: {size} searched, {len(seen)} hits", *seen[:5], sep="\n  ")
        bad += len(seen) + (size == 0)
    print(f"{sum(count)} passed, 0 failed" if bad == 0 else f"0 passed, {bad} failed")
    return 1 if bad else 0


def main(program):
    with tempfile.TemporaryDirectory(prefix="msp-canaries-") as name:
        played = Played(program, name)
        try:
            played.play()
            ask_wrongly(played)
            type_wrongly(played)
            return verdict(played)
        finally:
            if played.story.operator and played.story.operator.poll() is None:
                played.story.operator.terminate()
                played.story.operator.wait()
            played.server.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
