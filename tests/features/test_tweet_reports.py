"""`tweet translate`, `tweet insights` and `tweet action`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.cards import Quote, Tone
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.x.references import TweetRef
from bot.features.shared.languages import target_code
from bot.features.tweet.reports import action_card, insights_card, translation_card
from bot.sandbox.world import posts
from bot.xquik.models import InsightCounts, TweetInsights, TweetTranslation, WriteAction
from tests.features.edge import Screen, buttons, field_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness

GONE = "1111111111111111111"
REF = TweetRef("12")


async def test_a_tweet_is_translated_for_one_credit(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(f"tweet translate {posts.PLAIN_ID} language:Turkish")
    (quote,) = (block for block in screen.card.blocks if isinstance(block, Quote))
    assert quote.text == "[tr] Python 3.14 is out. No pictures, only words."
    assert "From English into Turkish, by X." in words(screen.card)
    assert before - await house.credits() == 1


async def test_it_is_translated_into_the_language_of_who_asks(house: BotHarness) -> None:
    invocation = replace(house.invocation(MEMBER, HERE), locale="pt-BR")
    await house.say("policy grant spend to:user:ben")
    screen = Screen(invocation.place)
    await house.app.dispatcher.run_text(invocation, f"tweet translate {posts.PLAIN_ID}", screen)
    assert "[pt-br] Python" in words(screen.card)
    assert "From English into Portuguese (pt-br), by X." in words(screen.card)


@pytest.mark.parametrize(
    ("said", "code"),
    [("German", "de"), ("pt-BR", "pt-br"), ("zh_TW", "zh-tw"), ("日本語", "ja"), (" EN ", "en")],
)
def test_a_language_is_read_with_its_variant(said: str, code: str) -> None:
    assert target_code(said) == code


async def test_what_is_hostile_in_a_translation_stays_in_a_quote(house: BotHarness) -> None:
    screen = await house.say(f"tweet translate {posts.HOSTILE_ID} language:de")
    assert "@everyone" in next(one.text for one in screen.card.blocks if isinstance(one, Quote))
    card = translation_card(REF, TweetTranslation(text="a &amp; b", language="tlh"))
    assert "a & b" in words(card) and "Into tlh, by X." in words(card)


async def test_insights_agree_with_the_figures_of_the_tweet(house: BotHarness) -> None:
    shown = (await house.say(f"tweet {TWEET}")).card
    before = await house.credits()
    card = (await house.say(f"tweet insights {TWEET}")).card
    assert card.title == "Insights into a tweet by @xquik"
    for name in ("Likes", "Reposts", "Replies", "Quotes", "Views", "Bookmarks"):
        assert field_of(card, name) == field_of(shown, name)
    figures = [int(field_of(card, name)) for name in ("Likes", "Reposts", "Replies", "Quotes")]
    assert field_of(card, "Engagements") == str(sum(figures))
    assert field_of(card, "Share of followers").endswith(" %")
    assert before - await house.credits() == 1, "a report"


def test_what_cannot_be_divided_is_a_dash() -> None:
    card = insights_card(REF, TweetInsights(engagements=0, metrics=InsightCounts()))
    assert [field_of(card, name) for name in ("Per hour", "Share of views", "Replies per like")] == ["–"] * 3
    assert card.title == "Insights into a tweet"


async def the_write(house: BotHarness) -> str:
    """The id of the last write."""
    return [one.id for one in house.sandbox.sandbox.actions][-1]


async def test_a_write_is_looked_up_for_nothing(house: BotHarness) -> None:
    posted = await house.confirm(await house.say('tweet post "Hello"'))
    before = await house.credits()
    card = (await house.say(f"tweet action {await the_write(house)}", TEAM)).card
    assert (field_of(card, "Account"), field_of(card, "Status")) == ("@xquik_demo", "done on X")
    assert field_of(card, "Charged") == "30 credits" and card.tone is Tone.SUCCESS
    shown, link = buttons(card)[0].url, buttons(posted)[0].url
    assert shown is not None and link is not None and shown.rpartition("/")[2] == link.rpartition("/")[2]
    assert await house.credits() == before


async def test_a_write_of_another_place_is_not_there(house: BotHarness) -> None:
    await house.confirm(await house.say('tweet post "Hello"'))
    key = (await house.control("keys"))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(f"tweet action {await the_write(house)}", tenant=ELSEWHERE)
    assert screen.failure.title == "Not found"


@pytest.mark.parametrize("wrong", ["../account", "a b", "x" * 200, "wa%2F1"])
async def test_what_is_no_id_of_a_write_is_refused(house: BotHarness, wrong: str) -> None:
    screen = await house.say(f'tweet action "{wrong}"')
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (WriteAction(id="1", status="accepted"), "not over yet"),
        (WriteAction(id="1", status="failed", terminal=True, code="x_rejected"), "did not happen"),
        (WriteAction(id="1", status="failed", terminal=True, safe_to_retry=True), "asked for once more"),
        (
            WriteAction(id="1", status="expired", terminal=True, code="x_write_unconfirmed"),
            "may have happened",
        ),
        (WriteAction(id="1", status="of_tomorrow", message="**hi**"), "not over yet"),
    ],
)
def test_what_is_next_is_said_of_each_write(action: WriteAction, said: str) -> None:
    assert said in words(action_card(action))


@pytest.mark.parametrize(
    "line", [f"tweet translate {GONE} language:en", f"tweet insights {GONE}", "tweet action 404"]
)
async def test_what_is_not_there_is_said(house: BotHarness, line: str) -> None:
    assert (await house.say(line)).failure.title == "Not found"


@pytest.mark.parametrize("line", [f"tweet translate {TWEET} language:en", f"tweet insights {TWEET}"])
async def test_without_credits_there_is_no_report(house: BotHarness, line: str) -> None:
    await house.control("credits", body={"balance": 0})
    assert (await house.say(line)).failure.title == "Not enough Xquik credits"


async def test_a_language_that_there_is_not_is_told_for_nothing(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(f"tweet translate {TWEET} language:Germn")
    assert "did you mean German (de)?" in words(screen.failure)
    assert await house.credits() == before
