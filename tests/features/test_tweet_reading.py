"""What is around a tweet: its thread, its replies, who reposts and who likes it."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.tweet.lists import kept_back
from bot.sandbox.world import posts
from bot.xquik.models import RepliesPage
from bot.xquik.models.posts import replies_page
from tests.features.edge import Screen, buttons, rows_of, words
from tests.features.harness import TWEET, BotHarness

THREAD = f"https://x.com/nasa/status/{posts.THREAD_ID}"
GONE = "1111111111111111111"
LISTS = ("thread", "replies", "retweeters", "quotes")


def quoted(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def test_a_thread_is_read_from_its_beginning(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(f"tweet thread {THREAD}")
    assert [one.author for one in quoted(screen)] == ["NASA (@nasa)"] * 5
    assert quoted(screen)[0].text.startswith("How a rover wakes up")
    assert before - await house.credits() == 5, "1 credit a tweet"


async def test_the_thread_of_an_answer_begins_with_what_it_answers(house: BotHarness) -> None:
    screen = await house.say(f"tweet thread {posts.REPLY_ID}")
    assert [one.author for one in quoted(screen)] == ["Python (@python)", "Café Luna ☕ (@cafe_luna)"]


async def test_replies_come_newest_first_page_by_page(house: BotHarness) -> None:
    first = await house.say(f"tweet replies {TWEET}")
    second = await house.press(first, "Next (up to 5 credits)")
    at = [one.at or 0.0 for page in (first, second) for one in quoted(page)]
    assert len(at) == 10 and at == sorted(at, reverse=True)
    assert "All as a file…" in [one.label for one in buttons(first.card)]


async def test_replies_are_chosen_by_language_media_and_author(house: BotHarness) -> None:
    german = await house.say(f"tweet replies {TWEET} language:German sort:oldest others:yes")
    texts = [one.text for one in quoted(german)]
    assert texts and all("Glück" in text or "Bin dabei" in text or "#giveaway" in text for text in texts)
    none = await house.say(f"tweet replies {TWEET} media:yes")
    assert "No reply can be read that fits." in words(none.card)
    liked = await house.say(f"tweet replies {TWEET} sort:likes")
    assert "♥ 30" in words(liked.card)


async def test_a_language_that_there_is_not_is_named_before_a_credit_is_spent(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(f"tweet replies {TWEET} language:Germn")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "'Germn' is not a language that X knows; did you mean German (de)?" in words(screen.failure)
    assert await house.credits() == before


async def test_who_reposted_is_listed_with_a_file(house: BotHarness) -> None:
    first = await house.say(f"tweet retweeters {TWEET}")
    assert len(rows_of(first.card)) == 20
    assert [one.label for one in buttons(first.card)] == ["Next (up to 20 credits)", "All as a file…"]
    nobody = await house.say(f"tweet retweeters {posts.REPLY_ID}")
    assert "Nobody has reposted this tweet." in words(nobody.card)


async def test_who_likes_a_tweet_is_shown_to_its_author(house: BotHarness) -> None:
    posted = await house.confirm(await house.say('tweet post "Do you like it?"'))
    link = buttons(posted)[0].url
    assert "Nobody likes this tweet yet." in words((await house.say(f"tweet likers {link}")).card)
    await house.confirm(await house.say(f"tweet like {link}"))
    assert [row[0] for row in rows_of((await house.say(f"tweet likers {link}")).card)] == ["@xquik_demo"]


async def test_who_likes_a_tweet_of_others_is_told_to_nobody(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(f"tweet likers {TWEET}")
    assert screen.failure.title == "The request was refused"
    said = words(screen.failure)
    assert "to its author alone" in said and "tweet retweeters 1893456789012345678" in said
    assert await house.credits() == before
    await house.control("accounts", body={"username": "xquik"})
    assert len(rows_of((await house.say(f"tweet likers {TWEET}")).card)) == 20


@pytest.mark.parametrize("which", [*LISTS, "likers"])
async def test_what_is_not_there_is_said(house: BotHarness, which: str) -> None:
    assert (await house.say(f"tweet {which} {GONE}")).failure.title == "Not found"


@pytest.mark.parametrize("which", LISTS)
async def test_without_credits_nothing_is_read(house: BotHarness, which: str) -> None:
    await house.control("credits", body={"balance": 0})
    screen = await house.say(f"tweet {which} {TWEET}")
    assert screen.failure.title == "Not enough Xquik credits"


def test_what_x_keeps_back_of_replies_is_read_and_said() -> None:
    body = {
        "tweets": [{"id": "1"}],
        "hiddenReplies": 3,
        "orderPartial": True,
        "partialBefore": "2026-11-01T00:00:00Z",
    }
    page = replies_page(body)
    partial, note = kept_back(page)
    assert "only some of the replies from before" in partial
    assert "".join(map(str, note)) == (
        "Some replies are missing between these; try again later for all of them. "
        "3 more replies are counted by X and shown to nobody."
    )
    assert kept_back(RepliesPage()) == ("", ())


@pytest.mark.parametrize("strange", [{"hiddenReplies": True}, {"hiddenReplies": -1}, {"partialBefore": 5}])
def test_remarks_of_another_shape_are_left_out(strange: dict[str, object]) -> None:
    assert kept_back(replies_page({"tweets": [], **strange})) == ("", ())
