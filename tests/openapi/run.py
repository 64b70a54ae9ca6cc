#!/usr/bin/env python3
"""Has a library of others hold what GET /openapi.json answers against the OpenAPI specification.

    tests/openapi/run.py MSP FOLDER

FOLDER, in the build, is where the library is installed to.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import npm  # noqa: E402
from served import Client, Server  # noqa: E402


def document(msp: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(msp, folder)
        server.start()
        try:
            status, body = Client(server, "").call("GET", "/openapi.json")
        finally:
            server.end()
    if status != 200:
        sys.exit(f"/openapi.json answered {status}")
    return body


def main(msp: str, folder: Path) -> int:
    npm.install(HERE, folder)
    shutil.copy(HERE / "verify.mjs", folder / "verify.mjs")
    verified = subprocess.run(["node", "verify.mjs"], cwd=folder, input=document(msp), check=False)
    return verified.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
