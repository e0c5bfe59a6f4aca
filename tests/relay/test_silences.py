"""Places that hear nothing are told so once, without a reason; who looks after them is told why."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cards.silences import WHY_ACTION
from bot.core.chat.ids import TenantId
from bot.core.routes.silences import SilenceCause
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from bot.storage.places.contacts import ContactKind, Contacts
from bot.storage.relay import silences
from tests.features.edge import words
from tests.relay.harness import OTHER, TENANT, application, route, serving, until
from tests.relay.ingest_harness import ingest_harness, slower
from tests.relay.quiet_harness import LATE, NASA, ON, QUICK, QUIET, card, said, told, watching
from tests.relay.sandbox_harness import Xquik


async def looks(xquik: Xquik, more: int = 3) -> None:
    """Wait until the watch has looked so many times more."""
    seen = await xquik.requests("GET /monitors/keywords")

    async def looked() -> bool:
        return await xquik.requests("GET /monitors/keywords") >= seen + more

    await until(looked)


STOPS = [
    ("x_account_protected", SilenceCause.PROTECTED, "An account is protected"),
    ("x_user_not_found", SilenceCause.GONE, "An account is gone from X"),
    ("insufficient_credits", SilenceCause.CREDITS, "The Xquik credits are used up"),
    ("x_rules_changed", SilenceCause.STOPPED, "A monitor was stopped"),
    ("nochmal_ärger", SilenceCause.STOPPED, "A monitor was stopped"),
]

STOPPED_FOR = {"protected": "x_account_protected", "unavailable": "x_user_not_found"}


@pytest.mark.parametrize(("reason", "cause", "title"), STOPS)
async def test_a_monitor_that_xquik_stops_is_told_once_and_its_end_once(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, reason: str, cause: SilenceCause, title: str
) -> None:
    await xquik.monitor()
    async with watching(sqlite, sandbox) as house:
        await house.join()
        await house.ingest.start()
        await looks(xquik)
        assert not house.messenger.posted and not house.messenger.told
        await xquik.control("/monitors", username="nasa", reason=reason)
        await until(lambda: said(house) == [QUIET] and told(house) == [title])
        await looks(xquik)
        assert said(house) == [QUIET] and told(house) == [title]
        quiet = words(card(house))
        assert "Quiet since" in quiet and "@nasa" in quiet
        for leak in (reason, "credit", "protected", "suspended", "balance", "key"):
            assert leak not in quiet
        why = card(house).buttons[0].action
        assert why is not None and why.name == WHY_ACTION
        [standing] = await silences.standing(sqlite, TENANT)
        assert standing.cause is cause and standing.id == why.key
        # "monitor resume" that a person confirmed.
        await xquik.control("/monitors", username="nasa", active=True)
        await until(lambda: said(house) == [QUIET, ON] and told(house) == [title, "Back to normal"])
        await looks(xquik)
        assert said(house) == [QUIET, ON]
        assert await silences.standing(sqlite, TENANT) == ()


async def test_a_restart_says_nothing_again_and_still_tells_the_end(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    await xquik.control("/monitors", username="nasa", reason="x_user_not_found")
    async with watching(database, sandbox) as house:
        await house.join()
        await house.ingest.start()
        await until(lambda: said(house) == [QUIET])
    async with watching(database, sandbox) as again:
        await again.ingest.start()
        await looks(xquik)
        assert not again.messenger.posted and not again.messenger.told
        await xquik.control("/monitors", username="nasa", active=True)
        await until(lambda: said(again) == [ON] and told(again) == ["Back to normal"])


async def test_two_processes_that_see_the_same_tell_it_once(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as one, watching(database, sandbox, running=False) as two:
        await one.join()
        await xquik.control("/monitors", username="nasa", reason="x_account_protected")
        member = await one.member()
        await asyncio.gather(*(house.ingest.watch.look(member) for house in (one, two, one, two)))
        one.relay.scheduler.look()  # what the other one stored
        await one.quiet()
        assert said(one) == [QUIET] and told(one) == ["An account is protected"]
        await xquik.control("/monitors", username="nasa", active=True)
        await asyncio.gather(*(house.ingest.watch.look(member) for house in (two, one, two)))
        one.relay.scheduler.look()
        await one.quiet()
        assert said(one) == [QUIET, ON]
        assert two.messenger.posted == []


async def test_only_the_places_that_a_route_of_it_leads_to_are_told(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    await xquik.monitor("esa")
    await xquik.ask("POST", "/monitors/keywords", query="son dakika", eventTypes=["tweet.new"])
    async with watching(database, sandbox) as house:
        await house.keys.put(TENANT, SecretStr(xquik.key))
        routes = house.relay.routes
        await routes.add(route("nasa", "C1", accounts=("nasa",), created_by="U1"), 1.0)
        await routes.add(route("esa", "C2", accounts=("esa",), created_by="U2"), 2.0)
        await routes.add(route("words", "C3", keywords=("SON DAKİKA",), created_by="U3"), 3.0)
        await routes.add(route("all", "C4", created_by="U4"), 4.0)
        paused = route("paused", "C5", accounts=("nasa",), paused_reason="paused by Ann")
        await routes.add(paused, 5.0)
        await xquik.control("/monitors", username="nasa", reason="x_account_protected")
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert [said(house, f"C{n}") for n in range(1, 6)] == [[QUIET], [], [], [NASA], []]
        assert sorted(person for person, _ in house.messenger.told) == ["U1", "U4"]
        await xquik.control("/monitors", query="son dakika", reason="insufficient_credits")
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert [said(house, f"C{n}") for n in range(1, 5)] == [
            [QUIET],
            [],
            [QUIET],
            [NASA, "Nothing comes from “son dakika”"],
        ]
        assert "“son dakika”" in words(card(house, channel="C3"))


SEARCHES = [
    "space x launch",
    "son dakika İSTANBUL",
    "أخبار عاجلة",
    "ताज़ा खबर",
    "速報 地震",
    "ข่าวด่วน",
    "(launch OR lancement) lang:fr -is:retweet",
    'say "hello" @everyone <!channel> [x](https://evil.example)',
    "`code` *bold* " + "very " * 90,
]


@pytest.mark.parametrize("query", SEARCHES)
async def test_a_search_in_any_script_is_named_and_started_again(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, query: str
) -> None:
    made = await xquik.ask("POST", "/monitors/keywords", query=query, eventTypes=["tweet.new"])
    async with watching(sqlite, sandbox) as house:
        await house.keys.put(TENANT, SecretStr(xquik.key))
        await house.relay.routes.add(route("words", "C1", keywords=(made["query"],), created_by="U1"), 1.0)
        for _ in range(2):
            await xquik.control("/monitors", query=made["query"], reason="insufficient_credits")
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET]
        assert made["query"][:30] in words(card(house)) and len(words(card(house))) < 400
        direct = words(house.messenger.told[0][1])
        assert "monitor resume" in direct if len(query) < 100 else "monitor list" in direct
        await xquik.control("/monitors", query=made["query"], active=True)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET, ON]


async def test_ids_of_any_length_are_told_once(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    world = sandbox.sandbox
    [monitor] = world.monitors
    world.monitors.delete(monitor.id)
    monitor.id = "9" * 300
    monitor.pause("x_account_protected", world.now())
    world.monitors.put(monitor)
    async with watching(database, sandbox) as house:
        await house.join()
        for _ in range(3):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET] and len(house.messenger.told) == 1


async def test_many_monitors_without_credits_are_one_word_in_a_place(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    names = ["nasa", "esa", "spacex", "github", "python"]
    for name in names:
        await xquik.monitor(name)
    async with watching(database, sandbox) as house:
        await house.join()
        for name in names:
            await xquik.control("/monitors", username=name, reason="insufficient_credits")
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA] and told(house) == ["The Xquik credits are used up"]
        [standing] = await silences.standing(database, TENANT)
        assert [str(one) for one in standing.watched] == [f"@{name}" for name in sorted(names)]
        # What goes on first ends it for the place as little as for those who look after it.
        for name in names[:-1]:
            await xquik.control("/monitors", username=name, active=True)
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA]
        await xquik.control("/monitors", username=names[-1], active=True)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA, ON]


async def test_what_a_person_pauses_or_removes_is_no_silence_and_no_end_of_one(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        [monitor] = (await xquik.ask("GET", "/monitors"))["monitors"]
        await xquik.ask("PATCH", f"/monitors/{monitor['id']}", isActive=False)
        await house.ingest.watch.look(await house.member())
        assert await silences.standing(database, TENANT) == ()
        await xquik.control("/monitors", username="nasa", reason="x_user_not_found")
        await house.ingest.watch.look(await house.member())
        assert len(await silences.standing(database, TENANT)) == 1
        await xquik.ask("DELETE", f"/monitors/{monitor['id']}")
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert await silences.standing(database, TENANT) == ()
        assert said(house) == [QUIET]


async def test_credits_that_run_out_are_told_to_those_who_look_after_the_place_alone(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        look = house.ingest.watch.look
        await xquik.control("/credits", balance=30 * 24 * 11)
        await look(await house.member())
        assert await silences.standing(database, TENANT) == ()
        await xquik.control("/credits", balance=30 * 24 * 9)
        for _ in range(3):
            await look(await house.member())
        assert house.ingest.watch.shortest == 9 * 86_400.0
        await house.quiet()
        assert told(house) == ["The Xquik credits run out soon"] and said(house) == []
        assert "about 9 days" in words(house.messenger.told[0][1])
        assert [b.label for b in house.messenger.told[0][1].buttons] == ["Top up"]
        await xquik.control("/credits", balance=30 * 24 * 11)  # between the borders: neither over nor anew
        await look(await house.member())
        await xquik.control("/credits", balance=30 * 24 * 30)
        await look(await house.member())
        await house.quiet()
        assert told(house) == ["The Xquik credits run out soon", "There are enough credits again"]


@pytest.mark.parametrize(("topup", "tells"), [("on", []), ("stopped", ["The Xquik credits run out soon"])])
async def test_what_is_topped_up_by_itself_does_not_run_out(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, topup: str, tells: list[str]
) -> None:
    await xquik.monitor()
    async with watching(sqlite, sandbox) as house:
        await house.join()
        await xquik.control("/credits", balance=600)
        await xquik.control("/credits", topup=topup)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert told(house) == tells


async def test_credits_that_are_gone_end_the_warning_without_a_word(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        await xquik.control("/credits", balance=10)
        await house.ingest.watch.look(await house.member())
        await xquik.control("/clock", advance=3_700)  # the next hour cannot be paid
        await until(lambda: not next(iter(sandbox.sandbox.monitors)).active)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert told(house) == ["The Xquik credits run out soon", "The Xquik credits are used up"]
        assert said(house) == [QUIET]


async def test_a_refused_key_makes_every_place_quiet_until_another_works(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        await house.relay.routes.add(route("more", "C2", accounts=("esa",), created_by="U1"), 9.0)
        await house.ingest.start()
        await looks(xquik)
        await xquik.control(f"/keys/{xquik.key}", "DELETE")
        await until(lambda: said(house) == [QUIET] and said(house, "C2") == [QUIET])
        await until(lambda: told(house) == ["Xquik refuses the key"])
        for channel in ("C1", "C2"):
            assert "key" not in words(card(house, channel=channel))
        other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
        await house.keys.put(TENANT, SecretStr(other.key))
        await until(lambda: said(house) == [QUIET, ON] and said(house, "C2") == [QUIET, ON])
        assert told(house) == ["Xquik refuses the key"]


async def test_a_webhook_that_stays_stopped_makes_posts_late(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with (
        ingest_harness(
            database,
            sandbox,
            public_url="http://127.0.0.1:9",
            schedule=slower(every=0.05),
            watch_schedule=QUICK,
        ) as house,
        serving(application(house.relay)) as base,
    ):
        await house.join()
        await house.take_webhooks(base)
        await xquik.fault(method="POST", path="/webhooks/*/resume", status=400)
        hook = next(iter(sandbox.sandbox.webhooks))
        hook.active = False
        sandbox.sandbox.webhooks.put(hook)
        await house.ingest.start()
        await until(lambda: said(house) == [LATE])
        await xquik.well()
        await until(lambda: said(house) == [LATE, ON])
        assert told(house) == ["Events are not delivered", "Events are delivered again"]


@pytest.mark.parametrize("status", [500, 503, 429, 404])
async def test_what_xquik_does_not_answer_begins_and_ends_nothing(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, status: int
) -> None:
    await xquik.monitor()
    async with watching(sqlite, sandbox) as house:
        await house.join()
        await xquik.control("/monitors", username="nasa", reason="x_account_protected")
        await house.ingest.watch.look(await house.member())
        await xquik.control("/monitors", username="nasa", active=True)
        await xquik.fault(method="GET", path="/monitors", status=status, retry_after=0)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET]
        assert [one.cause for one in await silences.standing(sqlite, TENANT)] == [SilenceCause.PROTECTED]


async def test_no_credits_at_all_is_told_where_xquik_answers_nothing_else(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with watching(database, sandbox) as house:
        await house.join()
        await xquik.fault(method="GET", path="/account", status=402)
        await house.ingest.watch.look(await house.member())
        await xquik.well()
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET, ON]
        assert told(house) == ["The Xquik credits are used up", "Back to normal"]


async def test_the_channel_for_notices_reads_no_cause_and_somebody_is_always_told(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.keys.put(TENANT, SecretStr(xquik.key))
        await house.relay.routes.add(route("file", "C1", accounts=("nasa",)), 1.0)
        await Contacts(database, lambda: 1.0).put(TENANT, ContactKind.CHANNEL, "C9")
        await xquik.control("/monitors", username="nasa", reason="insufficient_credits")
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house, "C9") == ["A channel is quiet"]
        assert "credit" not in words(card(house, channel="C9"))
        assert [b.label for b in card(house, channel="C9").buttons] == ["Why?"]
        await Contacts(database, lambda: 1.0).forget(TENANT, ContactKind.CHANNEL)
        await xquik.control("/monitors", username="nasa", reason="x_user_not_found")
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert told(house) == ["An account is gone from X"]
        assert house.messenger.told[0][0] == "OWNER"


async def test_one_tenant_says_nothing_of_another_and_takes_nothing_with_it(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
    await other.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        await house.join(OTHER, "9001", other.key)
        await xquik.control("/monitors", username="nasa", reason="x_account_protected", key=other.key)
        for tenant in (TENANT, OTHER):
            await house.ingest.watch.look(await house.member(tenant))
        await house.quiet()
        assert said(house) == [] and said(house, "9001") == [QUIET]
        [standing] = await silences.standing(database, OTHER)
        kept = silences.Silences(database)
        assert await kept.named(OTHER, standing.id) == standing
        assert await kept.named(TENANT, standing.id) is None
        assert (await silences.counts(database))[SilenceCause.PROTECTED] == 1


@pytest.mark.parametrize(("what", "title"), [("protected", STOPS[0][2]), ("unavailable", STOPS[1][2])])
async def test_an_account_that_x_hides_is_quiet_though_its_monitor_runs(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, what: str, title: str
) -> None:
    types = ["tweet.new", "profile.protected.changed", "profile.unavailable.changed"]
    await xquik.ask("POST", "/monitors", username="nasa", eventTypes=types)
    await xquik.ask("POST", "/monitors", username="esa", eventTypes=types)
    async with watching(sqlite, sandbox) as house:
        await house.join()
        hidden: dict[str, Any] = {"username": "nasa", what: True, "stops": False}
        await xquik.control("/people", **hidden)
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA] and told(house) == [title]
        assert "@nasa" in words(card(house)) and "@esa" not in words(card(house))
        # The monitor is stopped for it later: nothing new.
        await xquik.control("/monitors", username="nasa", reason=STOPPED_FOR[what])
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA]
        await xquik.control("/monitors", username="nasa", active=True)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA], "it is hidden still"
        await xquik.control("/people", **(hidden | {what: False}))
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [NASA, ON]


async def test_causes_that_begin_and_end_at_one_moment_are_each_told_once_in_order(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    """In one look, so at one moment; and what ends is said before what begins with it."""
    reasons = {"nasa": "x_account_protected", "esa": "x_user_not_found", "spacex": "insufficient_credits"}
    for name in (*reasons, "github"):
        await xquik.monitor(name)
    async with watching(database, sandbox) as house:
        await house.join()
        for name, reason in reasons.items():
            await xquik.control("/monitors", username=name, reason=reason)
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert sorted(said(house)) == [f"Nothing comes from @{name}" for name in sorted(reasons)]
        assert sorted(told(house)) == sorted(title for reason, _, title in STOPS[:3])
        for name in reasons:
            await xquik.control("/monitors", username=name, active=True)
        await xquik.control("/monitors", username="github", reason="x_rules_changed")
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house)[3:] == [ON, ON, ON, "Nothing comes from @github"]
        assert told(house)[3:] == ["Back to normal"] * 3 + [STOPS[3][2]]
        assert len(await silences.standing(database, TENANT)) == 1


async def test_who_leaves_is_forgotten(database: Database, sandbox: RunningSandbox, xquik: Xquik) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        await xquik.control("/monitors", username="nasa", reason="x_account_protected")
        await house.ingest.watch.look(await house.member())
        await house.keys.forget(TENANT)
        await house.ingest.renew()
        assert await silences.standing(database, TENANT) == ()
        assert house.ingest.watch.shortest is None
        assert await silences.standing(database, TenantId("slack", "nobody")) == ()


RENAMED = "@nasa is now @nasa_new"


async def test_an_account_that_is_called_otherwise_stays_the_same(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.keys.put(TENANT, SecretStr(xquik.key))
        await house.relay.routes.add(route("nasa", "C1", accounts=("nasa",), created_by="U1"), 1.0)
        await house.run()
        xquik.happen()
        await house.run()  # whose id the event tells
        await house.quiet()
        house.messenger.posted.clear()
        await xquik.control("/monitors", username="nasa", reason="x_account_protected")
        await house.ingest.watch.look(await house.member())
        # It takes another name, and somebody else takes the old one.
        monitor = next(iter(sandbox.sandbox.monitors))
        monitor.username = "nasa_new"
        sandbox.sandbox.monitors.put(monitor)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET, RENAMED]
        [standing] = await silences.standing(database, TENANT)
        assert [str(one) for one in standing.watched] == ["@nasa_new"]
        monitor.resume()
        sandbox.sandbox.monitors.put(monitor)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET, RENAMED, ON] and "@nasa_new" in words(card(house))
