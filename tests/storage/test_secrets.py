"""Secrets at rest: stored, shown as hints, rotated, and readable in no byte of the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import NotConfigured, VaultError
from bot.core.stores import StoredInstallation
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.installations import StoredInstallations
from bot.storage.secrets import rotation
from bot.storage.secrets.keys import TenantKeys, hint_of
from bot.storage.secrets.rotation import Rotated
from bot.storage.secrets.tenant_secrets import RELAY_KEYS, Secrets
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.tables import secrets as table
from tests.conftest import ManualClock

ACME, OTHER = TenantId("slack", "T1"), TenantId("slack", "T2")
OLD, NEW = new_key(), new_key()
SECRET = SecretStr("xq_0123456789abcdefghij")


@pytest.fixture
def secrets(database: Database, clock: ManualClock) -> Secrets:
    return Secrets(database, Vault([OLD]), clock)


async def _ciphertexts(database: Database) -> list[bytes]:
    async def work(connection: AsyncConnection) -> list[bytes]:
        query = select(table.c.ciphertext).order_by(table.c.tenant, table.c.field)
        return list((await connection.execute(query)).scalars())

    return await database.read(work)


async def test_a_secret_is_kept_replaced_and_forgotten(secrets: Secrets) -> None:
    assert await secrets.get(ACME, "f") is None
    await secrets.put(ACME, "f", SecretStr("one"), "o…")
    await secrets.put(ACME, "f", SecretStr("two"), "t…")
    found = await secrets.get(ACME, "f")
    assert found is not None
    assert found.get_secret_value() == "two"
    assert await secrets.hint(ACME, "f") == "t…"
    assert await secrets.get(OTHER, "f") is None
    assert await secrets.forget(ACME, "f")
    assert not await secrets.forget(ACME, "f")
    assert await secrets.hint(ACME, "f") is None


async def test_a_ciphertext_copied_to_another_tenant_does_not_open(
    secrets: Secrets, database: Database
) -> None:
    await secrets.put(ACME, "f", SECRET)
    copy = text("INSERT INTO secrets SELECT 'slack:T2', field, ciphertext, hint, updated_at FROM secrets")
    await database.write(lambda connection: connection.execute(copy))
    with pytest.raises(VaultError, match="another server or workspace"):
        await secrets.get(OTHER, "f")


async def test_the_key_of_a_tenant(secrets: Secrets) -> None:
    keys = TenantKeys(secrets)
    assert not await keys.has_key(ACME)
    with pytest.raises(NotConfigured):
        await keys.key(ACME)
    await keys.put(ACME, SECRET)
    assert await keys.has_key(ACME)
    assert (await keys.key(ACME)).get_secret_value() == SECRET.get_secret_value()
    assert await keys.hint(ACME) == "xq_012…ij"
    assert await keys.forget(ACME)
    assert not await keys.has_key(ACME)


def test_a_short_secret_shows_nothing() -> None:
    assert hint_of(SecretStr("hunter2")) == "…"


async def test_rotation_seals_everything_under_the_newest_key(
    secrets: Secrets, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    await secrets.verify_vault()
    for i in range(5):
        await secrets.put(TenantId("slack", f"T{i}"), "f", SecretStr(f"secret {i}"))
    installation = StoredInstallation(None, "T1", "U1", clock(), {"bot_token": "xoxb-1"})
    await StoredInstallations(database, Vault([OLD])).save(installation)

    assert await Secrets(database, Vault([NEW, OLD]), clock).rotate_all() == Rotated(anew=7, already=0)
    fresh = Secrets(database, Vault([NEW]), clock)
    await fresh.verify_vault()
    for i in range(5):
        found = await fresh.get(TenantId("slack", f"T{i}"), "f")
        assert found is not None
        assert found.get_secret_value() == f"secret {i}"
    assert await StoredInstallations(database, Vault([NEW])).find(None, "T1") == installation
    assert await fresh.rotate_all() == Rotated(anew=0, already=7)


async def test_rotation_changes_nothing_when_one_secret_cannot_be_opened(
    secrets: Secrets, database: Database, clock: ManualClock
) -> None:
    await secrets.put(ACME, "f", SecretStr("one"))
    await Secrets(database, Vault([new_key()]), clock).put(OTHER, "f", SecretStr("lost"))
    before = await _ciphertexts(database)
    with pytest.raises(VaultError, match="1 stored secrets cannot be opened"):
        await Secrets(database, Vault([NEW, OLD]), clock).rotate_all()
    assert await _ciphertexts(database) == before


async def test_another_vault_than_at_the_first_start_is_refused(
    secrets: Secrets, database: Database, clock: ManualClock
) -> None:
    await secrets.verify_vault()
    await secrets.verify_vault()
    with pytest.raises(VaultError, match="None of the keys"):
        await Secrets(database, Vault([NEW]), clock).verify_vault()
    await secrets.verify_vault()
    await Secrets(database, Vault([NEW, OLD]), clock).verify_vault()


async def test_a_vault_that_opens_no_stored_secret_makes_no_canary(
    secrets: Secrets, database: Database, clock: ManualClock
) -> None:
    await secrets.put(ACME, "f", SECRET)
    with pytest.raises(VaultError, match="None of the keys"):
        await Secrets(database, Vault([NEW]), clock).verify_vault()
    await secrets.verify_vault()


async def test_no_byte_of_the_database_files_holds_a_secret(sqlite_url: str, clock: ManualClock) -> None:
    database = await Database.open(sqlite_url)
    await TenantKeys(Secrets(database, Vault([OLD]), clock)).put(ACME, SECRET)
    bundle = {"bot_token": "xoxb-very-secret-indeed"}
    await StoredInstallations(database, Vault([OLD])).save(
        StoredInstallation("E1", "T1", "U1", clock(), bundle)
    )
    directory = Path(sqlite_url.removeprefix("sqlite:///")).parent
    everything = b"".join(file.read_bytes() for file in directory.iterdir())
    await database.close()
    everything += b"".join(file.read_bytes() for file in directory.iterdir())
    assert b"xquik.key" in everything
    for secret in (SECRET.get_secret_value(), "xoxb-very-secret-indeed", OLD.get_secret_value()):
        assert secret.encode() not in everything


async def test_what_relays_says_which_keys_it_knows_and_shows_none(
    secrets: Secrets, database: Database, clock: ManualClock
) -> None:
    both = Secrets(database, Vault([NEW, OLD]), clock)
    assert not await both.relay_knows_newest(), "nobody has said anything"
    await secrets.tell_relay_keys()
    assert await secrets.relay_knows_newest()
    assert not await both.relay_knows_newest()
    await both.tell_relay_keys()
    assert await both.relay_knows_newest()
    told = await StoredKeyValues(database).get(RELAY_KEYS) or ""
    assert len(told.split()) == 2
    assert all(key.get_secret_value()[:8] not in told for key in (OLD, NEW))
