"""Copies of the database in a directory, named by their time, the newest few of them kept.

Only what has such a name is ever deleted, and only after a new copy is whole.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.sqlite_file import PART

_NAME: Final = re.compile(r"xquik-bot-\d{4}-\d\d-\d\dT\d{6}Z(?:-\d{1,3})?\.db", re.ASCII)
_UNFINISHED: Final = re.compile(
    r"\.xquik-bot-\d{4}-\d\d-\d\dT\d{6}Z(?:-\d{1,3})?\.db\.[a-z0-9_]{1,20}" + re.escape(PART), re.ASCII
)
# Seconds after which a copy that is not finished is one that a crash left behind.
_STALE: Final = 24 * 3600.0
_TRIES: Final = 100


class Kept(msgspec.Struct, frozen=True):
    """A new copy, how many there are with it, and the names of those that went for it."""

    path: Path
    count: int
    removed: tuple[str, ...]


async def copy_into(database: Database, directory: Path, *, keep: int | None, clock: Clock) -> Kept:
    """Add a copy to the directory, which is made where it is missing (mode 0700), and delete the oldest
    beyond `keep`; None keeps all. Raises what `Database.backup` and the file system raise."""
    _make(directory)
    now = clock()
    stem = f"xquik-bot-{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H%M%SZ}"
    path = await _copied(database, directory, stem)
    _sweep(directory, now)
    copies = _copies(directory)
    # The new one stays, whatever a clock that was set back makes of its name.
    older = [name for name in copies if name != path.name]
    gone = older[: max(0, len(older) - (keep - 1))] if keep is not None else []
    for name in gone:
        (directory / name).unlink(missing_ok=True)
    return Kept(path, len(copies) - len(gone), tuple(gone))


def _make(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _copied(database: Database, directory: Path, stem: str) -> Path:
    """The path of a new copy: the time alone, or with a number where another has that name."""
    for number in range(1, _TRIES):
        path = directory / f"{stem}{'' if number == 1 else f'-{number}'}.db"
        with suppress(FileExistsError):
            await database.backup(path)
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(directory / f"{stem}.db"))


def _copies(directory: Path) -> list[str]:
    """The names of the copies, the oldest first."""

    def age(name: str) -> tuple[str, int]:
        time, _, number = name.removesuffix(".db").partition("Z")
        return time, int(number.removeprefix("-") or 1)

    with os.scandir(directory) as entries:
        return sorted(
            (one.name for one in entries if _NAME.fullmatch(one.name) and one.is_file(follow_symlinks=False)),
            key=age,
        )


def _sweep(directory: Path, now: float) -> None:
    """Delete what a crash in the middle of a copy left behind long ago."""
    with os.scandir(directory) as entries:
        names = [one.name for one in entries if _UNFINISHED.fullmatch(one.name)]
    for name in names:
        with suppress(FileNotFoundError):
            seen = (directory / name).lstat()
            if stat.S_ISREG(seen.st_mode) and now - seen.st_mtime > _STALE:
                (directory / name).unlink()
