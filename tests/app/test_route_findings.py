"""`xquik-bot check` names the routes that bring nothing, and why: a terminal has nobody else to ask."""

from __future__ import annotations

import pytest

from bot.app.route_findings import quiet_routes
from bot.core.chat.ids import Destination
from bot.core.routes.route import LostPlace, Route
from tests.relay.harness import TENANT, route

LOST = (LostPlace(Destination(TENANT, "C7"), "not_in_channel"),)


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([route("on", "C1")], ""),
        ([route("nasa", "C1", paused_reason="paused by Ann.")], "nasa is paused (paused by Ann)"),
        ([route("nasa", "C1", paused_reason="")], "nasa is paused (nobody said why)"),
        ([route("nasa", "C7", lost=LOST)], "nasa cannot reach C7 (not_in_channel)"),
        (
            [route("समाचार", "C1", paused_reason="موقوف"), route("on", "C2"), route("x", "C7", lost=LOST)],
            "समाचार is paused (موقوف); x cannot reach C7 (not_in_channel)",
        ),
    ],
)
def test_each_route_is_named_with_its_cause(routes: list[Route], said: str) -> None:
    words, remedy = quiet_routes(routes)
    assert words == said and bool(remedy) == bool(said)
    assert "relay list" not in remedy and (not said or f"relay resume {said.split()[0]}" in remedy)


def test_many_are_counted_and_long_reasons_cut() -> None:
    routes = [route(f"r{n}", "C1", paused_reason="x" * 500) for n in range(8)]
    words, _ = quiet_routes(routes)
    assert words.endswith("; and 3 more") and len(words) < 800
