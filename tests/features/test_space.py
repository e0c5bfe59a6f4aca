"""Spaces on X: shown as they are now, found by title, their recordings, and led to by events."""

from __future__ import annotations

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Link, Quote, Text
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.world import spaces
from tests.features.edge import Screen, buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, MEMBER, BotHarness
from tests.features.test_asking import arrive

LIVE = f"https://x.com/i/spaces/{spaces.LIVE_ID}"


async def test_a_live_space_is_shown_with_who_is_in_it(house: BotHarness) -> None:
    card = (await house.say(f"space {LIVE}")).card
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert (about.author, about.text) == ("NASA (@nasa)", "Tonight's launch window")
    assert (field_of(card, "State"), field_of(card, "Hosts")) == ("live now", "@nasa")
    assert field_of(card, "Speakers") == "@spacex"
    assert int(field_of(card, "In it now")) == 2 + int(field_of(card, "Listened live"))
    assert [one.label for one in buttons(card)] == ["Open on X"]
    assert await house.credits() == 24_999


@pytest.mark.parametrize(
    ("space", "state"),
    [
        (spaces.UPCOMING_ID, "scheduled"),
        (spaces.RECORDED_ID, "over"),
        (spaces.UNRECORDED_ID, "over"),
        (spaces.CANCELED_ID, "cancelled"),
    ],
)
async def test_every_state_has_a_word(house: BotHarness, space: str, state: str) -> None:
    assert field_of((await house.say(f"space show {space}")).card, "State") == state


async def test_words_of_strangers_are_quoted_and_nothing_else(house: BotHarness) -> None:
    card = (await house.say(f"space show {spaces.HOSTILE_ID}")).card
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert about.text == "@everyone **launch** [here](https://evil.example) & now"
    assert "everyone" not in card.title


async def test_spaces_are_found_by_title_or_by_who_shares_them(house: BotHarness) -> None:
    live = await house.say("space search launch")
    assert live.card.title == "Spaces: launch"
    assert rows_of(live.card)[0][:3] == ["Tonight's launch window", "@nasa", "live now"]
    ahead = await house.say("space search juice which:upcoming")
    assert [row[2] for row in rows_of(ahead.card)] == ["scheduled"]
    for which in ("latest", "top"):
        shared = await house.say(f"space search party which:{which}")
        assert [row[0] for row in rows_of(shared.card)] == ["Python release party"]
    assert any("file" in one.label for one in buttons(live.card))


async def test_nothing_found_says_what_to_try(house: BotHarness) -> None:
    screen = await house.say("space search qqqqqq")
    assert "which:upcoming" in words(screen.card)
    assert await house.credits() == 25_000


def _address(screen: Screen) -> str:
    (text,) = (block for block in screen.card.blocks if isinstance(block, Text) and not block.subtle)
    return next(part.url for part in text.line if isinstance(part, Link))


async def test_a_recording_is_a_link_by_command_and_by_button(house: BotHarness) -> None:
    played = await house.say(f"space replay {spaces.RECORDED_ID}")
    assert _address(played).endswith(f"/{spaces.RECORDED_ID}/playlist.m3u8")
    shown = await house.say(f"space show {spaces.RECORDED_ID}")
    pressed = await house.press(shown, "Recording (up to 1 credit)")
    assert _address(pressed) == _address(played)
    assert "Charged: 1 credit." in words(pressed.card) and "Charged: 1 credit." in words(played.card)
    assert await house.credits() == 25_000 - 3
    unrecorded = await house.say(f"space show {spaces.UNRECORDED_ID}")
    assert [one.label for one in buttons(unrecorded.card)] == ["Open on X"]


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (spaces.LIVE_ID, "The Space"),
        (spaces.UPCOMING_ID, "The Space"),
        (spaces.UNRECORDED_ID, "There is no recording"),
        (spaces.CANCELED_ID, "was cancelled"),
    ],
)
async def test_where_there_is_no_recording_it_says_why(house: BotHarness, space: str, said: str) -> None:
    screen = await house.say(f"space replay {space}")
    assert screen.outcome is InvocationOutcome.FAILED
    assert said in words(screen.failure)
    assert await house.credits() == 25_000


@pytest.mark.parametrize("command", ["space show", "space replay"])
async def test_what_there_is_not_is_named(house: BotHarness, command: str) -> None:
    absent = await house.say(f"{command} https://x.com/i/spaces/1aaaaaaaaaaaa")
    assert "X has no such Space" in words(absent.failure)
    wrong = await house.say(f"{command} https://x.com/nasa/status/12345")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a link to a Space" in words(wrong.failure)


@pytest.mark.parametrize(
    "line", [f"space show {spaces.LIVE_ID}", f"space replay {spaces.RECORDED_ID}", "space search launch"]
)
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED
    assert "credits" in words(screen.failure)


async def test_an_event_leads_to_its_space(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa events:space.started")
    await house.app.relay.start()
    await arrive(house, 1, tweet=spaces.LIVE_ID, kind="space.started", title="Tonight", url=LIVE)
    await arrive(house, 2, tweet="123", kind="space.started", title="No link")
    card, without = house.wall.posted[0][1], house.wall.posted[1][1]
    shown = await house.press(card, "Show the Space (up to 1 credit)", channel="c1")
    assert field_of(shown.card, "State") == "live now"
    more = await house.press(card, "More…", channel="c1")
    again = await house.press(more, "Show the Space (up to 1 credit)", channel="c1")
    assert again.card == shown.card
    assert "Show the Space (up to 1 credit)" not in [one.label for one in buttons(without)]
    refused = await house.press(ref_of(card, "Show the Space (up to 1 credit)"), actor=MEMBER, channel="c1")
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    await house.say("policy grant spend to:user:ben")
    elsewhere = await house.press(ref_of(card, "Show the Space (up to 1 credit)"), actor=MEMBER, channel="c3")
    assert "Nothing about it was posted in this channel" in words(elsewhere.failure)
    gone = await house.press(ActionRef("event.space", "999"), actor=ADMIN, channel="c1")
    assert "no longer stored" in words(gone.failure)
