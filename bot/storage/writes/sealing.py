"""What is private in a proposal: kept as ciphertext while it can still be sent, and in no other form.

Of a kind with private fields the columns `payload` and `preview` have everything but those; they and the
whole preview stand in `sealed`, under the vault. Whatever settles a proposal empties that column in the same
statement, with the hash, by which a short text could be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace
from pydantic import SecretStr
from sqlalchemy import case

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.errors import VaultError
from bot.storage.secrets.rotation import PROPOSAL
from bot.storage.secrets.vault import Vault
from bot.storage.tables import proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.proposal_rows import NewProposal, StoredProposal

ERASED: Final[Mapping[str, Any]] = {
    "sealed": None,
    "payload_hash": case((proposals.c.sealed.is_not(None), ""), else_=proposals.c.payload_hash),
}
"""What a statement that settles a proposal sets besides: what was private is gone, for good."""


class Sealing:
    """Hides and opens what is private. fields: of payloads, by kind."""

    def __init__(self, vault: Vault, fields: Mapping[str, Sequence[str]]) -> None:
        self._vault = vault
        self._fields = {kind: tuple(names) for kind, names in fields.items() if names}

    def fresh(self, draft: NewProposal, id: str, key: str, now: float) -> dict[str, Any]:
        """The row of a new, open proposal as it is stored."""
        return self._hide(rows.fresh(draft, id=id, key=key, now=now), draft.preview)

    def _hide(self, row: dict[str, Any], preview: Card) -> dict[str, Any]:
        private = self._fields.get(str(row["kind"]), ())
        if not private:
            return row
        payload = rows.load(row["payload"])
        hidden = {name: payload.pop(name) for name in private if name in payload}
        text = rows.dump({"payload": hidden, "preview": card_json.encode(preview)})
        bare = rows.without_own(preview)
        return row | {
            "payload": rows.dump(payload),
            "preview": card_json.encode(bare),
            "sealed": self._vault.seal(row["tenant"], PROPOSAL, SecretStr(text)),
        }

    def read(self, row: Mapping[Any, Any]) -> StoredProposal:
        """The proposal in a row, whole as long as it is not settled. VaultError where no key opens it."""
        stored = rows.read(row)
        if row["sealed"] is None:
            return stored
        kept = rows.load(self._vault.open(row["tenant"], PROPOSAL, bytes(row["sealed"])).get_secret_value())
        return replace(
            stored,
            payload={**stored.payload, **kept["payload"]},
            preview=card_json.decode(kept["preview"]),
        )

    def found(self, row: Mapping[Any, Any]) -> StoredProposal:
        """As `read`; where no key opens it without what is private, and so not `intact`: whoever goes on with
        many must not be held up by one."""
        try:
            return self.read(row)
        except VaultError:
            return rows.read(row)
