"""The seven scenarios of the use case, each played on the cores and looked at from every side."""

from story import iccid

REFUSED = "ACTIVATE PDP CONTEXT REJECT, cause 33 (requested service option not subscribed)"
KICKED = "hears DETACH REQUEST, cause 7 (GPRS services not allowed)"


class Scenarios:
    """Machines 1 and 3 are at the first operator, 2 at the second; 3 is a spare for machine 1."""

    def __init__(self, play):
        self.play = play
        first, second = play.cores
        self.one = play.add_machine(1, first)
        self.two = play.add_machine(2, second)
        self.spare = play.add_machine(3, first)
        self.all = [self.one, self.two, self.spare]

    def run(self):
        """(number, title, checks), one scenario after the other; a check is (sentence, holds)."""
        for number, title, scenario in (
            (1, "registering cards", self.register),
            (2, "making, testing and handing over devices", self.make),
            (3, "installing a machine", self.install),
            (4, "the equipment provider suspends, resumes and stops", self.suspend),
            (5, "the M2M service provider holds and lifts", self.hold),
            (6, "the operator's own staff suspend and resume", self.staff),
            (7, "replacing a device", self.replace),
        ):
            yield number, title, list(scenario())

    # ---------------------------------------------------------------------------- what is looked at

    def every(self, machines, claim):
        return all(claim(machine) for machine in machines)

    def refused(self, machine, words=REFUSED):
        """The device tries, and the network says no."""
        return machine.device.join() == words

    def comes_back(self, machine):
        """The device tries, and has an address and a session."""
        return machine.device.join() == machine.device.address and machine.has_session()

    def was_kicked(self, machine):
        """The network itself ended the session that was up."""
        ended = machine.device.session_ended.wait(30)
        return ended and any(words == KICKED for _, words in machine.device.log[-3:])

    def heard(self, status, equipment, cause):
        """The newest thing that the back-end application was told, and why."""

        def told():
            data = self.play.last_told("m2m.equipment.status-changed", equipment)["data"]
            return data["after"].get("equipment") == status and data["cause"] == cause

        return self.play.settled(told)

    def shows(self, machine, **facts):
        network = self.play.chain(machine)["network"]
        return all(network[name] == value for name, value in facts.items())

    # ------------------------------------------------------------------------------- the scenarios

    def register(self):
        play = self.play
        yield "cards in stock are barred for packets and calls", self.every(
            self.all, lambda m: m.allowed() == "00"
        )
        for operator in play.cores:
            rows = [f"{m.iccid},{m.imsi}" for m in self.all if m.operator == operator]
            body = "\n".join(["iccid,imsi", *rows, ""])
            path = f"/v1/card-batches?operator={operator}&batch=B-{operator}"
            report = play.call("m2m-sp", "POST", path, body, kind="text/csv")
            yield f"{len(rows)} cards of {operator} registered", len(rows) in report.values()
        yield "a device with a card from stock gets no session", self.every(self.all, self.refused)

    def make(self):
        play = self.play
        cards = {"iccids": [iccid(n) for n in (1, 2, 3)], "to": "modemworks"}
        play.call("m2m-sp", "POST", "/v1/cards/issue", cards)
        pair = [self.one, self.two]
        yield from self.test_and_hand_over(pair)
        for machine in pair:
            play.report(machine, equipment_id=f"EX-{machine.number}")
        told = [play.last_told("m2m.equipment.bound", f"EX-{m.number}") for m in pair]
        yield "devices report their machines through their sessions; the EPBA is told", all(
            event["data"]["cause"] == "device" for event in told
        )

    def test_and_hand_over(self, machines):
        play = self.play
        for machine in machines:
            play.switch_card(machine, "active")
        yield "test service switched on: the HLR allows packets", play.settle() and self.every(
            machines, lambda m: m.allowed() == "10"
        )
        yield "the devices get sessions", self.every(machines, self.comes_back)
        yield "the devices report their cards through them", self.every(
            machines, lambda m: play.report(m, iccid=m.iccid, imsi=m.imsi) == "bound"
        )
        for machine in machines:
            play.switch_card(machine, "de-active")
        yield "test over: the network ends the sessions", self.every(machines, self.was_kicked)
        play.settle()
        yield "and a device that tries is refused", self.every(machines, self.refused)
        devices = {"device_ids": [m.name for m in machines], "to": "acme"}
        play.call("modemworks", "POST", "/v1/devices/handover", devices)
        for machine in machines:
            play.switch_device(machine, "active")
        yield "handed over, the equipment provider tests: sessions again", (
            play.settle() and self.every(machines, self.comes_back)
        )

    def install(self):
        for number in (1, 2):
            self.play.switch_equipment(f"EX-{number}", "active")
        self.play.settle()
        yield "equipment service active; the EPBA is told", self.every(
            ("EX-1", "EX-2"), lambda name: self.heard("active", name, "command")
        )
        yield "the sessions go on", self.every([self.one, self.two], lambda m: m.has_session())

    def suspend(self):
        play, one, two = self.play, self.one, self.two
        play.switch_equipment("EX-1", "de-active")
        yield "suspended: the network ends the session of that machine", self.was_kicked(one)
        play.settle()
        yield "de-active at the HLR, no session at the serving node", (
            one.allowed() == "00" and not one.has_session()
        )
        yield "the EPBA is told", self.heard("de-active", "EX-1", "command")
        yield "while suspended the device is refused", self.refused(one)
        yield "the other operator's machine is not touched", two.has_session()
        play.switch_equipment("EX-1", "active")
        yield "resumed: the device is back", play.settle() and self.comes_back(one)
        play.switch_equipment("EX-2", "stopped", device_id=two.name)
        yield "stopped: the network ends the session of the other", self.was_kicked(two)
        yield "its IMSI is gone from the HLR", play.settle() and two.record() is None
        yield "and the device is rejected", "ATTACH REJECT" in two.device.join()

    def hold(self):
        play, one = self.play, self.one
        text = {"text": "invoice INV-1"}
        play.call("m2m-sp", "PUT", f"/v1/devices/{one.name}/hold/unpaid", text)
        yield "held: the network ends the session", self.was_kicked(one)
        play.settle()
        play.switch_equipment("EX-1", "active")
        yield "the equipment provider cannot lift it: the device stays refused", (
            play.settle() and self.refused(one)
        )
        play.call("m2m-sp", "DELETE", f"/v1/devices/{one.name}/hold/unpaid")
        yield "lifted: the device is back", play.settle() and self.comes_back(one)

    def staff(self):
        play, one = self.play, self.one

        def held_by_operator():
            return any(hold["holder"] == "operator" for hold in play.chain(one)["held_by"])

        one.core.suspend(one.imsi)
        yield "staff bar the IMSI at the HLR: the operator holds it", play.settled(
            lambda: self.shows(one, observed="de-active") and held_by_operator()
        )
        yield "barred and in a session are two facts, and both are shown", self.shows(
            one, observed="de-active", session=one.has_session()
        )
        yield "the EPBA is told", self.heard("de-active", "EX-1", "operator")
        one.core.resume(one.imsi)
        yield "staff allow it again: nobody holds it", play.settled(
            lambda: self.shows(one, observed="active") and not held_by_operator()
        )
        yield "the EPBA is told that", self.heard("active", "EX-1", "operator")
        yield "and the device gets a session", self.comes_back(one)

    def replace(self):
        play, one, spare = self.play, self.one, self.spare
        play.switch_equipment("EX-1", "replaced", device_id=one.name)
        yield "replaced: the network ends the old device's session", self.was_kicked(one)
        yield "its IMSI is gone from the HLR", play.settle() and one.record() is None
        yield "and the old device is rejected", "ATTACH REJECT" in one.device.join()
        yield from self.test_and_hand_over([spare])
        yield "the new device reports the same machine", (
            play.report(spare, equipment_id="EX-1") == "bound"
        )
        play.switch_equipment("EX-1", "active")
        yield "installed: the machine is in service with the new device", (
            play.settle()
            and play.call("acme", "GET", "/v1/equipment/EX-1")["status"] == "active"
            and spare.has_session()
        )
        body = {"status": "replaced", "device_id": one.name}
        revision = play.call("acme", "GET", "/v1/equipment/EX-1")["revisions"]["wish"]
        play.call(
            "acme",
            "PUT",
            "/v1/equipment/EX-1/service",
            body,
            expect=409,
            if_match=f'"w{revision}"',
        )
        yield "a repeated call for the old device does not end its successor", spare.has_session()
