"""The turn to write a SQLite file, shared by two processes of one bot.

SQLite lets a writer that finds another one sleep for longer and longer, and whoever writes on and on is
always quicker. So both ask here first. Two locks of the system make it fair: whoever waits to go in holds
the door, and one who comes out has to wait at it. A process that dies lets go of both, however it dies.

It is no promise, only manners: who got no turn for as long as SQLite would wait asks SQLite itself.
"""

from __future__ import annotations

import fcntl
import os
import time

# Seconds between looks, and after which it is left to SQLite.
_LOOK = 0.0003
_PATIENCE = 5.0


class WritingTurn:
    """One side, for one thread at a time. path: of a file beside the database, which stays."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._door: int | None = None
        self._inside: int | None = None

    @staticmethod
    def beside(database: os.PathLike[str]) -> str:
        """The file of a database's turns."""
        return os.path.realpath(database) + ".turn"

    def take(self) -> None:
        """Wait for the turn."""
        if self._inside is None:
            try:
                self._open()
            except OSError:
                return  # a full disk, say: SQLite decides
        until = time.monotonic() + _PATIENCE
        if self._locked(self._door, until):
            self._locked(self._inside, until)
            _let_go(self._door)

    def give_back(self) -> None:
        """Let the other one in."""
        _let_go(self._inside)

    def close(self) -> None:
        """Let go of the file."""
        for descriptor in (self._door, self._inside):
            if descriptor is not None:
                os.close(descriptor)
        self._door = self._inside = None

    def _open(self) -> None:
        # A lock belongs to what was opened, so each needs its own.
        door = self._opened(".door")
        try:
            self._inside = self._opened("")
        except OSError:
            os.close(door)
            raise
        self._door = door

    def _opened(self, suffix: str) -> int:
        return os.open(f"{self._path}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _locked(self, descriptor: int | None, until: float) -> bool:
        while descriptor is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
                time.sleep(_LOOK)
            except OSError:
                return False  # a file system without such locks
            else:
                return True
        return False


def _let_go(descriptor: int | None) -> None:
    if descriptor is not None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
