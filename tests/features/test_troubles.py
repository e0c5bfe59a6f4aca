"""What goes wrong at Xquik reaches the person as a private card that says what and what next."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.cards import Card, Text
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import Screen, words
from tests.features.harness import HERE, TWEET, BotHarness

# A command of every way to Xquik: reads, spends, setup, and the preview of a write.
LINES = (
    "trends region:US",
    f"tweet show {TWEET}",
    f"media get {TWEET}",
    f"draw run {TWEET}",
    "draft list",
    'draft save "Keep this"',
    "monitor add nasa",
    "monitor list",
    'tweet post "Hello"',
    "account",
    "credits",
    "radar",
)
# status and code at Xquik → a word of the title and a word of what to do next.
TROUBLES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"status": 401, "code": "invalid_api_key"}, "key", "setup key"),
    ({"status": 402, "code": "insufficient_credits"}, "credits", "credits topup"),
    ({"status": 429, "code": "rate_limit_exceeded", "retry_after": 30}, "Too many", "again"),
    ({"status": 503, "code": "service_unavailable"}, "Xquik", "again"),
    ({"status": 400, "code": "a_code_of_tomorrow", "message": "No such luck."}, "refused", "again"),
    ({"cut": True}, "Xquik", "again"),
)


def assert_private(screen: Screen) -> Card:
    """One failure, nothing in the channel."""
    assert screen.outcome is InvocationOutcome.FAILED
    card = screen.failure
    assert "Traceback" not in words(card)
    assert "What next" in words(card)
    return card


@pytest.mark.parametrize("line", LINES)
async def test_a_revoked_key_says_where_to_get_another(house: BotHarness, line: str) -> None:
    made = (await house.control("keys", body={}))["key"]
    await house.give_key(HERE, made)
    await house.control(f"keys/{made}", "DELETE")
    card = assert_private(await house.say(line))
    assert card.title == "Xquik did not accept the key"
    assert "setup key" in words(card)


@pytest.mark.parametrize(("fault", "title", "remedy"), TROUBLES, ids=lambda case: str(case)[:40])
async def test_each_kind_of_trouble_has_its_card(
    house: BotHarness, fault: dict[str, Any], title: str, remedy: str
) -> None:
    await house.fault(path="/x/media/download", **fault)
    card = assert_private(await house.say(f"media get {TWEET}"))
    if "cut" not in fault:
        assert title in card.title
        assert remedy in words(card)
    assert await house.credits() == 25_000
    rows = await house.app.services.manifest.recent(HERE, 5)
    assert [row.state for row in rows] == ["unknown" if "cut" in fault else "failed"]


async def test_a_connection_cut_while_reading_is_tried_again(house: BotHarness) -> None:
    await house.fault(path="/radar", cut=True, times=1)
    assert (await house.say("radar")).outcome is InvocationOutcome.OK


async def test_one_cut_while_reading_for_credits_is_left_to_a_person(house: BotHarness) -> None:
    await house.fault(path="/x/trends", cut=True, times=1)
    assert "it may have been charged" in words((await house.say("trends region:US")).failure)
    assert (await house.say("trends region:US")).outcome is InvocationOutcome.OK


@pytest.mark.parametrize("line", [f"tweet show {TWEET}", "trends region:US", f"media get {TWEET}"])
async def test_without_credits_nothing_is_half_done(house: BotHarness, line: str) -> None:
    await house.control("credits", body={"balance": 0})
    card = assert_private(await house.say(line))
    assert card.title == "Not enough Xquik credits"
    assert await house.credits() == 0
    await house.control("credits", body={"balance": 100})
    assert (await house.say(line)).outcome is InvocationOutcome.OK, (
        "and it works once there are credits again"
    )


async def test_a_failure_is_not_kept_as_the_trends_of_a_region(house: BotHarness) -> None:
    await house.fault(path="/x/trends", status=400, code="bad_request", times=1)
    assert_private(await house.say("trends region:US"))
    assert (await house.say("trends region:US")).outcome is InvocationOutcome.OK


async def test_what_xquik_says_is_plain_text(house: BotHarness) -> None:
    nasty = "<!channel> [free](https://evil.example) @everyone"
    await house.fault(path="/credits", status=400, code="bad_request", message=nasty)
    card = assert_private(await house.say("credits"))
    lines = [block.line for block in card.blocks if isinstance(block, Text)]
    assert [part for line in lines for part in line if nasty in str(part)] == [lines[0][0]]
    assert isinstance(lines[0][0], str), "a plain string, which every renderer escapes"
