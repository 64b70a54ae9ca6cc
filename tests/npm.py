"""For tests that ask an npm library for its opinion."""

import shutil
import subprocess
from pathlib import Path


def install(package: Path, folder: Path) -> None:
    """Installs what the package's lock file names into a folder of the build, once."""
    lock = (package / "package-lock.json").read_text()
    done = folder / "installed-lock.json"
    if done.exists() and done.read_text() == lock:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ["package.json", "package-lock.json", ".npmrc"]:
        shutil.copy(package / name, folder / name)
    subprocess.run(["npm", "ci", "--loglevel=error"], cwd=folder, check=True)
    done.write_text(lock)
