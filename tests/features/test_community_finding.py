"""Communities by topic and as X suggests them, who of a name is in one, and how lively it is."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.community.cards import insights_card
from bot.sandbox.world import communities
from bot.xquik.models import CommunityInsights, parse
from tests.features.edge import Screen, buttons, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, BotHarness
from tests.features.listing_asked import BUTTON, spent
from tests.features.listing_asked import rows_of as rows_in
from tests.relay.harness import until

WATCHERS = communities.WATCHERS_ID
OF_ONE = ["community media", "community insights"]


def names(screen: Screen) -> list[str]:
    return [row[0] for row in rows_of(screen.card)]


async def offered(house: BotHarness, typed: str) -> list[str]:
    """The topics that are offered to who types."""
    asked = house.invocation(ADMIN, HERE)
    found = await house.app.dispatcher.suggest(asked, ("community", "popular"), "topic", typed, {})
    return [choice.value for choice in found]


async def test_topics_are_listed_with_narrower_ones_and_offered_from_then_on(house: BotHarness) -> None:
    assert await offered(house, "") == []
    before = await house.credits()
    listed = await house.say("community topics")
    assert listed.card.title == "Topics of communities"
    assert ["Books", "Novels, Poetry, Essays"] in rows_of(listed.card)
    assert await spent(house, before) == len(names(listed)), "a topic costs its narrower ones with it"
    assert await offered(house, "poe") == ["Poetry"]
    assert await spent(house, before) == len(names(listed)), "what is offered while typing is free"


async def test_popular_ones_stand_under_their_topic_and_are_turned(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say("community popular books")
    assert first.card.title == "Popular communities: books" and len(names(first)) == 10
    second = await house.press(first, "Next (up to 10 credits)")
    third = await house.press(second, "Next (up to 10 credits)")
    found = [*names(first), *names(second), *names(third)]
    assert len(set(found)) == 24 and await spent(house, before) == 24
    narrower = [names(await house.say(f"community popular {one}")) for one in ("novels", "poetry", "essays")]
    assert all(narrower) and {name for some in narrower for name in some} <= set(found)


async def test_a_topic_that_x_does_not_have_leads_to_those_it_has(house: BotHarness) -> None:
    before = await house.credits()
    refused = await house.say("community popular nonsense")
    assert refused.outcome is InvocationOutcome.FAILED
    assert "community topics" in words(refused.failure)
    assert await spent(house, before) == 0


async def test_suggested_ones_are_paid_each_and_have_no_second_page(house: BotHarness) -> None:
    before = await house.credits()
    listed = await house.say("community suggested")
    assert names(listed)[0] == "Space watchers" and len(names(listed)) == 10
    assert "X suggests others each time." in words(listed.card)
    assert not any(one.label.startswith("Next") for one in buttons(listed.card))
    assert await spent(house, before) == 10


async def test_members_are_found_by_a_name(house: BotHarness) -> None:
    before = await house.credits()
    listed = await house.say(f"community members {WATCHERS} name:nasa")
    assert listed.card.title == f"Members of community {WATCHERS}: nasa"
    assert names(listed) == ["@nasa"] and "among ten accounts" in words(listed.card)
    assert await spent(house, before) == 1
    nobody = await house.say(f"community members {WATCHERS} name:qqqqq")
    assert f"community members {WATCHERS}" in words(nobody.card)
    assert await spent(house, before) == 1


async def test_media_are_what_is_written_there_with_pictures(house: BotHarness) -> None:
    empty = await house.say(f"community media {communities.TEA_ID}")
    assert "community tweets" in words(empty.card)
    listed = await house.say(f"community media {WATCHERS}")
    quotes = [block for block in listed.card.blocks if isinstance(block, Quote)]
    assert quotes and all("attachment" in words(listed.card) for _ in quotes)


async def test_insights_are_counted_of_what_is_written_there(house: BotHarness) -> None:
    before = await house.credits()
    shown = await house.say(f"community insights {WATCHERS}")
    assert shown.card.title == f"Insights: community {WATCHERS}"
    assert [row[0] for row in rows_of(shown.card)] == [
        "Tweets",
        "Who wrote",
        "Replies",
        "Likes",
        "New members",
    ]
    assert await spent(house, before) == 1
    assert [one.url for one in buttons(shown.card)] == [f"https://x.com/i/communities/{WATCHERS}"]
    tea = rows_of((await house.say(f"community insights {communities.TEA_ID}")).card)
    assert tea[0][1:] == ["0", "0%"]
    demo = house.sandbox.sandbox.people.known("xquik_demo")
    assert demo is not None
    xquik = await house.app.services.xquik.of(HERE)
    quiet = (await xquik.communities.insights(communities.TEA_ID)).metrics
    assert (quiet.posts.count, quiet.new_members.count) == (0, 0)


def test_a_change_that_x_does_not_tell_is_a_dash() -> None:
    told = {"id": "1", "metrics": {"posts": {"count": 3, "changePercent": 12.345}, "likes": {"count": 1}}}
    rows = rows_of(insights_card(parse(CommunityInsights, told), "https://x.com/i/communities/1"))
    assert rows[0][1:] == ["3", "+12.3%"] and rows[3][1:] == ["1", "–"]


async def test_popular_ones_come_as_a_file(house: BotHarness) -> None:
    await house.app.relay.start()
    opened = await house.press(await house.say("community popular books"), BUTTON)
    await house.confirm(await house.submit(opened, format="csv", rows=""))
    await until(lambda: bool(house.wall.files))
    rows = rows_in(house.wall.files[0].content)
    assert len({row["id"] for row in rows}) == 24 and {row["topic"] for row in rows} == {"Books"}


@pytest.mark.parametrize("command", [*OF_ONE, "community members"])
async def test_a_community_that_is_not_there_is_said(house: BotHarness, command: str) -> None:
    before = await house.credits()
    rest = " name:ada" if command == "community members" else ""
    missing = await house.say(f"{command} 999{rest}")
    assert "X has no such community." in words(missing.failure)
    assert "community find" in words(missing.failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize("command", OF_ONE)
async def test_what_is_no_community_is_named_before_anything_is_asked(
    house: BotHarness, command: str
) -> None:
    refused = await house.say(f"{command} https://x.com/nasa/status/12345")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a link to a community" in words(refused.failure)


@pytest.mark.parametrize(
    "line",
    [
        *(f"{command} {WATCHERS}" for command in OF_ONE),
        *("community popular books", "community suggested", "community topics"),
        f"community members {WATCHERS} name:nasa",
    ],
)
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED
    assert "credits" in words(screen.failure)


async def test_words_of_strangers_stay_in_cells(house: BotHarness) -> None:
    listed = await house.say("community popular other")
    assert names(listed) == ["@everyone **join** <!channel>"]
    assert "everyone" not in listed.card.title
