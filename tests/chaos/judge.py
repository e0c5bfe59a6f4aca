"""The verdict, reached at the servers of Discord and Slack and from the bot's own account of itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Connection, create_engine, func, make_url, select, text
from sqlalchemy.pool import NullPool

from bot.storage.tables import watermarks
from tests.chaos.arena import Ground
from tests.chaos.scale import Scale

MARK = "Possibly a repeat"
_NUMBER = re.compile(r"Tweet number (\d+)")
_STORED = text("SELECT tenant, data FROM events ORDER BY id")
_ROUTED = text(
    "SELECT (SELECT coalesce(max(id), 0) FROM events),"
    " (SELECT coalesce(max(position), 0) FROM cursors WHERE name = 'router')"
)
_STATES = text("SELECT state, count(*) FROM deliveries GROUP BY state")


@dataclass(frozen=True, slots=True)
class Stood:
    """A message that stands in a channel. number: of its event, None where it is of none."""

    number: int | None
    marked: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What the database says. order: by tenant, numbers of events as they were stored. open: messages
    that wait. dead: the reasons of those given up. ambiguous: by platform, how often something was sent
    again because nobody could say whether it stood already."""

    order: dict[str, list[int]]
    open: int
    routed: bool
    dead: list[str]
    ambiguous: Counter[str]

    def done(self, scale: Scale) -> bool:
        """Whether everything has come, and nothing of it waits."""
        stored = all(len(numbers) == scale.events for numbers in self.order.values())
        return bool(self.order) and stored and self.routed and self.open == 0


@dataclass(slots=True)
class Verdict:
    """Every broken promise is a line in `broken`. duplicates: messages beyond the first, by platform."""

    messages: int = 0
    lost: int = 0
    disorder: int = 0
    duplicates: Counter[str] = field(default_factory=Counter)
    marked: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The result in one line."""
        of_each = f"Discord {self.duplicates['discord']}, Slack {self.duplicates['slack']}, each marked"
        total = self.duplicates.total()
        return f"lost {self.lost}, out of order {self.disorder}, duplicates {total} ({of_each})"


def has_begun(url: str, tenants: int) -> bool:
    """Whether it is known for so many tenants where their events begin. url: of the database."""
    with reading(url) as connection:
        known = select(func.count()).select_from(watermarks).where(watermarks.c.event.is_not(None))
        return bool(connection.execute(known).scalar_one() == tenants)


def account_of(url: str) -> Account:
    """Read it, beside whoever else uses it. url: of the database."""
    order: dict[str, list[int]] = {}
    with reading(url) as connection:
        for tenant, data in connection.execute(_STORED):
            order.setdefault(tenant, []).append(_number(json.loads(data)["text"]) or 0)
        newest, cursor = connection.execute(_ROUTED).one()
        counted = {str(state): int(count) for state, count in connection.execute(_STATES)}
        dead = connection.execute(text("SELECT error FROM deliveries WHERE state = 'dead'")).all()
        again = connection.execute(text("SELECT tenant, attempts - 1 FROM deliveries WHERE ambiguous")).all()
    waiting = counted.get("waiting", 0) + counted.get("sending", 0)
    ambiguous: Counter[str] = Counter()
    for tenant, sends in again:
        ambiguous[tenant.partition(":")[0]] += sends
    return Account(order, waiting, newest == cursor, [str(why) for (why,) in dead], ambiguous)


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A database as it is at one moment."""
    at = make_url(url)
    if at.get_backend_name() == "sqlite":
        asked = {"mode": "ro", "uri": "true", "timeout": "30"}
        at = at.set(database=f"file:{at.database}").update_query_dict(asked)
    else:
        at = at.set(drivername="postgresql+psycopg")
    engine = create_engine(at, isolation_level="SERIALIZABLE", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def standing(arena: Ground) -> dict[str, list[list[Stood]]]:
    """What stands in the channels of each platform, in the order of their numbers."""
    guild, ws = arena.stage.guild, arena.stage.ws
    return {
        "discord": [[_stood(m.text) for m in channel.messages] for channel in guild.channels.values()],
        "slack": [
            [_stood(m.visible_text) for m in channel.messages]
            for channel in ws.channels.values()
            if not channel.is_dm
        ],
    }


def judge(arena: Ground, account: Account) -> Verdict:
    """Hold what stands against what happened."""
    verdict = Verdict()
    tenants = dict(zip(("discord", "slack"), arena.stage.tenants, strict=True))
    late = {line.tenant: line.given_up for line in arena.xquik.lines}
    for platform, channels in standing(arena).items():
        tenant = tenants[platform]
        stored = {number: place for place, number in enumerate(account.order.get(str(tenant), []))}
        for position, stood in enumerate(channels):
            of_account = (n for n, account in enumerate(arena.xquik.accounts) if account == position)
            due = {number for number in of_account if arena.scale.reaches(platform, number)}
            where = f"{platform} channel {position}"
            _judge_presence(verdict, where, stood, due)
            _judge_order(verdict, where, stood, stored, late[tenant])
            _judge_repeats(verdict, platform, where, stood)
    if verdict.duplicates["slack"] > account.ambiguous["slack"]:
        verdict.broken.append(f"more repeats on Slack than the {account.ambiguous['slack']} ambiguous ones")
    verdict.broken += [f"a dead letter: {why}" for why in account.dead]
    verdict.broken += arena.broken()
    return verdict


def _judge_presence(verdict: Verdict, where: str, stood: list[Stood], due: set[int]) -> None:
    there = {one.number for one in stood if one.number is not None}
    verdict.messages += len(stood)
    verdict.lost += len(due - there)
    if due - there:
        verdict.broken.append(f"{where}: lost {sorted(due - there)[:10]}")
    if there - due:
        verdict.broken.append(f"{where}: what belongs elsewhere {sorted(there - due)[:10]}")


def _judge_order(
    verdict: Verdict, where: str, stood: list[Stood], stored: dict[int, int], late: set[int]
) -> None:
    """As they were stored; and, but for those that came by no delivery, as they happened."""
    numbers = [one.number for one in stood if one.number is not None]
    in_time = [number for number in numbers if number not in late]
    wrong = {b for a, b in pairwise(numbers) if stored.get(a, -1) > stored.get(b, -1)}
    wrong |= {b for a, b in pairwise(in_time) if a > b}
    verdict.disorder += len(wrong)
    if wrong:
        verdict.broken.append(f"{where}: out of order {sorted(wrong)[:10]}")


def _judge_repeats(verdict: Verdict, platform: str, where: str, stood: list[Stood]) -> None:
    seen: set[int] = set()
    for one in stood:
        verdict.marked += one.marked
        if one.number is None or one.number not in seen:
            seen |= {one.number} if one.number is not None else set()
            continue
        verdict.duplicates[platform] += 1
        if platform == "discord" or not one.marked:
            verdict.broken.append(f"{where}: {one.number} stands twice, and is not marked")


def _stood(text: str) -> Stood:
    return Stood(_number(text), MARK in text)


def _number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found[1]) if found is not None else None
