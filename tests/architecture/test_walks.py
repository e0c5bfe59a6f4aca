"""The three walks of docs/architecture.md pass the files that it names, in that order: each is run."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest

from bot.cli.conversation import Request, converse
from bot.proposals.cards import CONFIRM
from bot.storage.engine.database import Database
from bot.storage.migrate import create
from tests.architecture.documents import ROOT, Document
from tests.features.edge import ref_of
from tests.features.harness import ADMIN, HERE, open_house
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.harness import (
    TENANT,
    RecordingMessenger,
    application,
    deliver,
    event_body,
    make_hook,
    serving,
    until,
)
from tests.relay.harness import route as route_to


class Walk:
    """Every file of ours that is entered, in order, whatever thread enters it; one after the other once."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.watched = False
        self._names: dict[str, str | None] = {}

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> None:
        if event != "call" or not self.watched:
            return
        path = frame.f_code.co_filename
        if path not in self._names:
            inside = any(Path(path).is_relative_to(ROOT / package) for package in ("bot", "adapters"))
            self._names[path] = Path(path).relative_to(ROOT).as_posix() if inside else None
        name = self._names[path]
        if name is not None and self.files[-1:] != [name]:
            self.files.append(name)


@pytest.fixture
def walk() -> Iterator[Walk]:
    """A walk that sees this thread, and those that begin from now on: the database's are among them."""
    walk = Walk()
    before = sys.getprofile()
    threading.setprofile(walk)
    sys.setprofile(walk)
    try:
        yield walk
    finally:
        sys.setprofile(before)
        threading.setprofile(before)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A database with all tables."""
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    await create(address)
    return address


def told(heading: str) -> list[str]:
    """The files of a walk, as the document tells them."""
    section = Document.read("docs/architecture.md").section(heading)
    files = re.findall(r"^\d+\. `([^`]+)`", section, re.MULTILINE)
    assert len(files) >= 5
    return files


def passed_over(files: Iterable[str], walked: Iterable[str]) -> list[str]:
    """The first file that was not entered after those before it, and what follows; nothing when all were."""
    left = list(files)
    for name in walked:
        if left[:1] == [name]:
            left.pop(0)
    return left


def test_a_file_out_of_order_is_found() -> None:
    assert passed_over(["a", "b", "c"], ["a", "x", "b", "a", "c"]) == []
    assert passed_over(["a", "c", "b"], ["a", "x", "b", "a", "c"]) == ["b"]
    assert passed_over(["a", "z", "c"], ["a", "x", "b", "a", "c"]) == ["z", "c"]


async def test_a_command(walk: Walk, url: str, tmp_path: Path) -> None:
    async with open_house(tmp_path, tmp_path / "empty.db") as house:
        walk.watched = True
        ended = await converse(
            house.app, HERE, Request("trends region:Japan", "ada", admin=True, as_json=False, yes=False)
        )
        walk.watched = False
    assert ended == 0
    assert passed_over(told("### A command"), walk.files) == [], walk.files


async def test_confirm(walk: Walk, url: str, tmp_path: Path) -> None:
    async with open_house(tmp_path, tmp_path / "empty.db") as house:
        ref = ref_of((await house.say('tweet post "Good morning"')).card, "Confirm")
        assert ref.name == CONFIRM
        walk.watched = True
        await house.press(ref, actor=ADMIN, tenant=HERE)
        await house.app.executor.outcome(HERE, ref.key)
        walk.watched = False
        assert (await house.state())["actions"]
    assert passed_over(told("### Confirm"), walk.files) == [], walk.files


async def test_an_event(walk: Walk, url: str) -> None:
    database = await Database.open(url)
    messenger = RecordingMessenger()
    relay = make_relay(database, messenger, poll=0.2)
    await relay.start()
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        house = RelayHarness(database, relay, messenger, client)
        await house.routes(route_to("a", "C1", accounts=("nasa",)))
        path = await make_hook(relay, TENANT, "hook-one")
        walk.watched = True
        await deliver(client, path, event_body(1))
        await until(lambda: messenger.posted)
        await house.quiet()
        walk.watched = False
    await relay.stop(grace=2.0)
    await database.close()
    assert messenger.texts("C1") == ["Tweet number 1"]
    assert passed_over(told("### An event"), walk.files) == [], walk.files
