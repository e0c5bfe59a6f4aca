"""Whose drafts are whose, on both databases."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.storage.engine.database import Database
from bot.storage.places.tenants import StoredTenants
from bot.storage.writes.draft_authors import MOST, DraftAuthors, OwnDraft

HERE, ELSEWHERE = TenantId("slack", "T1"), TenantId("slack", "T2")


async def test_they_are_told_by_place_and_person_newest_first(database: Database) -> None:
    now = 100.0
    authors = DraftAuthors(database, lambda: now)
    for draft in ("7", "9"):
        await authors.note(HERE, draft, "ben")
    now = 101.0
    await authors.note(HERE, "8", "ben")
    await authors.note(HERE, "10", "ada")
    await authors.note(ELSEWHERE, "8", "eve")
    assert await authors.of(HERE, "ben") == (OwnDraft("8", 101.0), OwnDraft("9", 100.0), OwnDraft("7", 100.0))
    assert [await authors.author(place, "8") for place in (HERE, ELSEWHERE)] == ["ben", "eve"]
    assert await authors.author(HERE, "11") is None
    await authors.forget(HERE, [])
    await authors.forget(HERE, ["8", "7", "11"])
    assert [one.draft for one in await authors.of(HERE, "ben")] == ["9"]
    assert await authors.author(ELSEWHERE, "8") == "eve"


async def test_a_number_that_is_given_anew_has_the_new_author(database: Database) -> None:
    authors = DraftAuthors(database, lambda: 1.0)
    await authors.note(HERE, "7", "ben")
    await authors.note(HERE, "7", "ada")
    assert await authors.author(HERE, "7") == "ada" and await authors.of(HERE, "ben") == ()


async def test_one_person_has_room_for_so_many(database: Database) -> None:
    authors = DraftAuthors(database, lambda: 1.0)
    for number in range(MOST):
        await authors.room(HERE, "ben")
        await authors.note(HERE, str(number), "ben")
    with pytest.raises(LimitReached, match=f"{MOST} drafts"):
        await authors.room(HERE, "ben")
    await authors.room(HERE, "ada")
    await authors.room(ELSEWHERE, "ben")


async def test_they_go_with_the_place(database: Database) -> None:
    authors = DraftAuthors(database, lambda: 1.0)
    await authors.note(HERE, "7", "ben")
    await authors.note(ELSEWHERE, "7", "ben")
    await StoredTenants(database, lambda: 1.0).erase(HERE)
    assert await authors.author(HERE, "7") is None and await authors.author(ELSEWHERE, "7") == "ben"
