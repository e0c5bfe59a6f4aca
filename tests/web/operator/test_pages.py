"""What the operator sees, and what pressing a button does."""

from __future__ import annotations

import html
import re
import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.core.routes.tracing import trace_id
from bot.storage.relay.deliveries import PARKED
from bot.storage.tables import deliveries, events
from tests.web.operator.conftest import HOSTILE, TENANT, Office, Visitor, dead, event, message


async def rows(office: Office) -> list[Any]:
    async def work(connection: AsyncConnection) -> list[Any]:
        return list((await connection.execute(select(deliveries).order_by(deliveries.c.id))).all())

    return await office.db.read(work)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_an_empty_installation_says_that_nothing_waits(operator: Visitor) -> None:
    said = text_of((await operator.get("/operator/")).text)
    for words in ("Waiting 0 messages", "Oldest due none", "Nothing is waiting"):
        assert words in said
    assert "None." in text_of((await operator.get("/operator/dead")).text)


async def test_the_overview_shows_figures_places_and_the_last_events(
    office: Office, operator: Visitor
) -> None:
    await office.put(events, [event(1)])
    await office.messages(
        *(message(n, "C1") for n in range(3)),
        message(
            9, "C2", not_before=PARKED, error="channel_not_found", thread="17.5", lane=f"{TENANT}/C2/17.5"
        ),
        message(10, "C3", state="sent"),
        dead(11),
    )
    page = (await operator.get("/operator/")).text
    said = text_of(page)
    assert "Waiting 4 messages" in said
    assert "Dead letters 1" in said
    assert "Oldest due 59 min" in said or "Oldest due 1 h" in said
    assert said.index("C1") < said.index("C2")
    assert "paused channel_not_found Resume" in said
    assert "now – Pause" in said
    assert trace_id(TENANT, "s:1") in said
    assert "what nobody is to read here" not in page


async def test_text_of_strangers_is_shown_as_text(office: Office, operator: Visitor) -> None:
    await office.messages(
        message(1, HOSTILE, error=HOSTILE, lane=f"{TENANT}/x"),
        dead(2, HOSTILE, channel=HOSTILE, lane=f"{TENANT}/y"),
    )
    await office.put(events, [event(3) | {"type": HOSTILE[:80]}])
    for path in ("/operator/", "/operator/dead", f"/operator/dead?tenant={HOSTILE}&reason={HOSTILE}"):
        page = (await operator.get(path)).text
        assert "<script>" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;" in page


async def test_chosen_dead_letters_are_sent_once_more_after_a_question(
    office: Office, operator: Visitor
) -> None:
    await office.messages(dead(1), dead(2), dead(3))
    first, second, _ = [row.id for row in await rows(office)]
    page = await operator.get("/operator/dead")
    form = re.findall(r'name="form" value="(\w+)"', page.text)[0]
    asked = await operator.client.post(
        "/operator/replay", data={"form": form, "what": "chosen", "id": [str(first), str(second)]}
    )
    assert "Send 2 messages" in asked.text
    assert len(await rows(office)) == 3, "a question changes nothing"
    done = await operator.submit(asked, "/operator/replay/confirmed")
    assert done.headers["location"] == "/operator/dead?notice=replayed&n=2"
    again = await operator.submit(asked, "/operator/replay/confirmed")
    assert again.headers["location"] == "/operator/dead?notice=replayed&n=0"
    assert [row.purpose for row in (await rows(office))[3:]] == [f"r:{first}", f"r:{second}"]
    assert office.woken == [f"{TENANT}/C1"]
    page = await operator.get(done.headers["location"])
    said = text_of(page.text)
    assert "2 messages are queued" in said
    assert said.count("sent again") == 2
    assert page.text.count('type="checkbox"') == 1


async def test_all_that_a_filter_leaves_are_sent_and_none_that_died_since(
    office: Office, operator: Visitor
) -> None:
    other = TenantId("discord", "77")
    await office.messages(
        dead(1, "rate limited"), dead(2, "gone"), dead(3, "rate limited", tenant=str(other), lane="x")
    )
    page = await operator.get("/operator/dead?tenant=slack:T0001&reason=RATE")
    assert "Send the message again" in text_of(page.text)
    asked = await operator.submit(page, "/operator/replay", what="all")
    assert "1 message of slack:T0001 whose reason has “RATE”" in text_of(asked.text)
    await office.messages(dead(4, "rate limited"))
    await operator.submit(asked, "/operator/replay/confirmed")
    found = await rows(office)
    assert [row.purpose for row in found if row.state == "waiting"] == [f"r:{found[0].id}"]


async def test_without_a_choice_nothing_is_asked(office: Office, operator: Visitor) -> None:
    await office.messages(dead(1))
    page = await operator.get("/operator/dead")
    answer = await operator.submit(page, "/operator/replay", what="chosen")
    assert answer.headers["location"] == "/operator/dead?notice=none"
    assert "Nothing was chosen" in (await operator.get(answer.headers["location"])).text


async def test_a_tenant_that_is_none_is_named(operator: Visitor) -> None:
    page = await operator.get("/operator/dead?tenant=acme")
    assert page.status_code == 200
    assert "PLATFORM:WORKSPACE" in page.text
    form = re.findall(r'name="form" value="(\w+)"', page.text)[0]
    for path, fields in (
        ("/operator/replay", {"what": "all", "tenant": "acme"}),
        ("/operator/replay/confirmed", {"tenant": "acme", "upto": "5"}),
        ("/operator/replay/confirmed", {"upto": "all of them"}),
        ("/operator/places", {"tenant": "acme", "do": "pause"}),
    ):
        answer = await operator.client.post(path, data={"form": form} | fields)
        assert answer.status_code == 400


async def test_many_dead_letters_come_page_by_page(office: Office, operator: Visitor) -> None:
    await office.messages(*(dead(n) for n in range(120)))
    seen: list[str] = []
    path = "/operator/dead?reason=channel"
    for size in (50, 50, 20):
        page = (await operator.get(path)).text
        chosen = re.findall(r'name="id" value="(\d+)"', page)
        assert len(chosen) == size
        seen += chosen
        older = re.search(r'href="([^"]*before=[^"]*)"', page)
        assert (older is None) == (size == 20)
        path = html.unescape(older[1]) if older else ""
    assert len(set(seen)) == 120


async def test_a_place_is_paused_and_goes_on(office: Office, operator: Visitor) -> None:
    place = Destination(TENANT, "C1")
    await office.routes.add(Route(id="r1", name="news", destination=place), time.time())
    await office.messages(message(1), message(2))
    page = await operator.get("/operator/")
    answer = await operator.submit(page, "/operator/places")
    assert answer.headers["location"] == "/operator/?notice=paused"
    head, behind, said, told = await rows(office)
    assert (head.not_before, behind.not_before) == (PARKED, 0.0)
    assert (said.lane, said.kind) == (f"{place}#first", "notice"), "the channel is told"
    assert (told.kind, told.person) == ("tell", "@owner"), "nobody made the route"
    [standing] = await office.routes.list(TENANT)
    assert standing.route.paused_reason == "paused by the operator of this bot"
    page = await operator.get(answer.headers["location"])
    assert "The channel is paused" in page.text
    answer = await operator.submit(page, "/operator/places")
    assert answer.headers["location"] == "/operator/?notice=resumed"
    assert [row.not_before for row in await rows(office)] == [0.0] * 6
    [standing] = await office.routes.list(TENANT)
    assert (standing.route.paused_reason, standing.places[0].lost_reason) == (None, None)
    owner = f"{TENANT}/@@owner"
    assert office.woken == [f"{place}#first", owner, str(place), f"{place}#first", owner]


async def test_resuming_a_place_leaves_a_route_alone_that_somebody_paused(
    office: Office, operator: Visitor
) -> None:
    route = Route(id="r1", name="news", destination=Destination(TENANT, "C1"))
    await office.routes.add(route, time.time())
    await office.routes.pause(route, "paused by Ada")
    await office.messages(message(1))
    page = await operator.get("/operator/")
    await operator.submit(page, "/operator/places")
    await operator.submit(await operator.get("/operator/"), "/operator/places")
    [standing] = await office.routes.list(TENANT)
    assert standing.route.paused_reason == "paused by Ada"


async def test_while_the_database_is_away_the_page_says_so(office: Office, operator: Visitor) -> None:
    await office.db.close()
    answer = await operator.get("/operator/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
