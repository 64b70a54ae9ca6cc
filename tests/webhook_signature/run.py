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
INSTALL = ["package.json", "package-lock.json", ".npmrc"]


def install(folder: Path) -> None:
    """Installs what the lock file names, unless that is there already."""
    lock = (HERE / "package-lock.json").read_text()
    done = folder / "installed-lock.json"
    if done.exists() and done.read_text() == lock:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in INSTALL:
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "ci", "--loglevel=error"], cwd=folder, check=True)
    done.write_text(lock)


def main(program: str, folder: Path) -> int:
    install(folder)
    seed = str(random.randrange(1 << 32))
    print(f"seed {seed}")
    requests = subprocess.run([program, seed, "100"], capture_output=True, check=True).stdout
    shutil.copy(HERE / "verify.mjs", folder / "verify.mjs")
    verified = subprocess.run(["node", "verify.mjs"], cwd=folder, input=requests, check=False)
    return verified.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
