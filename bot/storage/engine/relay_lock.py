"""Who relays: one process at a time on a database, which holds a lock for as long as it does.

On SQLite it is a lock on a file beside the database (`file_lock`), on PostgreSQL an advisory lock of a
connection of its own (`session_lock`). The system, or the server, gives it back when its holder dies.
"""

from __future__ import annotations

from pathlib import Path

from bot.storage.engine.addresses import address
from bot.storage.engine.lock_holder import RelayLock


def relay_lock(url: str) -> RelayLock:
    """The lock for `storage.url`; ValueError for a URL of another kind."""
    parsed = address(url)
    # Imported here, so that a process loads the driver of one of the two.
    if parsed.get_backend_name() == "sqlite":
        from bot.storage.engine.file_lock import FileLock

        return FileLock(Path(str(parsed.database)))
    from bot.storage.engine.session_lock import SessionLock

    return SessionLock(parsed)
