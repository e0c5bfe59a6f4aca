"""What the commands and buttons of tweets say themselves is said whole in another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.events.events import LIKE_ACTION, MORE_ACTION, REPLY_ACTION, REPOST_ACTION
from bot.core.chat.actions import ActionRef
from tests.features.edge import Screen
from tests.features.harness import BotHarness, open_house, with_accounts
from tests.features.test_asking import TWEET, arrive
from tests.i18n.driven import left_on

VALUES = "nasa acme news Hello Worth look Well done And one thing more Lift off"


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """Two connected accounts, and a relayed tweet in #alerts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as house:
        await house.done("relay add channel:#alerts account:nasa name:space")
        await house.app.relay.start()
        await arrive(house, 1, tweet=TWEET, author={"username": "nasa"})
        yield house
        await house.app.relay.stop(1.0)


def whole(screen: Screen) -> None:
    assert screen.steps and left_on(screen, f"{VALUES} {TWEET}") == set(), screen.steps[-1]


@pytest.mark.parametrize("name", [LIKE_ACTION, REPOST_ACTION, REPLY_ACTION, "event.quote", MORE_ACTION])
async def test_a_button_below_a_relayed_tweet_asks_in_messages(two: BotHarness, name: str) -> None:
    opened = await two.press(ActionRef(name, "1"), channel="c1")
    whole(opened)
    for gone in (ActionRef(name, "99"), ActionRef(name, "x")):
        whole(await two.press(gone, channel="c1"))
    if opened.names == ["ask"]:
        whole(await two.press(opened.form.action, values={"text": "\u3164", "account": "acme"}, channel="c1"))
        whole(await two.press(opened.form.action, values={"text": "Hello", "account": "a b"}, channel="c1"))
        whole(await two.press(opened.form.action, values={"text": "Hello", "account": "acme"}, channel="c1"))


async def test_an_account_is_muted_and_shown_again_in_messages(two: BotHarness) -> None:
    more = await two.press(ActionRef(MORE_ACTION, "1"), channel="c1")
    muted = await two.press(more, "Mute @nasa here", channel="c1")
    whole(muted)
    whole(await two.press(muted, "Unmute", channel="c1"))


async def test_what_was_posted_is_answered_and_taken_back_in_messages(two: BotHarness) -> None:
    done = await two.confirm(await two.say("tweet post Hello account:acme"))
    whole(await two.press(done, "Reply"))
    asked = await two.press(done, "Delete")
    whole(asked)
    await two.confirm(asked)
    whole(await two.press(done, "Reply"))
    for gone in ("posted.reply", "posted.delete"):
        whole(await two.press(ActionRef(gone, "99")))


async def test_a_scored_text_is_posted_and_kept_in_messages(two: BotHarness) -> None:
    scored = await two.say("tweet score Hello")
    whole(await two.press(scored, "Post…"))


@pytest.mark.parametrize("verb", ["like", "unlike", "repost", "unrepost", "delete"])
async def test_a_preview_is_a_message_whole(house: BotHarness, verb: str) -> None:
    card = await house.confirm(await house.say("tweet post Hello"))
    link = next(one.url for one in card.buttons if one.url)
    whole(await house.say(f"tweet {verb} {link}"))
