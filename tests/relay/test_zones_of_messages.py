"""Moments in what the relay posts: a route's messages by its own clock, all else by the place's."""

from __future__ import annotations

import time

import pytest

from bot.cards.events.lists import list_card
from bot.cards.relayed import relayed_card
from bot.cards.templates.samples import samples
from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text, Timestamp, line
from bot.core.chat.ids import Destination
from bot.core.chat.words import card_words
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.route import Route
from bot.core.routes.schedule import QuietHours, Schedule
from bot.relay.schedule import notices as schedule_notices
from bot.relay.sending.outbox import enqueue_card, enqueue_notice, enqueue_tell
from bot.storage.engine.database import Database
from bot.storage.places.own_values import PLACE
from bot.storage.places.timezones import StoredTimezones
from tests.relay.harness import TENANT
from tests.relay.routing_harness import rows

HERE = Destination(TENANT, "C1")
AT = 1_768_435_200.0  # 2026-01-15 00:00 UTC
SINCE = Card("Trouble", (Text(line("since ", Timestamp(AT))),))


@pytest.mark.parametrize(
    ("place", "own", "here", "alone"),
    [
        ("", "", "00:00 UTC", "00:00 UTC"),
        ("Europe/Berlin", "", "01:00 Europe/Berlin", "01:00 Europe/Berlin"),
        ("Europe/Berlin", "Asia/Tokyo", "01:00 Europe/Berlin", "09:00 Asia/Tokyo"),
        ("", "Asia/Kathmandu", "00:00 UTC", "05:45 Asia/Kathmandu"),
        ("Gone/Away", "Etc/GMT-2", "00:00 UTC", "02:00 UTC+2"),
    ],
)
async def test_what_is_queued_is_by_the_clock_of_who_reads_it(
    database: Database, place: str, own: str, here: str, alone: str
) -> None:
    zones, now = StoredTimezones(database, time.time), time.time()
    if place:
        await zones.put(TENANT, PLACE, place)
    if own:
        await zones.put(TENANT, "U1", own)
    await database.write(lambda c: enqueue_card(c, HERE, DedupKey("p:1"), SINCE, now=now, person="U1"))
    await database.write(lambda c: enqueue_notice(c, HERE, DedupKey("n:1"), SINCE, now=now, first=True))
    await database.write(
        lambda c: enqueue_tell(c, TENANT, "U1", dedup_key=DedupKey("n:2"), card=SINCE, now=now)
    )
    found = {row.kind: card_words(card_json.decode(row.card)) for row in await rows(database)}
    assert here in found["card"] and here in found["notice"]
    assert alone in found["tell"]


@pytest.mark.parametrize("layout", [Layout.FULL, Layout.COMPACT])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns", "Etc/GMT+5", "right/Europe/Berlin"])
def test_the_messages_of_a_route_are_by_its_own_clock(layout: Layout, zone: str) -> None:
    look = Appearance(layout=layout, timezone=zone)
    event = samples()[0]
    for card in (relayed_card(event, look, late=True), list_card([event, event], "Two", look)):
        moments = [part for part in _moments(card) if isinstance(part, Timestamp)]
        assert {part.zone for part in moments} <= {zone}
        assert " UTC\n" not in card_words(card)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "UTC"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("Etc/GMT-2", "UTC+2"),
        ("posixrules", "America/New_York"),
    ],
)
def test_hours_and_midnight_in_a_channel_say_their_zone(zone: str, said: str) -> None:
    schedule = Schedule(timezone=zone, quiet=QuietHours(22 * 60, 7 * 60), per_day=3)
    of = Route("r", "r", HERE, schedule=schedule)
    assert schedule_notices.list_title(of, "quiet", 2) == f"2 events of the quiet hours (22:00–07:00 {said})"
    assert f"until midnight ({said})" in card_words(schedule_notices.capped(of))


def _moments(card: Card) -> list[object]:
    return [part for block in card.blocks if isinstance(block, Text) for part in block.line]
