"""A draw reads its own tweet and offers its rules; a press adds them, and nothing else does."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import Screen, buttons, field_of, ref_of, words
from tests.features.harness import HERE, MEMBER, TWEET, BotHarness

ADD = "Add its rules"


def labels(card: Card) -> list[str]:
    """The buttons of a card."""
    return [one.label for one in buttons(card)]


async def preview_of(house: BotHarness, text: str, options: str = "") -> Screen:
    """The preview of a draw over a new post with that text."""
    quoted = text.replace('"', "'")
    post = await house.confirm(await house.say(f'tweet post "{quoted}"'))
    link = next(str(one.url) for one in buttons(post) if one.url)
    return await house.say(f"draw run {link} {options}")


async def test_the_preview_offers_the_rules_of_its_own_tweet(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET} winners:3")
    assert "The tweet asks people to follow @xquik, repost it and reply with #giveaway." in words(screen.card)
    assert labels(screen.card) == ["Confirm", ADD, "Cancel"]
    assert field_of(screen.card, "Who can win") == "one entry per person", "nothing is applied by itself"


async def test_one_press_makes_them_filters_and_voids_the_preview_before(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET} winners:3")
    added = await house.press(screen, ADD)
    assert added.reply.replace
    rules = "one entry per person; must have reposted; must follow @xquik; has #giveaway"
    assert field_of(added.card, "Who can win") == rules
    assert labels(added.card) == ["Confirm", "Cancel"]
    assert field_of(added.card, "Winners") == "3"
    old = await house.press(screen, "Confirm")
    assert "newer preview replaced this one" in words(old.failure)
    assert await house.requests("/draws") == 0, "adding them runs nothing"
    result = await house.confirm(added)
    assert field_of(result, "Who could win") == rules


async def test_a_preview_that_nobody_touches_draws_without_them(house: BotHarness) -> None:
    result = await house.confirm(await house.say(f"draw run {TWEET}"))
    assert field_of(result, "Who could win") == "one entry per person"


async def test_what_was_said_stays_and_is_only_added_to(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET} must_follow:@nasa hashtags:win,#GiveAway language:en")
    assert "The tweet also asks people to repost it." in words(screen.card)
    assert "the followers of one account, here @nasa, not of @xquik" in words(screen.card)
    added = await house.press(screen, ADD)
    assert field_of(added.card, "Who can win") == (
        "one entry per person; must have reposted; must follow @nasa; language en; has #win, #GiveAway"
    )


async def test_what_is_asked_already_is_offered_no_more(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET} must_follow:@XQUIK must_retweet:yes hashtags:giveaway")
    assert labels(screen.card) == ["Confirm", "Cancel"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Sorteo: sigue a @nasa y haz RT", "must have reposted; must follow @nasa"),
        ("Çekiliş: @nasa hesabını takip et, #çekiliş etiketiyle yaz", "must follow @nasa; has #çekiliş"),
        ("@nasa をフォロー&RTで応募完了", "must have reposted; must follow @nasa"),
        ("@nasa को फॉलो करें, #इनाम के साथ जवाब दें", "must follow @nasa; has #इनाम"),
        ("تابع @nasa وريتويت", "must have reposted; must follow @nasa"),
        ("关注 @nasa 并转发，带上 #抽奖", "must have reposted; must follow @nasa; has #抽奖"),
        ("Repost and tag @esa", "must have reposted; mentions @esa"),
    ],
)
async def test_rules_are_read_in_many_languages(house: BotHarness, text: str, who: str) -> None:
    screen = await preview_of(house, text)
    added = await house.press(screen, ADD)
    assert field_of(added.card, "Who can win") == f"one entry per person; {who}"


async def test_what_cannot_be_checked_is_said(house: BotHarness) -> None:
    screen = await preview_of(house, "Follow @nasa and @esa, RT, like and tag two friends")
    said = (
        "A draw checks the followers of one account, here @nasa, not of @esa. "
        "Xquik cannot check likes and whether friends are named."
    )
    assert said in words(screen.card)
    assert said in words((await house.press(screen, ADD)).card)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for 10k followers! No RT needed",
        "Python is out #python",
        "フォロー不要です",
        "Takip etmenize gerek yok",
        "follow@example.com http://retweet.example/follow/@nasa",
    ],
)
async def test_a_tweet_that_states_no_rule_gets_no_button(house: BotHarness, text: str) -> None:
    assert labels((await preview_of(house, text)).card) == ["Confirm", "Cancel"]


async def test_adding_needs_the_permission_to_spend_and_says_who_did(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET}")
    assert (await house.press(screen, ADD, actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    await house.say("policy grant spend to:user:ben")
    added = await house.press(screen, ADD, actor=MEMBER)
    assert "Edited by Ben." in words(added.card)


async def test_a_press_is_good_once_and_of_its_own_place(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET}")
    ref = ref_of(screen.card, ADD)
    screens = await asyncio.gather(*(house.press(ref) for _ in range(3)))
    assert sum(one.outcome is InvocationOutcome.OK for one in screens) == 1
    plain = await preview_of(house, "No rules here")
    forged = ActionRef(ref.name, ref_of(plain.card, "Confirm").key)
    assert "nothing left to add" in words((await house.press(forged)).failure)


async def test_the_offer_outlives_a_restart(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET}")
    await house.reopen()
    added = await house.press(screen, ADD)
    assert "must follow @xquik" in words(added.card)
    stored = await house.app.services.proposals.get(HERE, ref_of(added.card, "Confirm").key)
    assert stored is not None and stored.payload["mustFollowUsername"] == "xquik" and stored.intact
