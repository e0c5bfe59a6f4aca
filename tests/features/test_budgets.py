"""Budgets in a chat: what a place sets, what is stopped by it, what is told, and what it comes to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.purses import PurseWatch
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.proposal_states import ProposalState
from bot.core.routes import dedup_keys
from bot.core.x.paid_requests import counting_paid_requests, note_paid_request
from bot.relay.sending.outbox import Outbox
from bot.sandbox.world import spaces
from bot.storage.places.budgets import SumBy
from bot.storage.tables import deliveries
from bot.xquik.models import Page, User
from bot.xquik.resources.communities import CommunitiesResource
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness
from tests.features.listing_asked import BUTTON
from tests.features.listing_asked import rows_of as listed

LOOK = "user show @nasa"  # 1 credit


async def use(house: BotHarness) -> tuple[int, int]:
    """Used and foreseen of the first budget."""
    one = (await house.app.services.budgets.standing(HERE))[0]
    return one.used, one.foreseen


async def queued(house: BotHarness, key: str) -> list[str]:
    query = select(deliveries.c.card).where(deliveries.c.dedup_key.like(f"%{key}%"))

    async def work(connection: AsyncConnection) -> list[str]:
        return [str(card) for card in (await connection.execute(query)).scalars()]

    return await house.app.database.read(work)


async def test_a_place_sets_sees_and_takes_back_its_budgets(house: BotHarness) -> None:
    assert "No budget is set" in words((await house.say("credits budget")).card)
    card = (await house.say("credits budget 50 period:day")).card
    assert field_of(card, "Budget") == "50 credits a day" and field_of(card, "Used") == "0 credits"
    await house.say("credits budget 500 period:month channel:#general")
    await house.say(f"credits budget 20 person:user:{TEAM.id}")
    assert len(rows_of((await house.say("credits budget")).card)) == 3
    await house.say("credits budget 60")
    assert len(rows_of((await house.say("credits budget")).card)) == 3
    assert "taken back" in (await house.say("credits budget off:yes")).card.title
    assert "No such budget" in words((await house.say("credits budget off:yes")).failure)


@pytest.mark.parametrize(
    "line",
    [
        "credits budget 0",
        "credits budget 50 off:yes",
        "credits budget 50 person:everyone",
        "credits budget 50 channel:#general route:x",
        "credits budget 50 period:year",
        "credits budget 50 route:nowhere",
    ],
)
async def test_what_is_no_budget_is_refused(house: BotHarness, line: str) -> None:
    assert (await house.say(line)).outcome is not InvocationOutcome.OK
    assert await house.app.services.budgets.standing(HERE) == ()


async def test_who_does_not_set_things_up_sets_none(house: BotHarness) -> None:
    assert (await house.say("credits budget 50", TEAM)).outcome is InvocationOutcome.NOT_PERMITTED


async def test_a_read_counts_and_is_not_asked_for_once_the_budget_is_used_up(house: BotHarness) -> None:
    await house.say("credits budget 2")
    for _ in range(2):
        assert (await house.say(LOOK)).outcome is InvocationOutcome.OK
    before = await house.credits()
    refused = await house.say(LOOK)
    assert refused.failure.title == "The budget does not cover this"
    assert "credits budget" in words(refused.failure) and "2 credits" in words(refused.failure)
    assert await house.credits() == before and await use(house) == (2, 0)
    house.clock.advance(24 * 3600)
    assert (await house.say(LOOK)).outcome is InvocationOutcome.OK


async def test_a_page_counts_by_its_rows_and_so_does_the_next(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    before = await house.credits()
    first = await house.say("user followers @nasa")
    spent = before - await house.credits()
    assert (await use(house))[0] == spent > 0
    await house.press(first, "Next (up to 20 credits)")
    assert (await use(house))[0] == before - await house.credits() > spent


async def test_a_page_that_is_longer_than_usual_passes_a_budget_once_and_by_itself_alone(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long a page of moderators is X decides alone: what is reserved is what is usual.
    people = tuple(User(id=str(number), username=f"u{number}") for number in range(30))

    async def long(*_: object, **__: object) -> Page[User]:
        return Page(people)

    monkeypatch.setattr(CommunitiesResource, "moderators", long)
    await house.say("credits budget 25")
    line = "community moderators https://x.com/i/communities/1490000000000000001"
    first = await house.say(line)
    assert first.outcome is InvocationOutcome.OK and "Charged: 30 credits." in words(first.card)
    assert await use(house) == (30, 0), "whole, and not as was usual"
    refused = await house.say(LOOK)
    assert refused.outcome is InvocationOutcome.FAILED and "30 of that are used" in words(refused.failure)
    assert await use(house) == (30, 0)


async def test_a_button_that_reads_counts_as_its_command(house: BotHarness) -> None:
    await house.say("credits budget 2")
    shown = await house.say(f"space show {spaces.RECORDED_ID}")
    label = "Recording (up to 1 credit)"
    assert (await house.press(shown, label)).outcome is InvocationOutcome.OK
    assert await use(house) == (2, 0)
    before = await house.credits()
    assert "budget" in words((await house.press(shown, label)).failure).lower()
    assert await house.credits() == before


async def test_what_is_kept_costs_nothing_the_second_time(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    await house.say("trends Japan")
    once = await use(house)
    await house.say("trends Japan")
    assert await use(house) == once and once[0] > 0


async def test_what_was_never_asked_is_given_back(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    await house.fault(status=402, code="insufficient_credits", path="/x/users/*", times=1)
    assert (await house.say(LOOK)).outcome is InvocationOutcome.FAILED
    assert await use(house) == (0, 0)


@pytest.mark.parametrize(
    ("line", "code", "status"),
    [
        ("tweet likers 1893456789012345678", "account_required", 424),
        ("tweet search comet", "search_unavailable", 424),
        ("tweet search comet", "unknown_field", 400),
        ("user followers @nasa", "insufficient_credits", 402),
        ("style analyze @nasa", "insufficient_credits", 402),
        ("style analyze @nasa", "style_conflict", 409),
        ("link resolve https://evil.example/x", "", 0),
        ("user check @nasa @esa", "rate_limit_exceeded", 429),
    ],
)
async def test_what_was_refused_or_never_sent_counts_for_nothing(
    house: BotHarness, line: str, code: str, status: int
) -> None:
    await house.say("credits budget 1000")
    if code:
        for method in ("GET", "POST"):
            await house.fault(status=status, code=code, path="/x/*", method=method, times=20)
        await house.fault(status=status, code=code, path="/styles", method="POST", times=20)
    before = await house.credits()
    failed = await house.say(line)
    assert failed.outcome is not InvocationOutcome.OK, words(failed.card)
    assert await house.credits() == before and await use(house) == (0, 0), words(failed.failure)
    assert {one.credits for one in await house.app.services.budgets.sums(HERE, SumBy.COMMAND, 0, 1e12)} <= {0}


async def test_what_failed_after_something_was_charged_counts_as_it_was_reserved(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    await house.fault(status=502, code="", path="/x/users/*", times=20)
    assert (await house.say(LOOK)).outcome is InvocationOutcome.FAILED
    assert await use(house) == (1, 0), "a gateway gave up: it may have been charged"


@pytest.mark.parametrize(
    ("line", "most"),
    [
        (LOOK, 1),
        ("tweet likers 1893456789012345678", 5),
        ("user followers @nasa", 5),
        ("style analyze @nasa", 5),
    ],
)
async def test_what_is_not_there_counts_as_a_request_and_not_as_its_rows(
    house: BotHarness, line: str, most: int
) -> None:
    await house.say("credits budget 1000")
    for path, method in (("/x/*", "GET"), ("/styles", "POST")):
        await house.fault(status=404, code="user_not_found", path=path, method=method, times=20)
    assert (await house.say(line)).outcome is not InvocationOutcome.OK
    used, foreseen = await use(house)
    assert 0 < used <= most and foreseen == 0, "Xquik does not say that it is free"


def test_what_is_not_there_after_something_was_read_counts_as_it_was_reserved() -> None:
    with counting_paid_requests() as requests:
        note_paid_request(missed=True)
        assert requests.missed_cost == 5
        note_paid_request()
        assert requests.missed_cost is None


@pytest.mark.parametrize("line", ["style analyze @nasa", "style performance nasa"])
async def test_a_style_counts_by_its_tweets(house: BotHarness, line: str) -> None:
    await house.say("style analyze @nasa")
    await house.say("credits budget 1000 period:month")
    (used, _), before = await use(house), await house.credits()
    done = await house.say(line)
    spent = before - await house.credits()
    assert 0 < spent < 100 and (await use(house))[0] == used + spent
    assert f"Charged: {spent} credits." in words(done.card)


async def test_saved_media_says_what_it_was_charged(house: BotHarness) -> None:
    line = f"media get {TWEET}"
    for _ in range(2):
        before = await house.credits()
        card = (await house.say(line)).card
        spent = before - await house.credits()
        said = "1 credit" if spent == 1 else f"{spent} credits"
        assert f"Charged: {said}." in words(card) and "up to" not in words(card)


async def test_a_write_is_reserved_by_confirm_and_settled_by_its_charge(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    proposed = await house.say('tweet post "Hello"')
    assert await use(house) == (0, 0)
    before = await house.credits()
    await house.confirm(proposed)
    assert (await use(house))[0] == before - await house.credits() > 0


async def test_a_failure_that_cost_nothing_gives_back(house: BotHarness) -> None:
    await house.say("credits budget 1000")
    proposed = await house.say('tweet post "Hello"')
    await house.fault(status=402, code="insufficient_credits", method="POST", path="/x/tweets", times=1)
    await house.confirm(proposed)
    assert await use(house) == (0, 0)


async def test_a_confirm_that_would_pass_the_budget_stays_open_until_somebody_lifts_it(
    house: BotHarness,
) -> None:
    await house.say("credits budget 5")
    proposed = await house.say('tweet post "Hello"')
    refused = await house.press(proposed, "Confirm")
    assert refused.failure.title == "The budget does not cover this"
    key = ref_of(proposed.card, "Confirm").key
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None and stored.state is ProposalState.OPEN
    assert (await house.state())["writes"] == {} and await use(house) == (0, 0)
    await house.say("credits budget 500")
    await house.confirm(proposed)
    assert (await house.state())["writes"] == {"create_tweet": 1}


async def test_of_two_confirms_at_once_one_passes(house: BotHarness) -> None:
    await house.say("credits budget 50")
    both = [await house.say(f'tweet post "Hello {n}"') for n in range(2)]
    seen = await asyncio.gather(*(house.press(one, "Confirm") for one in both))
    assert sorted(one.names[-1] for one in seen) == ["answer", "fail"]


async def test_the_budget_of_a_person_stops_that_person_alone(house: BotHarness) -> None:
    await house.say(f"credits budget 1 person:user:{ADMIN.id}")
    await house.say(LOOK)
    assert (await house.say(LOOK)).outcome is InvocationOutcome.FAILED
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    assert (await house.say(LOOK, tenant=ELSEWHERE)).outcome is InvocationOutcome.OK


async def test_four_fifths_are_told_to_who_manages_once(house: BotHarness) -> None:
    await house.say("credits budget 5")
    for _ in range(5):
        await house.say(LOOK)
    near, over = await queued(house, "budget:")
    assert "A budget is nearly used up" in near and "A budget is used up" in over
    await house.say(LOOK)
    assert len(await queued(house, "budget:")) == 2


async def test_a_monitor_is_foreseen_and_given_back_once_it_stops(house: BotHarness) -> None:
    watch = PurseWatch(house.app.services, Outbox(house.clock))
    await house.say("credits budget 100000 period:month")
    await house.done("monitor add nasa")
    used, foreseen = await use(house)
    assert used + foreseen >= 30 and (used + foreseen) % 30 == 0
    await watch.look()
    assert await use(house) == (used, foreseen)
    await house.done("monitor pause nasa")
    await watch.look()
    after = await use(house)
    assert after[1] == 0 and after[0] <= 30


async def test_a_monitor_that_the_month_does_not_cover_is_not_started(house: BotHarness) -> None:
    await house.say("credits budget 29 period:day")
    proposed = await house.say("monitor add nasa")
    refused = await house.press(proposed, "Confirm")
    assert refused.failure.title == "The budget does not cover this"
    assert (await house.state())["monitors"] == 0


async def test_a_monitor_of_elsewhere_counts_once_it_is_seen_and_those_of_other_places_do_not(
    house: BotHarness,
) -> None:
    watch = PurseWatch(house.app.services, Outbox(house.clock))
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    await house.done("monitor add esa", tenant=ELSEWHERE)
    await (await house.app.services.xquik.of(HERE)).monitors.create("nasa", ("tweet.new",))
    await house.say("credits budget 100000 period:month")
    await watch.look()
    once = sum(await use(house))
    assert once > 0
    await (await house.app.services.xquik.of(HERE)).monitors.create("cafe_luna", ("tweet.new",))
    await watch.look()
    assert sum(await use(house)) == 2 * once


# --- routes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["monitor add nasa", "relay add channel:#alerts account:nasa name:space"])
async def test_the_budget_of_a_route_counts_the_monitors_that_feed_it_however_they_were_started(
    house: BotHarness, first: str
) -> None:
    await house.done(first)
    if first.startswith("monitor"):
        await house.say("relay add channel:#alerts account:nasa name:space")
    card = (await house.say("credits budget 40 route:space")).card
    hours = 24 - datetime.fromtimestamp(house.clock(), UTC).hour
    assert await use(house) == (30, 30 * (hours - 1)), "of one that has just begun"
    assert "stay on" in words(card) and "nothing is spent" not in words(card)
    # What feeds other routes alone is not its own.
    await house.done("monitor add esa")
    assert await use(house) == (30, 30 * (hours - 1))
    paused = await house.say("monitor pause nasa")
    assert paused.outcome is InvocationOutcome.OK
    assert await use(house) == (30, 0), "at once, and not with the next look"
    proposed = await house.say("monitor resume nasa")
    refused = await house.press(proposed, "Confirm")
    assert refused.failure.title == "The budget does not cover this"
    assert "30 of that are used" in words(refused.failure)
    await house.say("credits budget 5000 route:space")
    await house.confirm(proposed)
    assert await use(house) == (60, 30 * (hours - 1))


async def test_what_routes_of_the_place_take_is_asked_by_the_budgets_of_all_of_them(
    house: BotHarness,
) -> None:
    await house.done("relay add channel:#alerts account:nasa,esa name:space")
    await house.say("monitor pause nasa")
    await house.say("monitor pause esa")
    await house.say("relay add channel:#general account:esa name:europe")
    await house.say("credits budget 30 route:europe")
    resumed = await house.say("monitor resume nasa")
    await house.confirm(resumed)
    refused = await house.press(await house.say("monitor resume esa"), "Confirm")
    assert refused.failure.title == "The budget does not cover this"
    await house.say("relay remove europe")
    await house.done("monitor resume esa")


async def test_a_monitor_that_ran_before_is_known_to_routes_after_a_look(house: BotHarness) -> None:
    watch = PurseWatch(house.app.services, Outbox(house.clock))
    await (await house.app.services.xquik.of(HERE)).monitors.create("nasa", ("tweet.new",))
    await house.say("relay add channel:#alerts account:nasa name:space")
    await house.say("credits budget 40 route:space")
    await watch.look()
    assert sum(await use(house)) >= 30


async def test_the_report_of_routes_counts_a_monitor_for_each_that_takes_of_it(house: BotHarness) -> None:
    """However it was started: for a route, by `monitor add`, or elsewhere."""
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.done("monitor add esa")
    await (await house.app.services.xquik.of(HERE)).monitors.create("jaxa", ("tweet.new",))
    await PurseWatch(house.app.services, Outbox(house.clock)).look()
    await house.done("relay add channel:#general account:esa,jaxa name:others watch:no")
    await house.done("relay add channel:#general account:nasa,esa name:both watch:no")
    await house.done("relay add channel:#general account:roscosmos name:none watch:no")
    house.clock.advance(1_800)
    shown = (await house.say("credits report route")).card
    assert {row[0]: row[1] for row in rows_of(shown)} == {"space": "30", "others": "60", "both": "60"}
    assert "counts for every route" in words(shown)
    # What was spent in all is that once.
    assert "90" in words((await house.say("credits report month")).card)
    for line, left in (("relay remove others", {"space", "both"}), ("monitor remove esa", {"space", "both"})):
        await house.say(line)
        assert {row[0] for row in rows_of((await house.say("credits report route")).card)} == left


# --- alerts --------------------------------------------------------------------------------------


async def test_a_low_balance_is_told_to_its_channel_once_until_there_is_more(house: BotHarness) -> None:
    watch = PurseWatch(house.app.services, Outbox(house.clock))
    assert "told to no channel" in words((await house.say("credits alert")).card)
    await house.say("credits alert 1000 channel:#alerts")
    assert "1,000 credits" in words((await house.say("credits alert")).card)
    await house.control("credits", body={"balance": 1_000})
    await watch.look()
    assert await queued(house, "balance:") == []
    await house.control("credits", body={"balance": 999})
    for _ in range(2):
        await watch.look()
    (told,) = await queued(house, "balance:")
    assert "Few Xquik credits left" in told and "999" not in told
    await house.control("credits", body={"balance": 5_000})
    await watch.look()
    house.clock.advance(600)
    await house.control("credits", body={"balance": 1})
    await watch.look()
    assert len(await queued(house, "balance:")) == 2
    await house.say("credits alert off")
    assert await house.app.services.alerts.all() == ()


@pytest.mark.parametrize(
    "line",
    ["credits alert 0", "credits alert 100", "credits alert channel:#alerts", "credits alert 5 off:yes"],
)
async def test_what_is_no_alert_is_refused(house: BotHarness, line: str) -> None:
    assert (await house.say(line)).outcome is not InvocationOutcome.OK
    assert await house.app.services.alerts.all() == ()


# --- previews ------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ['tweet post "Hello"', "monitor add nasa"])
async def test_a_preview_says_where_a_budget_does_not_cover_it_and_stays_open(
    house: BotHarness, line: str
) -> None:
    plain = words((await house.say(line)).card)
    assert "does not cover" not in plain
    await house.say("credits budget 5")
    proposed = await house.say(line)
    assert "The budget does not cover this" in words(proposed.card), words(proposed.card)
    assert "credits budget" in words(proposed.card)
    refused = await house.press(proposed, "Confirm")
    assert refused.failure.title == "The budget does not cover this"
    await house.say("credits budget 5000")
    await house.confirm(proposed)


async def test_a_command_stands_in_a_report_once_with_what_it_looked_up(house: BotHarness) -> None:
    before = await house.credits()
    await house.confirm(await house.say(f"tweet like {TWEET}"))
    (row,) = rows_of((await house.say("credits report")).card)
    assert row[0] == "tweet like" and row[1] == str(before - await house.credits())


# --- reports -------------------------------------------------------------------------------------


async def test_what_was_spent_is_told_by_command_person_and_month_and_is_a_file(house: BotHarness) -> None:
    before = await house.credits()
    for _ in range(2):
        await house.say(LOOK)
    await house.confirm(await house.say('tweet post "Hello"'))
    spent = before - await house.credits()
    report = await house.say("credits report")
    rows = {row[0]: row for row in rows_of(report.card)}
    assert rows["user show"][1:3] == ["2", "2"] and rows["tweet post"][2] == "1"
    assert sum(int(row[1]) for row in rows.values()) == spent
    (month,) = rows_of((await house.say("credits report month months:3")).card)
    assert month[1] == str(spent)
    (person,) = rows_of((await house.say("credits report person")).card)
    assert person[1] == str(spent)
    assert "can be told so" in words((await house.say("credits report route")).card)
    given = await house.submit(await house.press(report, BUTTON), format="csv")
    found = listed(given.reply.files[0].content)
    assert {row["id"]: row["credits"] for row in found}["user show"] == "2"
    assert await house.credits() == before - spent


async def test_a_draw_is_told_of_with_what_it_cost(house: BotHarness) -> None:
    before = await house.credits()
    await house.confirm(await house.say(f"draw run {TWEET}"))
    (row,) = rows_of((await house.say("credits report draw")).card)
    assert row[1] == str(before - await house.credits() - 1)  # and 1 to look the tweet up


async def test_the_report_of_another_place_has_nothing_of_this_one(house: BotHarness) -> None:
    await house.say(LOOK)
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    assert "can be told so" in words((await house.say("credits report", tenant=ELSEWHERE)).card)
    assert (await house.say("credits report", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED


async def test_a_preview_that_takes_the_place_of_another_says_so_too(house: BotHarness) -> None:
    await house.say("credits budget 5")
    proposed = await house.say('tweet post "Hello"')
    form = await house.press(proposed, "Edit")
    edited = await house.submit(form, text="Hello, all")
    assert "The budget does not cover this" in words(edited.card)
    await house.say("credits budget 5000")
    form = await house.press(edited, "Edit")
    assert "does not cover" not in words((await house.submit(form, text="Hello again")).card)


@pytest.mark.parametrize(
    "line", ["credits topup 10", "support open subject:Help message:Please", "subscribe link pro"]
)
async def test_what_costs_nothing_is_covered_by_a_budget_that_is_used_up(
    house: BotHarness, line: str
) -> None:
    await house.say("credits budget 1")
    await house.say(LOOK)
    assert (await house.say(LOOK)).failure.title == "The budget does not cover this"
    proposed = await house.say(line)
    assert ref_of(proposed.card, "Confirm") and "does not cover" not in words(proposed.card)


async def test_a_budget_that_is_set_anew_is_told_of_anew_in_the_same_period(house: BotHarness) -> None:
    await house.say("credits budget 10")
    for _ in range(8):
        await house.say(LOOK)
    assert len(await queued(house, "budget:")) == 1
    await house.say("credits budget 11")
    await house.say(LOOK)
    assert len(await queued(house, "budget:")) == 2, "of another limit"
    house.clock.advance(1)
    await house.say("credits budget 11")
    await house.say(LOOK)
    assert len(await queued(house, "budget:")) == 3, "of the same limit, set anew"


def test_the_key_of_a_budget_fits_its_column() -> None:
    key = dedup_keys.of_budget("person", "U" * 60, "month", 2e9, limit=10**9, spent_up=True, now=2e9)
    assert len(dedup_keys.to_managers(key, confidential=True)) <= 80


async def test_nothing_more_is_said_to_be_spent_below_what_was(house: BotHarness) -> None:
    await house.say("credits budget 2")
    said = words((await house.say("user follow @esa")).card)
    assert "Looking it up cost 1 credit" in said and "The budget does not cover this" in said
    assert "Nothing more was spent." in said and "Nothing was spent." not in said
