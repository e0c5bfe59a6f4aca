"""What time and chance look like to whoever is given them. Each is a parameter wherever it is used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Epoch seconds (`time.time`). May be set back; for moments that are stored or shown."""

Monotonic: TypeAlias = Callable[[], float]
"""Seconds from any start, never going back (`time.monotonic`); for how long something takes or holds."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits so many seconds (`asyncio.sleep`)."""

Chance: TypeAlias = Callable[[], float]
"""Uniform in [0, 1) (`random.random`)."""

RandomBytes: TypeAlias = Callable[[int], bytes]
"""So many random bytes (`os.urandom`)."""

NewId: TypeAlias = Callable[[], str]
"""A random id that nobody can guess."""
