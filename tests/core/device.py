"""An emulated device: it has a SIM key and speaks Gb over UDP, as a base station would for it.

It attaches, is authenticated, gets an address from the GGSN, and carries the IP packets of its own
network namespace through that session. So what it reports goes the way a real device's does.

    NS (3GPP TS 48.016)  BSSGP (48.018)  LLC (44.064)  GMM and SM (24.008)  SNDCP (44.065)
"""

import os
import random
import select
import socket
import struct
import threading
import time

from modem import Modem

RAI = bytes.fromhex("64f030000101")  # MCC 460, MNC 03, location area 1, routing area 1
NSAPI, DATA_SAPI, SIGNALLING_SAPI = 5, 3, 1
ASKS_MOST = 3

GMM, SM = 0x08, 0x0A
WORDS = {
    (GMM, 0x01): "ATTACH REQUEST",
    (GMM, 0x02): "ATTACH ACCEPT",
    (GMM, 0x03): "ATTACH COMPLETE",
    (GMM, 0x04): "ATTACH REJECT",
    (GMM, 0x05): "DETACH REQUEST",
    (GMM, 0x06): "DETACH ACCEPT",
    (GMM, 0x12): "AUTHENTICATION AND CIPHERING REQUEST",
    (GMM, 0x13): "AUTHENTICATION AND CIPHERING RESPONSE",
    (GMM, 0x14): "AUTHENTICATION AND CIPHERING REJECT",
    (GMM, 0x15): "IDENTITY REQUEST",
    (GMM, 0x16): "IDENTITY RESPONSE",
    (SM, 0x41): "ACTIVATE PDP CONTEXT REQUEST",
    (SM, 0x42): "ACTIVATE PDP CONTEXT ACCEPT",
    (SM, 0x43): "ACTIVATE PDP CONTEXT REJECT",
    (SM, 0x46): "DEACTIVATE PDP CONTEXT REQUEST",
    (SM, 0x47): "DEACTIVATE PDP CONTEXT ACCEPT",
}
CAUSES = {
    2: "IMSI unknown in HLR",
    7: "GPRS services not allowed",
    10: "implicitly detached",
    17: "network failure",
    33: "requested service option not subscribed",
}


def crc_table():
    out = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xAD85DD if value & 1 else 0)
        out.append(value)
    return out


CRC = crc_table()


def check_sequence(frame):
    value = 0xFFFFFF
    for byte in frame:
        value = (value >> 8) ^ CRC[(value ^ byte) & 0xFF]
    return (value ^ 0xFFFFFF).to_bytes(3, "little")


def element(tag, value):
    """With its length in one byte up to 127, in two above."""
    length = bytes([0x80 | len(value)]) if len(value) < 128 else struct.pack(">H", len(value))
    return bytes([tag]) + length + value


def elements(octets):
    at = 0
    while at + 1 < len(octets):
        tag, length, at = octets[at], octets[at + 1], at + 2
        if length & 0x80:
            length &= 0x7F
        else:
            length, at = length << 8 | octets[at], at + 1
        yield tag, octets[at : at + length]
        at += length


def swapped(digits):
    digits += "f" * (len(digits) % 2)
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def mobile_identity(kind, digits):
    """The first digit stands beside the kind; bit 4 says that the count of digits is odd."""
    odd = len(digits) % 2
    return bytes([int(digits[0]) << 4 | odd << 3 | kind]) + swapped(digits[1:])


class Device:
    """`log` holds what happened, in order, in words: the device's own evidence."""

    def __init__(self, name, imsi, key, sgsn):
        self.name, self.imsi, self.key = name, imsi, key
        self.log, self.begun = [], time.monotonic()
        self.state = threading.Condition()
        self.address, self.refused, self.session_ended = None, None, threading.Event()
        self.gb = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.gb.bind(("127.0.0.1", 0))
        self.gb.connect(sgsn)
        self.cell = RAI + struct.pack(">H", random.randrange(1, 65000))
        self.bvci, self.nsei = random.randrange(10, 60000), random.randrange(100, 60000)
        self.nsvci = random.randrange(10, 60000)
        self.ns_seen, self.bssgp_seen = set(), set()
        self.modem, self.wake = None, os.pipe()
        self.next_packet, self.partial = 0, b""
        self.fresh_link()
        self.asked, self.asks_again_at = 0, None
        self.alive = True
        self.radio = threading.Thread(target=self.listen, daemon=True)
        self.radio.start()

    def note(self, words):
        self.log.append((time.monotonic() - self.begun, words))

    def end(self):
        self.alive = False
        os.write(self.wake[1], b"x")
        self.radio.join()
        if self.modem:
            self.modem.end()
        self.gb.close()
        for one in self.wake:
            os.close(one)

    # ------------------------------------------------------------------------------ NS and BSSGP

    def switch_on(self):
        """The cell comes up; a device that cannot even do that stands beside a broken core."""
        reset = element(0, b"\x01") + element(1, struct.pack(">H", self.nsvci))
        self.until_ns(3, b"\x02" + reset + element(4, struct.pack(">H", self.nsei)))
        self.until_ns(7, b"\x06")
        self.until_bssgp(0x23, 0, b"\x22" + element(4, b"\0\0") + element(7, b"\x08"))
        whose = element(4, struct.pack(">H", self.bvci))
        self.until_bssgp(0x23, 0, b"\x22" + whose + element(7, b"\x08") + element(8, self.cell))
        rates = [(5, 60000), (3, 8000), (1, 60000), (0x1C, 8000)]
        flow = element(0x1E, b"\x01") + b"".join(
            element(tag, struct.pack(">H", rate)) for tag, rate in rates
        )
        self.until_bssgp(0x27, self.bvci, b"\x26" + flow)

    def until_ns(self, kind, octets):
        self.until(lambda: kind in self.ns_seen, lambda: self.gb.send(octets), "NS")

    def until_bssgp(self, kind, bvci, octets):
        self.bssgp_seen.discard(kind)
        self.until(
            lambda: kind in self.bssgp_seen,
            lambda: self.gb.send(b"\0\0" + struct.pack(">H", bvci) + octets),
            "BSSGP",
        )

    def until(self, claim, send, layer):
        """Sent again each second, for this is UDP."""
        with self.state:
            for _ in range(10):
                send()
                if self.state.wait_for(claim, timeout=1):
                    return
        raise TimeoutError(f"the core does not answer {layer}")

    def listen(self):
        while self.alive:
            tun = self.modem.tun if self.modem else self.wake[0]
            due = self.asks_again_at
            wait = None if due is None else max(0, due - time.monotonic())
            ready = select.select([self.gb, self.wake[0], tun], [], [], wait)[0]
            if due is not None and time.monotonic() >= due:
                self.ask_for_address()
            if self.wake[0] in ready:
                os.read(self.wake[0], 100)
                continue
            if self.gb in ready:
                self.take_ns(self.gb.recv(8000))
            if tun in ready:
                self.send_packet(os.read(tun, 2000))

    def take_ns(self, octets):
        if octets[0] == 0x0A:
            self.gb.send(b"\x0b")
            return
        if octets[0] != 0:
            with self.state:
                self.ns_seen.add(octets[0])
                self.state.notify_all()
            return
        body = octets[4:]
        if body[0] != 0:
            with self.state:
                self.bssgp_seen.add(body[0])
                self.state.notify_all()
            return
        for tag, value in elements(body[8:]):
            if tag == 0x0E:
                self.take_llc(value)

    # -------------------------------------------------------------------------------------- LLC

    def fresh_link(self):
        self.link = 0x78000000 | random.getrandbits(24)  # a random TLLI
        self.unconfirmed = {SIGNALLING_SAPI: 0, DATA_SAPI: 0}

    def send_llc(self, sapi, content):
        number = self.unconfirmed[sapi]
        self.unconfirmed[sapi] = (number + 1) & 0x1FF
        frame = bytes([sapi, 0xC0 | number >> 6, (number << 2 & 0xFC) | 1]) + content
        frame += check_sequence(frame)
        head = b"\0\0" + struct.pack(">H", self.bvci) + b"\x01" + struct.pack(">I", self.link)
        self.gb.send(
            head + b"\0\0\x20" + element(8, self.cell) + b"\x00\x80" + element(0x0E, frame)
        )

    def take_llc(self, frame):
        if len(frame) < 6 or check_sequence(frame[:-3]) != frame[-3:]:
            return
        sapi, control = frame[0] & 0xF, frame[1]
        if control & 0xE0 != 0xC0:
            return  # XID and the like: this device keeps to what is there without
        content = frame[3:-3]
        if sapi == SIGNALLING_SAPI:
            self.take_signalling(content)
        elif sapi == DATA_SAPI:
            self.take_segment(content)

    # ------------------------------------------------------------------------------- GMM and SM

    def say(self, protocol, kind, content=b""):
        self.note(f"says  {WORDS[protocol, kind]}")
        self.send_llc(SIGNALLING_SAPI, bytes([protocol, kind]) + content)

    def join(self, seconds=12):
        """Tries to get a session: its address, or why there is none."""
        with self.state:
            self.address, self.refused = None, None
            self.session_ended.clear()
            self.fresh_link()
            self.asked, self.asks_again_at = 0, None
        identity = mobile_identity(1, self.imsi)
        self.say(
            GMM,
            0x01,
            bytes.fromhex("02e5e0710a00")
            + bytes([len(identity)])
            + identity
            + RAI
            + bytes.fromhex("081713e28a00000000"),
        )
        with self.state:
            if not self.state.wait_for(lambda: self.address or self.refused, timeout=seconds):
                self.refused = "silence"
            return self.address or self.refused

    def ask_for_address(self):
        """The serving node may not have the subscription yet when it accepts the attachment, so a
        device asks again before it takes no for an answer."""
        self.asked, self.asks_again_at = self.asked + 1, None
        labels = b"".join(bytes([len(one)]) + one for one in (b"m2m", b"ctm2m"))
        quality = bytes.fromhex("0b1b921f739696746dfe6040")
        head = bytes([NSAPI, DATA_SAPI]) + quality + b"\x02\x01\x21"
        self.say(SM, 0x41, head + bytes([0x28, len(labels)]) + labels)

    def take_signalling(self, content):
        protocol, kind = content[0] & 0xF, content[1]
        words = WORDS.get((protocol, kind), f"message {protocol:x}/{kind:02x}")
        cause = self.cause_of(protocol, kind, content)
        if cause is not None:
            words += f", cause {cause} ({CAUSES.get(cause, 'see TS 24.008')})"
        self.note(f"hears {words}")
        if protocol == GMM:
            self.take_mobility(kind, content, words)
        elif protocol == SM:
            self.take_session(kind, content, words)

    @staticmethod
    def cause_of(protocol, kind, content):
        if (protocol, kind) in ((GMM, 0x04), (SM, 0x43), (SM, 0x46)):
            return content[2]
        if (protocol, kind) == (GMM, 0x05) and len(content) > 4 and content[3] == 0x25:
            return content[4]
        return None

    def take_mobility(self, kind, content, words):
        if kind == 0x15:
            asked = content[2] & 7
            digits = {1: self.imsi, 2: "490154203237518", 3: "4901542032375101"}[asked]
            identity = mobile_identity(asked, digits)
            self.say(GMM, 0x16, bytes([len(identity)]) + identity)
        elif kind == 0x12:
            self.authenticate(content)
        elif kind == 0x02:
            at = content.find(b"\x18\x05\xf4")  # a new P-TMSI
            self.say(GMM, 0x03)
            if at > 0:
                self.link = struct.unpack(">I", content[at + 3 : at + 7])[0] | 0xC0000000
            self.ask_for_address()
        elif kind in (0x04, 0x14):
            self.lose(words)
        elif kind == 0x05:
            self.say(GMM, 0x06)
            self.lose(words)

    def authenticate(self, content):
        """The algorithm `xor` of test networks: key and challenge, folded into one word."""
        mixed = bytes(a ^ b for a, b in zip(self.key, content[5:21]))
        folded = bytes(mixed[i] ^ mixed[i + 4] ^ mixed[i + 8] ^ mixed[i + 12] for i in range(4))
        version = mobile_identity(3, "4901542032375101")
        number = bytes([content[3] >> 4])
        self.say(
            GMM, 0x13, number + b"\x22" + folded + b"\x23" + bytes([len(version)]) + version
        )

    def take_session(self, kind, content, words):
        if kind == 0x42:
            at = content.find(b"\x2b\x06\x01\x21")
            address = ".".join(str(octet) for octet in content[at + 4 : at + 8])
            self.note(f"has the address {address}")
            with self.state:
                self.address = address
                self.state.notify_all()
        elif kind == 0x43 and self.asked < ASKS_MOST:
            self.asks_again_at = time.monotonic() + 0.2 * self.asked
        elif kind == 0x43:
            self.lose(words)
        elif kind == 0x46:
            self.send_llc(SIGNALLING_SAPI, bytes([content[0] ^ 0x80, 0x47]))
            self.lose(words)

    def lose(self, words):
        self.asks_again_at = None
        with self.state:
            had = self.address
            self.address, self.refused = None, words
            self.state.notify_all()
        if had:
            self.note("has no session any more")
            self.session_ended.set()

    # ------------------------------------------------------------------------------------ SNDCP

    def send_packet(self, packet):
        if not self.address:
            return
        self.next_packet = (self.next_packet + 1) & 0xFFF
        head = bytes([0x60 | NSAPI, 0]) + struct.pack(">H", self.next_packet)
        self.send_llc(DATA_SAPI, head + packet)

    def take_segment(self, content):
        first, more = content[0] & 0x40, content[0] & 0x10
        self.partial = content[4:] if first else self.partial + content[3:]
        if not more and self.modem:
            os.write(self.modem.tun, self.partial)

    # -------------------------------------------------------------------------- the application

    def call(self, where, request, authority):
        """One HTTPS request through the session: status and body, or 0 and why there is none."""
        if not self.address:
            return 0, "there is no session"
        if not self.modem:
            self.modem = Modem()
            os.write(self.wake[1], b"x")
        return self.modem.call(self.address, where, request, authority)
