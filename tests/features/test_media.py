"""`media get`: galleries, what was asked for against what came, and a manifest row a request."""

from __future__ import annotations

import json

from bot.core.chat.cards import Card, Gallery, Link, Table, Text
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, BotHarness
from tests.features.listing_asked import BUTTON
from tests.features.listing_asked import rows_of as listed_rows

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
    assert "Charged: up to 8 credits." in words(screen.card) and "Cost:" not in words(screen.card)
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
    await house.say(f"media get {ONE}")
    await house.say(f"media get {ONE} {FOUR} {WORDS_ONLY}")
    card = (await house.say("media list")).card
    assert [row[2] for row in rows_of(card)] == ["2 (5 files)", "1, free: it was saved before", "failed", "1"]
    (table,) = (block for block in card.blocks if isinstance(block, Table))
    links = [part.url for row in table.rows for part in row[1] if isinstance(part, Link)]
    assert links == [f"https://x.com/i/status/{one}" for one in (ONE, WORDS_ONLY, ONE)]
    assert rows_of((await house.say("media list", tenant=ELSEWHERE)).card) == []


async def test_the_list_is_turned_page_by_page_without_a_row_twice(house: BotHarness) -> None:
    manifest = house.app.services.manifest
    keys = [await manifest.begin(HERE, "ada", [str(10**18 + number)]) for number in range(23)]
    first = await house.say("media list")
    assert "1–10 of 23" in words(first.card) and [b.label for b in buttons(first.card)][-1] == BUTTON
    second = await house.press(first, "Next")
    await manifest.begin(HERE, "ada", ["7"])  # one that comes meanwhile moves no other
    third = await house.press(second, "Next")
    shown = [row for screen in (first, second, third) for row in rows_of(screen.card)]
    assert len(shown) == len(keys) == 23 and len(rows_of(third.card)) == 3
    assert "Next" not in [button.label for button in buttons(third.card)]
    refused = await house.press(first, "Next", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED


async def test_the_manifest_is_a_file_with_the_fields_of_xquiks_documents(house: BotHarness) -> None:
    """One object a request, in JSON Lines, with what is known of such a request and nothing else."""
    await house.say(f"media get {ONE} {FOUR} {WORDS_ONLY}")
    await house.say(f"media get {ONE}")
    await house.say(f"media get {WORDS_ONLY}")
    unknown = await house.app.services.manifest.begin(HERE, "ada", ["1", "2"])
    await house.app.services.manifest.unknown(unknown, "answer_lost")
    before = await house.credits()
    listed = await house.say("media list")
    made = await house.submit(await house.press(listed, BUTTON), format="jsonl")
    (file,) = made.reply.files
    assert file.name == "saved-media.jsonl" and await house.credits() == before
    lost, failed, single, bulk = (json.loads(line) for line in file.content.decode().splitlines())
    moments = {"requested_at", "settled_at"}
    assert {*single} == {"requested_tweet_id", "tweet_id", "cache_hit", "gallery_url", "state", *moments}
    assert single["requested_tweet_id"] == single["tweet_id"] == ONE and single["cache_hit"] is True
    counts = {"successful_tweet_count", "media_item_count"}
    assert {*bulk} == {"requested_tweet_ids", *counts, "gallery_url", "state", *moments}
    assert bulk["requested_tweet_ids"] == [ONE, FOUR, WORDS_ONLY]
    assert (bulk["successful_tweet_count"], bulk["media_item_count"]) == (2, 5)
    assert bulk["gallery_url"].startswith(house.sandbox.base_url.partition("/api")[0])
    assert failed["state"] == "failed" and failed["requested_tweet_id"] == WORDS_ONLY and failed["error"]
    assert lost["requested_tweet_ids"] == ["1", "2"] and lost["state"] == "unknown"
    csv = await house.submit(await house.press(listed, BUTTON), format="csv")
    rows = listed_rows(csv.reply.files[0].content)
    assert rows[-1]["requested_tweet_ids"] == f"{ONE} {FOUR} {WORDS_ONLY}"
    assert rows[-1]["requested_tweet_id"] == "" and rows[-2]["requested_tweet_id"] == ONE
