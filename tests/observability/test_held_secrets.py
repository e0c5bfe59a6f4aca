"""What this process makes itself and what lets its holder act is known to the log, and to the spans."""

from __future__ import annotations

import base64
import io
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog
from msgspec.structs import replace
from pydantic import SecretStr

from bot.app.known_secrets import secrets_of
from bot.app.observing import watch
from bot.observability.figures import BotMetrics
from bot.observability.known_secrets import BLANK, KnownSecrets
from bot.observability.loggers import log
from bot.observability.logs import configure
from bot.settings import OtelSection, Settings
from bot.storage.engine.database import Database
from bot.storage.places.claims import StoredClaims
from bot.web.operator.sessions import OperatorSessions
from tests.adapters.playground.harness import Visitor, open_house
from tests.observability.test_otel import EVENT, Collector, collector

__all__ = ["collector"]
HELD = "held-by-the-process-0123456789"


@dataclass
class Written:
    stream: io.StringIO
    known: KnownSecrets

    def shows(self, secret: str) -> bool:
        """Whether a secret is read in the log after somebody wrote it down in all ways there are."""
        before = len(self.stream.getvalue())
        try:
            raise RuntimeError(f"it broke with {secret}")
        except RuntimeError as error:
            log("bot").error(f"it came with {secret}", value=secret, deep={"in": [secret]}, exc_info=error)
        logging.getLogger("some.library").warning("sent %s", {"cookie": f"a={secret}"})
        return secret in self.stream.getvalue()[before:]


@pytest.fixture(params=["console", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[Written]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    yield Written(stream, configure("info", request.param, stream))
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_the_sessions_and_tokens_of_the_playground_are_known(tmp_path: Path, written: Written) -> None:
    remember = written.known.remember
    async with open_house(tmp_path / "bot.db", remember=remember) as house, Visitor(house) as ada:
        cookies = list(ada.client.cookies.values())
        assert len(cookies) == 1 and ada.csrf
        assert not any(written.shows(secret) for secret in (*cookies, ada.csrf))
        # A page that was open before the server started again gets a new token for its old session.
        again = httpx.AsyncClient(base_url=house.origin, cookies=dict.fromkeys(ada.client.cookies, "ab" * 16))
        async with again:
            token = (await again.get("/api/state")).json()["csrf"]
        assert token != ada.csrf
        assert not written.shows(token) and not written.shows("ab" * 16)


async def test_the_sessions_and_form_tokens_of_the_operator_are_known(
    database: Database, written: Written
) -> None:
    def sessions(known: KnownSecrets) -> OperatorSessions:
        claims = StoredClaims(database, time.time)
        token = SecretStr("a token of the operator")
        return OperatorSessions(
            token, claims, time.time, time.monotonic, lambda size: b"r" * size, known.remember
        )

    session, cookie = sessions(KnownSecrets()).begin()
    # Another process of the installation, which learns of the session by its cookie.
    other = sessions(written.known)
    assert await other.of(cookie) == session
    assert not written.shows(cookie.rpartition(".")[2])
    assert not written.shows(other.form_token(session.id))


def test_credentials_for_a_collector_are_known_with_and_without_their_scheme() -> None:
    basic = base64.b64encode(b"ada:password-of-ada").decode()
    settings = Settings(otel=OtelSection(headers=SecretStr("authorization=Bearer token-of-the-setting")))
    environment = {
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Basic%20{basic},x-key=key-of-the-environment",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "api-key=key-of-the-traces",
    }
    found = set(secrets_of(settings, environment))
    assert found >= {"token-of-the-setting", basic, "password-of-ada", "key-of-the-environment"}
    assert "key-of-the-traces" in found


async def test_no_span_carries_what_is_known(
    collector: Collector, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In no value of a step, nor in what the environment adds to all of them."""
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", f"deployment.note={HELD}")
    written.known.remember(HELD)
    settings = Settings(otel=OtelSection(endpoint=collector.endpoint))
    seen = watch(settings, BotMetrics(), lambda: 20.0)
    seen.relay.arrived([replace(EVENT, via=HELD)], [])
    await seen.close()
    assert collector.spans["receive"]
    assert HELD.encode() not in collector.raw
    assert len(re.findall(re.escape(BLANK.encode()), collector.raw)) == 2
