"""Silences: why a place hears nothing, or soon will not: what is known of it, kept until it is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec


class SilenceCause(StrEnum):
    """KEY: Xquik refuses it. CREDITS: none are left, so monitors do not run. LOW: they soon will not be.
    PROTECTED, GONE: of a watched account (gone: deleted or suspended). STOPPED: Xquik stopped a monitor for
    another reason. REMOVED: a monitor is gone at Xquik. WEBHOOK: what happens comes late, because it has to
    be fetched."""

    KEY = "key"
    CREDITS = "credits"
    LOW = "low"
    PROTECTED = "protected"
    GONE = "gone"
    STOPPED = "stopped"
    REMOVED = "removed"
    WEBHOOK = "webhook"


# Characters of a subject: it is part of a key.
LONGEST_SUBJECT: Final = 60
# Causes that are no silence yet: no channel is told of them.
AHEAD: Final = frozenset({SilenceCause.LOW})


@dataclass(frozen=True, slots=True, order=True)
class Watched:
    """What a monitor watches. kind: "account" (name: without @), "keyword" (name: the search) or "post"
    (name: "<its author>/<id of the tweet>"). id: X's, of an account or of the author of a tweet, where it is
    known: names change, and others take them."""

    kind: str
    name: str
    id: str = ""

    def is_same(self, other: Watched) -> bool:
        """Whether both are one account, whatever it is called, one search, or one tweet."""
        if self.kind == other.kind == "post":
            return self.post == other.post
        if self.kind == other.kind and self.id and other.id:
            return self.id == other.id
        return (self.kind, self.name) == (other.kind, other.name)

    @classmethod
    def of_post(cls, post: str, author: str, author_id: str = "") -> Watched:
        """A tweet. post: its id; author: the username, "" where it is not known."""
        return cls("post", f"{author}/{post}", author_id)

    @property
    def account(self) -> str:
        """The username of the account that it is of; "" for a search."""
        return {"account": self.name, "post": self.name.rpartition("/")[0]}.get(self.kind, "")

    @property
    def post(self) -> str:
        """The id of the tweet, "" where it is none."""
        return self.name.rpartition("/")[2] if self.kind == "post" else ""

    def __str__(self) -> str:
        if self.kind == "post":
            return f"x.com/{self.account or 'i'}/status/{self.post}"
        return f"@{self.name}" if self.kind == "account" else f"“{self.name}”"


class Silence(msgspec.Struct, frozen=True):
    """One reason why a tenant's places are quiet.

    id: names it to buttons; unique for the tenant. subject: "account:<id of the monitor>", "" where it
    concerns the tenant as a whole. since: epoch seconds. watched: what is quiet, empty for everything.
    places: those that were told and are quiet still, as `str(Destination)`.
    """

    id: str
    cause: SilenceCause
    subject: str
    since: float
    watched: tuple[Watched, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[SilenceCause, str]:
        """What there is one of at a time."""
        return self.cause, self.subject
