"""How accounts on X are called now, and how they were called: an id stays, a username changes hands. Pure.

What a tenant knows of an account comes from its own events and from what Xquik answers it; nothing is
shared between tenants. A username that somebody else is known under is never taken away by an event:
two accounts cannot have the same one, so either the event is wrong, or the news that the other account
gave it up has not come yet. The next event tells again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.core.routes import event_readings
from bot.core.routes.events import RENAMED_TYPE, Event
from bot.core.x.readings import digits

MOST_FORMER: Final = 10
"""Former usernames that are remembered of an account; the oldest go first."""
# Seconds for which an event that names an account by its former username may be behind the times.
_SETTLING: Final = 3600.0


class NameSource(StrEnum):
    """What told a username. RENAME: the event that it changed; EVENT: another event of the account;
    AUTHOR: a tweet of it; MONITOR: the monitor that Xquik has for it, asked for just now."""

    RENAME = "rename"
    EVENT = "event"
    AUTHOR = "author"
    MONITOR = "monitor"


class Sighting(msgspec.Struct, frozen=True):
    """An account under a username. id: X's; name: lower case, without @; at: epoch seconds.
    before: the username that it gave up, where that is told."""

    id: str
    name: str
    at: float
    source: NameSource
    before: str = ""


class FormerName(msgspec.Struct, frozen=True):
    """A username that an account had. until: epoch seconds."""

    name: str
    until: float


class KnownAccount(msgspec.Struct, frozen=True):
    """An account whose id a tenant knows.

    name: its username, lower case; since: the moment of what told it (epoch seconds); former: the ones
    before, the last one last. holds: False where somebody else is known to have this username by now, and
    its own is not known. thread: what its threads are found by, the same for good.
    """

    id: str
    name: str
    since: float = 0.0
    former: tuple[FormerName, ...] = ()
    holds: bool = True
    thread: str = ""

    def is_of(self, event: Event) -> bool:
        """Whether the event is of this account: by its id, and by its username where it names no id."""
        if event.account_id is not None:
            return event.account_id == self.id
        return bool(event.username) and self.called((event.username or "").lower(), event.occurred_at)

    def called(self, name: str, at: float) -> bool:
        """Whether the account had that username (lower case) at a moment, as far as is known."""
        if name == self.name and self.holds and (not self.former or at >= self.since):
            return True
        return any(one.name == name and at < one.until for one in self.former)

    def was_called(self, name: str) -> bool:
        """Whether it had that username (lower case) and has it no more."""
        return (name != self.name or not self.holds) and any(one.name == name for one in self.former)

    def given_up(self, at: float) -> KnownAccount:
        """The account after somebody else was found under its username."""
        return replace(self, holds=False, former=_former(self, FormerName(self.name, at)))


class Renamed(msgspec.Struct, frozen=True):
    """An account before and after its username changed."""

    before: KnownAccount
    after: KnownAccount


class KnownNames:
    """The accounts that a tenant knows."""

    __slots__ = ("_by_id", "_by_name")

    def __init__(self, accounts: Iterable[KnownAccount] = ()) -> None:
        self._by_id = {one.id: one for one in accounts}
        self._by_name = {one.name: one for one in self._by_id.values() if one.holds}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[KnownAccount]:
        return iter(self._by_id.values())

    def get(self, identity: str) -> KnownAccount | None:
        """The account with that id."""
        return self._by_id.get(identity)

    def holder(self, name: str) -> KnownAccount | None:
        """The account that has that username (lower case) now."""
        return self._by_name.get(name)

    def formerly(self, name: str) -> KnownAccount | None:
        """The account that had that username (lower case) last, where nobody is known to have it now."""
        if name in self._by_name:
            return None
        found = [
            (former.until, one)
            for one in self._by_id.values()
            if one.holds
            for former in one.former
            if former.name == name
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def put(self, accounts: Iterable[KnownAccount]) -> KnownNames:
        """All of them, with some as they are now."""
        return KnownNames((self._by_id | {one.id: one for one in accounts}).values())

    def after(self, sighting: Sighting) -> tuple[KnownAccount, ...]:
        """The accounts that are known otherwise after a sighting; none where it tells nothing new.

        The account itself comes first, and behind it one that it is found to have its username from.
        """
        known, holder = self.get(sighting.id), self.holder(sighting.name)
        if holder is not None and holder.id == sighting.id:
            return ()
        if holder is not None and (sighting.source is not NameSource.MONITOR or sighting.at <= holder.since):
            # Whose it was is told all the same: what named it so far is found by its id from now on.
            if known is not None or not sighting.before or self.holder(sighting.before) is not None:
                return ()
            return (_found(replace(sighting, name=sighting.before, before=""), self._thread(sighting)),)
        new = _found(sighting, self._thread(sighting)) if known is None else _moved(known, sighting)
        if new is None:
            return ()
        return (new,) if holder is None else (new, holder.given_up(sighting.at))

    def _thread(self, sighting: Sighting) -> str:
        name = sighting.before or sighting.name
        taken = any(one.thread == name for one in self._by_id.values())
        return f"{name}.{sighting.id}" if taken else name


NOBODY: Final = KnownNames()


def sighting_of(event: Event) -> Sighting | None:
    """The account and the username that an event of an account's monitor names; None where it names no
    id."""
    told = event_readings.account(event)
    if event.account_id is None or event.query is not None or told is None:
        return None
    if event.type != RENAMED_TYPE:
        return Sighting(event.account_id, told, event.occurred_at, NameSource.EVENT)
    before, now = event_readings.rename(event)
    name = now or told
    return Sighting(
        event.account_id, name, event.occurred_at, NameSource.RENAME, before if before != name else ""
    )


def author_of(event: Event) -> Sighting | None:
    """The author of the tweet of an event, whoever's monitor saw it; None where it names no id."""
    found, name = event_readings.author_id(event), event_readings.author(event)
    if found is None or name is None:
        return None
    return Sighting(found, name, event.occurred_at, NameSource.AUTHOR)


def monitored(accounts: Iterable[tuple[str | None, str]], now: float) -> list[Sighting]:
    """Accounts that Xquik says it watches, each with X's id and its username; without what is neither.
    now: epoch seconds."""
    found = []
    for given, named in accounts:
        identity, name = digits(given), event_readings.handle(named)
        if identity is not None and name is not None:
            found.append(Sighting(identity, name, now, NameSource.MONITOR))
    return found


def thread_name(accounts: Collection[KnownAccount], event: Event, name: str) -> str:
    """What the thread of the event's account is found by. name: its username, for one that is not known."""
    return next((one.thread or one.name for one in accounts if one.is_of(event)), name)


def name_of_thread(accounts: Collection[KnownAccount], thread: str) -> str:
    """The username, as it is now, of the account whose thread is found by that."""
    return next((one.name for one in accounts if one.thread == thread), thread.partition(".")[0])


def _found(sighting: Sighting, thread: str) -> KnownAccount:
    told = sighting.before not in ("", sighting.name)
    former = (FormerName(sighting.before, sighting.at),) if told else ()
    return KnownAccount(sighting.id, sighting.name, sighting.at, former, thread=thread)


def _moved(known: KnownAccount, sighting: Sighting) -> KnownAccount | None:
    told = sighting.source is NameSource.RENAME
    if sighting.at < known.since:
        return None
    back = known.name == sighting.name or known.was_called(sighting.name)
    settled = sighting.source is not NameSource.MONITOR and sighting.at - known.since >= _SETTLING
    if back and not (told or settled):
        return None
    former = _former(known, FormerName(known.name, sighting.at)) if known.holds else known.former
    kept = tuple(one for one in former if one.name != sighting.name)
    return replace(known, name=sighting.name, since=sighting.at, former=kept, holds=True)


def _former(known: KnownAccount, last: FormerName) -> tuple[FormerName, ...]:
    others = tuple(one for one in known.former if one.name != last.name)
    return (*others, last)[-MOST_FORMER:]
