"""Every way in which the bot reads a whole list follows the same rules: of the API's resources, of a free
list as a file, and of a list that is paid for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from bot.core.commands.listing import PageRows
from bot.features.shared import listing_whole
from bot.features.user.followers import FOLLOWERS
from bot.xquik.models import Page, User
from bot.xquik.resources.paging import iterate
from bot.xquik.resources.users import UsersResource
from tests.features.harness import BotHarness
from tests.features.listing_asked import asked, confirmed, ended, rows_of
from tests.relay.harness import until

Script: TypeAlias = list[tuple[str, str]]
"""A letter a row, and the cursor behind them; the last page comes again and again."""
Walker: TypeAlias = Callable[["Scripted", BotHarness, pytest.MonkeyPatch], Awaitable[list[str]]]


class Scripted:
    """A list of people that gives pages as they are written."""

    def __init__(self, script: Script) -> None:
        self.cursors: list[str] = []
        self._left = list(script)

    def page(self, cursor: str) -> Page[User]:
        self.cursors.append(cursor)
        letters, after = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        people = tuple(User(id=str(ord(one)), username=one, name=one) for one in letters)
        return Page(people, bool(after), after or None)


async def _resource(listed: Scripted, _house: BotHarness, _patch: pytest.MonkeyPatch) -> list[str]:
    async def fetch(cursor: str | None) -> Page[User]:
        return listed.page(cursor or "")

    return [one.username async for one in iterate(fetch, identity=lambda one: one.id)]


async def _free(listed: Scripted, _house: BotHarness, _patch: pytest.MonkeyPatch) -> list[str]:
    async def fetch(_call: Any, _args: Any, cursor: str, _size: int) -> PageRows[User]:
        page = listed.page(cursor)
        return PageRows(page.items, page.next_cursor or "")

    call: Any = None
    listing = replace(FOLLOWERS, fetch=fetch)
    found = [one async for one in listing_whole.items_of(call, listing, call)]
    return [one.username for one in found if isinstance(one, User)]


async def _paid(listed: Scripted, house: BotHarness, patch: pytest.MonkeyPatch) -> list[str]:
    preview = await asked(house, rows="500")

    async def followers(
        _self: UsersResource, _name: str, *, cursor: str | None = None, rows: int
    ) -> Page[User]:
        del rows
        return listed.page(cursor or "")

    patch.setattr(UsersResource, "followers", followers)
    await ended(house, await confirmed(house, preview))
    await until(lambda: bool(house.wall.files))
    return [row["username"] for row in rows_of(house.wall.files[0].content)]


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


@pytest.mark.parametrize("walker", [_resource, _free, _paid])
@pytest.mark.parametrize(
    ("script", "found", "cursors"),
    [
        ([("abb", "1"), ("bc", "2"), ("d", "")], "abcd", ["", "1", "2"]),
        ([("a", "1"), ("b", "1")], "ab", ["", "1"]),
        ([("a", "1"), ("b", "2"), ("c", "1")], "abc", ["", "1", "2"]),
        ([("a", "1"), ("", "2"), ("b", "")], "ab", ["", "1", "2"]),
        ([("a", "1"), ("a", "2"), ("a", "3"), ("", "4"), ("z", "5")], "a", ["", "1", "2", "3"]),
    ],
    ids=["repeats left out", "its own cursor", "an old cursor", "one empty page", "barren"],
)
async def test_the_same_pages_give_the_same_rows_in_every_walk(
    sending: BotHarness,
    monkeypatch: pytest.MonkeyPatch,
    walker: Walker,
    script: Script,
    found: str,
    cursors: list[str],
) -> None:
    listed = Scripted(script)
    assert await walker(listed, sending, monkeypatch) == list(found)
    assert listed.cursors == cursors
