"""What is recorded of commands and buttons, whatever the platform: settings that change, reads that cost
credits, and refused attempts at what needs PUBLISH or MANAGE. What is confirmed is recorded with its
proposal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import msgspec

from bot.core.access import Permission
from bot.core.audit import AuditEvent
from bot.core.chat.answers import Proposal, Reply
from bot.core.chat.invocation import Invocation, Values
from bot.core.commands.declaring import Action, Catalogue, Command, Effect, OptionKind
from bot.core.commands.subjects import parse_subject
from bot.core.errors import BotError
from bot.core.policy import Deed
from bot.core.x.paid_requests import PaidRequests, counting_paid_requests

T = TypeVar("T")

WATCHED: Final = Permission.PUBLISH | Permission.MANAGE
"""Refused attempts of what needs one of these are recorded."""
# Characters of a value that are told. None of a secret or of running text is: so no message, and no key.
_LONGEST: Final = 120


class Doing(msgspec.Struct, frozen=True):
    """Something that is recorded while it is done. credits: the estimate of a read, None of all else.
    details: of a change of settings the options that were given; people: the ids of those whom it is
    about. glance: a look that only some runs take, recorded where something that costs was asked."""

    event: AuditEvent
    command: str
    credits: int | None = None
    details: Mapping[str, str] = msgspec.field(default_factory=dict)
    people: tuple[str, ...] = ()
    glance: bool = False


Ended: TypeAlias = Callable[[str | None], Awaitable[None]]
"""Told how something ended; None: it was not done after all, and is not recorded."""


class Journal(Protocol):
    """Keeps the record."""

    async def refused(self, invocation: Invocation, deed: Deed, /) -> None:
        """Somebody tried what they may not. Never raises."""

    async def begun(self, invocation: Invocation, doing: Doing, /) -> Ended:
        """Note that it begins, durably; what is to be told how it ended, which never raises.
        StorageUnavailable where it cannot be noted: then it must not be done."""


class NoJournal:
    """Records nothing."""

    async def refused(self, _invocation: Invocation, _deed: Deed) -> None:
        """Not kept."""

    async def begun(self, _invocation: Invocation, _doing: Doing) -> Ended:
        """Not kept."""

        async def ended(_outcome: str | None) -> None:
            pass

        return ended


NO_JOURNAL: Final[Journal] = NoJournal()


def command_doing(command: Command[Any], args: Any, values: Values) -> Doing | None:
    """What is recorded of a run of a command; None for what is only looked at, or asked before it is done."""
    if command.effect is Effect.SETTINGS:
        if _looks(command, args):
            return None
        details, people = _told(command, values)
        return Doing(AuditEvent.SETTING, command.name, details=details, people=people)
    if command.cost.confirmed:
        # What is decided is recorded with its proposal; what was looked up for its preview is not.
        look = command.cost.look
        return Doing(AuditEvent.READ, command.name, credits=look, glance=True) if look else None
    if command.cost.free:
        return None
    return Doing(AuditEvent.READ, command.name, credits=command.credits(args))


def action_doing(action: Action, catalogue: Catalogue) -> Doing | None:
    """What is recorded of a button that is pressed."""
    of = catalogue.command(tuple(action.command.split())) if action.command else None
    changes = Permission.MANAGE in action.needs or (of is not None and of.effect is Effect.SETTINGS)
    if changes and of is not None:
        return Doing(AuditEvent.SETTING, of.name)
    read = read_behind(action, catalogue)
    return None if read is None else Doing(AuditEvent.READ, read.name, credits=read.cost.fixed or None)


def read_behind(action: Action, catalogue: Catalogue) -> Command[Any] | None:
    """The command whose read a button is, at its price; None for a button that costs nothing by itself."""
    of = catalogue.command(tuple(action.command.split())) if action.command else None
    return of if of is not None and Permission.SPEND in action.needs and not of.cost.confirmed else None


async def recorded(
    journal: Journal, invocation: Invocation, doing: Doing | None, work: Callable[[], Awaitable[T]]
) -> T:
    """Do the work, with a record of how it ended, where there is to be one."""
    if doing is None:
        return await work()
    ended = await journal.begun(invocation, doing)
    outcome: str | None = "cancelled"
    asked = PaidRequests(None)
    try:
        with counting_paid_requests() as asked:
            done = await work()
        # What is asked before it is done is recorded with what is decided.
        outcome = None if doing.event is AuditEvent.SETTING and _asks(done) else "ok"
        return done
    except BotError as error:
        outcome = type(error).__name__
        raise
    except Exception:
        outcome = "failed"
        raise
    finally:
        await ended(None if doing.glance and not asked.sent else outcome)


def _looks(command: Command[Any], args: Any) -> bool:
    """Whether a run with these options only shows how settings stand."""
    if command.looks is None:
        return False
    given = {one.name for one in fields(args) if getattr(args, one.name) != one.default}
    return given <= {*command.looks}


def _asks(done: object) -> bool:
    return isinstance(done, Proposal) or (isinstance(done, Reply) and done.asks)


def _told(command: Command[Any], values: Values) -> tuple[dict[str, str], tuple[str, ...]]:
    """What was given, without secrets and running text; and the persons who are named in it."""
    told: dict[str, str] = {}
    people: list[str] = []
    for parameter in command.parameters:
        given = ", ".join(values.get(parameter.name, ()))
        if not given or parameter.kind is OptionKind.SECRET or parameter.running or parameter.paragraph:
            continue
        person = _person(given) if parameter.kind is OptionKind.SUBJECT else None
        if person is None:
            told[parameter.name] = given[:_LONGEST]
        else:
            people.append(person)
    return told, tuple(people)


def _person(given: str) -> str | None:
    try:
        subject = parse_subject(given)
    except ValueError:
        return None
    return subject.id if subject.kind == "user" else None
