"""The verdict, reached at the servers of Discord and Slack and from the bot's own account of itself."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.chaos.arena import Arena

MARK = "Possibly a repeat"
_NUMBER = re.compile(r"Tweet number (\d+)")


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


def has_begun(database: Path, tenants: int) -> bool:
    """Whether it is known for so many tenants where their events begin."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        (found,) = connection.execute("SELECT count(*) FROM watermarks WHERE event IS NOT NULL").fetchone()
    return bool(found == tenants)


def account_of(database: Path) -> Account:
    """Read it, beside whoever else uses it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        order: dict[str, list[int]] = {}
        for tenant, data in connection.execute("SELECT tenant, data FROM events ORDER BY id"):
            order.setdefault(tenant, []).append(_number(json.loads(data)["text"]) or 0)
        newest, cursor = connection.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM events),"
            " (SELECT coalesce(max(position), 0) FROM cursors WHERE name = 'router')"
        ).fetchone()
        states = connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state")
        counted = {str(state): int(count) for state, count in states}
        dead = connection.execute("SELECT error FROM deliveries WHERE state = 'dead'").fetchall()
        again = connection.execute("SELECT tenant, attempts - 1 FROM deliveries WHERE ambiguous").fetchall()
    waiting = counted.get("waiting", 0) + counted.get("sending", 0)
    ambiguous: Counter[str] = Counter()
    for tenant, sends in again:
        ambiguous[tenant.partition(":")[0]] += sends
    return Account(order, waiting, newest == cursor, [str(why) for (why,) in dead], ambiguous)


def standing(arena: Arena) -> dict[str, list[list[Stood]]]:
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


def judge(arena: Arena, account: Account) -> Verdict:
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
    verdict.broken += [f"a rule was broken: {rule}" for rule in arena.stage.vendors.broken_rules]
    verdict.broken += [f"beside the bot: {what}" for what in arena.beside.broken]
    if arena.openings.found:
        verdict.broken.append(f"the database was opened other than by SQLite: {arena.openings.found[:2000]}")
    verdict.broken += [f"exit code {code} after SIGTERM" for code in arena.lives.stopped if code]
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
