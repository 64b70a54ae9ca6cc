"""The inside of an emulated device: a network of its own whose only way out is the session.

A thread lives in its own network namespace; what it sends comes out of `tun` as IP packets, for the
radio to carry, and what is written there arrives in it.
"""

import ctypes
import fcntl
import os
import queue
import socket
import ssl
import struct
import threading

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFFLAGS, SIOCSIFMTU = 0x8916, 0x891C, 0x8914, 0x8922
SIOCADDRT = 0x890B
UP, RUNNING = 0x1, 0x40
INTERFACE = b"modem"
MTU = 480  # below what one frame of LLC may carry
WITHIN = 6  # seconds that a request may take


class Modem:
    def __init__(self):
        self.calls = queue.Queue()
        opened = queue.Queue()
        self.thread = threading.Thread(target=self.run, args=(opened,), daemon=True)
        self.thread.start()
        self.tun = opened.get()
        if isinstance(self.tun, OSError):
            raise self.tun

    def end(self):
        self.calls.put(None)
        self.thread.join()
        os.close(self.tun)

    def call(self, address, where, request, authority):
        """One HTTPS request from this address: status and body, or 0 and why there is none."""
        answer = queue.Queue()
        self.calls.put((address, where, request, authority, answer))
        return answer.get()

    def run(self, opened):
        try:
            opened.put(own_network())
        except OSError as why:
            opened.put(why)
            return
        while call := self.calls.get():
            address, where, request, authority, answer = call
            try:
                configure(address)
                answer.put(exchange(where, request, authority))
            except OSError as why:
                answer.put((0, f"{type(why).__name__}: {why}"))


def own_network():
    """Only this thread moves into it; sockets that were opened before stay where they are."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "a network of its own is not allowed")
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", INTERFACE, IFF_TUN | IFF_NO_PI))
    return tun


def octets(address):
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))


def configure(address):
    """The modem's interface gets the address that the network gave, and all goes out through it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for order, value in (
            (SIOCSIFADDR, octets(address)),
            (SIOCSIFNETMASK, octets("255.255.255.0")),
            (SIOCSIFMTU, struct.pack("i20x", MTU)),
            (SIOCSIFFLAGS, struct.pack("H22x", UP | RUNNING)),
        ):
            fcntl.ioctl(any_socket, order, struct.pack("16s", INTERFACE) + value)
        device = ctypes.create_string_buffer(INTERFACE)
        route = struct.pack("L", 0) + octets("0.0.0.0") * 3 + struct.pack("Hh4xLP", UP, 0, 0, 0)
        route += struct.pack("h6xPLLH6x", 0, ctypes.addressof(device), 0, 0, 0)
        try:
            fcntl.ioctl(any_socket, SIOCADDRT, route)
        except FileExistsError:
            pass


def exchange(where, request, authority):
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False  # the platform's own certificate names no address
    with socket.create_connection(where, timeout=WITHIN) as plain:
        with context.wrap_socket(plain) as secured:
            secured.sendall(request)
            told = b""
            while piece := secured.recv(4096):
                told += piece
    head, _, body = told.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()
