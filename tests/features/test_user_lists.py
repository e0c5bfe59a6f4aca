"""Lists of what belongs to an account on X: its tweets of several sorts, and the people around it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.world import posts
from tests.features.edge import Screen, buttons, rows_of, words
from tests.features.harness import HERE, MEMBER, TEAM, BotHarness, asks
from tests.features.listing_asked import BUTTON, ended, spent
from tests.features.listing_asked import rows_of as rows_of_file
from tests.relay.harness import until

POSTS = ("replies", "media", "mentions", "likes")
PEOPLE = ("following", "verified", "mutuals")


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


def quotes_of(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def turned(house: BotHarness, page: Screen) -> Screen:
    """The page after this one; its button says what it may cost."""
    label = next(one.label for one in buttons(page.card) if one.label.startswith("Next"))
    return await house.press(page, label)


async def test_replies_are_what_an_account_answers_to_others(house: BotHarness) -> None:
    before = await house.credits()
    listed = await house.say("user replies @cafe_luna")
    assert listed.card.title == "Replies of @cafe_luna"
    assert [quote.text for quote in quotes_of(listed)] == ["@python Congratulations! ☕"]
    assert "In reply to @python" in words(listed.card)
    assert await spent(house, before) == 1
    assert (await house.say("user replies @nasa")).outcome is InvocationOutcome.OK


async def test_media_are_tweets_with_attachments_page_by_page(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say("user media @nasa")
    assert quotes_of(first) and "attachment" in words(first.card)
    assert await spent(house, before) == len(quotes_of(first))


async def test_mentions_are_what_others_write_and_are_turned(house: BotHarness) -> None:
    first = await house.say("user mentions @xquik")
    assert len(quotes_of(first)) == 5
    assert all("@xquik" in quote.text.lower() for quote in quotes_of(first))
    second = await turned(house, first)
    assert second.reply.replace
    assert not {quote.url for quote in quotes_of(first)} & {quote.url for quote in quotes_of(second)}
    back = await house.press(second, next(one.label for one in buttons(second.card) if "Back" in one.label))
    assert back.card.blocks == first.card.blocks


async def test_likes_are_those_of_a_connected_account_for_who_may_see_the_inside(house: BotHarness) -> None:
    nothing = await house.say("user likes @xquik_demo")
    assert "@xquik_demo likes nothing." in words(nothing.card)
    await house.done(f"tweet like {posts.PLAIN_ID}")
    listed = await house.say("user likes @xquik_demo")
    assert [quote.url for quote in quotes_of(listed)] == [f"https://x.com/python/status/{posts.PLAIN_ID}"]
    assert [one.label for one in buttons(listed.card)] == [], "what nobody else sees becomes no file"
    await house.done(f"tweet unlike {posts.PLAIN_ID}")
    assert "likes nothing" in words((await house.say("user likes @xquik_demo")).card)
    for person in (MEMBER, TEAM):
        assert (await house.say("user likes @xquik_demo", person)).outcome is InvocationOutcome.NOT_PERMITTED
    await house.say("policy grant spend,view to:user:ben")
    assert (await house.say("user likes @xquik_demo", MEMBER)).outcome is InvocationOutcome.OK


async def test_the_likes_of_others_are_refused_with_the_way_out(house: BotHarness) -> None:
    before = await house.credits()
    refused = await house.say("user likes @nasa")
    assert "to nobody but itself" in words(refused.failure) and "account show" in words(refused.failure)
    assert await spent(house, before) == 0


async def test_following_agrees_with_the_profile(house: BotHarness) -> None:
    listed = await house.say("user following @nasa")
    assert listed.card.title == "Followed by @nasa" and len(rows_of(listed.card)) == 20
    names = {row[0] for row in rows_of(listed.card)}
    await house.done("user follow @cafe_luna")
    own = await house.say("user following @xquik_demo")
    assert rows_of(own.card)[0][0] == "@cafe_luna", "who was followed last is first"
    second = await turned(house, listed)
    assert not names & {row[0] for row in rows_of(second.card)}


async def test_verified_followers_are_among_the_followers(house: BotHarness) -> None:
    listed = await house.say("user verified @cafe_luna")
    xquik = await house.app.services.xquik.of(HERE)
    found = await xquik.users.verified_followers("cafe_luna", rows=20)
    assert [f"@{one.username}" for one in found.items] == [row[0] for row in rows_of(listed.card)]
    assert all(one.is_verified for one in found.items)


async def test_mutuals_are_followed_by_the_connected_account(house: BotHarness) -> None:
    listed = await house.say("user mutuals @github")
    known = [row[0] for row in rows_of(listed.card)]
    assert known and listed.card.title == "Followers of @github that you follow"
    gone = known[0]
    await house.done(f"user unfollow {gone}")
    assert gone not in [row[0] for row in rows_of((await house.say("user mutuals @github")).card)]


async def test_without_a_connected_account_there_are_no_mutuals_and_no_likes(house: BotHarness) -> None:
    await house.fault(path="*", method="GET", status=424, code="account_required", times=2)
    for line in ("user mutuals @github", "user likes @xquik_demo"):
        assert "Connect one in the Xquik dashboard" in words((await house.say(line)).failure)


async def test_people_are_found_by_words_of_name_and_username(house: BotHarness) -> None:
    before = await house.credits()
    found = await house.say('user search "space agency"')
    assert [row[0] for row in rows_of(found.card)] == ["@esa"]
    assert await spent(house, before) == 1
    assert rows_of((await house.say("user search spacex")).card)[0][0] == "@spacex"
    nobody = await house.say("user search qqqqqq")
    assert "X finds nobody by that." in words(nobody.card)
    many = await house.say("user search a")
    assert len(rows_of(many.card)) == 10
    assert len(rows_of((await turned(house, many)).card)) == 10


@pytest.mark.parametrize("which", [*POSTS[:3], *PEOPLE])
async def test_what_is_not_there_is_said(house: BotHarness, which: str) -> None:
    before = await house.credits()
    missing = await house.say(f"user {which} @missing_one")
    assert missing.outcome is InvocationOutcome.FAILED
    assert "X has no such user." in words(missing.failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize("line", ["replies @hostile_henry", "media @hostile_henry", "mentions @slackhq"])
async def test_an_empty_list_says_what_to_do_next(house: BotHarness, line: str) -> None:
    before = await house.credits()
    empty = words((await house.say(f"user {line}")).card)
    assert "user tweets @" in empty or "monitor add @" in empty
    assert await spent(house, before) == 0


@pytest.mark.parametrize("which", [*POSTS, *PEOPLE, "search"])
async def test_without_credits_nothing_is_read(house: BotHarness, which: str) -> None:
    await house.control("credits", body={"balance": 0})
    about = "xquik_demo" if which == "likes" else "nasa"
    refused = await house.say(f"user {which} {about}")
    assert refused.outcome is InvocationOutcome.FAILED and "credits" in words(refused.failure)


@pytest.mark.parametrize("which", [*POSTS, *PEOPLE])
async def test_a_name_that_cannot_be_one_is_refused_before_anything_is_asked(
    house: BotHarness, which: str
) -> None:
    before = await house.state()
    refused = await house.say(f'user {which} "not a name"')
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert (await house.state())["requests"] == before["requests"]


async def test_whom_an_account_follows_comes_as_a_file(sending: BotHarness) -> None:
    listed = await sending.say("user following @nasa")
    expected = (await (await sending.app.services.xquik.of(HERE)).users.show("nasa")).following
    opened = await sending.press(listed, BUTTON)
    shown = await sending.submit(opened, format="csv", rows="")
    if asks(shown.card):
        await sending.confirm(shown)
    else:
        await ended(sending, shown)
    await until(lambda: bool(sending.wall.files))
    (file,) = sending.wall.files
    rows = rows_of_file(file.content)
    assert file.name == "followed-by-nasa.csv"
    assert len(rows) == len({row["id"] for row in rows}) == expected


async def test_mentions_come_as_a_file(sending: BotHarness) -> None:
    listed = await sending.say("user mentions @xquik")
    opened = await sending.press(listed, BUTTON)
    shown = await sending.submit(opened, format="csv", rows="12")
    if asks(shown.card):
        await sending.confirm(shown)
    else:
        await ended(sending, shown)
    await until(lambda: bool(sending.wall.files))
    rows = rows_of_file(sending.wall.files[0].content)
    assert len(rows) == 12 and all("@xquik" in row["text"].lower() for row in rows)
