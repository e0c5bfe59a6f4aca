"""The moments of a card by the clock of who reads it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.core.access import Actor
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Bold, Card, Field, Fields, Quote, Table, Text, Timestamp, line
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.chat.moments import ChosenZones, Whence, in_zone, shows_moments, zone_for
from bot.core.chat.words import card_words
from bot.core.commands.readers import ZoneReaders
from bot.core.errors import StorageUnavailable

HERE = TenantId("slack", "T1")
AT = 1_768_435_200.0  # 2026-01-15 00:00 UTC
CARD = Card(
    "When",
    (
        Text(line("since ", Timestamp(AT), ", until ", Timestamp(AT, relative=True), Bold("!"))),
        Fields((Field("Then", (Timestamp(AT),)), Field("None", ("–",)))),
        Table(("When",), (((Timestamp(AT),),), (("never",),))),
        Quote("Hi", at=AT),
        Quote("No time"),
    ),
)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "2026-01-15 01:00 Europe/Berlin"),
        ("America/New_York", "2026-01-14 19:00 America/New_York"),
        ("Asia/Kathmandu", "2026-01-15 05:45 Asia/Kathmandu"),
        ("Etc/GMT-2", "2026-01-15 02:00 UTC+2"),
        ("posixrules", "2026-01-14 19:00 America/New_York"),
        ("", "2026-01-15 00:00 UTC"),
    ],
)
def test_every_moment_of_a_card_says_its_zone(zone: str, said: str) -> None:
    words = card_words(in_zone(CARD, zone))
    assert words.count(said) == 5
    assert "UTC" not in words.replace(said, "")


def test_a_moment_that_has_its_zone_keeps_it_and_a_card_without_any_is_left_as_it_is() -> None:
    routes = in_zone(CARD, "Asia/Tokyo")
    assert not shows_moments(routes) and in_zone(routes, "Europe/Berlin") == routes
    plain = Card("No time", (Text(line("at once")),))
    assert in_zone(plain, "Asia/Tokyo") is plain and in_zone(CARD, "") is CARD


@pytest.mark.parametrize(
    ("own", "told", "place", "expected"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Europe/Berlin", ("Asia/Tokyo", Whence.OWN)),
        ("", "Europe/Paris", "Europe/Berlin", ("Europe/Paris", Whence.TOLD)),
        ("", "", "Europe/Berlin", ("Europe/Berlin", Whence.PLACE)),
        ("", "", "", ("UTC", Whence.NOBODY)),
        ("UTC", "Europe/Paris", "Europe/Berlin", ("UTC", Whence.OWN)),
    ],
)
def test_the_nearest_choice_counts(own: str, told: str, place: str, expected: tuple[str, Whence]) -> None:
    assert zone_for(ChosenZones(own, place), told) == expected


@dataclass
class _Zones:
    zones: ChosenZones | None

    async def chosen(self, tenant: TenantId, person: str) -> ChosenZones:
        if self.zones is None:
            raise StorageUnavailable("The database cannot be reached.")
        return self.zones


@pytest.mark.parametrize(
    ("zones", "told", "alone", "everybody"),
    [
        (
            ChosenZones("Asia/Tokyo", "Europe/Berlin"),
            "Europe/Paris",
            "09:00 Asia/Tokyo",
            "01:00 Europe/Berlin",
        ),
        (ChosenZones("", "Europe/Berlin"), "America/Denver", "17:00 America/Denver", "01:00 Europe/Berlin"),
        (ChosenZones("", "Europe/Berlin"), "", "01:00 Europe/Berlin", "01:00 Europe/Berlin"),
        (ChosenZones("Asia/Tokyo", ""), "", "09:00 Asia/Tokyo", "00:00 UTC"),
        (ChosenZones(), "", "00:00 UTC", "00:00 UTC"),
        (None, "Asia/Tokyo", "00:00 UTC", "00:00 UTC"),
    ],
)
async def test_a_private_answer_is_by_the_persons_clock_and_a_public_one_by_the_places(
    zones: ChosenZones | None, told: str, alone: str, everybody: str
) -> None:
    readers = ZoneReaders(_Zones(zones))
    invocation = Invocation("i1", Actor("ann", "Ann"), Destination(HERE, "C1"), AT, zone=told)
    for audience, said in ((Audience.PRIVATE, alone), (Audience.CHANNEL, everybody)):
        reply = await readers.reply(invocation, Reply(CARD), audience)
        assert card_words(reply.card).count(said) == 5


PRESSED = MessageRef(Destination(HERE, "C1"), "m1")


@pytest.mark.parametrize(
    ("audience", "pressed", "alone", "in_place", "said"),
    [
        (Audience.PRIVATE, PRESSED, False, True, "01:00 Europe/Berlin"),  # edits what everybody sees
        (Audience.CHANNEL, PRESSED, False, True, "01:00 Europe/Berlin"),
        (Audience.PRIVATE, PRESSED, False, False, "09:00 Asia/Tokyo"),  # answers whoever pressed, alone
        (Audience.CHANNEL, PRESSED, True, False, "01:00 Europe/Berlin"),
        (Audience.PRIVATE, PRESSED, True, True, "09:00 Asia/Tokyo"),
        (Audience.CHANNEL, PRESSED, True, True, "09:00 Asia/Tokyo"),
        (Audience.PRIVATE, None, False, True, "09:00 Asia/Tokyo"),  # private on Discord and Slack: no message
    ],
)
async def test_what_everybody_sees_keeps_the_clock_of_the_place_whoever_changes_it(
    audience: Audience, pressed: MessageRef | None, alone: bool, in_place: bool, said: str
) -> None:
    readers = ZoneReaders(_Zones(ChosenZones("", "Europe/Berlin")))
    invocation = Invocation(
        "i1",
        Actor("ben", "Ben"),
        Destination(HERE, "C1"),
        AT,
        message=pressed,
        zone="Asia/Tokyo",
        alone=alone,
    )
    reply = await readers.reply(invocation, Reply(CARD, replace=in_place), audience)
    assert card_words(reply.card).count(said) == 5
