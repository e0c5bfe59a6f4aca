"""HTTP mode: signatures, installs, removals, organisations."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.routing import Route

from adapters.slack.begun import EACH_A_MINUTE
from adapters.slack.platform import SlackPlatform
from adapters.slack.settings import SlackSettings
from adapters.slack.web import BODY_BYTES
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Gone
from bot.core.chat.ids import Destination
from bot.core.errors import NotConfigured
from bot.storage.engine.database import Database
from bot.storage.places.claims import StoredClaims
from bot.storage.tables import slack_oauth_states
from tests.adapters.slack.harness import PUBLIC, TENANT, SlackHarness, install, running, settings_of
from tests.doubles.slack import SlackServer

TO = Destination(TENANT, "C0001")
BACK = f"{PUBLIC}/slack/oauth_redirect"


@pytest.fixture
async def http(server: SlackServer, storage: Database) -> object:
    """The adapter in HTTP mode, installed in T0001."""
    async with running(server, storage, mode="http") as house:
        yield house


@pytest.fixture
async def fresh(server: SlackServer, storage: Database) -> object:
    """The adapter in HTTP mode, installed nowhere; T0001 belongs to the organisation E0001."""
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"), installed=False)
    async with running(server, storage, mode="http", installed=False) as house:
        yield house


# --- requests --------------------------------------------------------------------------------


async def test_only_a_fresh_signature_of_the_right_secret_is_heard(http: SlackHarness) -> None:
    server = http.server
    body = urlencode(
        {"command": "/xquik", "text": "thing say x", "team_id": "T0001", "user_id": "U1"}
    ).encode()
    stale = int(server.clock()) - 301
    good = server.sign(body)
    forged = [
        server.sign(body, secret="another"),
        server.sign(body, timestamp=stale),
        server.sign(body + b"&x=1"),
        {},
        {"X-Slack-Signature": good["X-Slack-Signature"]},
        good | {"X-Slack-Request-Timestamp": "soon"},
        good | {"X-Slack-Signature": "v0="},
        good | {"X-Slack-Request-Timestamp": "9" * 40},
    ]
    for headers in forged:
        assert (await server.post(body, headers)).status_code == 401
    assert (await server.post(body, good)).status_code == 200
    await server.wait_for(lambda: http.stage.seen)
    assert len(http.stage.seen) == 1


@pytest.mark.parametrize("space", [" ", "\t", " \t "])
async def test_white_space_at_the_end_of_a_header_is_none_of_it(http: SlackHarness, space: str) -> None:
    server = http.server
    body = urlencode(
        {"command": "/xquik", "text": "thing say x", "team_id": "T0001", "user_id": "U1"}
    ).encode()
    headers = {name: value + space for name, value in server.sign(body).items()}
    assert (await server.post(body, headers)).status_code == 200
    await server.wait_for(lambda: http.stage.seen)


@pytest.mark.parametrize("body", [b"{", b"[]", b"payload=%7B", b"\xff\xfe", b'payload="x"', b"payload=[1]"])
async def test_what_is_no_payload_is_refused_without_a_trace(http: SlackHarness, body: bytes) -> None:
    answer = await http.server.post(body, http.server.sign(body))
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text


async def test_a_body_that_is_too_large_is_not_read(http: SlackHarness) -> None:
    body = b"x" * (BODY_BYTES + 1)
    assert (await http.server.post(body, http.server.sign(body))).status_code == 413


async def test_a_look_at_the_certificate_is_answered_and_does_nothing(http: SlackHarness) -> None:
    assert (await http.server.post(b"ssl_check=1&token=x", {})).status_code == 200
    assert (await http.server.post(b"command=/xquik&ssl_check=0", {})).status_code == 401
    many = b"x=1&" * 32  # more fields than the look has, from anybody
    assert (await http.server.post(many[:-4] + b"ssl_check=1", {})).status_code == 200
    assert (await http.server.post(many + b"ssl_check=1", {})).status_code == 401


async def test_only_the_command_of_the_settings_is_taken(http: SlackHarness) -> None:
    for command, status in (("/xquik2", 404), ("/XQUIK", 404), ("/xquik", 200)):
        body = urlencode(
            {"command": command, "text": "thing say x", "team_id": "T0001", "user_id": "U1"}
        ).encode()
        answer = await http.server.post(body, http.server.sign(body))
        assert answer.status_code == status
        assert answer.text == "" or status == 404
    await http.server.wait_for(lambda: http.stage.seen)
    assert len(http.stage.seen) == 1


async def test_events_nobody_waits_for_are_acknowledged(http: SlackHarness) -> None:
    assert (await http.ws.event("message", {"user": "U1", "channel": "C0001", "text": "hi"})).acked
    assert (await http.ws.event("app_mention", {"user": "U1", "channel": "C0001", "text": "hi"})).acked


async def test_the_address_can_be_verified(http: SlackHarness) -> None:
    assert await http.server.verify_url()


async def test_before_the_start_slack_is_asked_to_come_again(http: SlackHarness) -> None:
    await http.platform.stop()
    assert (await http.server.post(b"", {})).status_code == 503


async def test_one_workspace_can_be_served_by_a_token_alone(server: SlackServer, storage: Database) -> None:
    async with running(server, storage, mode="token") as house:
        assert [route.path for route in house.platform.routes if isinstance(route, Route)] == [
            "/slack/events"
        ]
        assert (await (await house.slash("thing post")).wait_for_message()).visible_text


# --- installing ------------------------------------------------------------------------------


async def test_the_token_is_stored_encrypted_and_shown_nowhere(
    fresh: SlackHarness, storage: Database, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await install(fresh) == 200
    await (await fresh.slash("thing post")).wait_for_message()
    token = fresh.ws.bot_token
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    stored = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert token.encode() not in stored
    assert token not in caplog.text
    assert fresh.server.client_secret not in caplog.text
    assert token not in repr(await fresh.installations.of_team("T0001"))


async def test_a_state_is_good_once_and_only_in_its_browser(fresh: SlackHarness) -> None:
    server = fresh.server
    allowed = await server.authorize(f"{PUBLIC}/slack/install", fresh.ws, fresh.ann)
    other = await server.authorize(f"{PUBLIC}/slack/install", fresh.ws, fresh.ann)
    address = f"{BACK}?{allowed.query_string}"
    assert (await server.get(address)).status_code == 400
    assert (await server.get(address, {"Cookie": other.cookie_header})).status_code == 400
    cookie = {"Cookie": allowed.cookie_header}
    assert (await server.get(address, cookie)).status_code == 200
    assert (await server.get(address, cookie)).status_code == 400
    assert len(server.calls("oauth.v2.access")) == 1


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(fresh: SlackHarness) -> None:
    answer = await fresh.server.get(f"{PUBLIC}/slack/install")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 302
    assert all(
        word in cookie for word in ("httponly", "secure", "samesite=lax", "path=/slack", "max-age=600")
    )


async def test_the_install_page_cannot_be_used_to_fill_the_database(
    fresh: SlackHarness, storage: Database
) -> None:
    install_page = f"{PUBLIC}/slack/install"
    answers = [await fresh.server.get(install_page) for _ in range(EACH_A_MINUTE + 5)]
    assert [a.status_code for a in answers] == [302] * EACH_A_MINUTE + [429] * 5
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert "set-cookie" not in answers[-1].headers

    async def states(connection: AsyncConnection) -> int:
        return (await connection.execute(select(func.count()).select_from(slack_oauth_states))).scalar_one()

    assert await storage.read(states) == EACH_A_MINUTE


async def test_pages_say_what_happened_and_echo_nothing(fresh: SlackHarness) -> None:
    server = fresh.server
    evil = urlencode({"error": "<script>alert(1)</script>", "state": '"><img src=x>', "code": "<b>"})
    page = await server.get(f"{BACK}?{evil}", {"Cookie": 'xquik_slack_state="><img src=x>'})
    assert page.status_code == 400
    assert "not valid" in page.text
    assert "<script" not in page.text and "<img" not in page.text and "<b>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    denied = await server.authorize(f"{PUBLIC}/slack/install", fresh.ws, fresh.ann, deny=True)
    page = await server.get(f"{BACK}?{denied.query_string}", {"Cookie": denied.cookie_header})
    assert "Nothing was installed" in page.text


@pytest.mark.parametrize(
    ("fault", "status"),
    [({"error": "invalid_code"}, 400), ({"cut": True}, 502), ({"status": 500, "body": "x"}, 400)],
)
async def test_an_exchange_that_fails_is_a_page(
    fresh: SlackHarness, fault: dict[str, object], status: int
) -> None:
    fresh.server.fail_next("oauth.v2.access", **fault)
    assert await install(fresh) == status
    assert await fresh.installations.of_team("T0001") is None


# --- removing --------------------------------------------------------------------------------


@pytest.mark.parametrize("tokens_first", [False, True])
async def test_a_removal_is_told_twice_in_any_order_and_ends_the_installation(
    http: SlackHarness, tokens_first: bool
) -> None:
    later = int(time.time()) + 5
    events = await http.ws.uninstall(tokens_first=tokens_first, event_time=later)
    assert all(event.acked for event in events)
    assert await http.installations.of_team("T0001") is None
    assert isinstance(await http.platform.messenger.post(TO, Card("x"), "k"), Gone)


async def test_a_late_removal_does_not_end_a_newer_installation(http: SlackHarness) -> None:
    await http.ws.event("app_uninstalled", {}, event_time=int(time.time()) - 60)
    assert await http.installations.of_team("T0001") is not None


async def test_revoked_tokens_of_people_change_nothing(http: SlackHarness) -> None:
    await http.ws.event(
        "tokens_revoked", {"tokens": {"oauth": ["U1"], "bot": []}}, event_time=int(time.time()) + 5
    )
    assert await http.installations.of_team("T0001") is not None


async def test_after_a_removal_people_are_told_and_a_new_install_works(http: SlackHarness) -> None:
    await http.ws.event("app_uninstalled", {}, event_time=int(time.time()) + 1)
    told = await (await http.slash("thing say x")).wait_for_ephemeral()
    assert "not installed" in told.visible_text
    assert http.stage.seen == []


# --- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"mode": "socket"}, "slack.bot_token"),
        ({"mode": "socket", "bot_token": SecretStr("x")}, "slack.app_token"),
        ({"mode": "http", "bot_token": SecretStr("x")}, "slack.signing_secret"),
        ({"mode": "http", "signing_secret": SecretStr("x")}, "slack.client_id"),
    ],
)
def test_a_missing_setting_is_named(given: dict[str, object], missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        SlackSettings(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["bot_token", "app_token"])
async def test_a_token_that_slack_refuses_is_named_at_the_start(
    server: SlackServer, storage: Database, name: str
) -> None:
    ws = server.add_workspace("T0001")
    token: dict[str, Any] = {name: SecretStr("xoxb-wrong")}
    wrong = replace(settings_of(server, ws, "socket"), **token)
    platform = SlackPlatform(
        wrong,
        object(),  # type: ignore[arg-type]  # it gets no command
        StoredClaims(storage, time.time),
        clock=time.time,
        random=bytes,
    )
    with pytest.raises(NotConfigured, match=name):
        await platform.start()
    assert not platform.ready
    await platform.stop()
    assert "xoxb-wrong" not in repr(wrong) + json.dumps(str(wrong))
    server.record.violations.clear()  # the double minds the wrong kind of token


async def test_slack_out_of_reach_at_the_start_is_no_reason_to_end(storage: Database) -> None:
    async with SlackServer() as server:
        ws = server.add_workspace("T0001")
        settings = settings_of(server, ws, "http")
    platform = SlackPlatform(
        replace(settings, bot_token=SecretStr("xoxb-1")),
        object(),  # type: ignore[arg-type]  # it gets no command
        StoredClaims(storage, time.time),
        clock=time.time,
        random=bytes,
    )
    await platform.start()
    assert platform.ready
    await platform.stop()
