#!/usr/bin/env python3
"""A back-end that is told by webhook: an event is synced to a file before it is answered.

usage: epba.py PORT FILE
"""

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Epba(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, path):
        super().__init__(("127.0.0.1", port), Told)
        self.file, self.lock = open(path, "ab"), threading.Lock()

    def keep(self, event):
        with self.lock:
            self.file.write(event + b"\n")
            self.file.flush()
            os.fsync(self.file.fileno())


class Told(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.keep(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    epba = Epba(int(sys.argv[1]), sys.argv[2])
    print("listens", flush=True)
    epba.serve_forever()
