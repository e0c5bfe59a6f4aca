"""The buttons below a relayed tweet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.events.events import MORE_ACTION, REPLY_ACTION
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, BotHarness, open_house, with_accounts
from tests.features.test_asking import TWEET, arrive


@pytest.fixture
async def relayed(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with one connected X account and one relayed tweet in #alerts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("xquik")) as house:
        await house.done("relay add channel:#alerts account:nasa name:space")
        await house.app.relay.start()
        await arrive(house, 1, tweet=TWEET, author={"username": "nasa"})
        yield house
        await house.app.relay.stop(1.0)


def _card(house: BotHarness) -> Card:
    return house.wall.posted[0][1]


@pytest.mark.parametrize(("label", "title"), [("Like", "Like this on X?"), ("Repost", "Repost this on X?")])
async def test_like_and_repost_are_proposals_that_are_done_once(
    relayed: BotHarness, label: str, title: str
) -> None:
    before = await relayed.credits()
    proposed = await relayed.press(_card(relayed), label)
    assert proposed.card.title == title and "Tweet 1" in words(proposed.card)
    assert await relayed.credits() == before, "nothing is spent before Confirm"
    done = await relayed.confirm(proposed)
    assert done.title in ("Liked on X", "Reposted on X")
    (writes,) = (await relayed.state())["writes"].values()
    assert len(writes) == 1 if isinstance(writes, list) else writes == 1


async def test_a_quote_is_written_in_a_form_and_ends_with_the_tweets_address(relayed: BotHarness) -> None:
    more = await relayed.press(_card(relayed), "More…")
    form = await relayed.press(more, "Quote")
    proposed = await relayed.submit(form, text="Worth a look")
    assert f"Worth a look https://x.com/i/status/{TWEET}" in words(proposed.card)
    assert "Quoting" in words(proposed.card)
    assert (await relayed.confirm(proposed)).title == "Posted on X"


async def test_more_is_private_and_tells_why(relayed: BotHarness) -> None:
    more = await relayed.press(_card(relayed), "More…", actor=MEMBER, channel="c1")
    why = await relayed.press(more, "Why am I seeing this?", actor=MEMBER, channel="c1")
    assert "space" in words(why.card) and "took it" in words(why.card)


async def test_an_account_is_muted_where_the_button_was_pressed_by_managers_alone(
    relayed: BotHarness,
) -> None:
    more = await relayed.press(_card(relayed), "More…")
    ref = ref_of(more.card, "Mute @nasa here")
    assert (await relayed.press(ref, actor=MEMBER)).outcome is not InvocationOutcome.OK
    muted = await relayed.press(ref, actor=ADMIN)
    (one,) = await relayed.app.services.relay.mutes.of_tenant(HERE)
    assert (one.account, one.channel) == ("nasa", "c2")
    await relayed.press(muted, "Unmute")
    assert await relayed.app.services.relay.mutes.of_tenant(HERE) == ()


@pytest.mark.parametrize("label", ["Like", "Repost", "More…"])
async def test_another_place_cannot_press_it(relayed: BotHarness, label: str) -> None:
    await relayed.give_key(ELSEWHERE, relayed.sandbox.api_key)
    screen = await relayed.press(_card(relayed), label, tenant=ELSEWHERE)
    assert screen.failure.title == "Expired" or "no longer stored" in words(screen.failure)


async def test_a_member_may_not_write_on_x(relayed: BotHarness) -> None:
    assert (await relayed.press(_card(relayed), "Like", actor=MEMBER)).outcome is not InvocationOutcome.OK


@pytest.mark.parametrize("key", ["²", "9" * 30, "-1", "999999"])
@pytest.mark.parametrize("name", [MORE_ACTION, REPLY_ACTION])
async def test_a_key_that_is_no_event_of_ours_is_no_trouble(relayed: BotHarness, name: str, key: str) -> None:
    screen = await relayed.press(ActionRef(name, key))
    assert "no longer stored" in words(screen.failure)
