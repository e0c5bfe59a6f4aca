"""Timezones of places and people, on both databases."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.chat.moments import ChosenZones
from bot.core.errors import LimitReached
from bot.storage.engine.database import Database
from bot.storage.places import own_values
from bot.storage.places.own_values import PLACE
from bot.storage.places.tenants import StoredTenants
from bot.storage.places.timezones import StoredTimezones

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")


async def test_a_persons_and_the_places_are_kept_apart_and_stay_their_tenants(database: Database) -> None:
    stored = StoredTimezones(database, lambda: 5.0)
    assert await stored.chosen(HERE, "ann") == ChosenZones()
    await stored.put(HERE, PLACE, "Europe/Berlin")
    await stored.put(HERE, "ann", "Asia/Tokyo")
    await stored.put(HERE, "ben", "Etc/GMT-2")
    await stored.put(HERE, "ann", "Asia/Seoul")
    assert await stored.chosen(HERE, "ann") == ChosenZones("Asia/Seoul", "Europe/Berlin")
    assert await stored.chosen(HERE, "eve") == ChosenZones("", "Europe/Berlin")
    assert await stored.chosen(ELSEWHERE, "ann") == ChosenZones()
    assert await stored.place(HERE) == "Europe/Berlin"
    assert await stored.remove(HERE, PLACE) and not await stored.remove(HERE, PLACE)
    assert await stored.chosen(HERE, "ann") == ChosenZones("Asia/Seoul", "")
    assert await stored.remove(HERE, "ann")
    assert await stored.chosen(HERE, "ben") == ChosenZones("Etc/GMT-2", "")


async def test_they_go_with_their_tenant(database: Database) -> None:
    stored, tenants = StoredTimezones(database, lambda: 5.0), StoredTenants(database, lambda: 5.0)
    for tenant in (HERE, ELSEWHERE):
        await tenants.ensure(tenant)
        await stored.put(tenant, PLACE, "Asia/Tokyo")
    await tenants.erase(HERE)
    assert (await stored.place(HERE), await stored.place(ELSEWHERE)) == ("", "Asia/Tokyo")


async def test_there_are_so_many_people_and_the_place_has_its_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_values, "MOST", 2)
    stored = StoredTimezones(database, lambda: 5.0)
    await stored.put(HERE, "ann", "Asia/Tokyo")
    await stored.put(HERE, "ben", "Asia/Tokyo")
    with pytest.raises(LimitReached, match="people have set a timezone"):
        await stored.put(HERE, "eve", "Asia/Tokyo")
    assert await stored.chosen(HERE, "eve") == ChosenZones()
    await stored.put(HERE, PLACE, "Europe/Berlin")
    assert await stored.place(HERE) == "Europe/Berlin"
