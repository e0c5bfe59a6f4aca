"""Logs are one line an event, for people or machines, and hold no secret even by mistake."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from msgspec.structs import replace

from bot.core.access import Actor
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.routes.tracing import Routing, SendAttempt, trace_id
from bot.observability.cleaning import redact
from bot.observability.figures import BotMetrics
from bot.observability.loggers import log
from bot.observability.logs import configure
from bot.observability.observers import InvocationLog, RelayLog
from bot.observability.quick_lines import QuickLines, Value
from bot.storage.intake.events import NewEvent

HERE = TenantId("slack", "T0001")
INVOCATION = Invocation("i1", Actor("U1", "Ada"), Destination(HERE, "C1"), 0.0)
SAID = "what the post says"
ARRIVED = NewEvent(str(HERE), "s:42", b"", "tweet.new", "ada", None, SAID, 9.0, 10.0, "webhook")
TRACE = trace_id(HERE, "s:42")
SENT = SendAttempt(TRACE, str(HERE), 7, "event", "delivered", "sent", 1, 10.0, 11.0, 12.5)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "secret",
    [
        "xq_" + "0123abcd" * 8,
        "xoxb-123456789012-abcdefghijkl",
        "xapp-1-A012345-6789-abcdef",
        "M" + "a" * 24 + ".abc-ef." + "b" * 30,
        "https://discord.com/api/webhooks/1234567890/" + "t" * 60,
        "sha256=" + "0f" * 32,
    ],
)
def test_what_looks_like_a_secret_is_blanked(secret: str) -> None:
    shown = redact(f"before {secret} after")
    assert "[redacted]" in shown
    assert secret not in shown
    assert shown.startswith("before")
    assert shown.endswith("after")


@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_of_libraries_and_tracebacks_are_blanked_too(form: str) -> None:
    stream = io.StringIO()
    configure("debug", form, stream)  # type: ignore[arg-type]  # both are formats
    key = "xq_" + "0123abcd" * 8
    log("ours").info("said", value=key)
    logging.getLogger("theirs").warning("their request with %s", key)
    try:
        raise RuntimeError(f"broke with {key}")
    except RuntimeError:
        logging.getLogger("theirs").exception("failed")
        log("ours").exception("failed")
    assert key not in stream.getvalue()
    assert stream.getvalue().count("[redacted]") >= 3


def test_json_is_one_object_a_line() -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    InvocationLog(BotMetrics()).invoked(INVOCATION, "draw run", "ok", 0.1234)
    [line] = stream.getvalue().splitlines()
    found = json.loads(line)
    assert (found["event"], found["command"], found["outcome"]) == ("invoked", "draw run", "ok")
    assert (found["tenant"], found["ms"], found["id"]) == ("slack:T0001", 123, "i1")


def test_the_level_holds_and_chatty_libraries_stay_quiet() -> None:
    stream = io.StringIO()
    configure("debug", "console", stream)
    logging.getLogger("httpx").info("GET https://xquik.com …")
    logging.getLogger("discord.gateway").debug("payload")
    assert stream.getvalue() == ""
    configure("warning", "console", stream)
    log("ours").info("not this")
    assert stream.getvalue() == ""


def test_figures_name_commands_and_outcomes_but_no_tenant() -> None:
    figures = BotMetrics()
    invocations, relay = InvocationLog(figures), RelayLog(figures)
    invocations.invoked(INVOCATION, "draw run", "ok", 0.1)
    invocations.failed(INVOCATION, "draw run", ValueError("x"))
    relay.arrived([ARRIVED], [ARRIVED])
    relay.rejected("signature")
    relay.skewed(-3.5)
    relay.routed([Routing("ab" * 16, "slack:T0001", 3, 12.0)])
    relay.sent(SENT)
    relay.sent(replace(SENT, outcome="busy", state="waiting", error="slow down"))
    relay.ambiguous("slack", "found")
    relay.compared(2, 1)
    relay.streaming(1)
    relay.paused("slack", "gone")
    relay.trouble("router", ValueError("x"))
    text = figures.text().decode()
    assert 'xquik_bot_commands_total{command="draw run",outcome="ok"} 1.0' in text
    assert 'xquik_bot_sends_total{outcome="busy",platform="slack"} 1.0' in text
    assert "T0001" not in text
    assert "U1" not in text


@pytest.mark.parametrize("form", ["json", "console"])
def test_one_id_leads_from_the_webhook_to_the_message_and_no_line_says_what_was_posted(form: str) -> None:
    stream = io.StringIO()
    configure("debug", form, stream)  # type: ignore[arg-type]  # both are formats
    relay = RelayLog(BotMetrics())
    relay.arrived([ARRIVED], [ARRIVED])
    relay.routed([Routing(TRACE, str(HERE), 1, 11.0)])
    relay.sent(SENT)
    relay.sent(replace(SENT, outcome="busy", state="waiting", error="slow\ndown"))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert all(TRACE in line for line in lines)
    said = ["event received", "event received", "event routed", "message sent", "message waiting"]
    assert all(words in line for words, line in zip(said, lines, strict=True))
    assert "fate" in lines[0]
    assert "stored" in lines[0]
    assert "duplicate" in lines[1]
    assert "2.5" in lines[3]
    assert SAID not in stream.getvalue()


def test_the_level_is_looked_at_before_a_line_is_built() -> None:
    stream = io.StringIO()
    configure("warning", "json", stream)
    relay = RelayLog(BotMetrics())
    relay.arrived([ARRIVED], [])
    relay.sent(SENT)
    assert stream.getvalue() == ""
    configure("info", "json", stream)
    relay.routed([Routing(TRACE, str(HERE), 1, 11.0)])
    assert stream.getvalue() == "", "routing is a detail"


ROW: dict[str, Value] = {
    "trace": TRACE,
    "tenant": "slack:T1",
    "n": 3,
    "s": 0.25,
    "b": True,
    "w": "a b",
    "e": "",
}


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("detail", [False, True])
def test_a_quick_line_is_the_line_that_the_usual_way_writes(form: str, detail: bool) -> None:
    stream = io.StringIO()
    configure("debug", form, stream)  # type: ignore[arg-type]  # both are formats
    level: Literal["debug", "info"] = "debug" if detail else "info"
    QuickLines("bot.relay", level).write("event received", [ROW])
    log("bot.relay").log(logging.DEBUG if detail else logging.INFO, "event received", **ROW)
    quick, usual = stream.getvalue().splitlines()
    if form == "json":
        mine, theirs = json.loads(quick), json.loads(usual)
        assert mine.pop("timestamp")[:15] == theirs.pop("timestamp")[:15]
        assert mine == theirs
    else:
        assert (quick[:15], quick[27:]) == (usual[:15], usual[27:])


def test_where_nothing_was_set_up_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers[:] = []
    logging.getLogger().setLevel(logging.WARNING)
    RelayLog(BotMetrics()).arrived([ARRIVED], [])
    assert capsys.readouterr() == ("", "")


def test_a_storm_of_bad_deliveries_is_counted_in_full_and_logged_now_and_then() -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    now = 100.0
    figures = BotMetrics()
    relay = RelayLog(figures, lambda: now)
    for _ in range(1000):
        relay.rejected("signature")
    relay.rejected("stale")
    now += 11
    relay.rejected("signature")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["cause"], line["not_logged_before"]) for line in lines] == [
        ("signature", 0),
        ("stale", 0),
        ("signature", 999),
    ]
    assert 'deliveries_rejected_total{cause="signature"} 1001.0' in figures.text().decode()
