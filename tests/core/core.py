"""A mobile core on this computer: OsmoHLR, OsmoSGSN and OsmoGGSN on their own loopback addresses.

Their ports are fixed, so each core has addresses of its own: HLR and SGSN share one, the GGSN has
the next. The HLR's database is on a memory file system, unless told otherwise. What is started here
is ended here, by its process.
"""

import os
import random
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import BESIDE  # noqa: E402

PROGRAMS = ["osmo-hlr", "osmo-sgsn", "osmo-ggsn"]
APN = "m2m.ctm2m"
VTY, HLR_CTRL, SGSN_CTRL, GSUP, GB = 4258, 4259, 4251, 4222, 23000
STARTS_WITHIN = 20  # seconds; a program that takes longer has failed
LOG = "log stderr\n logging filter all 1\n logging color 0\n logging level all notice\n"


def missing_programs():
    return [one for one in PROGRAMS if not shutil.which(one)]


def tunnels_allowed():
    """Whether this process may make a network device of its own, as a GGSN has to."""
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError:
        return False
    return os.geteuid() == 0


def memory_folder():
    """A memory file system, where this computer has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def free(kind, host, port):
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listens(host, port):
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError:
        return False
    return True


def free_number():
    """A number whose addresses nobody uses: 127.66.number.1 and .2, 10.66.number.0/24."""
    for number in random.sample(range(1, 250), 100):
        one, two = f"127.66.{number}.1", f"127.66.{number}.2"
        ports = [(socket.SOCK_STREAM, one, port) for port in (VTY, HLR_CTRL, SGSN_CTRL, GSUP)]
        ports += [(socket.SOCK_DGRAM, one, GB), (socket.SOCK_DGRAM, two, 2123)]
        if all(free(*port) for port in ports) and not Path(f"/sys/class/net/msp{number}").exists():
            return number
    sys.exit("there are no free addresses for a core")


class Refused(Exception):
    pass


def take(stream, count):
    """So many bytes of a connection, however they come."""
    out = b""
    while len(out) < count:
        piece = stream.recv(count - len(out))
        if not piece:
            raise ConnectionError("the other end closed")
        out += piece
    return out


class Ctrl:
    """The control interface of one Osmocom program, one request at a time."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=10)

    def ask(self, text):
        verb, rest = text.split(" ", 1)
        body = f"{verb} 1 {rest}".encode()
        self.socket.sendall(struct.pack(">H", len(body) + 1) + b"\xee\x00" + body)
        length = struct.unpack(">H", take(self.socket, 2))[0]
        words = take(self.socket, length + 1)[2:].decode().split(" ", 3)
        if words[0] == "ERROR":
            raise Refused(" ".join(words[2:]))
        return words[3] if len(words) > 3 else ""


class Core:
    def __init__(self, folder, with_sessions=True, database_folder=None):
        self.number = free_number()
        self.host, self.ggsn_host = f"127.66.{self.number}.1", f"127.66.{self.number}.2"
        self.gateway = f"10.66.{self.number}.1"  # where a device meets the platform
        self.with_sessions = with_sessions
        self.folder = Path(folder) / f"core-{self.number}"
        self.folder.mkdir()
        where = database_folder or memory_folder()
        self.state_folder = Path(tempfile.mkdtemp(prefix="msp-core-", dir=where))
        self.database = self.state_folder / "hlr.db"
        self.running = {}

    # ------------------------------------------------------------------------------ the programs

    def start(self):
        self.start_hlr()
        if self.with_sessions:
            self.run("osmo-ggsn", self.ggsn(), self.ggsn_host, 4260)
        self.start_sgsn()
        self.connect()

    def connect(self):
        self.hlr = Ctrl(self.host, HLR_CTRL)

    def start_hlr(self):
        self.run("osmo-hlr", self.hlr_file(), self.host, HLR_CTRL, ["-l", str(self.database)])

    def start_sgsn(self):
        self.run("osmo-sgsn", self.sgsn(), self.host, SGSN_CTRL)
        self.await_in_vty("show gsup-connections", "SGSN")

    def hlr_file(self):
        return (
            LOG + f"line vty\n bind {self.host} {VTY}\nctrl\n bind {self.host}\n"
            f"hlr\n gsup\n  bind ip {self.host}\n  ipa-name MSP-HLR\n"
        )

    def sgsn(self):
        return (
            LOG + f"line vty\n bind {self.host} 4245\nctrl\n bind {self.host}\n"
            f"ns\n bind udp local\n  listen {self.host} {GB}\n  accept-ipaccess\n"
            f"sgsn\n gtp local-ip {self.host}\n gtp state-dir {self.state_folder}\n"
            f" ggsn 0 remote-ip {self.ggsn_host}\n"
            " ggsn 0 gtp-version 1\n apn * ggsn 0\n auth-policy remote\n"
            f" authentication required\n gsup remote-ip {self.host}\n"
            f" gsup remote-port {GSUP}\n encryption gea 0\n"
        )

    def ggsn(self):
        return (
            LOG + f"line vty\n bind {self.ggsn_host} 4260\nctrl\n bind {self.ggsn_host}\n"
            f"ggsn ggsn0\n gtp state-dir {self.state_folder}\n gtp bind-ip {self.ggsn_host}\n"
            f" apn {APN}\n  gtpu-mode tun\n  tun-device msp{self.number}\n  type-support v4\n"
            f"  ip prefix dynamic 10.66.{self.number}.0/24\n"
            f"  ip ifconfig {self.gateway}/24\n  no shutdown\n"
            f" default-apn {APN}\n no shutdown ggsn\n"
        )

    def run(self, program, configuration, host, port, more=()):
        file = self.folder / f"{program}.cfg"
        file.write_text(configuration)
        with open(self.log(program), "ab") as log:
            process = subprocess.Popen(
                [*BESIDE, program, "-c", str(file), *more],
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self.running[program] = process
        deadline = time.monotonic() + STARTS_WITHIN
        while not listens(host, port):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{program} did not start:\n" + self.log(program).read_text()[-2000:])
            time.sleep(0.02)

    def log(self, program):
        return self.folder / f"{program}.log"

    def kill(self, program):
        process = self.running.pop(program)
        process.kill()
        process.wait()

    def end_one(self, program):
        process = self.running.pop(program)
        process.terminate()
        process.wait()

    def end(self):
        for program in list(self.running):
            self.end_one(program)
        shutil.rmtree(self.state_folder, ignore_errors=True)

    # --------------------------------------------------------------------- what the operator does

    def add_card(self, imsi, key):
        """A card for stock: barred before it has a key, so there is no moment in which it works."""
        self.hlr.ask(f"SET subscriber.create {imsi}")
        for domain in ("ps", "cs"):
            self.hlr.ask(f"SET subscriber.by-imsi-{imsi}.{domain}-enabled 0")
        for domain in ("ps", "cs"):
            if self.hlr.ask(f"GET subscriber.by-imsi-{imsi}.{domain}-enabled") != "0":
                raise Refused("a card is not barred, so it gets no key")
        self.hlr.ask(f"SET subscriber.by-imsi-{imsi}.aud2g xor,{key.hex()}")

    def record(self, imsi):
        try:
            info = self.hlr.ask(f"GET subscriber.by-imsi-{imsi}.info")
        except Refused:
            return None
        return dict(line.split("\t") for line in info.split("\n") if "\t" in line)

    def sessions(self, node=None):
        node = node or Ctrl(self.host, SGSN_CTRL)
        listed = node.ask("GET subscriber-list-active-v1")
        return dict(line.split(",", 1) for line in listed.split("\n") if "," in line)

    def staff(self, *commands):
        """What the operator's own people type."""
        with socket.create_connection((self.host, VTY), timeout=10) as terminal:
            self.until_prompt(terminal, b"> ")
            terminal.sendall(b"enable\r\n")
            self.until_prompt(terminal, b"# ")
            told = []
            for command in commands:
                terminal.sendall(command.encode() + b"\r\n")
                told.append(self.until_prompt(terminal, b"# "))
        return told

    def suspend(self, imsi):
        self.staff(f"subscriber imsi {imsi} update network-access-mode none")

    def resume(self, imsi):
        self.staff(f"subscriber imsi {imsi} update network-access-mode cs+ps")

    @staticmethod
    def until_prompt(terminal, prompt):
        told = b""
        while not told.endswith(prompt):
            if not select.select([terminal], [], [], 10)[0]:
                raise TimeoutError(f"the terminal is silent after {told[-200:]!r}")
            piece = terminal.recv(4096)
            if not piece:
                raise ConnectionError("the terminal closed")
            told += piece
        return told.decode(errors="replace")

    def await_in_vty(self, command, word):
        deadline = time.monotonic() + STARTS_WITHIN
        while word not in self.staff(command)[0].split(command, 1)[-1]:
            if time.monotonic() > deadline:
                sys.exit(f"{command!r} does not show {word}")
            time.sleep(0.1)
