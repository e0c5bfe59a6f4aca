"""Enterprise Grid: installs of whole organisations, their removals, and payloads that name no workspace."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import pytest

from adapters.slack.interaction import of_event
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Delivered, Gone
from bot.core.chat.ids import Destination, TenantId
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from tests.adapters.slack.harness import TENANT, SlackHarness, install, running
from tests.doubles.slack import SlackServer

TO = Destination(TENANT, "C0001")


@dataclass
class Clock:
    """The bot's; Slack's own goes right, so that what it tells lies between two installs."""

    ahead: float = -100.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def fresh(server: SlackServer, storage: Database, clock: Clock) -> object:
    """The adapter in HTTP mode, installed nowhere; T0001 belongs to the organisation E0001."""
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"), installed=False)
    async with running(server, storage, mode="http", installed=False, clock=clock) as house:
        yield house


async def test_an_org_wide_install_serves_a_workspace_whose_team_is_null(fresh: SlackHarness) -> None:
    server = fresh.server
    assert await install(fresh, org_wide=True) == 200
    server.null_team = True
    fresh.stage.button()
    message = await (await fresh.slash("thing post")).wait_for_message()
    pressed = await fresh.ws.press(message, "x1:thing.again:k1", fresh.ann)
    await pressed.wait_for_ephemeral()
    assert {call.invocation.tenant for call in fresh.stage.calls} == {TENANT}
    result = await fresh.platform.messenger.post(TO, Card("News"), "k1")
    assert isinstance(result, Delivered)


async def test_which_organisation_a_workspace_is_of_survives_a_restart(
    server: SlackServer, storage: Database
) -> None:
    await StoredKeyValues(storage).put("slack.enterprise.T0007", "E0001")
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"), installed=False)
    async with running(server, storage, mode="http", installed=False) as house:
        other = server.add_workspace("T0007", enterprise=house.ws.enterprise, installed=False)
        other.add_channel("C0007", "elsewhere")
        await install(house, org_wide=True)
        there = Destination(TenantId("slack", "T0007"), "C0007")
        assert isinstance(await house.platform.messenger.post(there, Card("News"), "k1"), Delivered)


async def test_an_organisation_removes_the_app_everywhere(fresh: SlackHarness) -> None:
    await install(fresh, org_wide=True)
    await (await fresh.slash("thing post")).wait_for_message()
    await fresh.ws.event("app_uninstalled", {}, event_time=int(time.time()) - 50)
    assert isinstance(await fresh.platform.messenger.post(TO, Card("x"), "k"), Gone)


ORG = {"enterprise_id": "E0001", "team_id": None, "is_enterprise_install": True}


@pytest.mark.parametrize("tokens_first", [True, False])
@pytest.mark.parametrize(
    "outer",
    [
        {},
        {"team_id": None},
        {"team_id": None, "authorizations": [], "is_enterprise_install": True},
        {"team_id": None, "authorizations": []},
        {"enterprise_id": None, "authorizations": [ORG]},
    ],
    ids=["as documented", "no team", "no authorization", "the organisation alone", "only the authorization"],
)
async def test_an_organisation_that_comes_back_is_served_again_and_nobody_else_is_touched(
    fresh: SlackHarness, clock: Clock, tokens_first: bool, outer: dict[str, Any]
) -> None:
    server = fresh.server
    await install(fresh, org_wide=True)
    await (await fresh.slash("thing post")).wait_for_message()
    other = server.add_workspace("T0009", installed=False)
    other.add_channel("C0009", "elsewhere")
    there = Destination(TenantId("slack", "T0009"), "C0009")
    await install(replace(fresh, ws=other, ann=other.add_user("U9", "eve")))
    assert isinstance(await fresh.platform.messenger.post(there, Card("x"), "k1"), Delivered)
    await fresh.ws.uninstall(tokens_first=tokens_first, event_time=int(time.time()) - 50, **outer)
    assert isinstance(await fresh.platform.messenger.post(TO, Card("x"), "k2"), Gone)
    assert isinstance(await fresh.platform.messenger.post(there, Card("x"), "k3"), Delivered)
    clock.ahead = 0.0
    await install(fresh, org_wide=True)
    assert isinstance(await fresh.platform.messenger.post(TO, Card("x"), "k4"), Delivered)


async def test_a_workspace_goes_on_with_its_organisations_install(fresh: SlackHarness, clock: Clock) -> None:
    """It had one of its own before, and nothing was heard of it since."""
    await install(fresh)
    await (await fresh.slash("thing post")).wait_for_message()
    await fresh.ws.uninstall(event_time=int(time.time()) - 50)
    assert isinstance(await fresh.platform.messenger.post(TO, Card("x"), "k1"), Gone)
    clock.ahead = 0.0
    await install(fresh, org_wide=True)
    assert isinstance(await fresh.platform.messenger.post(TO, Card("x"), "k2"), Delivered)


@pytest.mark.parametrize(
    ("body", "whose"),
    [
        ({"team_id": "T1", "enterprise_id": "E1"}, ("T1", "E1", False)),
        ({"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True}, ("E1", "E1", True)),
        ({"enterprise_id": "E1", "team_id": None}, ("E1", "E1", False)),
        ({"team_id": "T1", "is_enterprise_install": "true"}, ("T1", None, True)),
        (
            {"team_id": "T9", "enterprise_id": "E9", "authorizations": [{"team_id": "T1"}]},
            ("T1", None, False),
        ),
        ({"team_id": "T1", "enterprise_id": "E9", "authorizations": [ORG]}, ("T1", "E0001", True)),
        ({"team": {"id": "T1", "enterprise_id": "E1"}}, ("T1", "E1", False)),
        ({"authorizations": None, "user": {"team_id": "T1"}}, ("T1", None, False)),
        ({"authorizations": ["?"], "team_id": 7}, ("", None, False)),
    ],
)
def test_whose_a_payload_is(body: dict[str, Any], whose: tuple[str, str | None, bool]) -> None:
    """Of what is shared with another company, the authorization is ours."""
    interaction = of_event(body, 0.0)
    assert (interaction.team, interaction.enterprise, interaction.org_wide) == whose
