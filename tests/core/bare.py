"""A de-activation said straight to a core: what the connector says, and no platform before it.

    CTRL of the HLR   cs-enabled 0, ps-enabled 0, read back
    GSUP of the HLR   Delete Subscriber Data for the packet domain, to the serving node by name
"""

import os
import select
import socket
import struct

from core import GSUP, Refused, take
from device import swapped

CONNECTION, EXTENDED, GSUP_EXTENSION = 0xFE, 0xEE, 0x05
PING, PONG, IDENTITY_GET, IDENTITY_RESPONSE = 0x00, b"\x01", 0x04, b"\x05"
DELETE_DATA, ROUTING_ERROR = b"\x14", 0x4E


def element(tag, value):
    return bytes([tag, len(value)]) + value


class GsupPeer:
    """A peer of the HLR, with a name of its own: the HLR carries its messages on."""

    def __init__(self, host):
        self.name = f"BARE-{os.urandom(4).hex()}".encode() + b"\0"
        self.socket = socket.create_connection((host, GSUP), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self.hear() != IDENTITY_GET:
            pass

    def end(self):
        self.socket.close()

    def send(self, protocol, body):
        self.socket.sendall(struct.pack(">HB", len(body), protocol) + body)

    def hear(self):
        """One frame, answered where it is about the connection itself: the kind of that."""
        length, protocol = struct.unpack(">HB", take(self.socket, 3))
        body = take(self.socket, length)
        if protocol == EXTENDED and body[1] == ROUTING_ERROR:
            raise Refused("the HLR has no way to the serving node")
        if protocol != CONNECTION:
            return None
        if body[0] == PING:
            self.send(CONNECTION, PONG)
        elif body[0] == IDENTITY_GET:
            items = ((0, self.name), (1, self.name), (8, b"0/0/0\0"))
            told = [struct.pack(">HB", 1 + len(value), tag) + value for tag, value in items]
            self.send(CONNECTION, IDENTITY_RESPONSE + b"".join(told))
        return body[0]

    def hear_what_waits(self):
        while select.select([self.socket], [], [], 0)[0]:
            self.hear()

    def end_session(self, imsi, node):
        """The kick. Its answer goes to the HLR, not back here."""
        message = DELETE_DATA + element(0x01, swapped(imsi)) + element(0x28, b"\x01")
        message += element(0x60, self.name) + element(0x61, node.encode() + b"\0")
        self.send(EXTENDED, bytes([GSUP_EXTENSION]) + message)


class Bare:
    """Bars and allows the card of one machine, which no platform knows."""

    def __init__(self, machine):
        self.machine, self.core = machine, machine.core
        self.peer = GsupPeer(self.core.host)

    def end(self):
        self.peer.end()

    def allow(self, domain, value):
        self.core.hlr.ask(f"SET subscriber.by-imsi-{self.machine.imsi}.{domain}-enabled {value}")

    def suspend(self):
        self.allow("cs", 0)
        self.allow("ps", 0)
        record = self.machine.record()
        if record["nam_ps"] + record["nam_cs"] != "00":
            raise Refused("the HLR does not bar the card")
        self.peer.end_session(self.machine.imsi, record["sgsn_number"])

    def resume(self):
        self.peer.hear_what_waits()
        self.allow("ps", 1)
