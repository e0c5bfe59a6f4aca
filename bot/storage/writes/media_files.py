"""Files that somebody attached, until what they are for is settled: sealed, in parts, bounded in each place.

The bytes of a file are stored under a key of its own (AES-GCM, bound to tenant, file and part), and that
key is sealed by the vault: a copy of the database alone opens none. Erasing drops the parts and the key;
what became of the upload stays with the row for a day, so that nothing is uploaded twice. What happens in
the transactions of a proposal is `bot.storage.writes.media_of_proposals`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr
from sqlalchemy import Executable, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import LimitReached, VaultError
from bot.core.media.limits import Measured, size_words
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.secrets.rotation import media_field
from bot.storage.secrets.vault import Vault
from bot.storage.tables import media_files, media_parts

PART: Final = 512 * 1024
"""Bytes of a part."""
MOST_BYTES: Final = 128 * 1024 * 1024
"""Bytes of all files of a place that wait."""
MOST_FILES: Final = 200
"""Files of a place that wait."""
UNUSED: Final = 30 * 60.0
"""Seconds for which a file waits to be proposed."""

_F, _P = media_files.c, media_parts.c


class MediaFile(msgspec.Struct, frozen=True):
    """One of them, without its bytes. seconds: of a video that says so. source: where it came from. kept:
    whether its bytes are there. upload_key: the idempotency key of its upload, once it is proposed; what
    became of that: write_action, media_id, media_url, charged."""

    id: str
    name: str
    source: str
    content_type: str
    size: int
    seconds: float | None
    sha256: str
    kept: bool
    proposal: str | None
    upload_key: str | None
    write_action: str | None
    media_id: str | None
    media_url: str | None
    charged: int | None


_SEEN: Final = (
    _F.id, _F.name, _F.source, _F.content_type, _F.size, _F.seconds, _F.sha256,
    _F.sealed_key.is_not(None).label("kept"), _F.proposal, _F.upload_key, _F.write_action, _F.media_id,
    _F.media_url, _F.charged,
)  # fmt: skip


class MediaFiles:
    """The tables `media_files` and `media_parts`. clock: epoch seconds."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._db = database
        self._vault = vault
        self._clock = clock

    async def keep(
        self, tenant: TenantId, person: str, *, name: str, source: str, data: bytes, measured: Measured
    ) -> MediaFile:
        """Store a file; it is there once all of it is. LimitReached where the place has too many."""
        await self._check_room(tenant, len(data))
        file, key, until = os.urandom(16).hex(), AESGCM.generate_key(256), self._clock() + UNUSED
        cipher = AESGCM(key)
        for number, at in enumerate(range(0, len(data), PART)):
            piece = data[at : at + PART]
            content = await asyncio.to_thread(
                cipher.encrypt, _nonce(number), piece, _bound(tenant, file, number)
            )
            row = {
                "file": file,
                "number": number,
                "tenant": str(tenant),
                "content": content,
                "expires_at": until,
            }
            await self._run(insert(media_parts).values(row))
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        row = {
            "id": file,
            "tenant": str(tenant),
            "person": person[:80],
            "name": name[:120],
            "source": source[:2000],
            "content_type": measured.kind.value,
            "size": measured.size,
            "seconds": measured.seconds,
            "sha256": digest,
            "sealed_key": self._vault.seal(str(tenant), media_field(file), SecretStr(key.hex())),
            "created_at": self._clock(),
            "expires_at": until,
        }
        await self._run(insert(media_files).values(row))
        (kept,) = await self.several(tenant, [file])
        return kept

    async def several(
        self, tenant: TenantId, ids: Sequence[str], *, person: str | None = None
    ) -> tuple[MediaFile, ...]:
        """Those of the tenant's files, in that order; what is not there any more is left out. person: only
        what this one attached."""
        query = select(*_SEEN).where(_F.tenant == str(tenant), _F.id.in_(list(ids)))
        query = query.where(_F.expires_at > self._clock())
        if person is not None:
            query = query.where(_F.person == person[:80])

        async def work(connection: AsyncConnection) -> dict[str, MediaFile]:
            rows = (await connection.execute(query)).mappings()
            return {row["id"]: MediaFile(**{**row, "kept": bool(row["kept"])}) for row in rows}

        found = await self._db.read(work)
        return tuple(found[one] for one in ids if one in found)

    async def content(self, tenant: TenantId, id: str) -> bytes | None:
        """The bytes; None where they are erased. VaultError where they cannot be opened."""
        sealed = select(_F.sealed_key, _F.sha256).where(_F.id == id, _F.tenant == str(tenant))
        pieces = (
            select(_P.number, _P.content).where(_P.file == id, _P.tenant == str(tenant)).order_by(_P.number)
        )

        async def work(connection: AsyncConnection) -> tuple[bytes, str, list[tuple[int, bytes]]] | None:
            row = (await connection.execute(sealed)).first()
            if row is None or row.sealed_key is None:
                return None
            parts = [(part.number, bytes(part.content)) for part in await connection.execute(pieces)]
            return bytes(row.sealed_key), row.sha256, parts

        found = await self._db.read(work)
        if found is None:
            return None
        key, digest, parts = found
        opened = self._vault.open(str(tenant), media_field(id), key).get_secret_value()
        data = await asyncio.to_thread(_opened, bytes.fromhex(opened), parts, tenant, id)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise VaultError(
                msg("A stored picture or video is not what was attached."),
                remedy=msg("Attach it again, and run the command again."),
                code="media_damaged",
            )
        return data

    async def accepted(self, tenant: TenantId, id: str, write_action: str) -> None:
        """Xquik has the upload, under that record."""
        await self._note(tenant, id, write_action=write_action)

    async def uploaded(
        self,
        tenant: TenantId,
        id: str,
        *,
        write_action: str | None,
        media_id: str | None,
        media_url: str,
        charged: int,
    ) -> None:
        """It is uploaded: from now on by that address."""
        await self._note(
            tenant, id, write_action=write_action, media_id=media_id, media_url=media_url, charged=charged
        )

    async def discard(self, tenant: TenantId, ids: Sequence[str]) -> None:
        """Erase what was attached and will not be proposed."""

        async def work(connection: AsyncConnection) -> None:
            unused = (_F.tenant == str(tenant), _F.id.in_(list(ids)), _F.proposal.is_(None))
            gone = [
                row.id
                for row in await connection.execute(delete(media_files).where(*unused).returning(_F.id))
            ]
            await connection.execute(delete(media_parts).where(_P.file.in_(gone)))

        if ids:
            await self._db.write(work)

    async def _note(self, tenant: TenantId, id: str, **values: Any) -> None:
        change = update(media_files).where(_F.id == id, _F.tenant == str(tenant)).values(**values)
        await self._run(change)

    async def _run(self, statement: Executable) -> None:
        await self._db.write(lambda connection: connection.execute(statement))

    async def _check_room(self, tenant: TenantId, size: int) -> None:
        waiting = select(func.coalesce(func.sum(_F.size), 0), func.count()).where(
            _F.tenant == str(tenant), _F.sealed_key.is_not(None), _F.expires_at > self._clock()
        )

        async def work(connection: AsyncConnection) -> tuple[int, int]:
            held, number = (await connection.execute(waiting)).one()
            return int(held), int(number)

        held, number = await self._db.read(work)
        if held + size > MOST_BYTES or number >= MOST_FILES:
            raise LimitReached(
                msg(
                    "Too many pictures and videos wait here to be confirmed; {most} fit.",
                    most=size_words(MOST_BYTES),
                ),
                remedy=msg("Confirm or cancel some previews, or wait half an hour; then attach it again."),
            )


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(tenant: TenantId, id: str, number: int) -> bytes:
    return f"{tenant}\n{id}\n{number}".encode()


def _opened(key: bytes, parts: Sequence[tuple[int, bytes]], tenant: TenantId, id: str) -> bytes | None:
    cipher = AESGCM(key)
    try:
        return b"".join(
            cipher.decrypt(_nonce(number), content, _bound(tenant, id, number)) for number, content in parts
        )
    except InvalidTag:
        return None
