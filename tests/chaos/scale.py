"""How large a run is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """events: that happen on X. destinations: channels, half of them Discord's. kills: with SIGKILL.

    locks: seconds for which another process holds the lock of the database, each time.
    seed: of every chance. rate: events a second at most, so that trouble meets traffic; Discord takes 50
    messages a second of a bot. slack_every: of so many events one goes to Slack too, which takes one
    message a second in a channel. discord_misfortune, slack_misfortune: by what the shares of faults
    there are multiplied. calm: events a second while a blow is waited for, so that none falls into a silence
    after the last event.
    ingest: the setting `relay.ingest`, webhook or both; by both, each event comes twice. pause: seconds
    between two commands that an operator runs beside it.
    disk: bytes of the file system that the database is on. patience: seconds that the end may take.
    """

    events: int = 10_000
    destinations: int = 50
    kills: int = 25
    locks: tuple[float, ...] = (7.0, 2.0)
    seed: int = 20261122
    rate: float = 45.0
    calm: float = 12.0
    slack_every: int = 2
    discord_misfortune: float = 1.0
    slack_misfortune: float = 1.0
    ingest: str = "webhook"
    disk: int = 192 << 20
    patience: float = 240.0
    pause: float = 3.0

    @property
    def accounts(self) -> int:
        """Accounts on X that are followed: one for each channel of a platform."""
        return self.destinations // 2

    def reaches(self, platform: str, number: int) -> bool:
        """Whether the event of a number goes to a channel of the platform."""
        return platform == "discord" or number % self.slack_every == 0


SMALL = Scale(
    events=300,
    destinations=6,
    kills=3,
    locks=(2.0,),
    rate=40.0,
    slack_every=6,
    slack_misfortune=3.0,
    disk=24 << 20,
    patience=120.0,
    pause=2.0,
)
