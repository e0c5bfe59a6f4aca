"""A line that is only the link of a tweet, or only an account, offers what can be done with it."""

from __future__ import annotations

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.commands.asking import FORM_LIFETIME, RUN_ACTION
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TWEET, BotHarness

OFFERED = ["Show", "Draw", "Media", "Reply", "Translate", "Watch"]
LINES = [
    TWEET,
    f"/{TWEET}",
    f" <{TWEET}> ",
    f"<{TWEET}|x.com/xquik/…>",
    f"({TWEET}).",
    f"\u2066{TWEET}\u2069",
    f"`{TWEET}?s=20`",
    f"||{TWEET}/photo/1||",
    "x.com/xquik/status/1893456789012345678",
    "https://fixupx.com/xquik/status/1893456789012345678",
    "https://m.twitter.com/i/web/status/1893456789012345678",
]


@pytest.mark.parametrize("text", LINES)
async def test_the_link_of_a_tweet_alone_offers_what_can_be_done(house: BotHarness, text: str) -> None:
    screen = await house.say(text)
    assert screen.outcome is InvocationOutcome.OK
    assert [button.label for button in buttons(screen.card)] == OFFERED
    said = words(screen.card)
    assert "/status/1893456789012345678" in said and "tweet show LINK" in said


async def test_show_runs_the_command(house: BotHarness) -> None:
    offered = await house.say(TWEET)
    shown = await house.press(offered, "Show")
    assert shown.card.title == "Tweet by @xquik"
    assert shown.names[0] == "acknowledge"
    assert words((await house.press(offered, "Show")).card) == words(shown.card)


async def test_media_runs_the_command(house: BotHarness) -> None:
    told = await house.press(await house.say("https://fixupx.com/i/status/1893456789012345678"), "Media")
    by_hand = await house.say("media get 1893456789012345678")
    assert told.outcome is by_hand.outcome
    assert told.steps[-1][0] == by_hand.steps[-1][0]


async def test_draw_and_reply_ask_in_their_forms_with_the_link_in_it(house: BotHarness) -> None:
    offered = await house.say(TWEET)
    asked = await house.press(offered, "Draw")
    given = {field.name: field.value for field in asked.form.inputs}
    assert given["tweet"] == TWEET and "winners" in given
    proposed = await house.submit(asked, winners="2")
    assert "2" in words(proposed.card) and ref_of(proposed.card, "Confirm")
    asked = await house.press(offered, "Reply")
    assert {field.name: field.value for field in asked.form.inputs}["tweet"] == TWEET
    proposed = await house.submit(asked, text="Çok iyi")
    assert "Çok iyi" in words(proposed.card) and ref_of(proposed.card, "Confirm")


@pytest.mark.parametrize(
    "text",
    ["@nasa", "＠nasa", "\u2066@nasa\u2069", "<https://x.com/nasa>", "https://nitter.net/nasa", ".@nasa"],
)
async def test_an_account_alone_offers_to_watch_and_to_relay_it(house: BotHarness, text: str) -> None:
    screen = await house.say(text)
    assert [button.label for button in buttons(screen.card)] == ["Watch", "Relay"]
    assert "relay add #channel account:@nasa" in words(screen.card)
    for label in ("Watch", "Relay"):
        form = (await house.press(screen, label)).form
        assert {field.name: field.value for field in form.inputs}["account"] == "@nasa"


async def test_only_what_one_may_do_is_offered(house: BotHarness) -> None:
    refused = await house.say(TWEET, MEMBER)
    assert "spend" in words(refused.failure)
    await house.say("policy grant publish to:user:ben")
    offered = await house.say(TWEET, MEMBER)
    assert [button.label for button in buttons(offered.card)] == ["Reply"]
    assert "tweet show" not in words(offered.card)
    assert (await house.press(offered, "Reply", actor=MEMBER)).form
    refused = await house.say("@nasa", MEMBER)
    assert "manage" in words(refused.failure)


async def test_a_button_asks_again_who_may(house: BotHarness) -> None:
    offered = await house.say(TWEET, ADMIN)
    refused = await house.press(offered, "Show", actor=MEMBER)
    assert "spend" in words(refused.failure)
    refused = await house.press(offered, "Draw", actor=MEMBER)
    assert "spend" in words(refused.failure)


async def test_a_button_is_of_its_place_and_ends_after_an_hour(house: BotHarness) -> None:
    offered = await house.say(TWEET)
    elsewhere = await house.press(offered, "Show", tenant=ELSEWHERE)
    assert "expired" in words(elsewhere.failure).lower()
    house.clock.advance(FORM_LIFETIME + 1)
    assert "This button has expired" in words((await house.press(offered, "Show")).failure)
    unknown = await house.press(ActionRef(RUN_ACTION, "nothing"), tenant=HERE)
    assert "This button has expired" in words(unknown.failure)


@pytest.mark.parametrize(
    "text",
    [
        "https://x.com.evil.example/nasa/status/20",
        "https://evil.example/x.com/nasa/status/20",
        f"{TWEET} https://x.com/nasa/status/20",
        "1893456789012345678",
        "nasa",
        "https://example.com",
    ],
)
async def test_any_other_line_is_an_unknown_command_as_before(house: BotHarness, text: str) -> None:
    assert "There is no command" in words((await house.say(text)).failure)
