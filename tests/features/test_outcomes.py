"""Every command that asks Xquik, and every way in which it may refuse: a card says so, and what next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.commands.declaring import Command
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import (
    KeyRejected,
    NotFound,
    OutOfCredits,
    RateLimited,
    UpstreamUnavailable,
)
from bot.features.catalogue import catalogue
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import BotHarness

LONG = 3_600
"""Seconds until Xquik may be asked again: longer than anybody waits, so nothing is tried twice."""


@dataclass(frozen=True)
class Way:
    """How Xquik answers whatever it is asked, and the title of what a person reads then."""

    name: str
    status: int
    code: str
    title: str
    after: int | None = None


# The last one holds back every request behind it.
WAYS = (
    Way("not found", 404, "not_found", NotFound.title),
    Way("no credits", 402, "insufficient_credits", OutOfCredits.title),
    Way("key refused", 401, "unauthenticated", KeyRejected.title),
    Way("down", 503, "service_unavailable", UpstreamUnavailable.title, LONG),
    Way("rate limited", 429, "rate_limit_exceeded", RateLimited.title, LONG),
)
DONE_HERE = {"relay add", "relay edit", "setup status"}
"""What is done or shown here all the same, with the trouble in the answer."""
ASKING = [command for command in catalogue() if command.operations and not command.form_first]


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command.name)
async def test_what_xquik_refuses_is_told_with_what_to_do_next(
    house: BotHarness, command: Command[Any]
) -> None:
    line = await prepared(house, command, command.examples[0])
    for way in WAYS:
        await house.control("faults", "DELETE")
        after = {} if way.after is None else {"retry_after": way.after}
        await house.fault(status=way.status, code=way.code, message="In Xquik's words.", **after)
        screen = await house.say(line)
        if command.name in DONE_HERE:
            assert screen.outcome is InvocationOutcome.OK, way.name
            continue
        assert screen.outcome is InvocationOutcome.FAILED, way.name
        assert screen.failure.title == way.title, way.name
        assert "What next" in words(screen.failure), way.name
