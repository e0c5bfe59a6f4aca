"""Each lock is complete by itself: on every Python and system, whatever an index serves today.

The locks are installed without looking at what the releases ask for (`pip install --no-deps`), so a
requirement that is missing from a lock would be missing from the machine. `requirements.json` (written by
`make lock`) says what each locked release asks for; here the locks are walked with it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from packaging.dependency_groups import resolve_dependency_groups
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
GRAPH: Mapping[str, list[str]] = json.loads((ROOT / "requirements.json").read_text(encoding="utf-8"))
DOCUMENT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = DOCUMENT["project"]
GROUPS = DOCUMENT["dependency-groups"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("x86_64", "arm64"), "win32": ("AMD64",)}
PLACES = [(p, s, m) for p in PYTHONS for s in SYSTEMS for m in MACHINES[s]]
_LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]*)\])?==(?P<version>[^\s;\\]+)\s*(?:;(?P<marker>[^\\]*))?"
    r"(?P<hashes>(?:\\\n\s+--hash=\S+\s*)*)",
    re.M,
)


@dataclass(frozen=True)
class Chosen:
    """What a lock is resolved from: the project with these extras, or not at all, and groups."""

    extras: frozenset[str] | None
    groups: tuple[str, ...] = ()

    def asks(self) -> list[str]:
        """The requirements, as they stand in pyproject.toml."""
        own = [*PROJECT["dependencies"]] if self.extras is not None else []
        for extra in self.extras or ():
            own += PROJECT["optional-dependencies"][extra]
        return [*own, *resolve_dependency_groups(GROUPS, *self.groups)]


WHOLE = Chosen(frozenset({"postgres", "otel"}), ("dev",))
LOCKS = {
    "requirements.lock": Chosen(frozenset({"postgres"})),
    "requirements-image.lock": Chosen(WHOLE.extras),
    "requirements-dev.lock": WHOLE,
    "requirements-build.lock": Chosen(None, ("build",)),
    "requirements-docs.lock": Chosen(None, ("docs",)),
    "requirements-lowest.lock": WHOLE,
}


@dataclass(frozen=True)
class Pin:
    """One line of a lock."""

    name: str
    version: str
    marker: Marker | None
    hashes: int

    def applies(self, environment: dict[str, str]) -> bool:
        """Whether pip would install it there."""
        return self.marker is None or self.marker.evaluate(environment)


@cache
def pins(lock: str) -> dict[str, Pin]:
    """The lines of a lock, by name."""
    found: dict[str, Pin] = {}
    for line in _LINE.finditer((ROOT / lock).read_text(encoding="utf-8")):
        marker = Marker(line["marker"].strip()) if line["marker"] else None
        pin = Pin(canonicalize_name(line["name"]), line["version"], marker, line["hashes"].count("--hash="))
        assert pin.name not in found, f"{pin.name} stands twice in {lock}"
        found[pin.name] = pin
    return found


def environment(python: str, system: str, machine: str) -> dict[str, str]:
    """What markers see there."""
    return {
        **SYSTEMS[system],
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "implementation_version": f"{python}.0",
        "extra": "",
    }


# The same few hundred lines and markers are looked at for every place.
_requirement = cache(Requirement)


def asked(texts: list[str], extras: frozenset[str], place: dict[str, str]) -> Iterator[Requirement]:
    """The requirements among these that hold there, for whoever asks for these extras."""
    for text in texts:
        wanted = _requirement(text)
        marker = wanted.marker
        if marker is None or any(marker.evaluate({**place, "extra": extra}) for extra in ("", *extras)):
            yield wanted


def walk(lock: str, place: dict[str, str]) -> tuple[list[str], set[str]]:
    """What is missing in a lock there, and the names that are needed."""
    locked = pins(lock)
    waiting = [("the project", LOCKS[lock].asks(), frozenset[str]())]
    seen: set[tuple[str, frozenset[str]]] = set()
    missing: list[str] = []
    while waiting:
        name, texts, extras = waiting.pop()
        for wanted in asked(texts, extras, place):
            target = canonicalize_name(wanted.name)
            pin = locked.get(target)
            if pin is None or not pin.applies(place):
                missing.append(f"{name} asks for {wanted}")
            elif not wanted.specifier.contains(pin.version, prereleases=True):
                missing.append(f"{name} asks for {wanted}, and {pin.version} is locked")
            elif (target, frozenset(wanted.extras)) not in seen:
                seen.add((target, frozenset(wanted.extras)))
                waiting.append((target, GRAPH[f"{target}=={pin.version}"], frozenset(wanted.extras)))
    return missing, {name for name, _ in seen}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_all_that_is_asked_for(lock: str) -> None:
    missing = {place: walk(lock, environment(*place))[0] for place in PLACES}
    assert {place: lines for place, lines in missing.items() if lines} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_that_nobody_asks_for(lock: str) -> None:
    needed = set().union(*(walk(lock, environment(*place))[1] for place in PLACES))
    assert set(pins(lock)) - needed == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_release_is_pinned_by_hash_and_no_registry_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert [pin.name for pin in pins(lock).values() if pin.hashes == 0] == []
    assert "://" not in text
    assert "--index" not in text


def test_a_requirement_that_is_missing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    place = environment("3.11", "linux", "x86_64")
    short = {name: pin for name, pin in pins("requirements-dev.lock").items() if name != "coverage"}
    monkeypatch.setattr("tests.architecture.test_locks.pins", lambda _lock: short)
    assert any("pytest-cov asks for coverage" in line for line in walk("requirements-dev.lock", place)[0])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-build.lock", "requirements-docs.lock"])
def test_what_runs_and_what_is_tested_are_the_same_releases(lock: str) -> None:
    """So that each of the locks can be installed beside the others."""
    tested = {name: pin.version for name, pin in pins("requirements-dev.lock").items()}
    assert {
        name: pin.version for name, pin in pins(lock).items() if tested.get(name, pin.version) != pin.version
    } == {}


def test_nothing_runs_that_is_not_tested() -> None:
    assert (
        pins("requirements.lock").keys() | pins("requirements-build.lock").keys()
        <= pins("requirements-dev.lock").keys()
    )


def test_the_lowest_releases_are_the_floors_of_the_project() -> None:
    """What `.ci/run` tries as the lowest allowed versions is what pyproject.toml allows."""
    locked = pins("requirements-lowest.lock")
    texts = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]
    floors = {canonicalize_name(r.name): r for r in map(Requirement, texts)}
    above = {
        name: (str(wanted.specifier), locked[name].version)
        for name, wanted in floors.items()
        if not any(s.operator == ">=" and _same(s.version, locked[name].version) for s in wanted.specifier)
    }
    assert above == {}


def _same(floor: str, version: str) -> bool:
    """Whether a release is the first that a floor allows: 2.8 allows 2.8.0 first."""
    parts, wanted = version.split("."), floor.split(".")
    return parts[: len(wanted)] == wanted and all(part == "0" for part in parts[len(wanted) :])
