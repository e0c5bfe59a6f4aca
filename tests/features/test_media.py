"""`media get`: galleries, what was asked for against what came, and a manifest row a request."""

from __future__ import annotations

from bot.core.chat.cards import Card, Gallery, Link, Table, Text
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import HERE, BotHarness

ONE = "1893500000000000001"
FOUR = "1893500000000000004"
WORDS_ONLY = "1893500000000000006"


def ids(count: int) -> str:
    """As many tweet ids, the first dozen of which the sandbox knows."""
    return " ".join(str((1893500000000000001 if n < 12 else 1800000000000000000) + n) for n in range(count))


async def test_one_tweet_gives_a_gallery_and_costs_a_credit_once(house: BotHarness) -> None:
    first = await house.say(f"media get https://x.com/nasa/status/{ONE}")
    assert field_of(first.card, "Cost") == "1 credit; 1 credit to show it"
    [link] = buttons(first.card)
    assert link.url is not None
    second = await house.say(f"media get {ONE}")
    assert "free" in field_of(second.card, "Cost")
    assert await house.credits() == 25_000 - 1 - 2, "saved once, looked at twice"
    rows = await house.app.services.manifest.recent(HERE, 5)
    assert [(row.requested, row.state, row.successful_tweets) for row in rows] == [((ONE,), "done", 1)] * 2


VIDEO = "1893500000000000005"


def pictures_of(card: Card | None) -> list[list[str]]:
    assert card is not None
    return [[one.alt for one in block.items] for block in card.blocks if isinstance(block, Gallery)]


async def test_what_was_saved_is_shown(house: BotHarness) -> None:
    one = await house.say(f"media get {FOUR}")
    assert [len(pictures) for pictures in pictures_of(one.card)] == [4]
    many = await house.say(f"media get {ONE} {VIDEO} {WORDS_ONLY}")
    (photo,), (still,) = pictures_of(many.card)
    assert photo.startswith("A drawn landscape") and still == "Still of a video: A launch at dawn"
    [plays] = [
        part
        for block in many.card.blocks
        if isinstance(block, Text)
        for part in block.line
        if isinstance(part, Link)
    ]
    assert plays.url == f"https://x.com/spacex/status/{VIDEO}"


async def test_more_tweets_than_a_message_shows_cost_no_look(house: BotHarness) -> None:
    screen = await house.say(f"media get {ids(5)}")
    assert not pictures_of(screen.card)
    assert await house.requests("/x/tweets") == 0


async def test_what_cannot_be_looked_up_is_saved_all_the_same(house: BotHarness) -> None:
    await house.fault(path="/x/tweets", status=402, code="insufficient_credits")
    screen = await house.say(f"media get {ONE}")
    assert field_of(screen.card, "Cost") == "1 credit" and buttons(screen.card)[0].url
    assert not pictures_of(screen.card)


async def test_many_tweets_are_one_request_and_the_missing_are_counted(house: BotHarness) -> None:
    screen = await house.say(f"media get {ONE} {FOUR}, {WORDS_ONLY} 1893999999999999999")
    assert field_of(screen.card, "Requested") == "4 tweets"
    assert field_of(screen.card, "Successful") == "2 tweets"
    assert "Nothing was saved for 2 tweets" in words(screen.card)
    [row] = await house.app.services.manifest.recent(HERE, 5)
    assert (len(row.requested), row.successful_tweets) == (4, 2)


async def test_the_same_tweet_twice_is_asked_for_once(house: BotHarness) -> None:
    await house.say(f"media get {ONE} https://twitter.com/nasa/status/{ONE}?s=20")
    [row] = await house.app.services.manifest.recent(HERE, 5)
    assert row.requested == (ONE,)


async def test_more_than_50_are_split_and_every_request_has_a_row(house: BotHarness) -> None:
    ids = [str(1893500000000000001 + n) for n in range(12)] + [
        str(1800000000000000000 + n) for n in range(93)
    ]
    screen = await house.press(await house.say("media get " + " ".join(ids)), "Confirm")
    assert screen.outcome is InvocationOutcome.OK
    assert "progress" in screen.names
    assert field_of(screen.card, "Requested") == "105 tweets"
    assert [row[:2] for row in rows_of(screen.card)] == [["1", "50"], ["2", "50"], ["3", "5"]]
    rows = await house.app.services.manifest.recent(HERE, 5)
    assert sorted(len(row.requested) for row in rows) == [5, 50, 50]


async def test_when_a_later_request_fails_what_was_saved_is_shown(house: BotHarness) -> None:
    await house.fault(path="/x/media/download", status=402, code="insufficient_credits", after=1)
    ids = [str(1893500000000000001 + n) for n in range(12)] + [
        str(1800000000000000000 + n) for n in range(100)
    ]
    screen = await house.press(await house.say("media get " + " ".join(ids)), "Confirm")
    assert screen.outcome is InvocationOutcome.OK
    assert "A request failed" in words(screen.card)
    assert "12 tweets were not tried" in words(screen.card)
    states = sorted(row.state for row in await house.app.services.manifest.recent(HERE, 5))
    assert states == ["done", "failed"], "the third was never tried"


async def test_too_many_tweets_are_refused_before_anything_is_spent(house: BotHarness) -> None:
    screen = await house.say(f"media get {ids(501)}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "at most 500" in words(screen.failure)
    assert await house.requests("/x/media/download") == 0


async def test_a_tweet_without_media_says_so(house: BotHarness) -> None:
    screen = await house.say(f"media get {WORDS_ONLY}")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "media" in words(screen.failure).lower()


async def test_the_list_shows_every_request_and_how_it_ended(house: BotHarness) -> None:
    empty = await house.say("media list")
    assert "media get" in words(empty.card)
    await house.say(f"media get {ONE}")
    await house.say(f"media get {WORDS_ONLY}")
    card = (await house.say("media list")).card
    assert isinstance(card.blocks[0], Table)
    assert [row[2] for row in rows_of(card)] == ["failed", "1"]
