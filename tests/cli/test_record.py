"""`xquik-bot audit`: the record checked on a file by itself and in the database, and exported whole."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.wiring import App
from bot.settings import load
from bot.storage.secrets.vault import new_key
from tests.cli.program import Ended, xquik_bot
from tests.cli.test_operate import APPLY, ENV


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Settings, and tenants to apply."""
    key = new_key().get_secret_value()
    (tmp_path / "config.toml").write_text(
        f'[storage]\nurl = "sqlite:///{tmp_path}/bot.db"\n[vault]\nkeys = ["{key}"]\n'
        '[xquik]\nbase_url = "http://127.0.0.1:9/api/v1"\n[web]\nport = 0\n'
    )
    (tmp_path / "tenants.toml").write_text(APPLY, encoding="utf-8")
    return tmp_path


def run(directory: Path, *arguments: str) -> Ended:
    return xquik_bot(directory, *arguments, **ENV)


@pytest.fixture
def config(empty: Path, impatient: None) -> Path:
    """A database in which a file was applied."""
    del impatient
    run(empty, "migrate")
    assert run(empty, "apply", "tenants.toml").code == 0
    return empty


def test_what_apply_did_is_recorded_checked_and_exported(config: Path) -> None:
    checked = run(config, "audit", "verify")
    assert checked.code == 0 and "slack:T0001: 6 records, none changed or missing" in checked.out
    exported = run(config, "audit", "export", "slack:T0001", "record.jsonl")
    assert exported.code == 0 and "6 records" in exported.out
    lines = (config / "record.jsonl").read_text().splitlines()
    head = json.loads(lines[-1])["head"]
    assert head in exported.out and head in checked.out and len(lines) == 7
    assert (config / "record.jsonl").stat().st_mode & 0o777 == 0o600
    assert all(secret not in exported.out + "".join(lines) for secret in ENV.values())
    assert run(config, "audit", "verify", "record.jsonl", "--head", head).code == 0
    assert run(config, "audit", "verify", "record.jsonl", "--head", "0" * 64).code == 1
    again = run(config, "audit", "export", "slack:T0001", "record.jsonl")
    assert again.code != 0 and "already exists" in again.err


def test_a_file_is_checked_without_settings_database_or_keys(config: Path, tmp_path: Path) -> None:
    run(config, "audit", "export", "slack:T0001", "record.jsonl")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = (config / "record.jsonl").rename(elsewhere / "record.jsonl")
    assert run(elsewhere, "audit", "verify", "record.jsonl").code == 0
    moved.write_text(moved.read_text().replace('"ok"', '"no"', 1))
    broken = run(elsewhere, "audit", "verify", "record.jsonl")
    assert broken.code == 1 and "record 1: its contents are not those that were recorded" in broken.out
    moved.write_text("hello\n")
    assert "is no export" in run(elsewhere, "audit", "verify", "record.jsonl").err
    assert "cannot be read" in run(elsewhere, "audit", "verify", "nothing.jsonl").err


def test_a_change_in_the_database_is_found(config: Path) -> None:
    async def change() -> None:
        app = await App.open(load(config / "config.toml"))
        statement = text("UPDATE audit_records SET body = replace(body, 'ok', 'no') WHERE number = 3")
        await app.database.write(lambda connection: connection.execute(statement))
        await app.close()

    asyncio.run(change())
    broken = run(config, "audit", "verify")
    assert broken.code == 1 and "slack:T0001: record 3:" in broken.out


def test_who_has_no_record_is_told_so(empty: Path) -> None:
    run(empty, "migrate")
    assert "Nothing is recorded yet" in run(empty, "audit", "verify").out
    assert run(empty, "audit", "export", "slack:T9", "x.jsonl").code == 1
    assert run(empty, "audit", "export", "nobody", "y.jsonl").code != 0
