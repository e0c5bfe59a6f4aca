"""What makes the suite quick and changes nothing that is tested.

A test writes where a disk has no part: its databases wait for the disk at every commit, and what they store
need not survive a power cut. A process of ours finds what an earlier one compiled. A client of HTTP does not
read the certificates of the world anew, which takes longer than its requests; nor does a database that is
opened anew have its statements compiled again.
"""

from __future__ import annotations

import gc
import os
import shutil
import ssl
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, util

MEMORY = Path("/dev/shm")
# Bytes: four times what a run needs.
ROOM = 4 << 30


def in_memory() -> None:
    """Make temporary files in memory, where there is plenty; whoever names another place has it."""
    if "TMPDIR" in os.environ or "PYTEST_DEBUG_TEMPROOT" in os.environ or not MEMORY.is_dir():
        return
    if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def compiled_once() -> None:
    """Keep what Python compiles, here and in every process that a test starts."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def collect_seldom() -> None:
    """Let the garbage collector rest while tests are collected: what that makes stays until the end."""
    gc.disable()


def collect_what_tests_made() -> None:
    """Never look again at what is there before the first test, and seldom at the rest.

    Modules and thousands of tests are a million objects, among which there is nothing to find.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


def certificates_once() -> None:
    """Let clients that trust the same authorities share what was read of them."""
    made = ssl.create_default_context
    known: dict[tuple[Any, ...], ssl.SSLContext] = {}

    def context(purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH, **files: Any) -> ssl.SSLContext:
        if purpose is not ssl.Purpose.SERVER_AUTH or files.keys() - {"cafile"}:
            return made(purpose, **files)  # which gets a certificate of its own
        named = [files.get("cafile"), *map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR"))]
        key = tuple(_as_it_is(name) for name in named)
        if key not in known:
            known[key] = made(purpose, **files)
        return known[key]

    ssl.create_default_context = context


def _as_it_is(name: str | None) -> tuple[Any, ...]:
    """A file, and what changes when it does."""
    if not name or not Path(name).exists():
        return (name,)
    seen = Path(name).stat()
    return name, seen.st_ino, seen.st_size, seen.st_mtime_ns


class _Statements(util.LRUCache[Any, Any]):
    """Compiled statements by the kind of database, where SQLAlchemy has them by the engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: Any) -> tuple[Any, ...]:
    dialect, *rest = key
    return (dialect.name, dialect.driver, *rest)


def statements_once() -> None:
    """Compile each statement once for all engines: every test makes some, for the same two databases."""
    kept = _Statements(4000)

    def shared(engine: Engine) -> Any:
        return engine.__dict__.get("_compiled_cache", kept)

    def given(engine: Engine, cache: Any) -> None:
        if cache is None:  # an engine that is to keep nothing
            engine.__dict__["_compiled_cache"] = None

    Engine._compiled_cache = property(shared, given)  # type: ignore[assignment]
