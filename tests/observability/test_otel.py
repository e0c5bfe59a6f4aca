"""Traces reach a collector as one trace for each event; without the package the bot starts and says so."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from msgspec import structs
from msgspec.structs import replace
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from bot.app.observing import Telling, watch
from bot.core.access import Actor
from bot.core.chat.ids import Destination
from bot.core.chat.invocation import Invocation
from bot.core.routes.tracing import Routing, SendAttempt, receive_span, route_span, trace_id
from bot.observability.figures import BotMetrics
from bot.observability.logs import configure
from bot.relay.receiving.delivery_body import read_body
from bot.settings import OtelSection, Settings
from bot.storage.engine.database import Database
from bot.storage.intake.events import NewEvent
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, event_body, route, serving, until

PATIENCE = 10.0
EVENT = NewEvent(
    str(TENANT), "s:42", b"", "tweet.new", "ada", None, "what the post says", 9.0, 10.0, "webhook"
)
TRACE = trace_id(TENANT, "s:42")
SENT = SendAttempt(TRACE, str(TENANT), 7, "event", "delivered", "sent", 1, 10.0, 12.0, 12.5)


@dataclass
class Collector:
    """A receiver of OTLP over HTTP. spans: by name; headers: of each request; raw: all that came."""

    endpoint: str = ""
    spans: dict[str, list[Any]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: bytes = b""
    service: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(routes=[HttpRoute("/v1/traces", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        body = await request.body()
        self.raw += body
        self.headers.append(dict(request.headers))
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.service |= {
                one.value.string_value for one in resource.resource.attributes if one.key == "service.name"
            }
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.spans.setdefault(span.name, []).append(span)
        return Response(b"", media_type="application/x-protobuf")


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="xquik-bot[otel] is not installed")
    found = Collector()
    async with serving(found.app()) as origin:
        found.endpoint = origin
        yield found


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def watching(endpoint: str | None, **more: Any) -> Telling:
    return watch(Settings(otel=OtelSection(endpoint=endpoint, **more)), BotMetrics(), lambda: 20.0)


def attributes(span: Any) -> dict[str, Any]:
    kinds = ("string_value", "int_value", "bool_value", "double_value")
    return {
        one.key: next(getattr(one.value, kind) for kind in kinds if one.value.HasField(kind))
        for one in span.attributes
    }


async def test_an_event_is_one_trace_from_its_receipt_to_its_message(collector: Collector) -> None:
    """Two processes, or one before and after a restart, write spans of the same trace."""
    web, relay = watching(collector.endpoint), watching(collector.endpoint)
    web.relay.arrived([EVENT], [])
    await web.close()
    relay.relay.arrived([], [EVENT])
    relay.relay.routed([Routing(TRACE, str(TENANT), 1, 11.0)])
    relay.relay.sent(replace(SENT, outcome="refused", state="dead"))
    await relay.close()
    [receive], [again], [routed], [send] = (
        collector.spans[name] for name in ("receive", "receive again", "route", "send")
    )
    assert {span.trace_id.hex() for span in (receive, again, routed, send)} == {TRACE}
    assert (receive.span_id.hex(), receive.parent_span_id) == (receive_span(TRACE), b"")
    assert again.parent_span_id == receive.span_id
    assert (routed.span_id.hex(), routed.parent_span_id) == (route_span(TRACE), receive.span_id)
    assert send.parent_span_id == routed.span_id
    assert (send.start_time_unix_nano, send.end_time_unix_nano) == (12_000_000_000, 12_500_000_000)
    assert attributes(send)["xquik.outcome"] == "refused"
    assert send.status.code == 2, "what was refused is an error"
    assert collector.service == {"xquik-bot"}
    assert b"what the post says" not in collector.raw


async def test_each_try_is_a_span_of_its_own(collector: Collector) -> None:
    seen = watching(collector.endpoint)
    seen.relay.sent(replace(SENT, outcome="busy", state="waiting"))
    seen.relay.sent(replace(SENT, attempts=2))
    seen.relay.sent(replace(SENT, kind="card", delivery=8))
    await seen.close()
    first, second, card = collector.spans["send"]
    assert len({span.span_id for span in (first, second, card)}) == 3
    assert card.parent_span_id == b""


async def test_a_command_is_a_span_too(collector: Collector) -> None:
    seen = watching(collector.endpoint)
    invocation = Invocation("i1", Actor("U1", "Ada"), Destination(TENANT, "C1"), 0.0)
    seen.invocations.invoked(invocation, "draw run", "OutOfCredits", 2.0)
    seen.invocations.failed(invocation, "draw run", ValueError("x"))
    await seen.close()
    [span] = collector.spans["command"]
    assert attributes(span) == {
        "xquik.tenant": str(TENANT),
        "xquik.command": "draw run",
        "xquik.outcome": "OutOfCredits",
    }
    assert span.end_time_unix_nano - span.start_time_unix_nano == 2_000_000_000
    assert b"Ada" not in collector.raw


async def test_the_headers_of_the_settings_are_shown_to_the_collector(collector: Collector) -> None:
    seen = watching(collector.endpoint, headers=SecretStr("authorization=Bearer s3cret, x-team=relay"))
    seen.relay.arrived([EVENT], [])
    await seen.close()
    assert collector.headers[0]["authorization"] == "Bearer s3cret"
    assert collector.headers[0]["x-team"] == "relay"


async def test_of_a_share_every_process_sends_the_same_traces(collector: Collector) -> None:
    events = [structs.replace(EVENT, identity=f"s:{number}") for number in range(400)]
    one, two = (watching(collector.endpoint, share=0.25) for _ in range(2))
    one.relay.arrived(events, [])
    two.relay.routed([Routing(trace_id(TENANT, event.identity), str(TENANT), 1, 11.0) for event in events])
    await one.close()
    await two.close()
    received = {span.trace_id for span in collector.spans["receive"]}
    assert received == {span.trace_id for span in collector.spans["route"]}
    assert 60 < len(received) < 140


async def test_a_collector_that_is_away_holds_up_nothing() -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="xquik-bot[otel] is not installed")
    seen = watching("http://127.0.0.1:9")
    began = time.monotonic()
    for _ in range(1000):
        seen.relay.arrived([EVENT], [])
    assert time.monotonic() - began < 2.0
    await asyncio.wait_for(seen.close(), PATIENCE)


async def test_a_running_relay_writes_the_whole_trace(collector: Collector, sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    seen = watch(Settings(otel=OtelSection(endpoint=collector.endpoint)), BotMetrics(), time.time)
    relay = make_relay(database, RecordingMessenger(), observer=seen.relay, poll=0.1)
    await relay.routes.add(route("all", "C1"), time.time())
    await relay.start()
    body = read_body(event_body(5), time.time())
    assert body.event is not None
    await relay.intake.take_event(TENANT, body.event, body.data, body.digest, "stream")

    async def idle() -> bool:
        routed = await relay.router.position() == await relay.events.newest()
        return routed and not await relay.deliveries.backlog()

    await until(idle)
    await relay.stop()
    await seen.close()
    await database.close()
    trace = trace_id(TENANT, body.event.identity)
    for name in ("receive", "route", "send"):
        assert [span.trace_id.hex() for span in collector.spans[name]] == [trace]


_WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
import asyncio, pathlib
from bot.app.wiring import App
from bot.observability.logs import configure
from bot.settings import OtelSection, Settings, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key
configure("info", "json")
key = new_key()
async def main(endpoint):
    app = await App.open(Settings(
        storage=StorageSection(url=f"sqlite:///{sys.argv[1]}/bot.db"),
        vault=VaultSection(keys=(key,)), otel=OtelSection(endpoint=endpoint)), migrating=True)
    await app.stop(); await app.close()
for endpoint in (None, "http://127.0.0.1:4318"):
    asyncio.run(main(endpoint))
assert "opentelemetry" not in sys.modules
"""


def test_the_bot_starts_without_the_package_and_says_what_to_install(tmp_path: Path) -> None:
    """And says nothing where nobody asked for traces."""
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    said = [json.loads(line) for line in ended.stderr.splitlines()]
    told = [line for line in said if "no traces" in line["event"]]
    assert [line["do"] for line in told] == ["pip install 'xquik-bot[otel]'"]


def test_the_secret_of_the_headers_is_in_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure("debug", "console", stream)
    settings = Settings(otel=OtelSection(endpoint="http://127.0.0.1:9", headers=SecretStr("a=hidden-value")))
    assert "hidden-value" not in repr(settings)
    assert "hidden-value" not in stream.getvalue() + capsys.readouterr().err
