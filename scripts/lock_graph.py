"""Writes `requirements.json`: what each locked release asks for, so that a test can walk the locks.

    python scripts/lock_graph.py requirements.lock requirements-dev.lock …

The facts are those that the index gives with each release (`Requires-Dist`), asked by pip without
installing anything; a release that was asked for before is not asked for again, since what it says of itself
never changes. `make lock` calls it after the locks were resolved; `tests/architecture/test_locks.py` then
proves, without any index, that each lock is complete by itself on every Python and system that is served.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TARGET = Path("requirements.json")
# Where a release is looked for, first to last: a few exist for one system or for newer Pythons alone.
PLACES: tuple[tuple[str, ...], ...] = (
    (),
    ("--python-version", "3.14", "--platform", "manylinux_2_28_x86_64"),
    ("--python-version", "3.14", "--platform", "win_amd64"),
)
ASKING = (
    "--disable-pip-version-check",
    "--ignore-installed",
    "--ignore-requires-python",
    "--no-deps",
    "--only-binary=:all:",
)
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.M)


def main(locks: list[str]) -> None:
    """Ask for every release that stands in one of the locks, and write what was answered."""
    graph: dict[str, list[str]] = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    locked: set[str] = set()
    for lock in locks:  # one at a time: two releases of one project cannot be asked for together
        pins = [_pin(found) for found in _PIN.finditer(Path(lock).read_text(encoding="utf-8"))]
        locked.update(pins)
        for place in PLACES:
            graph |= _ask([pin for pin in pins if pin not in graph], place)
        missing = sorted(set(pins) - graph.keys())
        if missing:
            sys.exit(f"no index gives these releases of {lock}: {', '.join(missing)}")
    wanted = {pin: _asked_for(graph[pin]) for pin in sorted(locked)}
    TARGET.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(wanted)} releases")


def _pin(found: re.Match[str]) -> str:
    return f"{canonicalize_name(found['name'])}=={found['version']}"


def _ask(pins: list[str], place: tuple[str, ...]) -> dict[str, list[str]]:
    """Release → its requirements, for those that exist there: all at once, or else one by one."""
    found = _report(pins, place)
    if found is not None:
        return found
    return {pin: asked for one in pins for pin, asked in (_report([one], place) or {}).items()}


def _report(pins: list[str], place: tuple[str, ...]) -> dict[str, list[str]] | None:
    if not pins:
        return {}
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", *ASKING]
        command += ["--report", f"{directory}/report", "--target", directory, *place, *pins]
        ended = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - names from our locks
        if ended.returncode != 0:
            return None
        report = json.loads(Path(directory, "report").read_text(encoding="utf-8"))
    answers = [item["metadata"] for item in report["install"]]
    return {f"{canonicalize_name(a['name'])}=={a['version']}": a.get("requires_dist", []) for a in answers}


def _asked_for(requires: list[str]) -> list[str]:
    return sorted(str(Requirement(text)) for text in requires)


if __name__ == "__main__":
    main(sys.argv[1:])
