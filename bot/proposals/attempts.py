"""How one attempt at a confirmed proposal came out, and the judgement of errors. Pure.

What `result` of a stored proposal holds:

| state | keys |
|---|---|
| done | `tweet_id`, `charged`, `write_action`; for a draw `draw`; `card` where the kind has its own |
| done, with files | `files`: what goes with the messages that bring them, in order |
| done, of a tweet | `deleted`: it was deleted from here since |
| failed, unknown | `title`, `detail`, `remedy` (`said_in`), `code`, `again` (offer a new attempt) |
| failed, unknown, where known | `write_action`, `charged` |
| failed, of what had ended before | `charge_said`: `detail` says the charge, `charged` is of the attempt |
| of a thread | `posted`: the ids of what it made on X, in order; `gone`: those deleted from here since |
| of a thread, further | `writes`: the ids of Xquik's records; `before`: credits of the parts before |
| cancelled, failed, unknown | `replaced_by`: the proposal that took its place |
| dispatching, between attempts | `maybe_sent`: whether a request may have reached the vendor |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.errors import (
    BotError,
    KeyRejected,
    NotConfigured,
    OutOfCredits,
    RateLimited,
    StorageUnavailable,
    UsageError,
    VaultError,
)
from bot.core.messages.message import msg
from bot.xquik.errors import NotSent, facts_of

# What is met before a request is made, or checked before one is looked at: here nothing was sent to X by it.
_AT_THE_DOOR: Final = (
    NotConfigured,
    StorageUnavailable,
    VaultError,
    KeyRejected,
    OutOfCredits,
    RateLimited,
    UsageError,
    NotSent,
)


class AttemptDone(msgspec.Struct, frozen=True):
    """It happened. card: how to show it, where the general card is not enough. files: as
    `bot.core.ports.Attachments` knows them, each brought by a message of its own."""

    result: Mapping[str, Any]
    card: Card | None = None
    files: tuple[str, ...] = ()


class AttemptProblem(msgspec.Struct, frozen=True):
    """What went wrong, in messages for people. again: a new attempt may be offered."""

    title: str
    detail: str
    remedy: str
    code: str | None = None
    again: bool = False

    @classmethod
    def of(cls, error: BotError) -> AttemptProblem:
        """The problem an error describes, with no new attempt offered."""
        return cls(error.title, error.detail, error.remedy, error.code)

    def offering(self, again: bool) -> AttemptProblem:
        """The same, with or without the offer of a new attempt."""
        return replace(self, again=again)


class AttemptFailed(msgspec.Struct, frozen=True):
    """It is settled that it did not happen."""

    problem: AttemptProblem
    result: Mapping[str, Any] = msgspec.field(default_factory=dict)


class AttemptUnknown(msgspec.Struct, frozen=True):
    """Nothing more will be learnt, and it may have happened."""

    problem: AttemptProblem
    result: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Accepted(msgspec.Struct, frozen=True):
    """The vendor has it and is not finished, or a long work of ours is not. after: seconds until it makes
    sense to look. progress: how far it is, in place of the preview."""

    write_action: str
    after: float
    progress: Card | None = None


class NoAnswer(msgspec.Struct, frozen=True):
    """Nothing was learnt: the same step is to be taken again, unchanged.

    problem: how it is told to people if it stays so. maybe_sent: whether this attempt or one before
    it may have reached the vendor. after: the vendor's own wish, in seconds. result: what is known of it
    all the same, kept where it stays so.
    """

    problem: AttemptProblem
    maybe_sent: bool
    after: float | None = None
    result: Mapping[str, Any] = msgspec.field(default_factory=dict)


Settled: TypeAlias = AttemptDone | AttemptFailed | AttemptUnknown
AttemptResult: TypeAlias = Settled | Accepted | NoAnswer


def checked_first(error: BotError) -> bool:
    """Whether the refusal came before the vendor looked for an earlier request with the same key."""
    return isinstance(error, _AT_THE_DOOR)


def never_sent(error: BotError) -> bool:
    """Whether it is certain that nothing was dispatched to X, so that a new key cannot do it twice."""
    facts = facts_of(error)
    if facts is not None and facts.safe_to_retry is not None:
        return facts.safe_to_retry
    return checked_first(error)


def said_in(result: Mapping[str, Any], key: str) -> str:
    """A text in what is stored of an outcome, the message that it was; "" where there is none."""
    said = card_json.from_data(result.get(key, ""))
    return said if isinstance(said, str) else ""


def as_result(settled: Settled) -> dict[str, Any]:
    """What is stored of a settled outcome."""
    if isinstance(settled, AttemptDone):
        shown = {} if settled.card is None else {"card": card_json.encode(settled.card)}
        files = {"files": list(settled.files)} if settled.files else {}
        return {**settled.result, **shown, **files}
    problem = settled.problem
    # A failure may be tried again only where nothing was sent, and what was not sent costs nothing.
    free = {"charged": 0} if isinstance(settled, AttemptFailed) and problem.again else {}
    return {
        **free,
        **settled.result,
        "title": card_json.to_data(problem.title),
        "detail": card_json.to_data(problem.detail),
        "remedy": card_json.to_data(problem.remedy),
        "code": problem.code,
        "again": problem.again,
    }


DAMAGED: Final = AttemptProblem(
    msg("This cannot be done any more"),
    msg("What is stored is not what was previewed."),
    msg("Nothing was sent. Run the command again."),
)
CLOSED: Final = AttemptProblem(
    VaultError.title,
    msg("What was written is sealed, and no key of this bot opens it any more."),
    msg("Check on X whether it happened before you try again, and tell whoever runs this bot."),
)
MISTAKE: Final = AttemptProblem(
    msg("Something went wrong"),
    msg("Something went wrong inside the bot while it did this."),
    msg("Check on X whether it happened before you try again, and tell whoever runs this bot."),
)
