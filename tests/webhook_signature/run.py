#!/usr/bin/env python3
"""Has the standard's own library verify a hundred webhook requests that our code signed.

    tests/webhook_signature/run.py PROGRAM FOLDER

PROGRAM prints the requests; FOLDER, in the build, is where the library is installed to.
"""

import random
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import npm  # noqa: E402


def main(program: str, folder: Path) -> int:
    npm.install(HERE, folder)
    seed = str(random.randrange(1 << 32))
    print(f"seed {seed}")
    requests = subprocess.run([program, seed, "100"], capture_output=True, check=True).stdout
    shutil.copy(HERE / "verify.mjs", folder / "verify.mjs")
    verified = subprocess.run(["node", "verify.mjs"], cwd=folder, input=requests, check=False)
    return verified.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
