"""Kinds of proposals: everything the bot must know of one, in one value.

A kind is declared beside the commands that propose it (`bot.features`), and listed once in the
catalogue. What carries it out, asks for it, shows it and lets it be edited reads the value; nothing else in
`bot.proposals` knows a kind by its name. Every field has to be given, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import msgspec

from bot.core.access import Permission
from bot.core.chat.answers import Alternative, Proposal
from bot.core.chat.cards import Card, Choice, File
from bot.core.commands.cost import Cost
from bot.core.messages.message import Message, msg
from bot.proposals.shortage import PartWords
from bot.xquik.write_kinds import WriteName

Payload: TypeAlias = Mapping[str, Any]
"""The exact JSON that is sent; what is previewed is what is sent."""
Revise: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
"""A payload as it is sent after its fields were changed; UsageError for what X would not take."""
RestOf: TypeAlias = Callable[[Payload, Mapping[str, Any]], dict[str, Any]]
"""The payload of what is left to do, from that of all and the result."""
FieldsOf: TypeAlias = Callable[[Payload], tuple[tuple[str, str, str], ...]]
"""What a form asks for: the name of each field, its label, and what stands in it."""
EstimateOf: TypeAlias = Callable[[Payload], int]
"""What a payload costs, in credits."""
Remedy: TypeAlias = Message | Callable[[Payload], Message]
"""The next step; also of what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The titles of a kind, and what a repetition of it can never do; each a message.

    question: of the preview, where that is made by `write_preview`. once: said while it is asked again.
    nothing: what did not happen when it was never carried out. then: how its outcome reaches people. look:
    what to do while it is not known whether it happened. cancelled: the title once somebody decided
    against it. stopping: while it comes to the end that somebody wants.
    """

    running: str
    done: str
    failed: str
    unknown: str
    once: str
    question: str = ""
    nothing: str = msg("Nothing was sent.")
    then: str = msg("This message changes when it is done.")
    look: str = msg("Check on X before you do it again.")
    cancelled: str = msg("Cancelled")
    stopping: str = msg("Stopping…")


WordsOf: TypeAlias = Callable[[Payload], Wording]
"""The words for a payload."""


class Leaves(StrEnum):
    """What there is once a proposal is done, which decides the buttons of its outcome."""

    POST = "post"
    """A tweet that was posted from here: its link, Reply and Delete."""
    TWEET = "tweet"
    """A tweet that stood there before: its link."""
    PERSON = "person"
    """An account: the link of its profile."""
    DELETION = "deletion"
    """A tweet is gone; the message that told of posting it loses its buttons."""
    PROFILE = "profile"
    """The account that acted is another: the link of its profile."""
    COMMUNITY = "community"
    """A community: the link of its page."""
    MEDIA = "media"
    """A picture or video at Xquik: its address, and the id by which a direct message takes it."""
    NOTHING = "nothing"
    """Nothing on X, or its card says itself what."""


class Retry(msgspec.Struct, frozen=True):
    """How often a step without an answer is repeated, with growing pauses. unsent: while certainly nothing
    was sent; then it failed, and may be tried again. maybe_sent: while it may have been; then it is unknown.
    """

    unsent: int
    maybe_sent: int


PATIENT: Final = Retry(unsent=6, maybe_sent=24)
"""About half a minute, and about an hour and a half of silence."""


class Edit(msgspec.Struct, frozen=True):
    """What Edit opens. fields: keys of the payload and their labels. revised: checks what they became.
    shown: the fields, where what a person changes is no value of the payload; `revised` gets them all beside
    it, as they were sent back, and takes them out again."""

    fields: tuple[tuple[str, str], ...]
    revised: Revise
    shown: FieldsOf | None = None


class ProposalKind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of what is done only after a person confirmed exactly this.

    name: as it is stored. write: the write on X that it is, under its idempotency key; None: it has a
    performer of its own, which `bot.app` makes. permission: what deciding it needs. cost: as the command that
    proposes it says, without the look-up; estimate: in credits, from the payload; None: that command knows.
    danger: Confirm is red and the preview warns. edit: what Edit opens; None: there is no such button.
    private: it is decided and answered out of sight of the channel, since it tells of the team's inside.
    prices: the preview itself states the price. partial: how it is asked about that Xquik does a part where
    credits do not cover all; None: it does not. stops: it takes long, says how far it is, and can be stopped
    with what there is. followed: the answer to Confirm waits a moment for Xquik to begin, and says what can
    be done with it then. sealed: fields of the payload that nobody else may read: they are encrypted while
    they wait, erased once it is settled, and nothing is offered again that would need them. rest: what "Try
    again" offers of one that ended half-way; None: all of it once more. most: in credits, what a payload may
    be charged at the most where a limit in it holds Xquik to that: so much is reserved of budgets, where it
    is more than the estimate. remedies: the next step by the code of what went wrong, where it is another
    than for most kinds.
    """

    name: str
    write: WriteName | None
    permission: Permission
    cost: Cost
    estimate: EstimateOf | None
    words: WordsOf
    danger: bool
    edit: Edit | None
    leaves: Leaves
    retry: Retry
    private: bool
    prices: bool
    partial: PartWords | None
    stops: bool
    followed: bool = False
    sealed: tuple[str, ...] = ()
    rest: RestOf | None = None
    most: EstimateOf | None = None
    remedies: Mapping[str, Remedy] = msgspec.field(default_factory=dict)

    def proposal(
        self,
        payload: Payload,
        preview: Card,
        *,
        credits: int | None = None,
        accounts: tuple[Choice, ...] = (),
        alternative: Alternative | None = None,
        at_once: bool = False,
        files: tuple[File, ...] = (),
    ) -> Proposal:
        """A proposal of this kind. credits: the estimate, exactly where the kind has no `estimate`.
        at_once, files: see `Proposal`."""
        if (credits is None) == (self.estimate is None):
            raise ValueError(f"{self.name} has its cost from the {'payload' if self.estimate else 'command'}")
        estimate = self.estimate(payload) if self.estimate is not None else credits or 0
        return Proposal(
            self.name,
            payload,
            preview,
            estimate,
            accounts=accounts,
            alternative=alternative,
            at_once=at_once,
            files=files,
        )


class ProposalKinds:
    """The kinds there are, by name. What another version of the bot stored may be of one that is not."""

    def __init__(self, kinds: Iterable[ProposalKind]) -> None:
        """ValueError where two have one name."""
        self._kinds: dict[str, ProposalKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"there are two kinds of proposals called {kind.name}")
            self._kinds[kind.name] = kind

    def __iter__(self) -> Iterator[ProposalKind]:
        return iter(self._kinds.values())

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def __getitem__(self, name: str) -> ProposalKind:
        """KeyError for one that this version does not know."""
        return self._kinds[name]

    @property
    def sealed(self) -> Mapping[str, tuple[str, ...]]:
        """The private fields of payloads, by kind."""
        return {kind.name: kind.sealed for kind in self if kind.sealed}

    @property
    def names(self) -> frozenset[str]:
        """As they are stored."""
        return frozenset(self._kinds)
