"""Where in a place a message goes: into a thread, into the place itself, or to a forum with its tags."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.core.chat.delivery_results import Absent, Busy, Found, Gone, Refused, Unknown
from bot.core.chat.ids import MessageRef
from bot.core.routes.appearance import Appearance, Layout, Threading
from tests.relay.conftest import RelayHarness
from tests.relay.harness import TENANT, Posted, deliver, event_body, make_hook, route, until
from tests.relay.sending_harness import PLACE, change, hasten, rows, tweet

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BY_TWEET = Appearance(threading=Threading.TWEET)
BY_ACCOUNT = Appearance(threading=Threading.ACCOUNT)
BY_DAY = Appearance(threading=Threading.DAY)


def stood(house: RelayHarness) -> list[tuple[str | None, str]]:
    """Thread and first words of everything that was posted, in order."""
    return [(post.to.thread, _words(post)) for post in house.messenger.posted]


def _words(post: Posted) -> str:
    text = next((getattr(block, "text", "") for block in post.card.blocks), "")
    return text or post.card.title


async def test_a_reply_goes_into_the_thread_of_the_tweet_that_began_its_conversation(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", appearance=BY_TWEET))
    await tweet(house, 10)
    await tweet(house, 11, kind="tweet.reply", conversationId="10")
    await tweet(house, 12, kind="tweet.reply", conversationId="10")
    await house.quiet()
    assert stood(house) == [
        (None, "Tweet number 10"),
        ("below-0", "Tweet number 11"),
        ("below-0", "Tweet number 12"),
    ]
    # One thread, begun with the first that came for it, and called after the tweet.
    assert house.messenger.threads == [(MessageRef(PLACE, "0"), "@nasa: Tweet number 10")]
    assert [row.thread for row in await rows(house, "event")] == [None, "below-0", "below-0"]


@ONE_DATABASE
async def test_a_tweet_alone_begins_no_thread(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=BY_TWEET))
    await tweet(house, 10)
    await house.quiet()
    assert house.messenger.threads == []


@ONE_DATABASE
async def test_a_reply_to_what_was_never_relayed_stands_in_the_place_itself(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=BY_TWEET))
    await tweet(house, 11, kind="tweet.reply", conversationId="10")
    await house.quiet()
    assert stood(house) == [(None, "Tweet number 11")]
    (row,) = await rows(house, "event")
    assert row.about is None, "a later try goes to the same place"


@ONE_DATABASE
async def test_what_hangs_on_a_dead_letter_stands_in_the_place_itself(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=BY_TWEET))
    house.messenger.answers["C1"] = [Refused("never")]
    await tweet(house, 10)
    await tweet(house, 11, kind="tweet.reply", conversationId="10")
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None]


@ONE_DATABASE
@pytest.mark.parametrize(("appearance", "title"), [(BY_ACCOUNT, "@nasa"), (BY_DAY, None)])
async def test_a_day_or_an_account_has_one_opener_and_one_thread(
    house: RelayHarness, appearance: Appearance, title: str | None
) -> None:
    await house.routes(route("r", "C1", appearance=appearance))
    for number in (1, 2, 3):
        await tweet(house, number)
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None, "below-0", "below-0", "below-0"]
    [(opener, called)] = house.messenger.threads
    assert opener == MessageRef(PLACE, "0")
    assert called == title or (title is None and called[-4:].isdigit())


@ONE_DATABASE
async def test_no_title_of_a_thread_has_text_of_x_where_the_route_shows_links_alone(
    house: RelayHarness,
) -> None:
    look = Appearance(Layout.LINK, threading=Threading.TWEET)
    await house.routes(route("r", "C1", appearance=look))
    await tweet(house, 10)
    await tweet(house, 11, kind="tweet.reply", conversationId="10")
    await house.quiet()
    assert [title for _, title in house.messenger.threads] == ["New tweet: @nasa"]


@ONE_DATABASE
@pytest.mark.parametrize("answer", [Refused("no threads here"), Gone("the message is gone")])
async def test_where_no_thread_can_be_had_the_place_itself_is_taken(
    house: RelayHarness, answer: Refused | Gone
) -> None:
    await house.routes(route("r", "C1", appearance=BY_ACCOUNT))
    house.messenger.thread_answers = [answer]
    await tweet(house, 1)
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None, None]
    assert (await house.relay.routes.of_tenant(TENANT))[0].paused_reason is None


async def test_who_made_the_route_hears_once_what_permission_is_missing_for_threads(
    house: RelayHarness,
) -> None:
    look = replace(BY_ACCOUNT, publish=True)
    await house.routes(route("r", "C1", appearance=look, created_by="U1"))
    house.messenger.thread_answers = [Gone("I may not begin threads.", "Allow me to.") for _ in range(2)]
    house.messenger.publish_answers = [Gone("I may not publish.", "Let me.") for _ in range(2)]
    await tweet(house, 1)
    await tweet(house, 2)
    await until(lambda: len(house.messenger.posted) == 3)
    await hasten(house)
    await house.quiet()
    assert [person for person, _ in house.messenger.told] == ["U1", "U1"]
    said = " ".join(str(block) for _, card in house.messenger.told for block in card.blocks)
    assert "Allow me to." in said
    assert "Let me." in said


@ONE_DATABASE
@pytest.mark.parametrize("answer", [Busy(0.01, "slow"), Unknown("no answer")])
async def test_a_thread_is_waited_for_while_the_platform_does_not_say(
    house: RelayHarness, answer: Busy | Unknown
) -> None:
    await house.routes(route("r", "C1", appearance=BY_ACCOUNT))
    house.messenger.thread_answers = [answer]
    await tweet(house, 1)
    await until(lambda: not house.messenger.thread_answers)
    await hasten(house)
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None, "below-0"]


@ONE_DATABASE
async def test_a_thread_that_was_deleted_gives_way_to_its_place_and_pauses_nothing(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", appearance=BY_ACCOUNT))
    await tweet(house, 1)
    await house.quiet()
    house.messenger.answers["C1"] = [Gone("there is no such thread")]
    await tweet(house, 2)
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None, "below-0", None]
    assert (await house.relay.routes.of_tenant(TENANT))[0].paused_reason is None


async def test_after_a_crash_a_message_is_looked_for_in_the_thread_it_was_posted_in(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", appearance=BY_ACCOUNT))
    house.messenger.lookup = Found("77")
    await tweet(house, 1)
    await house.quiet()
    await change(house, "event", state="sending", message=None)
    house.relay.scheduler.wake(str(PLACE))
    await house.quiet()
    assert [to.thread for to, _, _ in house.messenger.finds] == ["below-0"]
    assert len(house.messenger.threads) == 1
    assert len(house.messenger.posted) == 2


async def test_a_crash_between_finding_the_thread_and_posting_changes_nothing(house: RelayHarness) -> None:
    """The thread is written down, nothing was posted: the next process posts there, without asking."""
    await house.routes(route("r", "C1", appearance=BY_ACCOUNT))
    house.messenger.answers["C1"] = []
    house.messenger.lookup = Absent()
    await tweet(house, 1)
    await house.quiet()
    del house.messenger.posted[1:]
    await change(house, "event", state="sending", message=None)
    house.messenger.thread_answers = [Refused("nobody may ask again")]
    house.relay.scheduler.wake(str(PLACE))
    await house.quiet()
    assert [thread for thread, _ in stood(house)] == [None, "below-0"]


@ONE_DATABASE
async def test_a_thread_as_destination_is_the_place_itself(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", thread="T9", appearance=BY_ACCOUNT))
    await tweet(house, 1)
    await house.quiet()
    assert stood(house) == [("T9", "Tweet number 1")]


@ONE_DATABASE
async def test_posts_of_a_forum_have_the_tweet_as_title_and_the_tags_of_the_route(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", appearance=Appearance(tags=("space", "news"))))
    await tweet(house, 1, text="First light of the telescope\nsecond line")
    await house.quiet()
    [placement] = house.messenger.placements
    assert placement.title == "@nasa: First light of the telescope second line"
    assert placement.tags == ("space", "news")


@ONE_DATABASE
async def test_every_message_of_a_route_pings_whom_its_manager_named(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=Appearance(pings=("S1",))))
    path = await make_hook(house.relay, TENANT, "hook-one")
    await deliver(house.client, path, event_body(1))
    await house.quiet()
    assert [post.card.pings for post in house.messenger.posted] == [("S1",)]
