"""Every command and every way in which it may end: a card says how, and what next. Which ways there are for a
command is read from its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.access import Permission
from bot.core.commands.declaring import Command, Effect
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import (
    Expired,
    KeyRejected,
    NotFound,
    NotPermitted,
    OutOfCredits,
    RateLimited,
    UpstreamUnavailable,
)
from bot.features.catalogue import catalogue
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import MEMBER, BotHarness, asks

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
DONE_HERE = {"relay add", "relay edit", "setup status", "support open", "credits topup", "subscribe link"}
"""What is done or shown here all the same, with the trouble in the answer; or asked about without a look."""
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


COMMANDS = list(catalogue())
OF_EVERYBODY = {"privacy export", "privacy delete"}
"""About oneself, which nobody can be denied; the first example of a place is refused."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_who_may_not_is_told_what_is_missing_and_nothing_is_asked(
    house: BotHarness, command: Command[Any]
) -> None:
    for permission in command.needs.names():
        await house.say(f"policy revoke {permission} to:everyone")
        await house.say(f"policy revoke {permission} to:members")
    before = (await house.state())["requests"]
    screen = await house.say(command.examples[1 if command.name in OF_EVERYBODY else 0], MEMBER)
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED
    assert screen.failure.title == NotPermitted.title and "What next" in words(screen.failure)
    granted = command.needs & ~Permission.USE
    assert not granted or f"policy grant {','.join(granted.names())} to:" in words(screen.failure)
    assert (await house.state())["requests"] == before


FREE_AND_ASKED = {
    "extract cancel",
    "support open",
    "support reply",
    "support close",
    "account disconnect",
    "credits topup",
    "subscribe link",
}
"""What costs nothing and is asked about: what was collected is lost, others are written to, or paid."""
LOOKING = {"POST /extractions/estimate"}
"""Requests that read, although they are no GET."""


def _asks(command: Command[Any]) -> bool:
    """Whether it is only done once somebody has confirmed it, as its declaration says."""
    confirmed = command.effect is Effect.PUBLISH or command.cost.confirmed
    return confirmed or command.name in FREE_AND_ASKED


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command.name)
async def test_what_is_asked_for_is_not_done_when_it_is_cancelled_or_expires(
    house: BotHarness, command: Command[Any]
) -> None:
    line = await prepared(house, command, command.examples[0])
    proposed = await house.say(line)
    assert asks(proposed.card) is _asks(command)
    if not _asks(command):
        return
    before = await _changes(house)
    await house.press(proposed, "Cancel")
    assert (await house.press(proposed, "Confirm")).outcome is not InvocationOutcome.OK
    again = await house.say(line)
    house.clock.advance(24 * 3_600)
    assert (await house.press(again, "Confirm")).failure.title == Expired.title
    assert await _changes(house) == before


async def _changes(house: BotHarness) -> dict[str, int]:
    """How often anything but reads was performed."""
    performed = (await house.state())["operations"]
    changing = {name for name in performed if not name.startswith("GET ")} - LOOKING
    return {name: count for name, count in performed.items() if name in changing}
