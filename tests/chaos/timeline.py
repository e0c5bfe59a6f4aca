"""What is done to the bot, and after how many events: drawn once, from the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.chaos.scale import Scale

# Seconds that the clock of the bot is moved by.
FORWARD, BACK = 600.0, -420.0


class Kind(StrEnum):
    """What is done. KILL: SIGKILL, then started again. STORE: SIGKILL for its process that stores deliveries
    alone, which it starts again itself. FULL: nothing more can be written to the disk.
    BUSY: another process holds the lock of the database. CLOCK: the clock is wrong for a while. DROP:
    the connections that Discord and Slack keep open are cut."""

    KILL = "kill"
    STORE = "store process killed"
    FULL = "full"
    BUSY = "busy"
    CLOCK = "clock"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Blow:
    """at: after so many events. wait: seconds to wait then. down: seconds until the next start.

    early: a start that is killed before it is done, so many seconds after it began; None for none.
    amount: seconds, of a jump or of a lock. killed: by SIGKILL while that lasts. both: the process that
    stores deliveries first, by SIGKILL too.
    """

    kind: Kind
    at: int
    wait: float = 0.0
    down: float = 0.0
    early: float | None = None
    amount: float = 0.0
    killed: bool = False
    both: bool = False


def timeline(scale: Scale) -> tuple[Blow, ...]:
    """The blows of a run in their order. A start that is killed early counts as one of `scale.kills`."""
    chance = random.Random(f"{scale.seed}:timeline")
    blows = [
        Blow(Kind.FULL, 0),
        *(Blow(Kind.BUSY, 0, amount=seconds) for seconds in scale.locks),
        Blow(Kind.CLOCK, 0, amount=FORWARD),
        Blow(Kind.CLOCK, 0, amount=BACK, killed=scale.kills > 0),
        Blow(Kind.DROP, 0),
        *(Blow(Kind.STORE, 0, chance.uniform(0.0, 0.5)) for _ in range(1 + scale.kills // 4)),
        *_kills(scale.kills - 1, chance),
    ]
    chance.shuffle(blows)
    places = spread(len(blows), scale.events, chance)
    return tuple(replace(blow, at=at) for blow, at in zip(blows, places, strict=True))


def spread(blows: int, events: int, chance: random.Random) -> list[int]:
    """After how many events each blow falls, in their order."""
    step = events / (blows + 1)
    return [round(step * (place + 0.5 + chance.random() * 0.5)) for place in range(blows)]


def _kills(left: int, chance: random.Random) -> list[Blow]:
    kills = []
    while left > 0:
        early = chance.uniform(0.2, 2.0) if left > 1 and chance.random() < 0.25 else None
        wait, down = chance.uniform(0.0, 0.5), chance.choice((0.0, 0.0, chance.uniform(0.0, 2.0)))
        kills.append(Blow(Kind.KILL, 0, wait, down, early, both=chance.random() < 0.5))
        left -= 1 if early is None else 2
    return kills
