"""Files that others on the machine may open are named, with the command that mends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import file_modes
from bot.app.file_modes import Exposed, exposed, remedy
from bot.settings import load, secret_files
from bot.storage.engine.database import Database
from bot.storage.secrets.vault import new_key
from tests.cli.program import xquik_bot, xquik_bot_process

KEY = new_key().get_secret_value()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that is for its owner alone, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("XQUIK_BOT_"):
            monkeypatch.delenv(name)
    (tmp_path / "config.toml").write_text(f'[vault]\nkeys = ["{KEY}"]\n[discord]\ntoken_file = "token"\n')
    (tmp_path / "token").write_text("a.b.c")
    for name in ("config.toml", "token"):
        (tmp_path / name).chmod(0o600)
    assert xquik_bot(tmp_path, "migrate").code == 0
    return tmp_path


def names() -> set[str]:
    """What is exposed now, by name."""
    return {str(one.path) for one in exposed(None, load())}


def test_what_is_for_its_owner_alone_is_not_mentioned(place: Path) -> None:
    assert names() == set()


@pytest.mark.parametrize(
    "name", ["config.toml", "token", "data/bot.db", "data/bot.db-wal", "data/yesterday.db", "data/bot.db.old"]
)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o606])
def test_each_file_that_others_may_open_is_named(place: Path, name: str, mode: int) -> None:
    (place / name).touch()
    (place / name).chmod(mode)
    found = exposed(None, load())
    assert found == (Exposed(Path(name), mode),)
    assert str(found[0]) == f"{name} ({mode:o})"
    subprocess.run(remedy(found), shell=True, check=True)
    assert names() == set()


def test_a_name_with_spaces_is_quoted_in_the_command(place: Path) -> None:
    path = place / "data" / "a copy; of.db"
    path.touch()
    path.chmod(0o644)
    found = exposed(None, load())
    subprocess.run(remedy(found), shell=True, check=True)
    assert names() == set()


def test_settings_without_any_secret_may_be_read(place: Path) -> None:
    config = place / "config.toml"
    config.chmod(0o644)
    config.write_text('[discord]\ntoken_file = "token"\n[vault]\nkeys_file = "keys"\n')
    (place / "keys").write_text(KEY)
    (place / "keys").chmod(0o644)
    assert names() == {"keys"}
    config.write_text('[storage]\nurl = "postgresql://bot:hush@db/bot"\n')
    assert names() == {"config.toml"}
    config.write_text('[storage]\nurl = "postgresql://bot@db/bot"\n')
    assert names() == set()


def test_files_of_the_environment_count_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "keys").write_text(KEY)
    (place / "keys").chmod(0o604)
    monkeypatch.setenv("XQUIK_BOT_VAULT__KEYS_FILE", str(place / "keys"))
    assert names() == {str(place / "keys")}
    assert Path("token") in secret_files()


def test_what_is_mounted_for_the_process_alone_is_left_out(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its mode is the mount's, and nobody inside can change it."""
    (place / "token").chmod(0o444)
    config = place / "config.toml"
    config.write_text(config.read_text().replace('"token"', f'"{place}/token"'))
    assert names() == {f"{place}/token"}
    monkeypatch.setattr(file_modes, "_MOUNTED", (place,))
    assert names() == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_of_somebody_else_is_read_by_its_group(place: Path) -> None:
    """As packages install settings: root:bot 0640."""
    os.chown(place / "config.toml", 12345, -1)
    (place / "config.toml").chmod(0o640)
    assert names() == set()
    (place / "config.toml").chmod(0o644)
    assert names() == {"config.toml"}


async def test_what_is_asked_about_a_running_database_is_asked_by_its_path(place: Path) -> None:
    database = await Database.open("sqlite:///data/bot.db")
    try:
        code = (
            "import sys; from bot.app.file_modes import exposed; from bot.settings import load\n"
            "opened = []\n"
            "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
            "exposed(None, load()); print([name for name in opened if 'bot.db' in name])"
        )
        root = str(Path(file_modes.__file__).parents[2])
        done = xquik_python(place, code, root)
    finally:
        await database.close()
    assert done == "[]"


def xquik_python(place: Path, code: str, root: str) -> str:
    """What some code prints, run in a directory with our packages."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env={**os.environ, "PYTHONPATH": root},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_doctor_names_them_with_the_command(place: Path) -> None:
    assert "✓ files:" in xquik_bot(place, "check").out
    (place / "config.toml").chmod(0o644)
    (place / "data" / "bot.db").chmod(0o644)
    said = xquik_bot(place, "check").out
    assert "! files: other users of this machine can open config.toml (644), data/bot.db (644)" in said
    assert "Run: chmod 600 config.toml data/bot.db" in said


def test_a_start_warns_of_them(place: Path) -> None:
    """Before anything else, so that it stands in the log of a start that fails too."""
    (place / "config.toml").chmod(0o644)
    (place / "config.toml").write_text(
        f'[vault]\nkeys = ["{KEY}"]\n[discord]\ntoken = "x.y.z"\napi_url = "http://127.0.0.1:9"\n'
        '[storage]\nurl = "sqlite:///token/no.db"\n'
    )
    ended = xquik_bot_process(place, "run")
    assert ended.code == 1
    assert "config.toml (644)" in ended.err
    assert "chmod 600 config.toml" in ended.err


def test_apply_warns_of_keys_that_others_may_read(place: Path) -> None:
    tenant = '[[tenant]]\nplatform = "slack"\nworkspace = "T0001"\n'
    (place / "key").write_text("xq_" + "0" * 64)
    (place / "tenants.toml").write_text(tenant + f'api_key = "xq_{"0" * 64}"\n')
    (place / "tenants.toml").chmod(0o644)
    (place / "key").chmod(0o600)
    assert "chmod 600 tenants.toml" in xquik_bot(place, "apply", "tenants.toml", "--dry-run").err
    (place / "tenants.toml").write_text(tenant + 'api_key_file = "key"\n')
    assert "chmod" not in xquik_bot(place, "apply", "tenants.toml", "--dry-run").err
    (place / "key").chmod(0o640)
    assert "chmod 600 key" in xquik_bot(place, "apply", "tenants.toml", "--dry-run").err


def test_readme_and_the_error_make_it_readable_by_its_owner_alone(tmp_path: Path) -> None:
    root = Path(file_modes.__file__).parents[2]
    (line,) = [one for one in (root / "README.md").read_text().splitlines() if "config.example.toml " in one]
    (tmp_path / "config.example.toml").write_text("")
    subprocess.run(line, shell=True, check=True, cwd=tmp_path)
    assert (tmp_path / "config.toml").stat().st_mode & 0o777 == 0o600
