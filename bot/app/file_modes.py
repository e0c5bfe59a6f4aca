"""Which files with secrets, or with what was posted and by whom, other users of the machine may open.

They are asked about by their path: the database of a running bot is opened by SQLite alone.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from bot.settings import Settings, secret_files
from bot.storage.engine.addresses import address
from bot.storage.engine.sqlite_file import SUFFIXES

# What a container or a service manager mounts for the process alone, and nobody inside can change.
_MOUNTED = (Path("/run/secrets"), Path("/var/run/secrets"))
_COPIES = (".db", ".sqlite", ".sqlite3", ".bak", ".backup", ".dump", ".sql")
# Files beside the database that are looked at.
_MANY = 1000


class Exposed(msgspec.Struct, frozen=True):
    """A file that others may open. mode: as for chmod, like 0o644."""

    path: Path
    mode: int

    def __str__(self) -> str:
        """As in: config.toml (644)."""
        return f"{self.path} ({self.mode:o})"


def exposed(config: Path | None, settings: Settings) -> tuple[Exposed, ...]:
    """Settings with secrets, files that they name, the database and its copies beside it, where others
    may open them. Nothing is opened. config: as for `load`."""
    return find_exposed([*secret_files(config), *_database(settings)])


def find_exposed(files: Iterable[Path]) -> tuple[Exposed, ...]:
    """Those of the files that others may open."""
    found = []
    for path in dict.fromkeys(files):
        try:
            status = path.stat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and _open_to_others(status) and not _mounted(path):
            found.append(Exposed(path, stat.S_IMODE(status.st_mode)))
    return tuple(found)


def remedy(files: Sequence[Exposed]) -> str:
    """The command that mends it."""
    return "chmod 600 " + " ".join(shlex.quote(str(one.path)) for one in files)


def _open_to_others(status: os.stat_result) -> bool:
    # Of a file that somebody else owns, its group is how this process may read it.
    shared = 0o077 if status.st_uid == os.geteuid() else 0o007
    return bool(status.st_mode & shared)


def _mounted(path: Path) -> bool:
    return any(path.is_relative_to(place) for place in _MOUNTED)


def _database(settings: Settings) -> Iterator[Path]:
    parsed = address(settings.storage.url)
    if parsed.get_backend_name() != "sqlite":
        return
    path = Path(str(parsed.database))
    own = [path.with_name(path.name + suffix) for suffix in SUFFIXES]
    yield from own
    try:
        beside = sorted(islice(path.parent.iterdir(), _MANY))
    except OSError:
        return
    yield from (file for file in beside if file.suffix in _COPIES or file.name.startswith(path.name))
