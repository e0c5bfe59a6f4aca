"""`relay pause` and `resume`: what came meanwhile follows as far as somebody wants it."""

from __future__ import annotations

import pytest

from bot.core.chat.delivery_results import Gone
from bot.core.chat.ids import Destination
from bot.core.commands.dispatch import InvocationOutcome
from bot.storage.relay.pauses import lose
from tests.features.edge import buttons, words
from tests.features.harness import ADMIN, HERE, MEMBER, BotHarness
from tests.features.stored import came, tweet


async def _routed(house: BotHarness) -> None:
    while await house.app.relay.router.route_batch():
        pass


async def _lane(house: BotHarness) -> list[str]:
    found = await house.app.relay.deliveries.of_lane(f"{HERE}/c1")
    return [one.dedup_key for one in found if one.kind == "event"]


@pytest.fixture
async def paused(house: BotHarness) -> BotHarness:
    """The route `alerts-nasa`, paused by Ada, and twelve tweets that came since."""
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    await came(house, tweet("before"))
    await _routed(house)
    await house.say("relay pause alerts-nasa")
    for number in range(12):
        await came(house, tweet(f"number {number}"))
    await _routed(house)
    assert len(await _lane(house)) == 1
    return house


async def test_resuming_asks_with_counts_and_sends_what_is_said(paused: BotHarness) -> None:
    asked = (await paused.say("relay resume alerts-nasa")).card
    assert "12 events" in words(asked)
    assert [button.label for button in buttons(asked)] == ["All (12)", "Newest 10…", "None"]
    assert len(await _lane(paused)) == 1, "nothing is done before it is said"
    done = await paused.press(asked, "All (12)")
    assert "12 events follow" in words(done.card)
    assert len(await _lane(paused)) == 13
    again = await paused.press(asked, "All (12)")
    assert "Somebody resumed it already" in words(again.card)
    assert (await paused.say("relay resume alerts-nasa")).card.title == "Already on"
    assert len(await _lane(paused)) == 13


async def test_the_newest_so_many_are_asked_for_in_a_form(paused: BotHarness) -> None:
    asked = await paused.say("relay resume alerts-nasa")
    form = await paused.press(asked, "Newest 10…")
    assert form.form.inputs[0].value == "10"
    done = await paused.submit(form, newest="3")
    said = words(done.card)
    assert "3 events follow" in said and "9 events that came while it was paused are not sent" in said
    assert len(await _lane(paused)) == 4


@pytest.mark.parametrize(("missed", "more"), [("all", 12), ("none", 0), ("5", 5), ("500", 12)])
async def test_a_line_says_it_at_once(paused: BotHarness, missed: str, more: int) -> None:
    done = await paused.say(f"relay resume alerts-nasa missed:{missed}")
    assert done.card.title == "Route resumed"
    assert len(await _lane(paused)) == 1 + more


@pytest.mark.parametrize("missed", ["some", "-1", "1.5", "²"])
async def test_what_is_no_answer_changes_nothing(paused: BotHarness, missed: str) -> None:
    refused = await paused.say(f"relay resume alerts-nasa missed:{missed}")
    assert refused.outcome is not InvocationOutcome.OK
    route = await paused.app.services.relay.routes.named(HERE, "alerts-nasa")
    assert route is not None and route.paused_reason is not None


async def test_the_button_of_the_page_asks_too(paused: BotHarness) -> None:
    page = await paused.say("relay show alerts-nasa")
    asked = await paused.press(page, "Resume")
    assert [button.label for button in buttons(asked.card)] == ["All (12)", "Newest 10…", "None"]
    done = await paused.press(asked, "None")
    assert "12 events that came while it was paused are not sent" in words(done.card)
    assert len(await _lane(paused)) == 1


async def test_where_nothing_was_missed_nothing_is_asked(house: BotHarness) -> None:
    await house.done("relay add channel:alerts account:nasa")
    await house.say("relay pause alerts-nasa")
    await came(house, tweet("another's", author="esa"))
    done = await house.say("relay resume alerts-nasa")
    assert done.card.title == "Route resumed"


async def test_what_is_too_old_is_said(paused: BotHarness) -> None:
    paused.clock.ahead += 30 * 3600.0
    done = await paused.say("relay resume alerts-nasa")
    assert done.card.title == "Route resumed"
    assert "12 more events are older than is posted" in words(done.card)


async def test_a_test_where_the_platform_is_not_served_says_so(house: BotHarness) -> None:
    await house.done("relay add channel:alerts account:nasa")
    del house.app.platforms["slack"], house.app.messengers["slack"]
    said = words((await house.say("relay test alerts-nasa")).failure)
    assert "This process does not serve slack" in said and "Run the command in slack itself" in said
    assert "nvite" not in said


async def test_resuming_asks_the_platform_before_it_lets_a_lost_place_go_on(house: BotHarness) -> None:
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    await _lost(house)
    await came(house, tweet("one"))
    await _routed(house)
    house.wall.trouble["c1"] = Gone("I am not in the channel.", "Invite me.")
    early = (await house.say("relay resume alerts-nasa")).card
    assert early.title == "I cannot post in that channel yet"
    assert ": I am not in the channel. 1 message waits there until I can" in words(early)
    served = house.app.platforms.pop("slack")
    beside = words((await house.say("relay resume alerts-nasa")).card)
    assert "The bot is checking it now" in beside and "1 message waits there" in beside
    house.app.platforms["slack"] = served
    route = await house.app.services.relay.routes.named(HERE, "alerts-nasa")
    assert route is not None and route.lost and route.paused_reason is not None
    assert not await house.app.relay.deliveries.of_lane(f"{HERE}/c1#first"), "nothing is said there"
    house.wall.trouble.clear()
    done = (await house.say("relay resume alerts-nasa")).card
    assert done.title == "Route resumed" and "still" not in words(done)
    route = await house.app.services.relay.routes.named(HERE, "alerts-nasa")
    assert route is not None and not route.lost and route.paused_reason is None


async def test_who_may_not_manage_may_not_decide(paused: BotHarness) -> None:
    asked = await paused.say("relay resume alerts-nasa")
    assert (await paused.press(asked, "None", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    assert (
        await paused.say("relay resume alerts-nasa missed:all", MEMBER)
    ).outcome is InvocationOutcome.NOT_PERMITTED
    assert (await paused.press(asked, "None", actor=ADMIN)).outcome is InvocationOutcome.OK


async def test_where_notices_go_is_shown_set_and_taken_back(house: BotHarness) -> None:
    assert "directly" in words((await house.say("setup notices")).card)
    set_ = await house.say("setup notices channel:#alerts")
    assert "I say so in" in words(set_.card) and set_.card.tone == "success"
    assert (await house.app.services.contacts.of(HERE)).channel == "c1"
    assert "I say so in" in words((await house.say("setup notices")).card)
    assert (await house.say("setup notices channel:#nowhere")).outcome is not InvocationOutcome.OK
    assert (await house.say("setup notices channel:#alerts off:yes")).outcome is not InvocationOutcome.OK
    assert (await house.say("setup notices", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    assert "directly" in words((await house.say("setup notices off:yes")).card)
    assert (await house.app.services.contacts.of(HERE)).channel is None


async def _lost(house: BotHarness, *, by_person: bool = False) -> None:
    place = Destination(HERE, "c1")
    now = house.clock()
    await house.app.database.write(
        lambda c: lose(c, place, "The bot is not in it.", now=now, check_at=now, by_person=by_person)
    )


async def test_status_why_and_replay_tell_of_a_pause_by_a_person(paused: BotHarness) -> None:
    told = words((await paused.say("relay status")).card).replace("**", "")
    assert "alerts-nasa: paused by Ada" in told and "asks what to send" in told
    why = words((await paused.say("relay why @nasa")).card).replace("**", "")
    assert "Route alerts-nasa is paused and has not taken it yet" in why
    assert "relay resume alerts-nasa" in why
    asked = words((await paused.say("relay replay alerts-nasa since:1h")).card)
    assert "The route is paused; this is sent anyway." in asked


async def test_status_why_and_replay_tell_of_a_place_that_is_lost(house: BotHarness) -> None:
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    await _lost(house)
    await came(house, tweet("one"))
    await _routed(house)
    for lane in await house.app.relay.deliveries.open_lanes("", 10):
        await house.app.relay._sending.drainer.drain(lane)
    assert not house.wall.posted
    told = words((await house.say("relay status")).card).replace("**", "")
    assert "The bot is not in it. New messages are kept and sent when I can post there again" in told
    why = words((await house.say("relay why @nasa")).card)
    assert "kept until I can post in that channel again: The bot is not in it." in why
    assert "3000" not in why and "32503680000" not in why
    house.clock.advance(30 * 3600.0)
    await house.app.relay.recovery.round()
    await _lost(house)
    asked = words((await house.say("relay replay alerts-nasa since:40h")).card)
    assert (
        "I cannot post in " in asked and ": The bot is not in it. Messages for it wait until I can." in asked
    )


async def test_status_counts_what_was_left_out_and_says_whose_turn_it_is(house: BotHarness) -> None:
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    await _lost(house, by_person=True)
    await came(house, tweet("one"), tweet("two"))
    await _routed(house)
    house.clock.advance(30 * 3600.0)
    await house.app.relay.recovery.round()
    told = words((await house.say("relay status")).card)
    assert "2 messages were left out, as too old or too many. New messages are kept" in told
    why = words((await house.say("relay why @nasa")).card)
    assert "not posted: it became older than relay.max_age" in why


async def test_pausing_and_resuming_at_one_moment_loses_no_answer(house: BotHarness) -> None:
    """The words wait in the lane, as where a platform is slow, and have the same moment in their names."""
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    for _ in range(3):
        assert (await house.say("relay pause alerts-nasa")).outcome is InvocationOutcome.OK
        assert (await house.say("relay resume alerts-nasa")).outcome is InvocationOutcome.OK
