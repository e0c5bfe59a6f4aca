"""A disk that is really full: a small file system of its own, or a limit on the files of a process.

With the right to mount (root), the database is on a tmpfs of a few megabytes and what is left of it is
taken by a file: every write that needs room fails with ENOSPC. Without it, the running process is
forbidden to let any file grow (RLIMIT_FSIZE): every such write fails with EFBIG.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Where to begin looking for room, in bytes; then less, so that not even a page is left.
_PIECES = (1 << 20, 1 << 16, 4096)


class Disk(Protocol):
    """directory: where the database goes. name: how it is filled, for the report."""

    directory: Path
    name: str

    def fill(self, process: int) -> None:
        """Leave no room. process: the id of the one that writes."""

    def free(self, process: int) -> None:
        """Give the room back."""


@dataclass(slots=True)
class SmallFileSystem:
    """A tmpfs; filling it takes what is left."""

    directory: Path
    name: str = "a tmpfs without a free page (ENOSPC)"

    def fill(self, process: int) -> None:
        """See `Disk`."""
        with (self.directory / "filler").open("wb", buffering=0) as filler:
            for piece in _PIECES:
                try:
                    while filler.write(b"\0" * piece):
                        continue
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self, process: int) -> None:
        """See `Disk`."""
        (self.directory / "filler").unlink(missing_ok=True)


@dataclass(slots=True)
class ForbiddenGrowth:
    """No file of the process may be written beyond its first page."""

    directory: Path
    name: str = "a limit on the size of files (RLIMIT_FSIZE)"

    def fill(self, process: int) -> None:
        """See `Disk`."""
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def free(self, process: int) -> None:
        """See `Disk`."""
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        try:
            resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)
        except ProcessLookupError:  # it ended meanwhile, and the next one has no limit
            return


@contextmanager
def small_disk(directory: Path, size: int) -> Iterator[Disk]:
    """A directory below `directory` for the database. size: bytes, where it is a file system."""
    place = directory / "disk"
    place.mkdir(mode=0o700)
    if not _mounted(place, size):
        yield ForbiddenGrowth(place)
        return
    try:
        yield SmallFileSystem(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _mounted(place: Path, size: int) -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    options = f"size={size},mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "xquik-chaos", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
