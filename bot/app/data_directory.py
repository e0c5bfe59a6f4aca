"""The directory in which `demo` and `exec --data` keep a bot of their own, and its sandbox."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from pydantic import SecretStr

from bot.settings import Settings, SettingsError
from bot.storage.secrets.vault import new_key


def hold(data: Path, own: str = "--data DIR") -> TextIO:
    """Make the directory, and keep everybody else out of it until what is returned is closed.

    own: the options that give who asks a directory of its own. SettingsError where it cannot be held.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.fdopen(os.open(data / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600), "w")
        os.fchmod(lock.fileno(), 0o600)  # an earlier version made it wider, and who can open it can hold it
    except OSError as error:
        raise SettingsError(
            f"The directory {data} cannot be used: {error.strerror}.",
            remedy="Choose another one with --data.",
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise SettingsError(
            f"Another `demo` or `exec` is already running on {data}.",
            remedy=f"Stop that first, or give this one a directory of its own with {own}.",
        ) from error
    return lock


def vault_key(data: Path) -> SecretStr:
    """The vault key of the directory, made on the first start and readable by its owner alone."""
    path = data / "vault.key"
    if path.exists():
        return SecretStr(path.read_text(encoding="ascii").strip())
    key = new_key()
    path.touch(mode=0o600)
    path.write_text(key.get_secret_value() + "\n", encoding="ascii")
    return key


def data_directory(settings: Settings) -> Path:
    """Where files beside the database go: its own directory, or `data` for a database server."""
    prefix = "sqlite:///"
    if settings.storage.url.startswith(prefix):
        return Path(settings.storage.url.removeprefix(prefix)).parent
    return Path("data")
