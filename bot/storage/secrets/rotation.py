"""Seals everything that the vault has sealed anew, under the newest key.

First all of it is opened: where one piece cannot be, nothing is changed. Then it is written in
batches, each row only if it is still what was opened, so that a secret stored meanwhile stays. The
keys in use before stay in `vault.keys` until this is done, and an interrupted rotation is simply
started again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Column, Table, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import VaultError
from bot.storage.engine.database import Database
from bot.storage.secrets.person_keys import sealed_as
from bot.storage.secrets.vault import Vault
from bot.storage.tables import audit_people, facts, media_files, proposals, secrets, slack_installations

BATCH = 200

# The owner and the field under which a Slack installation is sealed: its key in the table, and this.
INSTALLATION = "slack.installation"
# The field under which what is private in a proposal is sealed, for its tenant.
PROPOSAL = "proposal"


def media_field(file: str) -> str:
    """The field under which the key of a file that waits to be confirmed is sealed."""
    return f"media.{file}"  # no message: a field


class Rotated(msgspec.Struct, frozen=True):
    """How many secrets were sealed anew, and how many were under the newest key already."""

    anew: int
    already: int


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One ciphertext. key: the primary key of its row; owner, name: as given to the vault."""

    key: tuple[str, ...]
    owner: str
    name: str
    ciphertext: bytes = field(repr=False)


class _Place(msgspec.Struct, frozen=True):
    """Where ciphertexts stand. column: of bytes, or of text for a fact."""

    table: Table
    key: tuple[Column[str], ...]
    column: Column[Any]

    def sealed(self, key: tuple[str, ...], value: bytes | str) -> _Sealed:
        """A row as what the vault was given."""
        ciphertext = value.encode() if isinstance(value, str) else value
        if self.table is secrets:
            return _Sealed(key, key[0], key[1], ciphertext)
        if self.table is facts:
            return _Sealed(key, "", key[0], ciphertext)
        if self.table is audit_people:
            return _Sealed(key, key[0], sealed_as(key[1]), ciphertext)
        if self.table is media_files:
            return _Sealed(key, key[0], media_field(key[1]), ciphertext)
        if self.table is proposals:
            return _Sealed(key, key[1], PROPOSAL, ciphertext)
        return _Sealed(key, key[0], INSTALLATION, ciphertext)

    def value(self, ciphertext: bytes) -> bytes | str:
        """A ciphertext as the column takes it."""
        return ciphertext.decode() if self.table is facts else ciphertext


_PLACES = (
    _Place(secrets, (secrets.c.tenant, secrets.c.field), secrets.c.ciphertext),
    _Place(slack_installations, (slack_installations.c.key,), slack_installations.c.ciphertext),
    _Place(media_files, (media_files.c.tenant, media_files.c.id), media_files.c.sealed_key),
    _Place(facts, (facts.c.key,), facts.c.value),
    _Place(audit_people, (audit_people.c.tenant, audit_people.c.person), audit_people.c.ciphertext),
    _Place(proposals, (proposals.c.id, proposals.c.tenant), proposals.c.sealed),
)


async def rotate(database: Database, vault: Vault) -> Rotated:
    """Seal everything under the newest key. VaultError, with the number, when some cannot be opened."""
    closed = 0
    for place in _PLACES:
        async for batch in _batches(database, place):
            closed += sum(not _opens(vault, piece) for piece in batch)
    if closed:
        msg = f"{closed} stored secrets cannot be opened with the keys in `vault.keys`; nothing was changed."
        raise VaultError(msg, code="vault_key_wrong")
    anew = already = 0
    for place in _PLACES:
        async for batch in _batches(database, place):
            fresh = [
                (piece, ciphertext)
                for piece in batch
                if (ciphertext := vault.rotate(piece.owner, piece.name, piece.ciphertext)) is not None
            ]
            already += len(batch) - len(fresh)
            anew += await _replace(database, place, fresh)
    return Rotated(anew, already)


async def _batches(database: Database, place: _Place) -> AsyncIterator[Sequence[_Sealed]]:
    query = select(*place.key, place.column).order_by(*place.key).limit(BATCH)
    if place.table is facts:
        # Of the facts only the vault's own are sealed.
        query = query.where(facts.c.key.startswith("vault.", autoescape=True))
    elif place.table is slack_installations:
        # A removed installation has nothing left to open.
        query = query.where(slack_installations.c.removed_at.is_(None))
    elif place.table is media_files:
        # Of one whose bytes are erased the key is gone too.
        query = query.where(media_files.c.sealed_key.is_not(None))
    elif place.table is proposals:
        query = query.where(proposals.c.sealed.is_not(None))
    after: tuple[str, ...] | None = None
    while True:
        page = query if after is None else query.where(tuple_(*place.key) > after)

        async def work(connection: AsyncConnection, page: Any = page) -> list[_Sealed]:
            return [place.sealed(tuple(row[:-1]), row[-1]) for row in await connection.execute(page)]

        batch = await database.read(work)
        if not batch:
            return
        yield batch
        after = batch[-1].key


def _opens(vault: Vault, piece: _Sealed) -> bool:
    try:
        vault.open(piece.owner, piece.name, piece.ciphertext)
    except VaultError:
        return False
    return True


async def _replace(database: Database, place: _Place, fresh: Sequence[tuple[_Sealed, bytes]]) -> int:
    """How many of the ciphertexts were still there to be replaced."""

    async def work(connection: AsyncConnection) -> int:
        count = 0
        for piece, ciphertext in fresh:
            unchanged = place.column == place.value(piece.ciphertext)
            named = (column == part for column, part in zip(place.key, piece.key, strict=True))
            statement = update(place.table).where(unchanged, *named)
            result = await connection.execute(statement, {place.column.name: place.value(ciphertext)})
            count += result.rowcount
        return count

    return await database.write(work)
