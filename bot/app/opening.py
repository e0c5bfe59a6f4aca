"""What a database that does not answer means to whoever starts something on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import DatabaseUnusable, NotMigrated, StorageUnavailable


@contextmanager
def storage_url_named() -> Iterator[None]:
    """Raise DatabaseUnusable, which names the setting, where the database is not there for us at all. What
    has a remedy of its own keeps it."""
    try:
        yield
    except NotMigrated:
        raise
    except StorageUnavailable as error:
        if error.remedy != StorageUnavailable.default_remedy:
            raise
        raise DatabaseUnusable(error.detail, code=error.code) from error
