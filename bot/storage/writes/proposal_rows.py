"""Proposals as values, and as rows of the table `proposals`. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from bot.core.access import Actor
from bot.core.chat import card_json
from bot.core.chat.answers import Alternative
from bot.core.chat.cards import Card, Choice, Priority
from bot.core.chat.ids import Destination, TenantId
from bot.core.proposal_states import ProposalState
from bot.core.text.shortening import cut

DELETED: Final = "deleted"
"""In the result of what was posted: whether it was deleted from here since."""
WITHDRAWN: Final = "withdrawn"
"""In the result of a preview that was voided because its requester had their data deleted: true."""
LONGEST_DRAW: Final = 80
"""Characters of a draw's id, as `draw show` takes it."""


class NewProposal(msgspec.Struct, frozen=True):
    """A proposal that is not stored yet. lifetime: seconds for which it can be confirmed.

    payload: the exact JSON that will be sent. message: where the preview stands, once it does.
    accounts: those as which it could be done instead. alternative: what a press puts in its place.
    command: the words of the one that it came of.
    """

    kind: str
    payload: Mapping[str, Any]
    preview: Card
    credits: int
    requester: str
    requester_name: str
    place: Destination
    locale: str
    lifetime: float
    message: str | None = None
    accounts: tuple[Choice, ...] = ()
    alternative: Alternative | None = None
    command: str = ""


class StoredProposal(msgspec.Struct, frozen=True):
    """A proposal as it stands in the database. Times are epoch seconds.

    id: 128 random bits, the key of its buttons. requester: who asked; decided_by: who confirmed or
    cancelled. message: the platform's id of the preview at `place`, None when it cannot be edited.
    write_action: the vendor's record of the write. attempts: requests that got no answer so far.
    result: how it ended, or what is known so far (`bot.proposals.attempts` says what is in it).
    stopped_by: the name of who wanted no more of it while it was carried out.
    """

    id: str
    kind: str
    requester: str
    requester_name: str
    payload: Mapping[str, Any]
    payload_hash: str
    preview: Card
    credits: int
    idempotency_key: str
    state: ProposalState
    decided_by: str | None
    decided_by_name: str | None
    place: Destination
    message: str | None
    locale: str
    write_action: str | None
    poll_at: float | None
    attempts: int
    result: Mapping[str, Any] | None
    created_at: float
    expires_at: float
    claimed_at: float | None
    settled_at: float | None
    accounts: tuple[Choice, ...] = ()
    alternative: Alternative | None = None
    stopped_by: str | None = None
    command: str = ""

    @property
    def tenant(self) -> TenantId:
        """Whose it is."""
        return self.place.tenant

    @property
    def intact(self) -> bool:
        """Whether the payload is still the one that was previewed."""
        return digest(dump(self.payload)) == self.payload_hash


# Every column that a new row leaves empty, so that a new row reads like a stored one.
BLANK: Final[Mapping[str, Any]] = dict.fromkeys(
    (
        "decided_by",
        "decided_by_name",
        "message",
        "write_action",
        "poll_at",
        "result",
        "claimed_at",
        "settled_at",
        "draw",
        "stopped_by",
        "sealed",
    )
) | {"attempts": 0}


def withdrawn() -> dict[str, Any]:
    """What is left of a preview whose requester had their data deleted: that it was withdrawn, for whoever
    presses it yet, and nothing of theirs."""
    return {
        "requester": "",
        "requester_name": "",
        "payload": "{}",
        "payload_hash": "",
        "preview": card_json.encode(Card("")),
        "accounts": "[]",
        "alternative": None,
        "editable": "[]",
        "locale": "",
        "sealed": None,
        "message": None,
        "result": dump({WITHDRAWN: True}),
    }


def dump(data: Mapping[str, Any]) -> str:
    """JSON in one form only: equal data is equal text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> dict[str, Any]:
    """What `dump` made a text of."""
    data: dict[str, Any] = json.loads(text)
    return data


def draw_in(result: Mapping[str, Any]) -> str | None:
    """The id of the draw that a result names, where it can be kept as one."""
    draw = result.get("draw")
    return draw if isinstance(draw, str) and 0 < len(draw) <= LONGEST_DRAW else None


def digest(payload: str) -> str:
    """The SHA-256 of a payload made by `dump`, in hex."""
    return hashlib.sha256(payload.encode()).hexdigest()


def fresh(draft: NewProposal, *, id: str, key: str, now: float) -> dict[str, Any]:
    """The row of a new, open proposal."""
    payload = dump(draft.payload)
    return {
        **BLANK,
        "id": id,
        "tenant": str(draft.place.tenant),
        "kind": draft.kind,
        "requester": draft.requester,
        "requester_name": cut(draft.requester_name, 120),
        "payload": payload,
        "payload_hash": digest(payload),
        "preview": card_json.encode(draft.preview),
        "accounts": json.dumps([(card_json.to_data(one.label), one.value) for one in draft.accounts]),
        "alternative": _alternative_text(draft.alternative),
        "credits": draft.credits,
        "idempotency_key": key,
        "state": ProposalState.OPEN.value,
        "channel": draft.place.channel,
        "thread": draft.place.thread,
        "message": draft.message,
        "locale": draft.locale,
        "created_at": now,
        "expires_at": now + draft.lifetime,
        "command": draft.command,
    }


def _alternative_text(one: Alternative | None) -> str | None:
    if one is None:
        return None
    label = card_json.to_data(one.label)
    return dump({"label": label, "payload": one.payload, "preview": card_json.encode(one.preview)})


def _alternative(text: str | None) -> Alternative | None:
    if text is None:
        return None
    data = json.loads(text)
    label = card_json.from_data(data["label"])
    return Alternative(label, data["payload"], card_json.decode(data["preview"]))


def again(
    old: StoredProposal,
    payload: Mapping[str, Any],
    preview: Card,
    accounts: tuple[Choice, ...] | None = None,
    credits: int | None = None,
) -> NewProposal:
    """The same person's intention once more, with that payload, in the same place. Nothing else is offered
    in its place any more. credits: the estimate, None for that of the old one."""
    return NewProposal(
        kind=old.kind,
        payload=payload,
        preview=preview,
        credits=old.credits if credits is None else credits,
        requester=old.requester,
        requester_name=old.requester_name,
        place=old.place,
        locale=old.locale,
        lifetime=old.expires_at - old.created_at,
        message=old.message,
        accounts=old.accounts if accounts is None else accounts,
        command=old.command,
    )


def read(row: Mapping[Any, Any]) -> StoredProposal:
    """The proposal in a row, keyed by column name."""
    place = Destination(TenantId.parse(row["tenant"]), row["channel"], row["thread"])
    return StoredProposal(
        id=row["id"],
        kind=row["kind"],
        requester=row["requester"],
        requester_name=row["requester_name"],
        payload=json.loads(row["payload"]),
        payload_hash=row["payload_hash"],
        preview=card_json.decode(row["preview"]),
        credits=row["credits"],
        idempotency_key=row["idempotency_key"],
        state=ProposalState(row["state"]),
        decided_by=row["decided_by"],
        decided_by_name=row["decided_by_name"],
        place=place,
        message=row["message"],
        locale=row["locale"],
        write_action=row["write_action"],
        poll_at=row["poll_at"],
        attempts=row["attempts"],
        result=None if row["result"] is None else json.loads(row["result"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        claimed_at=row["claimed_at"],
        settled_at=row["settled_at"],
        accounts=tuple(
            Choice(card_json.from_data(label), value) for label, value in json.loads(row["accounts"])
        ),
        alternative=_alternative(row["alternative"]),
        stopped_by=row["stopped_by"],
        command=row["command"],
    )


def without_own(preview: Card) -> Card:
    """A preview without what somebody wrote themselves."""
    kept = tuple(one for one in preview.blocks if getattr(one, "priority", None) is not Priority.OWN)
    return replace(preview, blocks=kept)


def decided(actor: Actor) -> dict[str, str]:
    """The columns that say who confirmed or cancelled it."""
    return {"decided_by": actor.id, "decided_by_name": cut(actor.display_name, 120)}


def decider(proposal: StoredProposal) -> Actor:
    """Who confirmed it; who asked, where nobody else is known."""
    if proposal.decided_by is None:
        return Actor(proposal.requester, proposal.requester_name)
    return Actor(proposal.decided_by, proposal.decided_by_name or "")
