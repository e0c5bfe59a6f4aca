"""One id for an event, from the webhook to its messages, and what is told of it on the way. Pure.

The id is made from the tenant and the identity that the event is known by within it, so nothing has to
be stored or handed on: it is the same in every process, after every restart, and whichever way the event
came. It is a W3C trace id (32 lower-case hex digits) for the same reason.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

_RECEIVE = "receive"
_ROUTE = "route"


def trace_id(tenant: object, identity: str) -> str:
    """The id of an event. tenant: a `TenantId` or its text; identity: the event's within it.

    A message that carries no event has one too: identity is then its delivery key.
    """
    return hashlib.blake2b(f"{tenant}\n{identity}".encode(), digest_size=16).hexdigest()


def span_id(trace: str, step: str) -> str:
    """The id of one step of a trace, 16 hex digits: the same wherever it is asked for."""
    return hashlib.blake2b(f"{trace}\n{step}".encode(), digest_size=8).hexdigest()


def receive_span(trace: str) -> str:
    """The span of an event's receipt: the root of its trace."""
    return span_id(trace, _RECEIVE)


def route_span(trace: str) -> str:
    """The span of an event's routing, a child of its receipt."""
    return span_id(trace, _ROUTE)


class Arrival(Protocol):
    """An event as it was taken in; `bot.storage.intake.events.NewEvent` is one. received_at: epoch
    seconds."""

    @property
    def tenant(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def received_at(self) -> float: ...


class Routing(msgspec.Struct, frozen=True):
    """An event was routed. deliveries: how many messages it became; at: epoch seconds."""

    trace: str
    tenant: str
    deliveries: int
    at: float


class SendAttempt(msgspec.Struct, frozen=True):
    """A message was tried. outcome: delivered, busy, gone, refused, unknown, dead, skipped or early.
    state: what it is now: sent, waiting, sending, skipped or dead. kind: see `bot.storage.tables`.

    queued_at: when its event was received, or the card was put in the outbox; began_at, at: of this
    try. All epoch seconds.
    """

    trace: str
    tenant: str
    delivery: int
    kind: str
    outcome: str
    state: str
    attempts: int
    queued_at: float
    began_at: float
    at: float
    error: str = ""

    @property
    def platform(self) -> str:
        """Where to: the first part of the tenant."""
        return self.tenant.partition(":")[0]

    @property
    def seconds(self) -> float:
        """From the receipt to now, never negative, whatever the clock did meanwhile."""
        return max(0.0, self.at - self.queued_at)
