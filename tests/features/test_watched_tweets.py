"""`monitor post|edit|metrics`: single tweets that are watched, what they report, and their figures."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.events import ALL_TYPES, POST_TYPES
from bot.features.known import FRESH
from bot.proposals.cards import CONFIRM
from bot.relay.receiving.delivery_body import read_body
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, TWEET, BotHarness
from tests.features.listing_asked import BUTTON
from tests.features.listing_asked import rows_of as listed
from tests.features.test_pickers import typed
from tests.relay.harness import until

ID = TWEET.rsplit("/", 1)[1]


async def happens(house: BotHarness, kind: str, **what: Any) -> str:
    """The id of what happens to the tweet now."""
    return str((await house.control("emit", body={"post": ID, "type": kind, **what}))["id"])


async def test_a_tweet_is_watched_from_confirm_to_remove(house: BotHarness) -> None:
    proposed = await house.say(f"monitor post {TWEET} name:launch")
    assert "Watch this tweet?" in words(proposed.card) and "30 credits an hour" in words(proposed.card)
    assert f"monitor pause {ID}" in words(proposed.card)
    assert rows_of((await house.say("monitor list")).card) == []
    started = await house.confirm(proposed)
    assert started.title == "Watching a tweet" and field_of(started, "Name") == "launch"
    assert (
        "tweet by @xquik" in words(started)
        and "New reply to a watched tweet" in words(started)
        and "post." not in words(started)
    )
    assert f"relay add channel:#alerts tweet:https://x.com/xquik/status/{ID}" in words(started)
    [row] = rows_of((await house.say("monitor list")).card)
    assert row[1:3] == ["tweet by @xquik · launch", "on"]
    for named in (ID, TWEET, "launch"):
        assert field_of((await house.say(f"monitor pause {named}")).card, "State") == "paused"
        assert field_of((await house.done(f"monitor resume {named}")).card, "State") == "on"
    removed = await house.say(f"monitor remove {TWEET}")
    assert removed.card.title == "Monitor removed" and f"monitor post {ID}" in words(removed.card)
    assert rows_of((await house.say("monitor list")).card) == []


async def test_one_that_is_watched_gains_types_and_costs_nothing_more(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} events:post.reply.new")
    again = await house.say(f"monitor post {ID} events:post.edited")
    assert again.card.title == "Already watching this tweet"
    assert field_of(again.card, "Events") == "Watched tweet edited, New reply to a watched tweet"
    await house.say(f"monitor pause {ID}")
    resumed = await house.done(f"monitor post {TWEET} events:post.deleted")
    assert field_of(resumed.card, "Events") == (
        "Watched tweet deleted, Watched tweet edited, New reply to a watched tweet"
    )
    assert field_of(resumed.card, "State") == "on"


async def test_a_paused_one_that_is_resumed_is_called_as_it_is_named_then(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} name:launch")
    await house.say(f"monitor pause {ID}")
    assert field_of((await house.done(f"monitor post {TWEET} name:landing")).card, "Name") == "landing"
    await house.say(f"monitor pause {ID}")
    assert field_of((await house.done(f"monitor post {TWEET}")).card, "Name") == "landing"


async def test_a_tweet_that_is_not_on_x_and_one_without_credits(house: BotHarness) -> None:
    missing = await house.done("monitor post 1893999999999999999")
    assert missing.card.title == "Not watched" and "Nothing was charged." in words(missing.card)
    await house.control("credits", body={"balance": 0})
    poor = await house.say(f"monitor post {TWEET}")
    assert "do not cover an hour" in words(poor.card)
    assert (await house.confirm(poor)).title == "Not watched"
    wrong = await house.say("monitor post nonsense")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD


async def test_types_of_accounts_are_not_those_of_a_tweet(house: BotHarness) -> None:
    for line in (f"monitor post {TWEET} events:tweet.new", "monitor add nasa events:post.edited"):
        assert (await house.say(line)).outcome is InvocationOutcome.NOT_UNDERSTOOD
    offered = {one.value for one in await typed(house, "monitor post events")}
    assert offered == set(POST_TYPES)
    assert set(POST_TYPES) < {one.value for one in await typed(house, "relay add events")}
    assert not set(POST_TYPES) & {one.value for one in await typed(house, "monitor add events")}


async def test_what_a_monitor_reports_and_is_called_is_changed(house: BotHarness) -> None:
    await house.done("monitor add nasa events:tweet.new,tweet.quote")
    await house.done("relay add channel:#alerts account:nasa events:tweet.quote")
    edited = (await house.say("monitor edit nasa events:tweet.reply name:space")).card
    assert edited.title == "Monitor changed" and field_of(edited, "Events") == "New reply"
    assert "Routes here take more" in words(edited)
    assert "Deleted tweet, Quote tweet" in words(edited)
    unnamed = (await house.say("monitor edit space unnamed:yes")).card
    assert "space" not in words(unnamed) and field_of(unnamed, "Events") == "New reply"
    await house.done("monitor keyword mars")
    assert field_of((await house.say("monitor edit mars name:planet")).card, "Name") == "planet"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("monitor edit nasa", "Say what is to change"),
        ("monitor edit nasa events:post.edited", "@nasa does not report post.edited"),
        ("monitor edit mars events:profile.bio.changed", "does not report profile.bio.changed"),
        ("monitor edit nasa name:a unnamed:yes", "either name or unnamed"),
        ("monitor metrics nasa", "@nasa has no figures"),
    ],
)
async def test_what_cannot_be_meant_is_said(house: BotHarness, line: str, said: str) -> None:
    await house.done("monitor add nasa")
    await house.done("monitor keyword mars")
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD and said in words(screen.failure)


async def test_what_is_not_watched_is_not_found(house: BotHarness) -> None:
    for line in ("monitor edit esa name:a", f"monitor metrics {ID}", f"monitor pause {TWEET}"):
        failure = (await house.say(line)).failure
        assert failure.title == "Not found" and "monitor list" in words(failure)


async def test_types_that_others_count_on_stay(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} events:post.edited,post.deleted")
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    await house.say(f"monitor post {TWEET}", tenant=ELSEWHERE)
    refused = await house.say(f"monitor edit {ID} events:post.edited")
    assert "1 other server or workspace" in words(refused.failure)
    more = await house.say(f"monitor edit {ID} events:post.edited,post.deleted,post.reply.new")
    assert "New reply to a watched tweet" in field_of(more.card, "Events")


async def test_figures_hour_by_hour_as_table_and_file(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET}")
    await happens(house, "post.likes.changed")
    await house.control("clock", body={"advance": 3_600})
    await happens(house, "post.likes.changed")
    first = await house.say(f"monitor metrics {ID} hours:30")
    rows = rows_of(first.card)
    assert len(rows) == 12 and "(+" in rows[0][2], "the newest hour first, with its gain"
    assert "(+" in field_of(first.card, "Likes")
    given = await house.submit(await house.press(first, BUTTON), format="csv")
    hours = listed(given.reply.files[0].content)
    assert len(hours) == 30
    gained = sum(int(hour["likes_gain"]) for hour in hours)
    assert f"(+{gained})" in field_of(first.card, "Likes")
    assert int(hours[0]["likes"]) - int(hours[-1]["likes"]) == gained
    for wrong in ("0", "721"):
        refused = await house.say(f"monitor metrics {ID} hours:{wrong}")
        assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD


async def test_events_of_a_watched_tweet_are_listed_and_shown(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} name:launch")
    await house.done("monitor add xquik")
    reply = await happens(house, "post.reply.new")
    likes = await happens(house, "post.likes.changed")
    other = str((await house.control("emit", body={"username": "xquik", "type": "tweet.new"}))["id"])
    said = words((await house.say("events recent launch")).card)
    assert reply in said and likes in said and other not in said
    assert "New reply to a watched tweet" in said and "Likes of a watched tweet" in said
    of_type = words((await house.say("events recent type:post.likes.changed")).card)
    assert likes in of_type and reply not in of_type
    shown = (await house.say(f"events show {likes}")).card
    assert field_of(shown, "Monitor").startswith("tweet, ")
    assert int(field_of(shown, "Now").replace(",", "")) > int(field_of(shown, "Before").replace(",", ""))
    assert shown.buttons[0].url == TWEET


async def test_a_paused_one_says_why(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET}")
    await happens(house, "post.deleted")
    [row] = rows_of((await house.say("monitor list")).card)
    assert row[2] == "paused by Xquik: the tweet was deleted"
    again = await house.done(f"monitor resume {ID}")
    assert again.card.title == "Not watched"


async def test_a_route_takes_what_it_names_of_the_author_alone(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET}")
    added = await house.say("relay add channel:#alerts account:xquik events:post.edited,post.reply.new")
    assert added.card.title == "Route added", "nothing else has to be watched, or paid for"
    await house.done("relay add channel:#social account:xquik")
    await house.app.relay.start()
    try:
        for kind in ("post.edited", "post.reply.new", "post.likes.changed"):
            await happens(house, kind)
        await delivered(house, 3)

        async def posted() -> bool:
            return len(house.wall.posted) >= 2

        await until(posted)
    finally:
        await house.app.relay.stop(1.0)
    titles = [card.title for _, card, *_ in house.wall.posted]
    assert len(titles) == 2 and titles[0].startswith("Watched tweet edited: @xquik")
    assert titles[1].startswith("New reply to a watched tweet by @")


async def test_the_offered_route_takes_that_tweet_alone(house: BotHarness) -> None:
    """Two tweets of one author are watched, and a route is to bring what happens to one of them."""
    await house.done('tweet post "Another tweet of mine"')
    [other] = [one.value for one in await typed(house, "tweet delete tweet")]
    started = await house.done(f"monitor post {TWEET}")
    await house.done(f"monitor post {other}")
    offered = f"relay add channel:#alerts tweet:{TWEET}"
    assert offered in words(started.card)
    added = await house.say(offered)
    assert added.card.title == "Route added", "it is watched already"
    shown = words(added.card)
    assert "what happens to watched tweets" in shown and f"is about the watched tweet {ID}" in shown
    await house.app.relay.start()
    try:
        await house.control("emit", body={"post": other.rsplit("/", 1)[1], "type": "post.edited"})
        await happens(house, "post.likes.changed")
        await happens(house, "post.reply.new")
        await delivered(house, 3)

        async def posted() -> bool:
            return len(house.wall.posted) >= 2

        await until(posted)
    finally:
        await house.app.relay.stop(1.0)
    titles = [card.title for _, card, *_ in house.wall.posted]
    assert len(titles) == 2 and titles[0].startswith("Likes of a watched tweet")
    why = await house.say("relay preview alerts")
    assert "2 of the last 3 events would pass" in words(why.card)
    assert words(why.card).count("filter 1 (tweet)") == 1


async def test_a_route_of_a_tweet_that_nobody_watches_asks_to_watch_it(house: BotHarness) -> None:
    proposed = await house.say(f"relay add channel:#alerts tweet:{ID} events:post.views.changed")
    assert "Add this route and watch this tweet?" in words(proposed.card)
    assert field_of(proposed.card, "Events") == "Views of a watched tweet" and "post." not in words(
        proposed.card
    )
    assert (await house.confirm(proposed)).title == "Route added"
    [row] = rows_of((await house.say("monitor list")).card)
    assert row[3] == "Views of a watched tweet"
    more = await house.say("relay edit alerts events:post.views.changed,post.edited")
    assert more.card.title == "Route changed"
    [row] = rows_of((await house.say("monitor list")).card)
    assert row[3] == "Watched tweet edited, Views of a watched tweet", (
        "the monitor reports what the route names"
    )
    wrong = await house.say("relay filter alerts tweet:nonsense")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    unwatched = await house.say("relay filter alerts tweet:1893999999999999999")
    assert "run monitor post 1893999999999999999" in words(unwatched.card).replace("`", "")
    again = words((await house.say("relay show alerts")).card)
    assert "1893999999999999999" in again


@pytest.mark.parametrize("line", ["monitor post events", "relay add events", "monitor add events"])
async def test_types_are_offered_by_what_people_call_them(house: BotHarness, line: str) -> None:
    offered = await typed(house, line)
    assert all(not one.label.startswith(("post.", "tweet.", "profile.")) for one in offered)
    assert all(one.value in one.label for one in offered), "and by the name that is typed"
    if "add" not in line:
        return
    found = [one.value for one in await typed(house, line, "website")]
    assert found == ["profile.url.changed"]


async def test_no_card_calls_a_type_by_its_name(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} events:{','.join(POST_TYPES)}")
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa events:profile.bio.changed,post.likes.changed")
    seen = [
        words((await house.say(line)).card)
        for line in ("monitor list", "relay list", "relay show alerts-nasa")
    ]
    seen.append(words((await house.say("monitor edit nasa events:tweet.new")).card))
    for said in seen:
        bare = "\n".join(one for one in said.splitlines() if "relay add" not in one and "monitor " not in one)
        assert not any(kind in bare for kind in ALL_TYPES), bare


async def delivered(house: BotHarness, number: int) -> None:
    """Fetch what Xquik holds, as catching up does."""
    feed = (await house.app.services.xquik.of(HERE)).events
    for one in reversed((await feed.list(limit=number)).items):
        raw = msgspec.json.encode({**msgspec.to_builtins(one), "streamEventId": one.id})
        body = read_body(raw, house.clock())
        assert body.event is not None
        await house.app.relay.intake.take_event(HERE, body.event, body.data, body.digest, "catchup")


async def test_webhooks_are_asked_to_bring_them(house: BotHarness) -> None:
    assert set(POST_TYPES) < set(ALL_TYPES)
    assert len(ALL_TYPES) == len(set(ALL_TYPES)) == 40


async def test_watched_tweets_are_offered_by_what_they_say(house: BotHarness) -> None:
    await house.done(f"monitor post {TWEET} name:launch")
    house.clock.advance(FRESH + 1)
    assert [one.value for one in await typed(house, "monitor metrics monitor", "laun")] == [ID]


async def test_a_confirm_that_is_repeated_starts_one(house: BotHarness) -> None:
    proposed = await house.say(f"monitor post {TWEET}")
    await house.confirm(proposed)
    [ref] = [one.action for one in buttons(proposed.card) if one.action and one.action.name == CONFIRM]
    await house.press(ref)
    assert len(rows_of((await house.say("monitor list")).card)) == 1
