"""`xquik-bot privacy export`: everything of a place, or what is about a person, without a chat."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.secrets.vault import new_key
from tests.cli.test_operate import APPLY, ENV
from tests.cli.test_record import run
from tests.conftest import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database may be made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bot.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = server.create()
    yield made
    server.drop(made)


@pytest.fixture
def config(url: str, tmp_path: Path, impatient: None) -> Path:
    """A database in which a file was applied."""
    del impatient
    key = new_key().get_secret_value()
    (tmp_path / "config.toml").write_text(
        f'[storage]\nurl = "{url}"\n[vault]\nkeys = ["{key}"]\n'
        '[xquik]\nbase_url = "http://127.0.0.1:9/api/v1"\n[web]\nport = 0\n'
    )
    (tmp_path / "tenants.toml").write_text(APPLY, encoding="utf-8")
    assert run(tmp_path, "migrate").code == 0
    assert run(tmp_path, "apply", "tenants.toml").code == 0
    return tmp_path


def rows(file: Path) -> dict[str, list[dict[str, object]]]:
    with zipfile.ZipFile(file) as archive:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
        }


def test_a_place_is_exported_whole_without_secrets_and_recorded(config: Path) -> None:
    exported = run(config, "privacy", "export", "slack:T0001", "place.zip")
    assert exported.code == 0, exported.err
    file = config / "place.zip"
    assert file.stat().st_mode & 0o777 == 0o600
    found = rows(file)
    assert found["routes"] and f"{sum(map(len, found.values()))} rows" in exported.out
    assert {row["tenant"] for table in found.values() for row in table} == {"slack:T0001"}
    assert all(secret not in json.dumps(found) for secret in ENV.values())
    assert "slack:T0001: 7 records, none changed" in run(config, "audit", "verify").out
    again = run(config, "privacy", "export", "slack:T0001", "place.zip")
    assert again.code != 0 and "already exists" in again.err


def test_of_a_person_there_is_what_is_about_them(config: Path) -> None:
    exported = run(config, "privacy", "export", "slack:T0001", "me.jsonl", "--person", "operator")
    assert exported.code == 0, exported.err
    lines = [json.loads(line) for line in (config / "me.jsonl").read_text().splitlines()]
    assert lines and {one["table"] for one in lines} >= {"audit_records"}
    assert (config / "me.jsonl").stat().st_mode & 0o777 == 0o600


def test_of_what_is_not_known_no_file_is_left(config: Path) -> None:
    nothing = run(config, "privacy", "export", "slack:T0009", "place.zip")
    assert nothing.code == 1 and "Nothing is stored" in nothing.out
    nobody = run(config, "privacy", "export", "slack:T0001", "me.jsonl", "--person", "U404")
    assert nobody.code == 1 and "Nothing is stored" in nobody.out
    wrong = run(config, "privacy", "export", "nonsense", "place.zip")
    assert wrong.code == 2 and "xquik-bot export" in wrong.err
    assert not (config / "place.zip").exists() and not (config / "me.jsonl").exists()
