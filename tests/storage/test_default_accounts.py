"""Default accounts, on both databases: which apply, in which order, and that they stay their tenant's."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.storage.engine.database import Database
from bot.storage.places import default_accounts
from bot.storage.places.default_accounts import DefaultAccounts

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")
PLACE = DefaultAccount(Scope.PLACE, "", "acme", "7", "700", "ann", 1.0)
CHANNEL = DefaultAccount(Scope.CHANNEL, "c1", "acme_news", None, None, "", 2.0)
PERSON = DefaultAccount(Scope.PERSON, "ann", "acme_de", "9", None, "ann", 3.0)


async def test_those_that_apply_come_with_the_one_that_wins_first(database: Database) -> None:
    stored = DefaultAccounts(database)
    for one in (PLACE, CHANNEL, PERSON):
        await stored.put(HERE, one)
    await stored.put(ELSEWHERE, PLACE)
    assert await stored.applying(HERE, "c1", "ann") == (PERSON, CHANNEL, PLACE)
    assert await stored.applying(HERE, "c2", "ben") == (PLACE,)
    # A channel and a person may have the same id.
    assert await stored.applying(HERE, "ann", "c1") == (PLACE,)
    assert await stored.of_tenant(HERE) == (PLACE, CHANNEL, PERSON)
    assert await stored.remove(HERE, Scope.CHANNEL, "c1")
    assert not await stored.remove(HERE, Scope.CHANNEL, "c1")
    assert await stored.applying(ELSEWHERE, "c1", "ann") == (PLACE,)


async def test_setting_it_again_replaces_it_and_what_was_seen_changes_only_what_it_saw(
    database: Database,
) -> None:
    stored = DefaultAccounts(database)
    await stored.put(HERE, CHANNEL)
    seen = DefaultAccount(Scope.CHANNEL, "c1", "acme_press", "8", "800", "", 2.0)
    await stored.seen(HERE, seen)
    assert await stored.of_tenant(HERE) == (seen,)
    anew = DefaultAccount(Scope.CHANNEL, "c1", "acme", "7", "700", "ann", 9.0)
    await stored.put(HERE, anew)
    await stored.seen(HERE, seen)
    assert await stored.of_tenant(HERE) == (anew,)


async def test_there_are_so_many_and_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_accounts, "MOST", 2)
    stored = DefaultAccounts(database)
    await stored.put(HERE, PLACE)
    await stored.put(HERE, CHANNEL)
    with pytest.raises(LimitReached):
        await stored.put(HERE, PERSON)
    await stored.put(HERE, CHANNEL)
    assert await stored.of_tenant(HERE) == (PLACE, CHANNEL)
