"""What is done to messages that stand: marked, removed, published, each once and also after a crash."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.cards import Text
from bot.core.chat.delivery_results import Absent, Busy, Gone, Refused, Unknown
from bot.core.chat.ids import MessageRef
from bot.core.chat.places import PlaceFacts
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.route import Deleted, Sensitive
from tests.relay.conftest import RelayHarness
from tests.relay.harness import route, text_of, until
from tests.relay.sending_harness import PLACE, change, hasten, rows, tweet

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PUBLISHED = Appearance(publish=True)


async def deleted(house: RelayHarness, number: int) -> None:
    """X says that the tweet of that number is gone."""
    await tweet(house, number, kind="tweet.deleted", text=None)


async def test_the_message_of_a_deleted_tweet_is_marked(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    await tweet(house, 10)
    await deleted(house, 10)
    await house.quiet()
    [(ref, card)] = house.messenger.edited
    assert ref == MessageRef(PLACE, "0")
    assert text_of(card) == "Tweet number 10"
    assert any(isinstance(b, Text) and b.line == ("Deleted on X.",) for b in card.blocks)
    assert [row.state for row in await rows(house)] == ["sent", "sent"]
    assert len(house.messenger.posted) == 1


async def test_the_message_of_a_deleted_tweet_is_removed_where_its_route_says_so(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", deleted=Deleted.REMOVE), route("kept", "C2", deleted=Deleted.KEEP))
    await tweet(house, 10)
    await house.quiet()
    await deleted(house, 10)
    await house.quiet()
    assert [ref.destination for ref in house.messenger.deleted] == [PLACE]
    assert house.messenger.edited == []


@ONE_DATABASE
async def test_a_message_in_a_thread_is_marked_in_its_thread(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=Appearance(threading=Threading.ACCOUNT)))
    await tweet(house, 10)
    await deleted(house, 10)
    await house.quiet()
    [(ref, _)] = house.messenger.edited
    assert ref == MessageRef(replace(PLACE, thread="below-0"), "1")


@ONE_DATABASE
async def test_a_message_that_somebody_deleted_already_is_no_trouble_of_its_channel(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.edit_answers = [Gone("there is no such message")]
    await tweet(house, 10)
    await deleted(house, 10)
    await house.quiet()
    (mark,) = await rows(house, "mark")
    assert (mark.state, mark.error) == ("skipped", "nothing to do: there is no such message")
    assert house.messenger.told == []


@ONE_DATABASE
async def test_a_message_that_was_never_posted_is_not_marked(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.answers["C1"] = [Refused("never")]
    await tweet(house, 10)
    await until(lambda: len(house.messenger.calls) == 1)
    await deleted(house, 10)
    await house.quiet()
    assert [row.state for row in await rows(house, "mark")] in ([], ["skipped"])
    assert house.messenger.edited == []


async def test_a_mark_whose_outcome_is_unknown_is_made_again(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.edit_answers = [Unknown("the line was cut")]
    await tweet(house, 10)
    await deleted(house, 10)
    await until(lambda: not house.messenger.edit_answers)
    await hasten(house)
    await house.quiet()
    assert len(house.messenger.edited) == 1
    await change(house, "mark", state="sending")
    house.relay.scheduler.wake(str(PLACE))
    await house.quiet()
    assert len(house.messenger.edited) == 2, "twice is as good as once"


@ONE_DATABASE
async def test_a_refused_mark_is_a_dead_letter_and_holds_nothing_up(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.edit_answers = [Refused("too old to be edited")]
    await tweet(house, 10)
    await deleted(house, 10)
    await tweet(house, 11)
    await house.quiet()
    (mark,) = await rows(house, "mark")
    assert (mark.state, mark.error) == ("dead", "too old to be edited")
    assert house.messenger.texts("C1") == ["Tweet number 10", "Tweet number 11"]


# --- publishing ----------------------------------------------------------------------------------


async def test_messages_are_published_after_they_are_posted_and_hold_none_up(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=PUBLISHED))
    house.messenger.publish_answers = [Busy(0.01, "ten an hour")]
    await tweet(house, 10)
    await tweet(house, 11)
    await until(lambda: len(house.messenger.posted) == 2)
    await hasten(house)
    await until(lambda: not house.messenger.publish_answers)
    await hasten(house)
    await until(lambda: len(house.messenger.published) == 2)
    assert house.messenger.published == [MessageRef(PLACE, "0"), MessageRef(PLACE, "1")]


@ONE_DATABASE
async def test_publishing_waits_for_its_message_however_long_that_takes(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=PUBLISHED))
    house.messenger.answers["C1"] = [Busy(600.0, "down")]
    await tweet(house, 10)
    await until(lambda: len(house.messenger.calls) == 1)

    async def waits() -> bool:
        (row,) = await rows(house, "publish")
        return bool(row.attempts and row.state == "waiting")

    await until(waits)
    await change(house, "publish", attempts=500, not_before=0.0)
    house.relay.scheduler.wake(f"{PLACE}#publish")

    async def tried() -> bool:
        (row,) = await rows(house, "publish")
        return bool(row.attempts == 501 and row.state == "waiting" and row.not_before)

    await until(tried)

    async def published() -> bool:
        await hasten(house)  # again and again: a try that is under way sets its own next time
        return len(house.messenger.published) == 1

    await until(published)
    assert len(house.messenger.posted) == 1


@ONE_DATABASE
async def test_what_was_never_posted_is_not_published(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=PUBLISHED))
    house.messenger.answers["C1"] = [Refused("never")]
    await tweet(house, 10)
    await until(lambda: len(house.messenger.calls) == 1)
    await hasten(house)
    await house.quiet()
    assert house.messenger.published == []
    (row,) = await rows(house, "publish")
    assert (row.state, row.error) == ("skipped", "the message was never posted")


@ONE_DATABASE
async def test_a_channel_that_nobody_can_follow_makes_no_dead_letters(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", appearance=PUBLISHED))
    house.messenger.publish_answers = [Refused("this is no announcement channel")]
    await tweet(house, 10)
    await until(lambda: house.messenger.posted)
    await hasten(house)
    await house.quiet()
    (row,) = await rows(house, "publish")
    assert (row.state, row.error) == ("skipped", "nothing to do: this is no announcement channel")


# --- sensitive -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sensitive_place", [True, False])
async def test_a_sensitive_tweet_is_posted_only_where_the_channel_is_meant_for_it(
    house: RelayHarness, sensitive_place: bool
) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.place = PlaceFacts(sensitive=sensitive_place)
    await tweet(house, 10, possiblySensitive=True)
    await tweet(house, 11)
    await house.quiet()
    wanted = ["Tweet number 10", "Tweet number 11"] if sensitive_place else ["Tweet number 11"]
    assert house.messenger.texts("C1") == wanted
    first = (await rows(house, "event"))[0]
    assert first.state == ("sent" if sensitive_place else "skipped")
    assert sensitive_place or "possibly sensitive" in first.error


@ONE_DATABASE
async def test_a_route_may_post_sensitive_tweets_everywhere(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", sensitive=Sensitive.ALWAYS))
    await tweet(house, 10, possiblySensitive=True)
    await house.quiet()
    assert house.messenger.texts("C1") == ["Tweet number 10"]


@ONE_DATABASE
async def test_what_the_platform_never_says_is_taken_as_no(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.place = None
    await tweet(house, 10, possiblySensitive=True)

    async def asked() -> bool:
        return any(row.attempts == 1 and row.not_before for row in await rows(house, "event"))

    await until(asked)
    assert house.messenger.posted == []
    await change(house, "event", attempts=5)
    await hasten(house)
    await house.quiet()
    assert [row.state for row in await rows(house, "event")] == ["skipped"]


@ONE_DATABASE
async def test_what_may_stand_already_is_looked_for_whatever_the_channel_became(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.place = PlaceFacts(sensitive=True)
    house.messenger.lookup = Absent()
    house.messenger.answers["C1"] = [Unknown("the line was cut")]
    await tweet(house, 10, possiblySensitive=True)
    await until(lambda: len(house.messenger.calls) == 1)
    house.messenger.place = PlaceFacts(sensitive=False)
    await hasten(house)
    await house.quiet()
    assert len(house.messenger.finds) == 1
    assert [row.state for row in await rows(house, "event")] == ["sent"]
