"""How the server says no, and what it remembers of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """A published rule that the bot broke. ``rule`` is Slack's error code or a name of ours for a rule
    that Slack does not answer for (``no_text_fallback``, ``ack_too_late`` …)."""

    rule: str
    where: str
    detail: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Any ``{"ok": false}`` answer: broken rules, the workspace's state, and ordered faults alike."""

    method: str
    error: str
    messages: tuple[str, ...] = ()
    at: float = 0.0


class Refused(Exception):
    """Raised inside a method; becomes Slack's error body.

    ``rule_broken`` tells a request that no correct program would send (recorded as a violation) from
    one that met a state it could not know: an archived channel, a revoked token, a rate limit.
    """

    def __init__(
        self,
        error: str,
        messages: Sequence[str] = (),
        *,
        rule_broken: bool = False,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.messages = tuple(messages)
        self.rule_broken = rule_broken
        self.status = status
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


def broken(error: str, *messages: str) -> Refused:
    """A refusal that is also a violation."""
    return Refused(error, messages, rule_broken=True)


def missing(*names: str) -> Refused:
    """Slack's answer to required arguments that were left out."""
    return broken("invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in names))


@dataclass(slots=True)
class Record:
    """What happened, in order. ``requests`` holds ``ApiRequest`` values."""

    violations: list[Violation] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
