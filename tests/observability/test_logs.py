"""Logs are one line an event, for people or machines, and hold no secret even by mistake."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.core.access import Actor
from bot.core.ids import Destination, TenantId
from bot.core.invocation import Invocation
from bot.observability.cleaning import redact
from bot.observability.figures import Figures
from bot.observability.logs import configure, log
from bot.observability.observers import InvocationLog, RelayLog

HERE = TenantId("slack", "T0001")
INVOCATION = Invocation("i1", Actor("U1", "Ada"), Destination(HERE, "C1"), 0.0)


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
    InvocationLog(Figures()).invoked(INVOCATION, "draw run", "ok", 0.1234)
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
    figures = Figures()
    invocations, relay = InvocationLog(figures), RelayLog(figures)
    invocations.invoked(INVOCATION, "draw run", "ok", 0.1)
    invocations.failed(INVOCATION, "draw run", ValueError("x"))
    relay.received("webhook")
    relay.duplicate()
    relay.rejected("signature")
    relay.routed(2, 3)
    relay.sent("slack", "delivered", 0.2)
    relay.sent("slack", "busy", 0.2)
    relay.ambiguous("slack")
    relay.paused("slack", "gone")
    relay.trouble("router", ValueError("x"))
    text = figures.text().decode()
    assert 'xquik_bot_commands_total{command="draw run",outcome="ok"} 1.0' in text
    assert 'xquik_bot_sends_total{outcome="busy",platform="slack"} 1.0' in text
    assert "T0001" not in text
    assert "U1" not in text
