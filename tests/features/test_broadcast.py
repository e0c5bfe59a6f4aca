"""Broadcasts: shown, and who is live."""

from __future__ import annotations

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Quote, Tone
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.broadcast.cards import broadcast_card
from bot.sandbox.world import broadcasts, posts
from bot.xquik.models import Broadcast
from tests.features.edge import buttons, field_of, ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, BotHarness
from tests.features.listing_asked import spent
from tests.features.test_asking import arrive

LIVE = f"https://x.com/i/broadcasts/{broadcasts.LIVE_ID}"
BUTTON = "Show the broadcast (up to 1 credit)"
LINES = [f"broadcast show {LIVE}", "broadcast live @spacex"]


async def test_a_live_broadcast_is_shown_with_its_figures(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say(f"broadcast {LIVE}")).card
    assert card.title == f"Broadcast {broadcasts.LIVE_ID}" and card.tone is Tone.SUCCESS
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert (about.author, about.text) == ("SpaceX (@spacex)", "Liftoff, live")
    assert field_of(card, "State") == "live now"
    assert int(field_of(card, "Watching now")) < int(field_of(card, "Watched"))
    assert [one.url for one in buttons(card)] == [LIVE, f"https://x.com/i/status/{posts.VIDEO_ID}"]
    assert await spent(house, before) == 1


async def test_one_that_is_over_says_when_and_whether_it_was_recorded(house: BotHarness) -> None:
    card = (await house.say(f"broadcast show {broadcasts.ENDED_ID}")).card
    assert (field_of(card, "State"), field_of(card, "Recording")) == ("over", "yes")
    assert field_of(card, "Ended") and "Watching now" not in words(card)


async def test_words_of_strangers_are_quoted_and_nothing_else(house: BotHarness) -> None:
    card = (await house.say(f"broadcast show {broadcasts.HOSTILE_ID}")).card
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert about.text == "@everyone **free** [here](https://evil.example) & now"
    assert "everyone" not in card.title


async def test_who_is_live_is_told_from_who_was_and_who_never_is(house: BotHarness) -> None:
    before = await house.credits()
    live = (await house.say("broadcast live @spacex")).card
    assert live.title == "@spacex is live" and "Liftoff, live" in words(live)
    was = (await house.say("broadcast live @nasa")).card
    assert was.title == "@nasa is not live: the latest broadcast" and "A walk outside" in words(was)
    never = (await house.say("broadcast live @cafe_luna")).card
    assert never.title == "@cafe_luna is not live" and "monitor add @cafe_luna" in words(never)
    assert await spent(house, before) == 3, "a check is paid for whatever it finds"


async def test_what_an_event_tells_of_is_live_and_then_over(house: BotHarness) -> None:
    await house.done("monitor add cafe_luna")
    event = await house.control("emit", body={"username": "cafe_luna", "type": "broadcast.started"})
    xquik = await house.app.services.xquik.of(HERE)
    told = (await xquik.events.show(str(event["id"]))).data
    shown = (await house.say(f"broadcast show {told['url']}")).card
    assert field_of(shown, "State") == "live now" and told["title"] in words(shown)
    assert (await house.say("broadcast live @cafe_luna")).card.title == "@cafe_luna is live"
    house.sandbox.sandbox.advance(broadcasts.LASTS)
    assert "is not live" in (await house.say("broadcast live @cafe_luna")).card.title


async def test_an_event_leads_to_its_broadcast(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:spacex events:broadcast.started")
    await house.app.relay.start()
    kind = "broadcast.started"
    await arrive(house, 1, tweet=broadcasts.LIVE_ID, kind=kind, username="spacex", title="Now", url=LIVE)
    await arrive(house, 2, tweet="123", kind=kind, username="spacex", title="No link")
    card, without = house.wall.posted[0][1], house.wall.posted[1][1]
    shown = await house.press(card, BUTTON, channel="c1")
    assert field_of(shown.card, "State") == "live now"
    more = await house.press(card, "More…", channel="c1")
    assert (await house.press(more, BUTTON, channel="c1")).card == shown.card
    assert BUTTON not in [one.label for one in buttons(without)]
    refused = await house.press(ref_of(card, BUTTON), actor=MEMBER, channel="c1")
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    gone = await house.press(ActionRef("event.broadcast", "999"), actor=ADMIN, channel="c1")
    assert "no longer stored" in words(gone.failure)


def test_a_state_that_is_new_is_shown_as_x_calls_it() -> None:
    card = broadcast_card(Broadcast(id="1", state="Paused", total_watched=3))
    assert field_of(card, "State") == "Paused" and "Recording" not in words(card)


async def test_what_is_not_there_is_said(house: BotHarness) -> None:
    before = await house.credits()
    missing = await house.say("broadcast show 1zzzzzzzzzzzz")
    assert "X has no such broadcast." in words(missing.failure)
    assert "X has no such user." in words((await house.say("broadcast live @missing_one")).failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize("text", ["https://x.com/i/spaces/1OdKrXWaPVPGX", "nasa", "https://evil.example/1a"])
async def test_what_is_no_broadcast_is_named_before_anything_is_asked(house: BotHarness, text: str) -> None:
    refused = await house.say(f"broadcast show {text}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a link to a broadcast" in words(refused.failure)


@pytest.mark.parametrize("line", LINES)
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED and "credits" in words(screen.failure)
