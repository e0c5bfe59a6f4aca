"""The relay's lock on SQLite: on a file beside the database, never on the database itself."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import StorageUnavailable
from bot.storage.relay_lock import Holder


class FileLock:
    """Implements `bot.storage.relay_lock.RelayLock`. The file says who holds it, and stays where it is.

    The system lets go of it when the process ends, however it ends. database: the file of SQLite.
    clock: epoch seconds.
    """

    def __init__(self, database: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = Path(os.path.realpath(database) + ".relay")
        self._clock = clock
        self._descriptor: int | None = None
        self.taken_over = asyncio.Event()
        self.holder: Holder | None = None

    async def take(self) -> Holder | None:
        """See `RelayLock`."""
        if self._descriptor is not None:
            return None
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            msg = f"the lock file {self._path} cannot be opened: {error.strerror}"
            raise StorageUnavailable(msg, code="storage") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                return _read(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            os.close(descriptor)
            msg = f"the lock file {self._path} cannot be locked: {error.strerror}"
            raise StorageUnavailable(msg, code="storage") from error
        self._write(descriptor)
        self._descriptor = descriptor
        return None

    def holds(self) -> bool:
        """See `RelayLock`."""
        return self._descriptor is not None

    async def release(self) -> None:
        """See `RelayLock`. The file stays: deleting it could take it away from whoever opened it now."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, descriptor: int) -> None:
        said = {"pid": os.getpid(), "host": socket.gethostname(), "since": self._clock()}
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, (json.dumps(said) + "\n").encode(), 0)
        except OSError:
            # A full disk: the lock counts, and what it says is for people alone.
            return


def _read(descriptor: int) -> Holder:
    try:
        said = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(said["pid"]), str(said["host"]), float(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(None, "", None)
