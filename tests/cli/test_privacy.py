"""`xquik-bot privacy export`: everything of a place, or what is about a person, without a chat."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.cli.test_operate import ENV
from tests.cli.test_record import config, empty, run

__all__ = ["config", "empty"]


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
