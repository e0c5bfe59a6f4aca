"""`tweet search` and `tweet top`: what is asked of X is shown, found, paged and paid for."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.tweet.searching import TweetSearchArgs, asked_for
from bot.sandbox.world import posts
from bot.xquik.models.posts import search_page
from tests.features.edge import Screen, buttons, field_of, words
from tests.features.harness import BotHarness


def quoted(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def test_the_search_that_x_is_asked_is_shown_above_what_it_finds(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(
        'tweet search "notes" author:nasa without:coffee since:2025-02-01 until:2025-03-31'
    )
    assert field_of(screen.card, "Search") == "notes -coffee from:nasa since:2025-02-01 until:2025-04-01"
    found = quoted(screen)
    assert found and all(one.author == "NASA (@nasa)" for one in found)
    assert before - await house.credits() == len(found), "1 credit a tweet"
    link = next(one.url for one in buttons(screen.card) if one.url)
    assert link.startswith("https://x.com/search?q=notes%20-coffee") and link.endswith("&f=live")


async def test_pages_are_turned_and_all_of_it_is_a_file(house: BotHarness) -> None:
    first = await house.say("tweet search #giveaway")
    second = await house.press(first, "Next (up to 5 credits)")
    assert not {one.url for one in quoted(first)} & {one.url for one in quoted(second)}
    assert field_of(second.card, "Search") == "#giveaway"
    assert "All as a file…" in [one.label for one in buttons(first.card)]


LINES = {
    'tweet search phrase:"worth a read" author:github': {posts.QUOTE_ID},
    "tweet search author:spacex media:videos": {posts.VIDEO_ID},
    "tweet search to:python": {posts.REPLY_ID},
    "tweet search author:cafe_luna replies:exclude verified:no": {posts.SENSITIVE_ID},
    "tweet search author:cafe_luna replies:only": {posts.REPLY_ID},
    "tweet search author:cafe_luna verified:yes": set[str](),
    "tweet search author:xquik min_replies:100": {posts.GIVEAWAY_ID},
    "tweet search author:xquik media:gifs": set[str](),
    "tweet search author:nasa reposts:only": set[str](),
}


@pytest.mark.parametrize("line", LINES)
async def test_each_option_narrows_what_is_found(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert {str(one.url).rpartition("/")[2] for one in quoted(screen)} == LINES[line]
    assert ("No tweet matches." in words(screen.card)) is not bool(LINES[line])


async def test_the_most_liked_come_first_where_that_is_asked(house: BotHarness) -> None:
    newest = await house.say("tweet search #giveaway language:en")
    top = await house.say("tweet search #giveaway language:en order:top")
    assert quoted(top)[0].url != quoted(newest)[0].url
    assert "412" in words(top.card)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tweet search", "There is nothing to search for"),
        ("tweet search moon since:yesterday", "YYYY-MM-DD"),
        ("tweet search moon since:2026-03-02 until:2026-03-01", "is before since 2026-03-02"),
        ("tweet search moon language:Germn", "did you mean German (de)?"),
        ("tweet search moon media:pdf", "media"),
        ("tweet search moon min_likes:-1", "min_likes"),
        ('tweet search moon phrase:"a \\"b\\" c"', ""),
        ("tweet search lang:klingonish", "lang:klingonish"),
    ],
)
async def test_a_search_that_cannot_be_made_is_told_for_nothing(
    house: BotHarness, line: str, said: str
) -> None:
    before = await house.credits()
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert said in words(screen.failure)
    assert await house.credits() == before


async def test_what_x_does_not_search_for_any_more_is_said_and_free(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say('tweet search "mars source:web"')
    assert "Leave out operators like source:" in words(screen.failure)
    assert await house.credits() == before


@pytest.mark.parametrize("line", ["tweet search moon", "tweet top"])
async def test_without_credits_nothing_is_found(house: BotHarness, line: str) -> None:
    await house.control("credits", body={"balance": 0})
    assert (await house.say(line)).failure.title == "Not enough Xquik credits"


def test_the_remarks_of_a_search_are_read() -> None:
    page = search_page({"tweets": [], "searchedQuery": "moon", "readBackTo": "2026-11-01T00:00:00Z"})
    assert (page.searched_query, page.read_back_to) == ("moon", "2026-11-01T00:00:00Z")
    assert search_page({"tweets": [], "searchedQuery": 5, "readBackTo": {}}).searched_query is None


def test_the_search_follows_from_the_options_alone() -> None:
    assert asked_for(TweetSearchArgs(query="moon", min_likes=5)) == "moon min_faves:5"


# --- top ---------------------------------------------------------------------------------------------------


async def test_the_top_tweets_are_ranked_by_what_is_asked(house: BotHarness) -> None:
    liked = await house.say("tweet top window:month")
    replied = await house.say("tweet top replies window:month")
    assert "Ranked by likes." in words(liked.card) and liked.card.title == "Top tweets of the last month"
    assert str(quoted(replied)[0].url).endswith(posts.GIVEAWAY_ID)
    second = await house.press(replied, "Next (up to 5 credits)")
    assert quoted(second)[0].url not in {one.url for one in quoted(replied)}


async def test_the_top_tweets_of_a_language_or_a_country(house: BotHarness) -> None:
    german = await house.say("tweet top window:month language:German")
    of_germany = await house.say("tweet top window:month country:Germany")
    assert quoted(german) == quoted(of_germany) != []
    nobody = await house.say("tweet top country:NO")
    assert "X ranks no tweet there." in words(nobody.card)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tweet top country:US language:en", "not of both"),
        ("tweet top country:Atlantis", "There is no country"),
        ("tweet top language:Germn", "German (de)"),
        ("tweet top by:loudness", "by"),
        ("tweet top window:year", "window"),
    ],
)
async def test_a_ranking_that_there_is_not_is_told_for_nothing(
    house: BotHarness, line: str, said: str
) -> None:
    before = await house.credits()
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert said in words(screen.failure)
    assert await house.credits() == before
