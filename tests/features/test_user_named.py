"""Who is alike and who belongs to an account, what it puts forward, and its articles and lists."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.world.articles import ARTICLES, COMET_ID
from bot.sandbox.world.lists import PRIVATE_ID
from tests.features.edge import Screen, buttons, rows_of, words
from tests.features.harness import HERE, BotHarness, asks
from tests.features.listing_asked import BUTTON, spent
from tests.features.listing_asked import rows_of as rows_of_file
from tests.relay.harness import until

EVERY = ["user similar", "user affiliates", "user highlights", "article list", "list owned"]
EVERY += ["list memberships"]


def names(screen: Screen) -> list[str]:
    return [row[0] for row in rows_of(screen.card)]


def quotes(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def next_of(house: BotHarness, page: Screen) -> Screen:
    label = next(one.label for one in buttons(page.card) if one.label.startswith("Next"))
    return await house.press(page, label)


async def test_similar_accounts_are_others_of_its_sort_and_each_is_paid(house: BotHarness) -> None:
    before = await house.credits()
    listed = await house.say("user similar @nasa")
    assert listed.card.title == "Similar to @nasa"
    assert "@esa" in names(listed) and "@nasa" not in names(listed)
    assert await spent(house, before) == len(names(listed))


async def test_similar_accounts_of_the_crowd_are_turned(house: BotHarness) -> None:
    someone = house.sandbox.sandbox.people.crowd[3].username
    first = await house.say(f"user similar @{someone}")
    second = await next_of(house, first)
    assert len({*names(first), *names(second)}) == 40 and f"@{someone}" not in names(first)


async def test_affiliates_follow_the_organization_that_names_them(house: BotHarness) -> None:
    listed = await house.say("user affiliates @github")
    assert listed.card.title == "Affiliates of @github" and len(names(listed)) == 20
    people = house.sandbox.sandbox.people
    github = people.known("github")
    assert github is not None
    for name in names(listed):
        one = people.known(name)
        assert one is not None and people.follows(one, github)


async def test_highlights_are_its_own_tweets_that_are_liked_most(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say("user highlights @nasa")
    assert first.card.title == "Highlights of @nasa" and len(quotes(first)) == 5
    assert all(quote.author == "NASA (@nasa)" for quote in quotes(first))
    assert await spent(house, before) == 5
    xquik = await house.app.services.xquik.of(HERE)
    page = await xquik.users.highlights("nasa")
    likes = [one.like_count for one in page.items]
    assert likes == sorted(likes, reverse=True)
    assert quotes(await next_of(house, first))[0].url == page.items[5].url


async def test_articles_are_listed_with_how_each_is_read(house: BotHarness) -> None:
    before = await house.credits()
    listed = await house.say("article list @esa")
    (about,) = quotes(listed)
    comet = ARTICLES[COMET_ID]
    assert (about.author, about.text) == (comet.title, comet.preview)
    assert about.author_url == f"https://x.com/esa/status/{COMET_ID}"
    assert f"article show {COMET_ID}" in words(listed.card)
    assert await spent(house, before) == 1, "the text itself is not read"
    shown = await house.say(f"article show {COMET_ID}")
    assert shown.outcome is InvocationOutcome.OK and comet.title in words(shown.card)


async def test_lists_are_those_that_an_account_made_or_is_on(house: BotHarness) -> None:
    owned = await house.say("list owned @xquik")
    assert owned.card.title == "Lists of @xquik"
    assert names(owned) == ["Tools we use", "Giveaway regulars"]
    nasa = await house.say("list owned @nasa")
    assert names(nasa) == ["Space agencies"], "a private list is nobody's"
    on = await house.say("list memberships @esa")
    assert on.card.title == "Lists with @esa" and "Space agencies" in names(on)
    assert PRIVATE_ID not in words(on.card) and len({*names(on), *names(await next_of(house, on))}) > 10


async def test_the_lists_of_a_private_account_are_not_told(house: BotHarness) -> None:
    people = house.sandbox.sandbox.people
    luna = people.known("cafe_luna")
    assert luna is not None
    people.change(luna, protected=True)
    before = await house.credits()
    for line in ("list owned @cafe_luna", "list memberships @cafe_luna"):
        refused = await house.say(line)
        assert "is private: X tells nobody of its lists." in words(refused.failure)
        assert "list search" in words(refused.failure)
    assert await spent(house, before) == 0


async def file_of(house: BotHarness, line: str) -> tuple[str, list[dict[str, str]]]:
    """The name and the rows of all of a list as a file, however many there are."""
    await house.app.relay.start()
    opened = await house.press(await house.say(line), BUTTON)
    shown = await house.submit(opened, format="csv", rows="")
    assert asks(shown.card), "nobody knows beforehand how many there are"
    await house.confirm(shown)
    await until(lambda: bool(house.wall.files))
    (file,) = house.wall.files
    return file.name, rows_of_file(file.content)


async def test_memberships_come_as_a_file(house: BotHarness) -> None:
    name, rows = await file_of(house, "list memberships @nasa")
    xquik = await house.app.services.xquik.of(HERE)
    expected = [one.id for one in (await xquik.users.memberships("nasa")).items]
    assert name == "lists-with-nasa.csv" and [row["id"] for row in rows] == expected


async def test_articles_come_as_a_file(house: BotHarness) -> None:
    _, (row,) = await file_of(house, "article list @esa")
    assert (row["tweet_id"], row["title"]) == (COMET_ID, "How to read a comet")


@pytest.mark.parametrize("command", EVERY)
async def test_who_is_not_there_is_said(house: BotHarness, command: str) -> None:
    before = await house.credits()
    missing = await house.say(f"{command} @missing_one")
    assert missing.outcome is InvocationOutcome.FAILED
    assert "X has no such user." in words(missing.failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("user affiliates @cafe_luna", "names no affiliates"),
        ("user highlights @cafe_luna", "highlights nothing"),
        ("article list @nasa", "has no articles"),
        ("list owned @github", "has no public lists"),
        ("list memberships @wikipedia", "is on no public list"),
    ],
)
async def test_nothing_is_said_with_what_to_do_next(house: BotHarness, line: str, said: str) -> None:
    before = await house.credits()
    empty = await house.say(line)
    assert empty.outcome is InvocationOutcome.OK
    assert said in words(empty.card) and "`" not in empty.card.title
    assert await spent(house, before) == 0


@pytest.mark.parametrize("command", EVERY)
async def test_without_credits_nothing_is_read(house: BotHarness, command: str) -> None:
    await house.control("credits", body={"balance": 0})
    refused = await house.say(f"{command} @esa")
    assert refused.outcome is InvocationOutcome.FAILED and "credits" in words(refused.failure)


@pytest.mark.parametrize("command", EVERY)
async def test_a_name_that_cannot_be_one_is_refused_before_anything_is_asked(
    house: BotHarness, command: str
) -> None:
    before = await house.state()
    refused = await house.say(f'{command} "not a name"')
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert (await house.state())["requests"] == before["requests"]
