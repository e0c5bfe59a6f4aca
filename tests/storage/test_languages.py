"""Languages of places and people, on both databases."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.chat.languages import ChosenLanguages
from bot.core.errors import LimitReached
from bot.storage.engine.database import Database
from bot.storage.places import own_values
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.own_values import PLACE
from bot.storage.places.tenants import StoredTenants

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")


async def test_a_persons_and_the_places_are_kept_apart_and_stay_their_tenants(database: Database) -> None:
    stored = StoredLanguages(database, lambda: 5.0)
    assert await stored.chosen(HERE, "ann") == ChosenLanguages()
    await stored.put(HERE, PLACE, "tr")
    await stored.told(HERE, "de")
    await stored.put(HERE, "ann", "en")
    await stored.put(HERE, "ann", "en-XA")
    assert await stored.chosen(HERE, "ann") == ChosenLanguages("en-XA", "tr", "de")
    assert await stored.chosen(HERE, "eve") == ChosenLanguages("", "tr", "de")
    assert await stored.chosen(ELSEWHERE, "ann") == ChosenLanguages()
    assert await stored.place(HERE) == "tr"
    assert await stored.remove(HERE, PLACE) and not await stored.remove(HERE, PLACE)
    assert await stored.chosen(HERE, PLACE) == ChosenLanguages("", "", "de")
    assert await stored.remove(HERE, "ann")
    assert await stored.chosen(HERE, "ann") == ChosenLanguages("", "", "de")


async def test_what_a_platform_tells_is_written_once_and_english_only_over_something_else(
    database: Database,
) -> None:
    times = iter((1.0, 2.0, 3.0))
    stored = StoredLanguages(database, lambda: next(times))
    await stored.told(HERE, "en")
    assert await stored.chosen(HERE, PLACE) == ChosenLanguages()
    for _ in range(3):
        await stored.told(HERE, "de")
    await stored.told(HERE, "en")
    assert await stored.chosen(HERE, PLACE) == ChosenLanguages("", "", "en")
    assert list(times) == [3.0]


async def test_they_go_with_their_tenant(database: Database) -> None:
    stored, tenants = StoredLanguages(database, lambda: 5.0), StoredTenants(database, lambda: 5.0)
    for tenant in (HERE, ELSEWHERE):
        await tenants.ensure(tenant)
        await stored.put(tenant, "ann", "tr")
    await tenants.erase(HERE)
    assert (await stored.chosen(HERE, "ann")).own == ""
    assert (await stored.chosen(ELSEWHERE, "ann")).own == "tr"


async def test_there_are_so_many_people_and_the_place_has_its_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_values, "MOST", 2)
    stored = StoredLanguages(database, lambda: 5.0)
    await stored.put(HERE, "ann", "tr")
    await stored.put(HERE, "ben", "tr")
    with pytest.raises(LimitReached, match="people have set a language"):
        await stored.put(HERE, "eve", "tr")
    assert (await stored.chosen(HERE, "eve")).own == ""
    await stored.put(HERE, PLACE, "de")
    await stored.told(HERE, "tr")
    assert await stored.chosen(HERE, PLACE) == ChosenLanguages("", "de", "tr")
