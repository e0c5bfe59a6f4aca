"""How large a run of several machines is."""

from __future__ import annotations

from dataclasses import dataclass

from tests.chaos.scale import Scale


@dataclass(frozen=True, slots=True)
class ClusterScale(Scale):
    """As `Scale`, and besides: web, relays, discords: how many processes have that role. stops: with SIGSTOP,
    and SIGCONT some seconds later. sleeps: of these, how often it is the one that relays, for longer than
    the server keeps its lock. restarts: how PostgreSQL is started again, each time (`pg_ctl -m`). rolls: how
    often every process is replaced by another one.

    expired: the sessions of the one that sleeps are ended by the run, as PostgreSQL does by itself after a
    minute, which a short run has no time for. drain: the setting `web.drain_seconds`. whole: every process
    is a program that starts by itself; otherwise most are forked from one that has loaded everything.
    clocked: whose clocks can be set wrong. shards: shared, the processes of Discord share them out
    among themselves, or fixed, each is told its own (`discord.shard_ids`).
    """

    calm: float = 30.0
    kills: int = 26
    stops: int = 14
    sleeps: int = 1
    web: int = 2
    relays: int = 3
    discords: int = 2
    restarts: tuple[str, ...] = ("immediate", "fast")
    rolls: int = 1
    expired: bool = False
    drain: float = 5.0
    whole: bool = True
    shards: str = "shared"
    clocked: tuple[str, ...] = ("web-0", "relay-0")
    disk: int = 96 << 20

    @property
    def names(self) -> tuple[str, ...]:
        """Of all processes: their roles with numbers."""
        counts = {"web": self.web, "relay": self.relays, "discord": self.discords}
        return tuple(f"{role}-{number}" for role, count in counts.items() for number in range(count))


SMALL = ClusterScale(
    events=300,
    destinations=6,
    kills=3,
    stops=2,
    locks=(1.0,),
    rate=40.0,
    calm=5.0,
    slack_every=6,
    discord_misfortune=0.5,
    slack_misfortune=3.0,
    patience=60.0,
    pause=6.0,
    restarts=("immediate",),
    expired=True,
    drain=1.0,
    whole=False,
    clocked=("web-0",),
    relays=2,
)
