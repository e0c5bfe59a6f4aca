"""Attached files at rest: sealed, bounded, bound to their place, and gone once what they are for has
ended."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached, VaultError
from bot.core.media.limits import measured
from bot.storage.engine.database import Database
from bot.storage.retention import RULES, drop
from bot.storage.secrets.rotation import rotate
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.tables import media_files, media_parts
from bot.storage.writes import media_files as module
from bot.storage.writes.media_files import PART, UNUSED, MediaFile, MediaFiles
from tests.conftest import ManualClock
from tests.media import png

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")
KEY = new_key()
LARGE = png(noise=2 * PART + 100)


@pytest.fixture
def files(database: Database, clock: ManualClock) -> MediaFiles:
    return MediaFiles(database, Vault([KEY]), clock)


async def keep(
    files: MediaFiles, data: bytes = LARGE, tenant: TenantId = HERE, person: str = "ann"
) -> MediaFile:
    found = measured("moon.png", data)
    return await files.keep(tenant, person, name="moon.png", source="moon.png", data=data, measured=found)


async def parts(database: Database) -> list[tuple[int, bytes]]:
    async def work(connection: AsyncConnection) -> list[tuple[int, bytes]]:
        found = await connection.execute(
            select(media_parts.c.number, media_parts.c.content).order_by(media_parts.c.number)
        )
        return [(row.number, bytes(row.content)) for row in found]

    return await database.read(work)


async def test_a_file_comes_back_as_it_was_and_stands_nowhere_in_the_clear(
    database: Database, files: MediaFiles
) -> None:
    kept = await keep(files)
    assert (kept.kept, kept.size, kept.content_type) == (True, len(LARGE), "image/png")
    assert await files.content(HERE, kept.id) == LARGE
    stored = await parts(database)
    assert [number for number, _ in stored] == [0, 1, 2]
    # Long enough that no ciphertext holds them by chance.
    clear = LARGE[:16], LARGE[PART : PART + 16], LARGE[-16:]
    assert not any(part in content for part in clear for _, content in stored)


async def test_it_is_there_for_its_place_and_its_person_alone(files: MediaFiles) -> None:
    kept = await keep(files)
    assert await files.several(ELSEWHERE, [kept.id]) == ()
    assert await files.content(ELSEWHERE, kept.id) is None
    assert await files.several(HERE, [kept.id], person="bob") == ()
    assert await files.several(HERE, [kept.id], person="ann") == (kept,)


async def test_a_row_that_was_moved_to_another_place_opens_for_nobody(
    database: Database, files: MediaFiles
) -> None:
    kept = await keep(files)

    async def moved(connection: AsyncConnection) -> None:
        await connection.execute(update(media_files).values(tenant=str(ELSEWHERE)))
        await connection.execute(update(media_parts).values(tenant=str(ELSEWHERE)))

    await database.write(moved)
    with pytest.raises(VaultError):
        await files.content(ELSEWHERE, kept.id)


@pytest.mark.parametrize(
    "change", ["number = 2 - number", "content = (SELECT content FROM media_parts WHERE number = 0)"]
)
async def test_parts_that_were_changed_are_not_taken_for_the_file(
    database: Database, files: MediaFiles, change: str
) -> None:
    kept = await keep(files)
    where = "WHERE number = 1" if "SELECT" in change else "WHERE number = 5"

    async def changed(connection: AsyncConnection) -> None:
        if "SELECT" in change:
            await connection.execute(text(f"UPDATE media_parts SET {change} {where}"))
        else:  # two parts change places
            for step in (
                "number = 9 WHERE number = 0",
                "number = 0 WHERE number = 2",
                "number = 2 WHERE number = 9",
            ):
                await connection.execute(text(f"UPDATE media_parts SET {step}"))

    await database.write(changed)
    with pytest.raises(VaultError, match="is not what was attached"):
        await files.content(HERE, kept.id)


async def test_a_place_has_only_so_much_room_and_another_has_its_own(
    files: MediaFiles, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2 * len(LARGE))
    await keep(files)
    await keep(files)
    with pytest.raises(LimitReached, match="wait here to be confirmed"):
        await keep(files)
    await keep(files, tenant=ELSEWHERE)
    clock.advance(UNUSED + 1)
    await keep(files)
    monkeypatch.setattr(module, "MOST_FILES", 1)
    with pytest.raises(LimitReached):
        await keep(files, png())


async def test_what_nobody_proposes_goes_after_half_an_hour(
    database: Database, files: MediaFiles, clock: ManualClock
) -> None:
    kept = await keep(files)
    clock.advance(UNUSED + 1)
    assert await files.several(HERE, [kept.id]) == ()
    for name in ("media_files", "media_parts"):
        await drop(database, RULES[name], clock())
    assert await parts(database) == []
    assert await files.content(HERE, kept.id) is None


async def test_what_will_not_be_proposed_is_discarded_by_its_place_alone(
    database: Database, files: MediaFiles
) -> None:
    kept = await keep(files)
    await files.discard(ELSEWHERE, [kept.id])
    assert await files.content(HERE, kept.id) == LARGE
    await files.discard(HERE, [kept.id])
    assert await parts(database) == []


async def test_a_file_outlives_a_change_of_the_vaults_key(
    database: Database, files: MediaFiles, clock: ManualClock
) -> None:
    kept = await keep(files)
    newer = new_key()
    assert (await rotate(database, Vault([newer, KEY]))).anew >= 1
    assert await MediaFiles(database, Vault([newer]), clock).content(HERE, kept.id) == LARGE
    with pytest.raises(VaultError):
        await MediaFiles(database, Vault([SecretStr("B" * 43 + "=")]), clock).content(HERE, kept.id)
