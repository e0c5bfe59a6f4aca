"""What a database that does not answer means to whoever starts something on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import DatabaseUnusable, NotMigrated, StorageUnavailable


@contextmanager
def storage_url_named() -> Iterator[None]:
    """Raise DatabaseUnusable where the database is not there for us at all: with why and what helps, where
    that is known; with the setting to check otherwise. What has a remedy of its own keeps it."""
    try:
        yield
    except NotMigrated:
        raise
    except StorageUnavailable as error:
        if isinstance(error, DatabaseUnusable):
            raise
        if error.for_operator is not None:
            raise error.for_operator from error
        own = error.remedy if error.remedy != StorageUnavailable.default_remedy else None
        raise DatabaseUnusable(error.detail, remedy=own, code=error.code) from error
