"""Everything about a sandbox that can be chosen, with the documented values as defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_API_KEY = "xq_" + "5a4d" * 16
"""The key a fresh sandbox accepts: ``xq_`` and 64 hex digits. It opens nothing but sandboxes."""

API_PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class FixedWindow:
    """At most ``limit`` requests in each fixed window of ``seconds``."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class FixedWindows:
    """Fixed windows per account, as the vendor documents them."""

    reads: FixedWindow = FixedWindow(300, 1.0)
    writes: FixedWindow = FixedWindow(120, 60.0)
    deletes: FixedWindow = FixedWindow(60, 60.0)
    follows: FixedWindow = FixedWindow(20, 60.0)
    follows_daily: FixedWindow = FixedWindow(400, 86_400.0)


@dataclass(frozen=True, slots=True)
class SenderRules:
    """How webhooks are sent. Seconds throughout."""

    timeout: float = 10.0
    max_attempts: int = 10
    first_backoff: float = 1.0
    longest_backoff: float = 60.0
    failure_cap: int = 10


@dataclass(frozen=True, slots=True)
class WriteRules:
    """How long an accepted write stays open before it settles, and how often to poll. Seconds."""

    settle_after: float = 2.0
    expire_after: float = 30.0
    poll_after: float = 1.0


@dataclass(frozen=True, slots=True)
class StreamRules:
    """Server-sent events: seconds between comments, seconds a connection lives, streams an account."""

    comment_every: float = 15.0
    longest: float = 1_800.0
    per_account: int = 5
    replay_days: float = 30.0


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """One sandbox.

    ``state_path`` names a SQLite file that keeps everything across restarts; without it the state
    lives as long as the process. ``event_interval`` is the mean number of seconds between two
    events of one monitor; ``first_event_after`` the wait for a new monitor's first. ``webhook_ports``
    are the ports of this machine that webhooks may call; None means any. ``host_names`` are further
    names it answers to, where a proxy stands before it.
    """

    seed: int = 7
    api_key: str = field(default=DEFAULT_API_KEY, repr=False)
    credits: int = 25_000
    connected: tuple[str, ...] = ("xquik_demo",)
    event_interval: float = 6.0
    first_event_after: float = 1.0
    state_path: Path | None = None
    allow_http_webhooks: bool = True
    webhook_ports: frozenset[int] | None = None
    host_names: frozenset[str] = frozenset()
    limits: FixedWindows = field(default_factory=FixedWindows)
    sender: SenderRules = field(default_factory=SenderRules)
    writes: WriteRules = field(default_factory=WriteRules)
    stream: StreamRules = field(default_factory=StreamRules)
