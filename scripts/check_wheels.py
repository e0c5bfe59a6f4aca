"""Says whether the locks have a wheel of each release for each Python that is served, by downloading them.

    python scripts/check_wheels.py [--python 3.13 …] [--platform win_amd64] [--lock requirements.lock …]

`make wheels` calls it before a release (it needs the index, and some minutes). Each file is compared with the
hashes of the lock. The lines are chosen here by their markers, because pip reads markers with the Python that
it runs on, whatever `--python-version` says. Without `--platform` it is this machine.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.markers import Marker, default_environment

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
# A pin with its marker and hashes, over several lines.
_PIN = re.compile(r"^[A-Za-z0-9](?:.*\\\n)*.*", re.M)


def main(arguments: list[str]) -> int:
    """Downloads for each version and lock; the number of releases without a wheel, capped at one."""
    options = _options(arguments)
    bad = 0
    for python in options.python:
        for lock in options.lock:
            missing = _missing(ROOT / lock, python, options.platform)
            bad += len(missing)
            print(f"{python} {lock}: {', '.join(missing) or 'all there'}", flush=True)
    return min(bad, 1)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--python", nargs="+", default=PYTHONS, help=f"as 3.13; otherwise {', '.join(PYTHONS)}"
    )
    parser.add_argument(
        "--platform", nargs="+", default=[], help="tags, as manylinux_2_28_aarch64; otherwise this machine"
    )
    parser.add_argument(
        "--lock", nargs="+", default=sorted(path.name for path in ROOT.glob("requirements*.lock"))
    )
    return parser.parse_args(arguments)


def _missing(lock: Path, python: str, platform: list[str]) -> list[str]:
    """The releases of a lock that have no wheel there."""
    pins = _applying(lock.read_text(encoding="utf-8"), _environment(python, platform))
    if _downloads(pins, python, platform):
        return []
    return [pin.split()[0] for pin in pins if not _downloads([pin], python, platform)]


def _environment(python: str, platform: list[str]) -> dict[str, str]:
    there = {name: str(value) for name, value in default_environment().items()}
    there |= {"python_version": python, "python_full_version": f"{python}.9"}
    for system, words in _SYSTEMS.items():
        if platform and platform[0].startswith((system, f"many{system}")):
            there |= words
            (machine,) = re.findall("(?:x86_64|aarch64|arm64|amd64)$", platform[0])
            there["platform_machine"] = machine.upper() if system == "win" else machine
    return there


def _applying(text: str, there: dict[str, str]) -> list[str]:
    """The lines that hold there, without their markers."""
    found = []
    for block in _PIN.findall(text):
        first, *hashes = block.split("\\\n")
        name, _, marker = first.partition(";")
        if not marker.strip() or Marker(marker.strip()).evaluate(there):
            found.append(" \\\n".join([name.strip(), *(line.rstrip() for line in hashes)]))
    return found


def _downloads(pins: list[str], python: str, platform: list[str]) -> bool:
    with tempfile.TemporaryDirectory() as directory:
        wanted = Path(directory, "wanted.txt")
        wanted.write_text("\n".join(pins) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version", python]
        command += [part for tag in platform for part in ("--platform", tag)]
        command += ["--dest", directory, "-r", str(wanted)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - from our locks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
