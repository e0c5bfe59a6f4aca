"""Communities on X: shown, their people and tweets read page by page, found by words."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.community.lists import MEMBERS, MODERATORS
from bot.sandbox.world import communities
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import ELSEWHERE, BotHarness
from tests.features.listing_asked import ended
from tests.features.listing_asked import rows_of as rows_in
from tests.relay.harness import until

WATCHERS = f"https://x.com/i/communities/{communities.WATCHERS_ID}"
OF_ONE = ["community show", "community members", "community moderators", "community tweets"]


async def test_a_community_is_shown_with_its_figures_and_rules(house: BotHarness) -> None:
    card = (await house.say(f"community {WATCHERS}")).card
    assert card.title == f"Community {communities.WATCHERS_ID}"
    about, rules = (block for block in card.blocks if isinstance(block, Quote))
    assert (about.author, about.text) == ("Space watchers", "For everybody who looks up.")
    assert rules.text == "1. Be kind.\n2. Keep posts on topic."
    assert (field_of(card, "Moderators"), field_of(card, "Topic")) == ("2", "Science")
    assert (field_of(card, "Joining"), field_of(card, "Creator")) == ("open to everyone", "@nasa")
    assert [one.url for one in buttons(card)] == [WATCHERS]
    assert await house.credits() == 24_999


async def test_words_of_strangers_are_quoted_and_nothing_else(house: BotHarness) -> None:
    card = (await house.say(f"community show {communities.HOSTILE_ID}")).card
    about, rules = (block for block in card.blocks if isinstance(block, Quote))
    assert about.author == "@everyone **join** <!channel>"
    assert "<script>" in rules.text
    assert "everyone" not in card.title
    assert "Marked as sensitive" in words(card)


async def test_members_are_turned_and_all_of_them_come_as_a_file(house: BotHarness) -> None:
    await house.app.relay.start()
    count = field_of((await house.say(f"community {WATCHERS}")).card, "Members")
    page = first = await house.say(f"community members {WATCHERS}")
    names = [row[0] for row in rows_of(page.card)]
    while any(one.label.startswith("Next") for one in buttons(page.card)):
        page = await house.press(page, "Next (up to 20 credits)")
        names += [row[0] for row in rows_of(page.card)]
    assert len(names) == len(set(names)) == int(count) > 100
    opened = await house.press(first, "All as a file…")
    await ended(house, await house.submit(opened, format="csv", rows="80"))
    await until(lambda: bool(house.wall.files))
    assert len(rows_in(house.wall.files[0].content)) == 80


async def test_moderators_are_listed_and_counted(house: BotHarness) -> None:
    card = (await house.say(f"community moderators {WATCHERS}")).card
    assert [row[0] for row in rows_of(card)] == ["@nasa", "@esa"]
    assert await house.credits() == 25_000 - 2


async def test_what_a_page_of_moderators_costs_is_not_promised(house: BotHarness) -> None:
    """Nobody can say how long X makes it."""
    await house.done("setup spending 5")
    asked = await house.say(f"community moderators {WATCHERS}")
    assert asked.card.title == "Spend about 20 credits?"
    assert (await house.say(f"community members {WATCHERS}")).card.title == "Spend up to 20 credits?"
    assert MODERATORS.guessed and not MEMBERS.guessed
    assert MODERATORS.price(3) == 3


async def test_tweets_come_newest_first_or_as_x_ranks_them(house: BotHarness) -> None:
    latest = await house.say(f"community tweets {WATCHERS}")
    top = await house.say(f"community tweets {WATCHERS} order:top")
    for screen in (latest, top):
        shown = [block for block in screen.card.blocks if isinstance(block, Quote)]
        assert len(shown) == 5
        assert all("#notes" in block.text for block in shown)
    assert latest.card.blocks != top.card.blocks
    turned = await house.press(top, "Next (up to 5 credits)")
    assert turned.card.blocks != top.card.blocks


async def test_one_community_is_searched_or_all(house: BotHarness) -> None:
    everywhere = await house.say("community search notes")
    assert everywhere.card.title == "Tweets of communities: notes"
    here = await house.say(f"community search notes community:{communities.OPEN_SOURCE_ID}")
    authors = {block.author for block in here.card.blocks if isinstance(block, Quote)}
    assert authors <= {"GitHub (@github)", "Python (@python)"}
    state = (await house.state())["operations"]
    assert (state["GET /x/communities/tweets"], state["GET /x/communities/search"]) == (1, 1)


async def test_communities_are_found_by_words_and_turned(house: BotHarness) -> None:
    first = await house.say("community find book")
    second = await house.press(first, "Next (up to 10 credits)")
    rows = rows_of(first.card) + rows_of(second.card)
    assert len({tuple(row) for row in rows}) == 20
    found = rows_of((await house.say("community find space watchers")).card)
    assert [row[:2] for row in found] == [["Space watchers", "Science"]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"community tweets {communities.TEA_ID}", "Nothing is written there yet."),
        ("community search qqqqqqq", "Nothing is found."),
        ("community find qqqqqqq", "X finds no community by these words."),
    ],
)
async def test_nothing_is_said_with_what_to_do_next(house: BotHarness, line: str, said: str) -> None:
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.OK
    assert said in words(screen.card)
    assert await house.credits() == 25_000


@pytest.mark.parametrize("command", OF_ONE)
async def test_what_there_is_not_is_named_with_how_to_find_it(house: BotHarness, command: str) -> None:
    screen = await house.say(f"{command} 999")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "X has no such community" in words(screen.failure)
    assert "community find" in words(screen.failure)
    assert await house.credits() == 25_000


@pytest.mark.parametrize("command", [*OF_ONE, "community search notes community:"])
async def test_what_is_no_community_is_named_before_anything_is_asked(
    house: BotHarness, command: str
) -> None:
    link = "https://x.com/nasa/status/12345"
    screen = await house.say(command + link if command.endswith(":") else f"{command} {link}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a link to a community" in words(screen.failure)


@pytest.mark.parametrize(
    "line",
    [*(f"{one} {communities.WATCHERS_ID}" for one in OF_ONE), "community search a", "community find a"],
)
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED
    assert "credits" in words(screen.failure)
