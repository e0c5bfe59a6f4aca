"""What is done to the installation, and after how many events: drawn once, from the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle

from tests.chaos.cluster.scale import ClusterScale
from tests.chaos.timeline import BACK, FORWARD, spread

# In place of a name: the process that relays then, whichever it is.
RELAYING = ""
# Seconds that a process is stopped for: well below what its lock lasts.
_STOPPED = (0.5, 6.0)


class Kind(StrEnum):
    """What is done. KILL: SIGKILL, then started again. STOP: SIGSTOP, SIGCONT soon after. SLEEP: the same for
    the one that relays, until another one does. RESTART: of PostgreSQL. FULL: nothing more can be written to
    the disk of its tables. BUSY: the events are locked. CLOCK: that of one process is wrong for
    a while. DROP: the connections that Discord keeps open are cut. ROLL: every process is replaced."""

    KILL = "kill"
    STOP = "stop"
    SLEEP = "sleep"
    RESTART = "PostgreSQL restarted"
    FULL = "full"
    BUSY = "busy"
    CLOCK = "clock"
    DROP = "drop"
    ROLL = "every process replaced"


@dataclass(frozen=True, slots=True)
class Blow:
    """at: after so many events. who: the process, or RELAYING. wait: seconds to wait then. down: seconds
    until the next start. early: a start that is killed before it is done, so many seconds after it began;
    None for none. amount: seconds, of a stop, a lock or a jump. mode: of a restart."""

    kind: Kind
    at: int = 0
    who: str = RELAYING
    wait: float = 0.0
    down: float = 0.0
    early: float | None = None
    amount: float = 0.0
    mode: str = ""


def timeline(scale: ClusterScale) -> tuple[Blow, ...]:
    """The blows of a run in their order. A start that is killed early counts as one of `scale.kills`.

    A sleep is the first of all, so that it ends before the run does; what is replaced is so in the end.
    """
    chance = random.Random(f"{scale.seed}:cluster")
    blows = [
        Blow(Kind.FULL),
        *(Blow(Kind.BUSY, amount=seconds) for seconds in scale.locks),
        *(
            Blow(Kind.CLOCK, who=who, amount=amount)
            for who, amount in zip(scale.clocked, cycle((FORWARD, BACK)), strict=False)
        ),
        Blow(Kind.DROP),
        *(Blow(Kind.RESTART, wait=chance.uniform(0.0, 0.5), mode=mode) for mode in scale.restarts),
        *(
            Blow(Kind.STOP, who=_any(scale, chance), amount=chance.uniform(*_STOPPED))
            for _ in range(scale.stops - scale.sleeps)
        ),
        *_kills(scale, chance),
    ]
    chance.shuffle(blows)
    blows[0:0] = [Blow(Kind.SLEEP)] * scale.sleeps
    blows += [Blow(Kind.ROLL)] * scale.rolls
    places = spread(len(blows), scale.events, chance)
    return tuple(replace(blow, at=at) for blow, at in zip(blows, places, strict=True))


def _kills(scale: ClusterScale, chance: random.Random) -> list[Blow]:
    kills: list[Blow] = []
    left = scale.kills
    while left > 0:
        early = chance.uniform(0.2, 2.0) if left > 1 and chance.random() < 0.25 else None
        wait, down = chance.uniform(0.0, 0.5), chance.choice((0.0, 0.0, chance.uniform(0.0, 2.0)))
        kills.append(Blow(Kind.KILL, 0, _any(scale, chance), wait, down, early))
        left -= 1 if early is None else 2
    return kills


def _any(scale: ClusterScale, chance: random.Random) -> str:
    """A process; the one that relays more often than any other."""
    return chance.choice((*scale.names, RELAYING, RELAYING, RELAYING))
