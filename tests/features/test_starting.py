"""A monitor costs credits for as long as it runs: it starts by Confirm alone, and once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.monitor_starts import Bill, start_preview
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import AnswerLost
from bot.core.proposal_states import ProposalState
from bot.core.routes.monitor_starts import Plan, Start
from bot.xquik.models import KeywordMonitor, Monitor
from tests.features.edge import Screen, field_of, ref_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, BotHarness, asks
from tests.journeys.run.harness import until

PRICE = "30 credits an hour, 720 a day, 21,600 a month"
SEARCHES = ["new horizons", "İstanbul depremi", "عاجل الآن", "चंद्रयान", "地震 速報", "ข่าวด่วน lang:th"]


async def watches(house: BotHarness) -> dict[str, Monitor | KeywordMonitor]:
    """What Xquik watches, by account or search."""
    xquik = await house.app.services.xquik.of(HERE)
    found: dict[str, Monitor | KeywordMonitor] = {
        one.username.lower(): one for one in await xquik.monitors.list()
    }
    return found | {one.query: one for one in await xquik.keyword_monitors.list()}


async def changed(house: BotHarness) -> int:
    """How many requests made or changed a monitor."""
    requests: dict[str, Any] = (await house.state())["requests"]
    methods = ("POST", "PATCH", "DELETE")
    return sum(n for name, n in requests.items() if name.startswith(methods) and "/monitors" in name)


# --- accounts and searches --------------------------------------------------------------------


@pytest.mark.parametrize("account", ["nasa", "@ESA", "https://x.com/jaxa_en", "@xquik ", "x.com/spacex"])
async def test_an_account_is_watched_after_confirm_and_not_before(house: BotHarness, account: str) -> None:
    asked = await house.say(f"monitor add {account}")
    assert asked.outcome is InvocationOutcome.OK and asked.card.title.startswith("Watch @")
    assert field_of(asked.card, "Price") == PRICE
    assert await watches(house) == {} and await changed(house) == 0
    done = await house.confirm(asked)
    assert done.title.startswith("Watching @") and PRICE in words(done)
    (one,) = (await watches(house)).values()
    assert one.is_active and "Requested and confirmed by Ada." in words(done)


@pytest.mark.parametrize("query", SEARCHES)
async def test_a_search_is_watched_after_confirm_and_not_before(house: BotHarness, query: str) -> None:
    asked = await house.say(f'monitor keyword "{query}"')
    assert asked.card.title == "Watch this search?"
    assert query in field_of(asked.card, "Watches") and field_of(asked.card, "Price") == PRICE
    assert await watches(house) == {}
    assert (await house.confirm(asked)).title == "Watching a search"
    assert (await watches(house))[query].is_active


@pytest.mark.parametrize("what", ["nasa", *SEARCHES[1:5]])
@pytest.mark.parametrize("way", ["resume", "add"])
async def test_what_is_paused_goes_on_after_confirm_and_not_before(
    house: BotHarness, what: str, way: str
) -> None:
    account = what == "nasa"
    line = f"monitor add {what}" if account else f'monitor keyword "{what}"'
    await house.done(line)
    await house.say(f'monitor pause "{what}"')
    before = await changed(house)
    asked = await house.say(line if way == "add" else f'monitor resume "{what}"')
    assert asked.card.title == ("Watch @nasa again?" if account else "Watch this search again?")
    assert "(paused)" in field_of(asked.card, "Watches") and field_of(asked.card, "Price") == PRICE
    assert not (await watches(house))[what].is_active and await changed(house) == before
    assert (await house.confirm(asked)).title.endswith(" again")
    assert (await watches(house))[what].is_active
    assert await changed(house) == before + 1


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("monitor add nasa", "monitor add @NASA"),
        ("monitor add nasa", "monitor resume nasa"),
        ("monitor add nasa", "monitor add nasa events:follower.added"),
        ('monitor keyword "İstanbul depremi"', 'monitor keyword "istanbul  DEPREMİ"'),
        ('monitor keyword "चंद्रयान"', 'monitor resume "चंद्रयान"'),
        ("monitor add nasa", "relay add channel:#alerts account:nasa"),
        ('monitor keyword "地震"', 'relay add channel:#alerts keyword:"地震"'),
    ],
)
async def test_what_is_watched_already_asks_nothing(house: BotHarness, first: str, again: str) -> None:
    await house.done(first)
    screen = await house.say(again)
    assert screen.outcome is InvocationOutcome.OK and not asks(screen.card)
    assert len(await watches(house)) == 1


@pytest.mark.parametrize(
    "line", ["monitor add nasa", 'monitor keyword "عاجل"', "relay add #alerts account:nasa"]
)
async def test_cancel_and_time_start_nothing(house: BotHarness, line: str) -> None:
    cancelled = await house.press(await house.say(line), "Cancel")
    assert "Nothing was started." in words(cancelled.card)
    late = await house.say(line)
    house.clock.advance(16 * 60)
    refused = await house.press(late, "Confirm")
    assert "Nobody confirmed this in time. Nothing was started." in words(refused.failure)
    assert await watches(house) == {} and await house.app.services.relay.routes.of_tenant(HERE) == ()


async def test_two_clicks_start_it_once(house: BotHarness) -> None:
    asked = await house.say("monitor add nasa")
    await house.confirm(asked)
    again = await house.press(asked, "Confirm")
    assert "already confirmed this, and it was done" in words(again.failure)
    assert await changed(house) == 1


# --- what it costs, and who sees it -------------------------------------------------------------


async def test_the_balance_and_how_long_it_lasts_are_for_who_may_view(house: BotHarness) -> None:
    await house.say("policy grant manage to:user:ben")
    await house.say("policy grant manage to:user:tim")
    balance = await house.credits()
    await house.done("monitor add esa")
    shown = (await house.say("monitor add nasa", TEAM)).card
    assert field_of(shown, "Balance").startswith(f"{await house.credits():,} credits: enough for about ")
    assert "for everything watched" in field_of(shown, "Balance")
    hidden = await house.say("monitor add nasa", MEMBER)
    assert field_of(hidden.card, "Price") == PRICE
    assert "Balance" not in words(hidden.card) and f"{balance:,}" not in words(hidden.card)
    assert (await house.confirm(hidden, MEMBER)).title.startswith("Watching @")


@pytest.mark.parametrize("granted", ["use", "view", "spend", "publish", "spend,publish,view"])
async def test_who_may_not_manage_neither_asks_nor_confirms(house: BotHarness, granted: str) -> None:
    await house.say(f"policy grant {granted} to:user:ben")
    assert (await house.say("monitor add nasa", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    asked = await house.say("monitor add nasa")
    pressed = await house.press(asked, "Confirm", actor=MEMBER)
    assert pressed.outcome is InvocationOutcome.NOT_PERMITTED
    assert await watches(house) == {}


async def test_credits_that_do_not_cover_an_hour_are_told_before(house: BotHarness) -> None:
    poor = await house.control("keys", body={"credits": 29})
    await house.give_key(HERE, poor["key"])
    card = (await house.say("monitor add nasa")).card
    assert card.tone == "warning" and "do not cover an hour" in words(card)
    assert "less than an hour" in field_of(card, "Balance")


# --- routes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "watched"),
    [
        ("account:nasa", ["nasa"]),
        ("account:nasa,esa", ["nasa", "esa"]),
        ('keyword:"İstanbul depremi"', ["İstanbul depremi"]),
        ('keyword:"عاجل الآن","地震 速報"', ["عاجل الآن", "地震 速報"]),
        ('account:nasa keyword:"चंद्रयान"', ["nasa", "चंद्रयान"]),
    ],
)
async def test_a_route_and_what_it_needs_are_one_confirm(
    house: BotHarness, option: str, watched: list[str]
) -> None:
    asked = await house.say(f"relay add channel:#alerts {option} name:launches")
    assert asked.card.title.startswith("Add this route and watch ")
    hourly = 30 * len(watched)
    assert f"{hourly} credits an hour, {hourly * 24:,} a day" in field_of(asked.card, "Price")
    assert field_of(asked.card, "Name") == "launches"
    assert await watches(house) == {} and await house.app.services.relay.routes.of_tenant(HERE) == ()
    done = await house.confirm(asked)
    assert done.title == "Route added" and done.tone == "success"
    assert sorted(await watches(house)) == sorted(watched)
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert (route.name, route.created_by, route.paused_reason) == ("launches", "ada", None)


async def test_all_of_a_route_is_kept_until_confirm(house: BotHarness) -> None:
    asked = await house.say(
        "relay add channel:#alerts also:#social account:nasa events:follower.added post:compact "
        'contains:"son dakika" matches:"(?i)artemis" replies:no language:tr sensitive:never quoted:yes'
    )
    await house.reopen()
    await house.confirm(asked)
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert [place.channel for place in route.destinations] == ["c1", "c3"]
    assert len(route.filters) == 4 and route.quoted and route.appearance.layout.value == "compact"
    assert "follower.added" in (await watches(house))["nasa"].event_types


async def test_a_confirmed_route_follows_the_ids_of_its_accounts(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:r")
    xquik = await house.app.services.xquik.of(HERE)
    ids = {one.username.lower(): one.x_user_id for one in await xquik.monitors.list()}
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert {one.name: one.id for one in route.followed} == ids
    await house.done("relay edit r account:nasa,esa name:both")
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert (route.name, route.accounts) == ("both", ("nasa", "esa"))
    assert {one.name for one in route.followed} == {"nasa", "esa"}


async def test_watch_no_adds_the_route_alone(house: BotHarness) -> None:
    added = await house.say("relay add channel:#alerts account:nasa watch:no")
    assert added.card.title == "Route added" and "monitor add nasa" in words(added.card)
    edited = await house.say("relay edit alerts-nasa account:nasa,esa watch:no")
    assert edited.card.title == "Route changed" and "monitor add esa" in words(edited.card)
    assert await watches(house) == {}


async def test_a_route_does_not_resume_what_is_paused(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.say("monitor pause nasa")
    added = await house.say("relay add channel:#alerts account:nasa")
    assert added.card.title == "Route added" and "monitor resume nasa" in words(added.card)
    both = await house.say("relay add channel:#social account:nasa,esa name:both")
    assert "monitor resume nasa" in words(both.card) and "@nasa" not in field_of(both.card, "Watches")
    await house.confirm(both)
    now = await watches(house)
    assert now["esa"].is_active and not now["nasa"].is_active


async def test_what_is_added_to_a_route_is_confirmed_with_it(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:r")
    asked = await house.say('relay edit r account:nasa,esa keyword:"عاجل"')
    assert asked.card.title == "Change this route and watch all of this?"
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert route.accounts == ("nasa",)
    assert (await house.confirm(asked)).title == "Route changed"
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert (route.accounts, route.keywords) == (("nasa", "esa"), ("عاجل",))
    assert set(await watches(house)) == {"nasa", "esa", "عاجل"}


async def test_a_route_that_was_changed_meanwhile_is_not_undone(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:r")
    asked = await house.say("relay edit r account:nasa,esa")
    house.clock.advance(5)
    await house.say("relay edit r name:other")
    failed = await house.confirm(asked)
    assert failed.title == "Route not changed" and "changed by somebody else meanwhile" in words(failed)
    (route,) = await house.app.services.relay.routes.of_tenant(HERE)
    assert (route.name, route.accounts) == ("other", ("nasa",))
    assert set(await watches(house)) == {"nasa"}, "and nothing was started for it"


async def test_a_name_that_is_taken_is_told_before_anything_is_asked(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:r")
    refused = await house.say("relay add channel:#social account:esa name:r")
    assert "called 'r' already" in words(refused.failure)
    asked = await house.say("relay add channel:#social account:esa name:s")
    await house.say("relay add channel:#general account:nasa name:s")
    failed = await house.confirm(asked)
    assert failed.title == "Route not added" and "called 's' already" in words(failed)
    assert set(await watches(house)) == {"nasa"}


async def test_who_is_not_on_x_is_told_and_the_rest_goes_on(house: BotHarness) -> None:
    alone = await house.confirm(await house.say("relay add channel:#alerts account:missing_person name:a"))
    assert alone.title == "Route not added" and "Nothing was charged." in words(alone)
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()
    both = await house.confirm(
        await house.say("relay add channel:#alerts account:missing_person,nasa name:b")
    )
    assert both.title == "Route added" and "@missing_person is not watched." in words(both)
    assert set(await watches(house)) == {"nasa"}


# --- trouble on the way -----------------------------------------------------------------------------


def _running(card: Card) -> bool:
    return card.title == "Starting…" and "You will be told when it is done." in words(card)


async def test_an_answer_that_was_lost_starts_nothing_twice(house: BotHarness) -> None:
    asked = await house.say("monitor add nasa")
    await house.fault(method="POST", path="/monitors", answer_lost=True, times=1)
    pressed = await house.press(asked, "Confirm")
    assert _running(pressed.card)
    key = ref_of(asked.card, "Confirm").key
    house.clock.advance(60)
    card = await house.app.executor.outcome(HERE, key)
    assert card.title.startswith("Watching @")
    (one,) = (await watches(house)).values()
    assert one.is_active


async def test_what_comes_late_is_told_in_the_message_of_the_click_alone(
    house: BotHarness,
) -> None:
    asked = await house.say("monitor add nasa")
    await house.fault(method="POST", path="/monitors", status=503, times=1)
    pressed = await house.press(asked, "Confirm")
    assert _running(pressed.card)
    await house.app.relay.start()
    house.clock.advance(60)
    await house.app.executor.outcome(HERE, ref_of(asked.card, "Confirm").key)
    await until(lambda: pressed.card.title.startswith("Watching @"))
    assert (house.wall.told, house.wall.posted) == ([], [])


async def test_what_another_process_ends_is_told_to_the_person_and_never_in_the_channel(
    house: BotHarness,
) -> None:
    asked = await house.say("monitor add nasa")
    await house.fault(method="POST", path="/monitors", status=503, times=1)
    assert _running((await house.press(asked, "Confirm")).card)
    await house.reopen()
    await house.app.relay.start()
    house.clock.advance(60)
    await house.app.executor.outcome(HERE, ref_of(asked.card, "Confirm").key)
    await until(lambda: house.wall.told)
    ((person, card),) = house.wall.told
    assert person == ADMIN.id and card.title.startswith("Watching @")
    assert house.wall.posted == []


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "answer-lost"])
async def test_an_outcome_that_no_answer_brought_is_told_once_from_the_outbox(
    house: BotHarness, dies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await house.say("monitor add nasa")
    key = ref_of(asked.card, "Confirm").key
    executor = house.app.executor
    if dies:
        claimed = await executor._store.claim(HERE, key, ADMIN, None)
        assert claimed is not None
        executor.begin(claimed)
        begun = await executor.soon(claimed)
        assert begun.state is ProposalState.DONE  # and nobody is told of it
        await house.reopen()
    else:

        async def lost(_screen: Screen, _reply: Reply) -> None:
            raise AnswerLost("the platform did not take it")

        with monkeypatch.context() as patch:
            patch.setattr(Screen, "answer", lost)
            await house.press(asked, "Confirm")
    await house.app.executor.recover()
    await house.app.relay.start()
    assert not house.wall.told
    house.clock.advance(60)
    house.app.relay.scheduler.look()
    await until(lambda: house.wall.told)
    ((person, card),) = house.wall.told
    assert person == ADMIN.id and card.title.startswith("Watching @") and house.wall.posted == []


async def test_an_outcome_that_an_answer_brought_is_not_told_again(house: BotHarness) -> None:
    done = await house.press(await house.say("monitor add nasa"), "Confirm")
    assert done.card.title.startswith("Watching @")
    assert await house.app.relay.deliveries.backlog() == 0


@pytest.mark.parametrize(
    "line", ["monitor add nasa", 'monitor keyword "地震"', "relay add #alerts account:nasa"]
)
async def test_a_restart_after_confirm_goes_on_and_once(house: BotHarness, line: str) -> None:
    asked = await house.say(line)
    key = ref_of(asked.card, "Confirm").key
    await house.app.executor._store.claim(HERE, key, ADMIN, None)  # and the bot dies here
    await house.reopen()
    await house.app.executor.recover()
    await house.app.executor.outcome(HERE, key)
    (one,) = (await watches(house)).values()
    assert one.is_active and await changed(house) == 1
    assert len(await house.app.services.relay.routes.of_tenant(HERE)) == line.startswith("relay")


@pytest.mark.parametrize("line", ["monitor add nasa", "relay add #alerts account:nasa"])
@pytest.mark.parametrize("paused", [False, True], ids=["on", "paused-since"])
async def test_a_crash_after_the_request_starts_nothing_twice(
    house: BotHarness, line: str, paused: bool
) -> None:
    asked = await house.say(line)
    key = ref_of(asked.card, "Confirm").key
    store = house.app.executor._store
    claimed = await store.claim(HERE, key, ADMIN, None)
    assert claimed is not None and await store.dispatching(claimed) is not None
    xquik = await house.app.services.xquik.of(HERE)
    made = await xquik.monitors.create("nasa", ("tweet.new",))  # and the bot dies before it knows
    if paused:
        await xquik.monitors.update(made.id, is_active=False)
    await house.reopen()
    await house.app.executor.recover()
    card = await house.app.executor.outcome(HERE, key)
    (one,) = (await watches(house)).values()
    assert (one.id, one.is_active) == (made.id, not paused), "a later word counts"
    assert "paused" in words(card).lower() if paused else card.tone == "success"
    assert len(await house.app.services.relay.routes.of_tenant(HERE)) == line.startswith("relay")


async def test_an_hour_later_nothing_is_started_any_more(house: BotHarness) -> None:
    asked = await house.say("monitor add nasa")
    key = ref_of(asked.card, "Confirm").key
    await house.app.executor._store.claim(HERE, key, ADMIN, None)  # and the bot dies here
    house.clock.advance(3_700)
    await house.reopen()
    await house.app.executor.recover()
    card = await house.app.executor.outcome(HERE, key)
    assert card.title == "Not watched" and "within an hour" in words(card)
    assert await watches(house) == {}
    offered = await house.press(card, "Try again")
    assert offered.card.title == "Watch @nasa?"
    await house.confirm(offered)
    assert (await watches(house))["nasa"].is_active


async def test_one_that_was_removed_or_paused_meanwhile(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.say("monitor pause nasa")
    asked = await house.say("monitor resume nasa")
    await house.say("monitor remove nasa")
    card = await house.confirm(asked)
    assert card.title == "Not watched" and "removed in the meantime" in words(card)
    assert await watches(house) == {}


async def test_what_xquik_refuses_for_want_of_credits_is_offered_again(house: BotHarness) -> None:
    asked = await house.say("monitor add nasa")
    await house.fault(method="POST", path="/monitors", status=402, code="insufficient_credits", times=1)
    card = await house.confirm(asked)
    assert card.title == "Not watched" and "Nothing was charged." in words(card)
    again = await house.press(card, "Try again")
    assert again.card.title == "Watch @nasa?" and await watches(house) == {}
    assert (await house.confirm(again)).title.startswith("Watching @")


@pytest.mark.parametrize(
    "start", [Start("account", "nasa", ()), Start("keyword", "عاجل الآن", ("tweet.new",))]
)
@pytest.mark.parametrize(
    ("bill", "said", "tone"),
    [
        (Bill(30, 0, 30 * 24 * 9), "6,480 credits: enough for about 9 days", "info"),
        (Bill(30, 30, 30 * 24 * 9), "enough for about 4 days for everything watched", "info"),
        (Bill(30, 0, 60), "enough for about 2 hours", "info"),
        (Bill(30, 0, 29), "enough for less than an hour", "warning"),
        (Bill(30, 0, 0), "0 credits", "warning"),
        (Bill(30, 0, 29, refills=True), "29 credits, topped up automatically", "info"),
    ],
)
def test_how_long_the_balance_lasts(start: Start, bill: Bill, said: str, tone: str) -> None:
    card = start_preview(Plan((start,), bill.hourly), bill)
    assert field_of(card, "Balance").endswith(said) and card.tone == tone


@pytest.mark.parametrize(
    ("unseen", "said"),
    [
        ((), None),
        (("nasa",), "Whether @nasa is on X shows after Confirm. If not, nothing is watched or charged."),
        (("nasa", "esa"), "Whether @nasa, @esa are on X shows after Confirm."),
    ],
)
def test_the_preview_says_which_accounts_nobody_has_seen_yet(
    unseen: tuple[str, ...], said: str | None
) -> None:
    starts = (Start("account", "nasa", ()), Start("account", "esa", ()))
    shown = words(start_preview(Plan(starts, 30), Bill(30), (), unseen))
    assert (said in shown) if said else ("on X" not in shown)


async def test_an_account_that_was_never_seen_here_is_said_to_be_unseen_and_not_looked_up(
    house: BotHarness,
) -> None:
    route = "relay add channel:#c2 account:nasa,esa name:space"
    assert "Whether @nasa is on X" in words((await house.say("monitor add nasa")).card)
    assert "Whether @nasa, @esa are on X" in words((await house.say(route)).card)
    await house.app.relay.renaming.seen(HERE, [("11348282", "NASA")])
    assert "on X" not in words((await house.say("monitor add NASA")).card)
    assert "Whether @esa is on X" in words((await house.say(route)).card)
    assert not [path for path in (await house.state())["requests"] if "/x/" in path]
