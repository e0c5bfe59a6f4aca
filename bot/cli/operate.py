"""The commands of whoever runs the bot: apply, export, check, keys, migrate, backup."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import NotMigrated
from bot.core.text.shortening import printable
from bot.observability.logs import configure
from bot.setting_roles import NO_ROLE
from bot.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from bot.app.wiring import App
    from bot.observability.known_secrets import KnownSecrets
    from bot.storage.engine.database import Database


@asynccontextmanager
async def opened(config: Path | None) -> AsyncIterator[App]:
    """The bot over its database, for one command of the operator."""
    from bot.app.wiring import App

    settings, known = _settings(config)
    app = await App.open(settings, remember=known.remember)
    try:
        yield app
    finally:
        await app.close()


def _settings(config: Path | None) -> tuple[Settings, KnownSecrets]:
    """What is set, and a log that knows what of it is secret."""
    from bot.app.known_secrets import remember_settings

    known = configure("warning")
    settings = load(config, roles=NO_ROLE)
    remember_settings(settings, known)
    return settings, known


async def apply_file(file: Path, config: Path | None, *, dry_run: bool) -> int:
    """Print the difference, and bring it about."""
    from bot.app.apply_file import read_document, secret_files
    from bot.app.apply_monitors import Undone
    from bot.app.applying import changes, hook_path, record_applied
    from bot.app.asking_monitors import ask_monitors
    from bot.app.file_modes import find_exposed, remedy

    document = read_document(file)
    if found := find_exposed(secret_files(file, document)):
        names = ", ".join(str(one) for one in found)
        sys.stderr.write(f"Other users of this machine can open {names}. Run: {remedy(found)}\n")
    async with opened(config) as app:
        count, undone = 0, 0
        for wanted in document:
            before = count
            for change in await changes(app, wanted):
                _say(printable(change.text))
                if change.do is None:
                    continue
                count += 1
                if not dry_run and isinstance(said := await change.do(), Undone):
                    undone += 1
                    sys.stderr.write(printable(said.words) + "\n")
                elif not dry_run:
                    await record_applied(app, wanted.part.id, change.text)
            if count > before and not dry_run and await ask_monitors(app, wanted.part.id):
                _say(f"  {wanted.part.id}: its monitors report what its routes name")
            if not dry_run:
                _say(f"  {wanted.part.id}: {await hook_path(app, wanted.part.id)}")
        if not count:
            _say("Nothing to change.")
        elif dry_run:
            _say(f"{count} to change; nothing was done (--dry-run).")
    return 1 if undone else 0


async def export_state(config: Path | None) -> int:
    """Print everything that `apply` reads."""
    from bot.app.exporting import exported

    async with opened(config) as app:
        _say(await exported(app))
    return 0


async def doctor(config: Path | None, roles: frozenset[str] = frozenset({"all"})) -> int:
    """Look at everything that a process with these roles needs, one line each.

    The exit code: 1 when something fails, 2 when the settings cannot be used, so that nothing was looked at.
    """
    from bot.app.doctor import SETTINGS, examine

    code = 0
    async for finding in examine(config, configure("warning"), roles=roles):
        mark = {"ok": "✓", "warning": "!", "failed": "✗", "off": "–"}[finding.state]
        _say(f"{mark} {finding.name}: {finding.detail}")
        if finding.remedy:
            _say(f"    {finding.remedy}")
        if finding.state == "failed":
            code = 2 if finding.name == SETTINGS else 1
    return code


async def rotate_keys(config: Path | None) -> int:
    """Encrypt every stored secret with the newest key."""
    from bot.app import rotating

    async with opened(config) as app:
        done = await rotating.rotate_keys(app)
        _say(
            f"{done.anew} secrets were encrypted again with the newest key; {done.already} already had it. "
            "Take older keys out of vault.keys and restart every process."
        )
    return 0


async def migrate_database(config: Path | None, source: str | None = None) -> int:
    """Apply what is missing; or copy an installation on SQLite, which `source` names, into PostgreSQL.

    The exit code: 1 where a bot goes on in the file meanwhile, so that the copy is not the whole of it.
    """
    if source is not None:
        return await _move(config, source)
    from bot.app.opening import storage_url_named
    from bot.storage.migrate import migrate

    settings, _ = _settings(config)
    with storage_url_named():
        applied = await migrate(settings.storage.url)
        _say(f"Applied: {', '.join(applied)}." if applied else await _up_to_date(settings.storage.url))
    return 0


async def _up_to_date(url: str) -> str:
    from bot.storage.engine.database import Database
    from bot.storage.migrate import newer

    database = await Database.open(url)
    try:
        revision = await newer(database)
    finally:
        await database.close()
    if revision is None:
        return "The database is up to date."
    return f"A newer version brought the database to revision {revision}. This one may run beside it."


async def _move(config: Path | None, source: str) -> int:
    settings, known = _settings(config)
    from bot.app.moving import move_into

    def copied(table: str, rows: int) -> None:
        if rows:
            _say(f"  {table}: {rows:,}")

    moved = await move_into(settings, source, known.remember, copied)
    _say(f"Copied {moved.rows:,} rows and read them back: the same (SHA-256 {moved.digest}).")
    if moved.whole:
        kept = "none starts on it: it is marked as moved" if moved.marked else "start none on it"
        _say(f"The bot can start on PostgreSQL now. Keep the file until you are sure; {kept}.")
        if not moved.marked:
            sys.stderr.write(
                "The file could not be marked as moved: a bot that is started on it would post twice.\n"
            )
        return 0
    _say(
        "A process still has the file open, so this was a rehearsal: the bot does not start on this copy. "
        "Stop every process of the bot, then run the same command once more."
    )
    return 1


async def forget_move(config: Path | None) -> int:
    """Let a bot start again on a file that was moved."""
    from bot.app.moving import take_back

    settings, _ = _settings(config)
    where = await take_back(settings)
    if where is None:
        _say("The file is not marked as moved; nothing was changed.")
    else:
        _say(f"A bot can start on this file again. Let none run on {where}, or both post everything.")
    return 0


async def backup_database(config: Path | None, target: Path, keep: int | None = None) -> int:
    """Copy the database to a new file, or into a directory. keep: how many copies stay in that."""
    from bot.storage.engine.database import Database

    settings, _ = _settings(config)
    try:
        database = await Database.open(settings.storage.url, make=False)
    except NotMigrated as error:
        raise SettingsError(error.detail, remedy="Check storage.url: there is nothing to copy.") from None
    try:
        said = await _backed_up(database, target, keep)
    except FileExistsError:
        there = "Name a directory." if keep is not None else "Name a new file, or a directory."
        raise SettingsError(f"{target} already exists.", remedy=there) from None
    except OSError as error:
        raise SettingsError(
            f"{target} cannot be written: {error.strerror}.", remedy="Name a file in a directory that exists."
        ) from None
    except ValueError as error:
        raise SettingsError(f"{error}", remedy="PostgreSQL has its own tool: pg_dump.") from None
    finally:
        await database.close()
    _say(f"{said} Keep vault.keys with it: without the keys its secrets cannot be opened.")
    return 0


async def _backed_up(database: Database, target: Path, keep: int | None) -> str:
    """What was done, in a sentence or two."""
    from bot.storage.engine.backups import copy_into

    if keep is None and not target.is_dir():
        await database.backup(target)
        return f"Copied to {target}."
    kept = await copy_into(database, target, keep=keep, clock=time.time)
    if keep is None:
        return f"Copied to {kept.path}."
    gone = f", {len(kept.removed)} older deleted" if kept.removed else ""
    return f"Copied to {kept.path}. {kept.count} of at most {keep} copies there{gone}."


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
