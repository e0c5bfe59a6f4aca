"""Writes down who touches the file of a database, or what SQLite keeps beside it, other than by SQLite.

OPENED_DATABASE names the database, OPENED_LOG where it is written; without them nothing is done. SQLite's
own library opens files without Python, which then raises no audit event for them.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

_TOUCHING = frozenset({"open", "os.remove", "os.rename", "os.truncate", "os.link"})
_SUFFIXES = ("", "-wal", "-shm", "-journal")


def _watch(database: str, log: str) -> None:
    watched = {os.path.realpath(database) + suffix for suffix in _SUFFIXES}

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _TOUCHING:
            return
        for path in arguments[:2]:
            if not isinstance(path, str | bytes | os.PathLike):
                continue
            if os.path.realpath(os.fsdecode(path)) in watched:
                stack = "".join(traceback.format_stack()[-8:-1])
                with Path(log).open("a", encoding="utf-8") as file:
                    file.write(f"{event} {path!r} by {sys.argv}\n{stack}\n")

    sys.addaudithook(hook)


if "OPENED_DATABASE" in os.environ:
    _watch(os.environ["OPENED_DATABASE"], os.environ["OPENED_LOG"])
