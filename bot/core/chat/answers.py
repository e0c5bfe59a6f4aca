"""What a command gives back: a reply, or a proposal that a person must confirm."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from bot.core.chat.cards import Card, Choice, File


class Audience(StrEnum):
    """Who sees an answer. It belongs to the command: platforms fix it when it is acknowledged.

    CONFIDENTIAL: as PRIVATE, and it is kept nowhere: no message that lasts, no file, no row in a database.
    """

    PRIVATE = "private"
    CONFIDENTIAL = "confidential"
    CHANNEL = "channel"


Arrived: TypeAlias = Callable[[], Awaitable[None]]
"""Called once the answer has reached the person."""
Later: TypeAlias = "Callable[[], Awaitable[Reply | None]]"
"""Waits for what takes the place of an answer; None where nothing does."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. replace: in place of the message whose button was pressed. renews: the card that stood
    there, where it counts no more: files that went with it are void. arrived: called once the platform took
    the answer; what it was is kept for the person elsewhere until then. later: what takes the place of this
    answer, where a platform can change it; None: nothing does. charged: credits that it cost, where
    that is known to be less than its command says at the most. asks: nothing is changed yet: a button of it
    does that. in_place: it is shown in the place of what stands there, or not at all."""

    card: Card
    files: tuple[File, ...] = ()
    replace: bool = False
    renews: Card | None = None
    charged: int | None = None
    asks: bool = False
    in_place: bool = False
    arrived: Arrived | None = field(default=None, compare=False, repr=False)
    later: Later | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What one press puts in the place of a proposal: another preview, to be confirmed like the first.

    label: of the button; payload, preview: as of a proposal.
    """

    label: str
    payload: Mapping[str, Any]
    preview: Card


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that is done only after a person confirmed exactly this.

    kind: its name (`bot.proposals.kinds`). payload: the exact JSON the executor will send; what is
    previewed is what is sent. preview: the card without its buttons. credits: the estimate, in credits.
    accounts: the accounts as which it could be done; of more than one the preview offers a choice.
    alternative: what a press puts in its place; None: there is no such button. at_once: asking for it was
    the confirmation, as for what costs less than the place wants to be asked about. command: the words
    of the one that it is about, where that is another than the one that was run; "" for the latter.
    files: go with the preview.
    """

    kind: str
    payload: Mapping[str, Any]
    preview: Card
    credits: int
    expires_in: float = 15 * 60
    accounts: tuple[Choice, ...] = ()
    alternative: Alternative | None = None
    at_once: bool = False
    command: str = ""
    files: tuple[File, ...] = field(default=(), repr=False)


Answer: TypeAlias = Reply | Proposal


@dataclass(frozen=True, slots=True)
class OpenedList:
    """What a button opens: the first page of a command that lists. values: its options, as they are typed."""

    path: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
