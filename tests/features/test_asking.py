"""Asking the relay: why something did or did not arrive, how it does, and sending once more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.core.chat.delivery_results import Refused
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.events import IncomingEvent
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route
from bot.core.routes.schedule import Schedule
from bot.storage.intake.watermarks import refuse
from bot.storage.relay.held import LEFT_OUT
from bot.storage.tables import held
from tests.features.edge import field_of, words
from tests.features.harness import HERE, MEMBER, TEAM, BotHarness
from tests.relay.harness import until

TWEET = "1893456789012345678"


@pytest.fixture
async def relaying(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose relay runs, with a route for @nasa into #alerts."""
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.app.relay.start()
    yield house
    await house.app.relay.stop(1.0)


async def arrive(
    house: BotHarness,
    number: int,
    *,
    username: str = "nasa",
    tweet: str = "",
    kind: str = "tweet.new",
    drained: bool = True,
    **data: object,
) -> None:
    """An event comes, and is routed and sent as far as it goes."""
    now = house.clock()
    content = {"id": tweet or f"18934567890{number:08}", "text": f"Tweet {number}", **data}
    event = IncomingEvent(kind, username, None, now - 3, content, f"e:{number}")
    text = json.dumps(content)
    await house.app.relay.intake.take_event(HERE, event, text, b"1" * 32, "stream")
    relay = house.app.relay

    async def done() -> bool:
        routed = await relay.router.position() == await relay.events.newest()
        return routed and not (drained and await relay.deliveries.backlog())

    await until(done)


async def _changed(house: BotHarness, **changes: object) -> None:
    route = await house.app.services.relay.routes.named(HERE, "space")
    assert isinstance(route, Route)
    await house.app.services.relay.routes.change(replace(route, **changes), house.clock())  # type: ignore[arg-type]


async def test_why_tells_how_a_tweet_came_which_route_took_it_and_where_it_stands(
    relaying: BotHarness,
) -> None:
    await arrive(relaying, 1, tweet=TWEET)
    told = words((await relaying.say(f"relay why https://x.com/nasa/status/{TWEET}")).card)
    assert "@nasa" in told and "on the event stream" in told
    assert "space" in told and "took it" in told and "sent" in told
    assert words((await relaying.say("relay why e:1")).card) == told


async def test_why_names_the_rule_that_says_no(relaying: BotHarness) -> None:
    await arrive(relaying, 1, username="esa", tweet=TWEET)
    told = words((await relaying.say(f"relay why {TWEET}")).card)
    assert "did not take it: the route does not take this account." in told


async def test_why_tells_until_when_something_is_held(relaying: BotHarness) -> None:
    await _changed(relaying, schedule=Schedule(digest="0 * * * *"))
    await arrive(relaying, 1, tweet=TWEET)
    told = words((await relaying.say(f"relay why {TWEET}")).card)
    assert "held for the next list" in told
    assert "1 held" in words((await relaying.say("relay status")).card)


async def _left_out(house: BotHarness, reason: str) -> None:
    """What is held, as it is when its turn came to nothing."""
    query = update(held).values(released_as=LEFT_OUT, reason=reason)
    await house.app.database.write(lambda connection: connection.execute(query))


async def test_why_says_that_what_was_held_is_left_out_as_its_tweet_was_deleted(relaying: BotHarness) -> None:
    await _changed(relaying, schedule=Schedule(digest="0 * * * *"))
    await arrive(relaying, 1, tweet=TWEET)
    await arrive(relaying, 2, tweet=TWEET, kind="tweet.deleted")
    told = words((await relaying.say("relay why e:1")).card)
    assert "left out: its tweet was deleted on X before its turn." in told


async def test_why_says_what_else_left_out_that_was_held(relaying: BotHarness) -> None:
    await _changed(relaying, schedule=Schedule(digest="0 * * * *"))
    await arrive(relaying, 1, tweet=TWEET)
    await _left_out(relaying, "digest")
    told = words((await relaying.say("relay why e:1")).card)
    assert "left out: it was held, and its route led elsewhere when its turn came." in told
    await _changed(relaying, catch_up=CatchUpPolicy(MissedPolicy.LAST, 2))
    await _left_out(relaying, "missed")
    told = words((await relaying.say("relay why e:1")).card)
    assert "left out: of what was missed, the route posts only the newest 2." in told
    await relaying.done("relay add channel:#alerts account:nasa name:other")
    await relaying.say("relay remove space")
    told = words((await relaying.say("relay why e:1")).card)
    assert "left out: the route that held it was removed before its turn." in told
    assert "By a route that is gone" not in told


async def test_why_knows_that_the_same_tweet_came_before(relaying: BotHarness) -> None:
    await arrive(relaying, 1, tweet=TWEET)
    await arrive(relaying, 2, tweet=TWEET)
    told = words((await relaying.say("relay why e:2")).card)
    assert "with another event about the same tweet" in told
    assert len(relaying.wall.posted) == 1


async def test_why_says_nothing_of_a_route_that_another_one_posted_beside(relaying: BotHarness) -> None:
    await relaying.done("relay add channel:#alerts account:esa name:other")
    await arrive(relaying, 1, username="esa", tweet=TWEET)
    told = words((await relaying.say(f"relay why {TWEET}")).card)
    assert "other took it." in told.replace("**", "")
    assert "space did not take it: the route does not take this account." in told.replace("**", "")
    assert "would not now" not in told


async def test_why_says_which_of_two_routes_into_a_channel_brought_it(relaying: BotHarness) -> None:
    await relaying.done("relay add channel:#alerts account:nasa name:zenith")
    await arrive(relaying, 1, tweet=TWEET)
    told = words((await relaying.say(f"relay why {TWEET}")).card).replace("**", "")
    assert told.count("took it") == 2 and told.count("(Through the route space, which sends there too.)") == 1


async def test_why_tells_of_a_message_in_a_thread_once_and_by_its_route(relaying: BotHarness) -> None:
    await _changed(relaying, appearance=Appearance(threading=Threading.ACCOUNT, publish=True))
    await arrive(relaying, 1, tweet=TWEET)
    told = words((await relaying.say(f"relay why {TWEET}")).card)
    assert told.count(": sent") == 1 and "a route that was removed" not in told


@pytest.mark.parametrize(
    ("policy", "before", "after"),
    [
        (Deleted.MARK, "its message is marked as deleted", "because the tweet was deleted on X"),
        (Deleted.REMOVE, "its message was removed", "because the tweet was deleted on X"),
    ],
)
async def test_why_tells_what_a_deletion_did_to_the_message(
    relaying: BotHarness, policy: Deleted, before: str, after: str
) -> None:
    await _changed(relaying, deleted=policy)
    await arrive(relaying, 1, tweet=TWEET)
    await arrive(relaying, 2, tweet=TWEET, kind="tweet.deleted")
    told = words((await relaying.say("relay why e:2")).card)
    assert before in told and "take" not in told and "took" not in told
    assert after in words((await relaying.say("relay why e:1")).card)


async def test_why_of_a_deletion_that_changes_nothing_says_so(relaying: BotHarness) -> None:
    await arrive(relaying, 1, tweet=TWEET, kind="tweet.deleted")
    told = words((await relaying.say("relay why e:1")).card)
    assert "No message here shows that tweet" in told and "did not take it" not in told


async def test_why_names_the_event_so_that_one_can_ask_for_it(relaying: BotHarness) -> None:
    await arrive(relaying, 1, tweet=TWEET)
    assert "e:1" in words((await relaying.say(f"relay why {TWEET}")).card)


async def test_why_of_what_never_came_says_where_to_look(relaying: BotHarness) -> None:
    told = words((await relaying.say(f"relay why {TWEET}")).card)
    assert "monitor list" in told and "relay status" in told


@pytest.mark.parametrize("what", ["yesterday", "https://example.com/1", "f" * 32])
async def test_why_of_what_is_no_tweet_names_the_option(relaying: BotHarness, what: str) -> None:
    screen = await relaying.say(f"relay why {what}")
    assert screen.outcome is not InvocationOutcome.OK and "relay why https://x.com" in words(screen.failure)


@pytest.mark.parametrize(
    "asked",
    ["@NASA", "https://x.com/nasa", "<@U07|nasa>", "\u2066@nasa\u2069", "＠nasa", "https://fixupx.com/nasa"],
)
async def test_why_of_an_account_tells_its_three_newest_events_of_any_kind(
    relaying: BotHarness, asked: str
) -> None:
    for number in (1, 2, 3):
        await arrive(relaying, number, tweet=f"{TWEET[:-1]}{number}")
    await arrive(relaying, 4, kind="profile.bio.changed")
    await arrive(relaying, 5, username="esa")
    told = words((await relaying.say(f"relay why {asked}")).card)
    assert [f"e:{number}" in told for number in (1, 2, 3, 4, 5)] == [False, True, True, True, False]
    there = HERE.__class__("slack", "T0002")
    assert "Nothing is known" in words((await relaying.say(f"relay why {asked}", tenant=there)).card)


@pytest.mark.parametrize("what", ["nonsense", "1"])
async def test_why_of_what_is_no_event_says_where_its_id_is_found(relaying: BotHarness, what: str) -> None:
    told = words((await relaying.say(f"relay why {what}")).failure)
    assert "an event like e:91" in told
    assert "relay why @nasa" in told


async def test_another_place_learns_nothing(relaying: BotHarness) -> None:
    await arrive(relaying, 1, tweet=TWEET)
    there = HERE.__class__("slack", "T0002")
    assert "Nothing is known" in words((await relaying.say(f"relay why {TWEET}", tenant=there)).card)


async def test_status_tells_what_came_and_went(relaying: BotHarness) -> None:
    before = (await relaying.say("relay status", actor=TEAM)).card
    assert field_of(before, "Last received") == "never"
    await arrive(relaying, 1)
    after = (await relaying.say("relay status")).card
    assert "on the stream" in field_of(after, "Last received")
    assert field_of(after, "Waiting") == "0 messages"
    assert "space: on" in words(after).replace("**", "")


async def test_status_takes_what_keeps_to_its_hour_for_no_trouble(relaying: BotHarness) -> None:
    await _changed(relaying, schedule=Schedule(per_hour=1))
    for number in (1, 2):
        await arrive(relaying, number, drained=False)
    relaying.clock.advance(600)
    told = words((await relaying.say("relay status")).card).replace("**", "")
    assert "space: 1 waiting (at most 1 an hour)" in told and "five minutes" not in told


async def test_what_was_not_understood_points_to_the_help_of_the_command(house: BotHarness) -> None:
    screen = await house.say("relay why nonsense")
    assert "help relay why shows its options." in words(screen.failure)


async def test_failures_are_counted_and_sent_once_more_once(relaying: BotHarness) -> None:
    relaying.wall.trouble["c1"] = Refused("it is not to my liking")
    await arrive(relaying, 1, tweet=TWEET)
    assert field_of((await relaying.say("relay status")).card, "Failed for good") == "1 message"
    assert "relay replay" in words((await relaying.say(f"relay why {TWEET}")).card)
    del relaying.wall.trouble["c1"]
    asked = await relaying.say("relay replay")
    assert "1 message that failed for good" in words(asked.card)
    assert len(relaying.wall.posted) == 0
    first = await relaying.press(asked, "Send them")
    second = await relaying.press(asked, "Send them")
    assert first.card.title == "Sending again" and second.card.title == "Sent already"
    await until(lambda: _posted(relaying, 1))
    assert (await relaying.say("relay replay")).card.title == "Nothing to send"


def _tweets(house: BotHarness) -> int:
    """How many tweets stand in the channels; notices are left out."""
    return sum("Tweet " in words(card) for _, card, _ in house.wall.posted)


async def _posted(house: BotHarness, count: int) -> bool:
    return _tweets(house) == count and not await house.app.relay.deliveries.backlog()


async def test_a_stretch_of_time_is_sent_where_it_is_missing(relaying: BotHarness) -> None:
    await arrive(relaying, 1)
    await relaying.say("relay pause space")
    await arrive(relaying, 2)
    await arrive(relaying, 3)
    await relaying.say("relay resume space missed:none")
    asked = await relaying.say("relay replay space since:1h")
    assert "2 messages (only what is not there yet)" in words(asked.card)
    await relaying.press(asked, "Send them")
    await until(lambda: _posted(relaying, 3))
    assert (await relaying.say("relay replay space since:1h")).card.title == "Nothing to send"
    everything = await relaying.say("relay replay space since:1h again:yes")
    assert "3 messages" in words(everything.card)


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("relay replay since:2h", "route"),
        ("relay replay space until:1h", "since"),
        ("relay replay space since:1h until:2h", "until"),
    ],
)
async def test_a_stretch_that_makes_no_sense_is_named(relaying: BotHarness, line: str, option: str) -> None:
    screen = await relaying.say(line)
    assert screen.failure.about == option


async def test_only_managers_send_once_more(relaying: BotHarness) -> None:
    assert (await relaying.say("relay replay", actor=MEMBER)).outcome is not InvocationOutcome.OK


async def test_a_muted_account_is_seen_no_more_until_it_is_unmuted(relaying: BotHarness) -> None:
    muted = await relaying.say("relay mute @NASA channel:#alerts")
    assert "relay unmute NASA channel:c1" in words(muted.card)
    await arrive(relaying, 1)
    assert relaying.wall.posted == []
    assert "because the account is muted there" in words((await relaying.say("relay why e:1")).card)
    assert "@nasa" in words((await relaying.say("relay mutes")).card)
    await relaying.say("relay unmute nasa channel:#alerts")
    await arrive(relaying, 2)
    assert len(relaying.wall.posted) == 1
    assert (await relaying.say("relay unmute nasa channel:#alerts")).failure.title == "Not found"


async def test_status_says_that_xquik_refuses_the_key(relaying: BotHarness) -> None:
    marks = relaying.app.relay.marks
    member = await marks.member(HERE)
    assert member is not None
    await relaying.app.database.write(lambda c: refuse(c, relaying.app.database, member, 1.0))
    told = await relaying.say("relay status")
    assert "Xquik refuses the stored key" in words(told.card) and "setup key" in words(told.card)
