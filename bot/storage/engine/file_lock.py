"""The relay's lock on SQLite: on a file beside the database, never on the database itself."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import socket
import time
from pathlib import Path

from bot.core.clocks import Clock
from bot.core.errors import NotMigrated, StorageUnavailable
from bot.storage.engine.lock_holder import LockHolder
from bot.storage.engine.sqlite_file import expect

# Seconds until the lock is tried again.
_PAUSES = (0.02, 0.1)


class FileLock:
    """Implements `bot.storage.engine.lock_holder.RelayLock`. The file says who holds it, and stays where it
    is.

    The system lets go of it when the process ends, however it ends. database: the file of SQLite.
    clock: epoch seconds.
    """

    def __init__(self, database: Path, clock: Clock = time.time) -> None:
        self._database = database
        self._path = Path(os.path.realpath(database) + ".relay")
        self._clock = clock
        self._descriptor: int | None = None
        self.taken_over = asyncio.Event()
        self.holder: LockHolder | None = None

    async def take(self) -> LockHolder | None:
        """See `RelayLock`."""
        if self._descriptor is not None:
            return None
        with contextlib.suppress(NotMigrated):
            expect(self._database)  # it says best what is wrong with the place
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = self._open(os.O_CREAT)
        except OSError as error:
            raise self._unusable("opened", error) from error
        try:
            ours = await self._locked(descriptor)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, OSError):
                raise self._unusable("locked", error) from error
            raise
        if not ours:
            holder = _read(descriptor)
            os.close(descriptor)
            return holder
        self._write(descriptor)
        self._descriptor = descriptor
        return None

    async def who(self) -> LockHolder | None:
        """See `RelayLock`."""
        try:
            descriptor = self._open()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unusable("opened", error) from error
        try:
            # Shared, and for a moment: see `_locked`.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(descriptor)
        except OSError as error:
            raise self._unusable("locked", error) from error
        finally:
            os.close(descriptor)
        return None

    def holds(self) -> bool:
        """See `RelayLock`."""
        return self._descriptor is not None

    async def release(self) -> None:
        """See `RelayLock`. The file stays: deleting it could take it away from whoever opened it now."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self, flags: int = 0) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)

    async def _locked(self, descriptor: int) -> bool:
        """Whether it is ours now. One who only looks holds it for a moment, and is waited for."""
        for pause in (*_PAUSES, None):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if pause is not None:
                    await asyncio.sleep(pause)
                continue
            return True
        return False

    def _unusable(self, what: str, error: OSError) -> StorageUnavailable:
        return StorageUnavailable(
            f"the lock file {self._path} cannot be {what}: {error.strerror}", code="storage"
        )

    def _write(self, descriptor: int) -> None:
        said = {"pid": os.getpid(), "host": socket.gethostname(), "since": self._clock()}
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, (json.dumps(said) + "\n").encode(), 0)
        except OSError:
            # A full disk: the lock counts, and what it says is for people alone.
            return


def _read(descriptor: int) -> LockHolder:
    try:
        said = json.loads(os.pread(descriptor, 4096, 0))
        return LockHolder(int(said["pid"]), str(said["host"]), float(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return LockHolder(None, "", None)
