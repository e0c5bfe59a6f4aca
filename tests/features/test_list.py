"""Lists of accounts on X: shown, read page by page and as a file, found by words."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.world import lists
from tests.features.edge import buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ELSEWHERE, BotHarness
from tests.features.listing_asked import ended
from tests.features.listing_asked import rows_of as rows_in
from tests.relay.harness import until

NEXT = "Next (up to 20 credits)"
FIVE = "Next (up to 5 credits)"
TEN = "Next (up to 10 credits)"
AGENCIES = f"https://x.com/i/lists/{lists.AGENCIES_ID}"
EVERY = ["list show", "list tweets", "list members", "list followers"]


async def test_a_list_is_shown_with_its_figures_for_one_credit(house: BotHarness) -> None:
    card = (await house.say(f"list {AGENCIES}")).card
    assert card.title == f"List {lists.AGENCIES_ID}"
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert (about.author, about.text) == ("Space agencies", "Who flies there, and when.")
    assert (field_of(card, "Members"), field_of(card, "Owner")) == ("3", "@nasa")
    assert [one.url for one in buttons(card)] == [AGENCIES]
    assert await house.credits() == 24_999


async def test_words_of_strangers_are_quoted_and_nothing_else(house: BotHarness) -> None:
    card = (await house.say(f"list show {lists.HOSTILE_ID}")).card
    (about,) = (block for block in card.blocks if isinstance(block, Quote))
    assert about.author == "@everyone **free** <!channel>"
    assert about.text == "[Bank](https://evil.example) & more"
    assert "everyone" not in card.title


async def test_members_are_turned_and_all_of_them_come_as_a_file(house: BotHarness) -> None:
    await house.app.relay.start()
    first = await house.say(f"list members {lists.REGULARS_ID}")
    second = await house.press(first, NEXT)
    third = await house.press(second, NEXT)
    names = [row[0] for page in (first, second, third) for row in rows_of(page.card)]
    assert len(names) == len(set(names)) == 60
    assert await house.credits() == 25_000 - 60
    opened = await house.press(first, "All as a file…")
    await ended(house, await house.submit(opened, format="csv", rows=""))
    await until(lambda: bool(house.wall.files))
    assert len(rows_in(house.wall.files[0].content)) == 60


async def test_figures_are_those_of_the_lists_behind_them(house: BotHarness) -> None:
    card = (await house.say(f"list show {lists.AGENCIES_ID}")).card
    seen, page = 0, await house.say(f"list followers {lists.AGENCIES_ID}")
    seen += len(rows_of(page.card))
    while any(one.label == NEXT for one in buttons(page.card)):
        page = await house.press(page, NEXT)
        seen += len(rows_of(page.card))
    assert field_of(card, "Followers") == str(seen)
    members = (await house.say(f"list members {lists.AGENCIES_ID}")).card
    assert [row[0] for row in rows_of(members)] == ["@nasa", "@esa", "@spacex"]


async def test_tweets_of_a_list_are_those_of_its_members(house: BotHarness) -> None:
    first = await house.say(f"list tweets {AGENCIES}")
    authors = {block.author for block in first.card.blocks if isinstance(block, Quote)}
    assert authors <= {"NASA (@nasa)", "European Space Agency (@esa)", "SpaceX (@spacex)"}
    assert first.card.blocks != (await house.press(first, FIVE)).card.blocks
    assert await house.credits() == 25_000 - 10


async def test_lists_are_found_by_words_and_turned(house: BotHarness) -> None:
    first = await house.say("list search reads")
    assert first.card.title == "Lists: reads"
    rows = rows_of(first.card) + rows_of((await house.press(first, TEN)).card)
    assert len({tuple(row) for row in rows}) == 20
    found = rows_of((await house.say("list search space agencies")).card)
    assert [row[:3] for row in found] == [["Space agencies", "@nasa", "3"]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"list members {lists.EMPTY_ID}", "Nobody is on this list."),
        (f"list followers {lists.EMPTY_ID}", "Nobody follows this list."),
        (f"list tweets {lists.EMPTY_ID}", "no tweets that can be read"),
        ("list search qqqqqqq", "X finds no list by these words."),
    ],
)
async def test_nothing_is_said_with_what_to_do_next(house: BotHarness, line: str, said: str) -> None:
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.OK
    assert said in words(screen.card)
    assert await house.credits() == 25_000


@pytest.mark.parametrize("command", EVERY)
@pytest.mark.parametrize("identity", [lists.PRIVATE_ID, "999"])
async def test_a_private_list_is_not_told_from_none(house: BotHarness, command: str, identity: str) -> None:
    screen = await house.say(f"{command} {identity}")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "X has no such list" in words(screen.failure)
    assert await house.credits() == 25_000


@pytest.mark.parametrize("command", EVERY)
async def test_what_is_no_list_is_named_before_anything_is_asked(house: BotHarness, command: str) -> None:
    screen = await house.say(f"{command} https://x.com/nasa/status/12345")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a link to a list" in words(screen.failure)
    assert not any(name.startswith("GET /x/lists") for name in (await house.state())["requests"])


@pytest.mark.parametrize("line", [*(f"{command} {lists.AGENCIES_ID}" for command in EVERY), "list search a"])
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED
    assert "credits" in words(screen.failure)


async def test_a_page_that_went_wrong_offers_to_begin_again(house: BotHarness) -> None:
    first = await house.say(f"list members {lists.REGULARS_ID}")
    await house.fault(
        path=f"/x/lists/{lists.REGULARS_ID}/members", method="GET", status=410, code="expired", times=1
    )
    over = await house.press(first, NEXT)
    again = await house.press(ref_of(over.failure, "First page"))
    assert again.card.blocks == first.card.blocks
