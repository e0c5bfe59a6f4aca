"""What each Xquik error code means for a person.

Codes are those of the published OpenAPI document (August 2026, 112 of them) and of the older error
pages, and those that the vendor's SDK mentions since (`newer` has 40 of them). An unknown code is judged
by its HTTP status in `bot.xquik.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.xquik.advice.accounts import ACCESS, ACCOUNT, CREDITS
from bot.xquik.advice.newer import NEWER
from bot.xquik.advice.requests import INPUT
from bot.xquik.advice.service import LIMITS, UNKNOWN, UPSTREAM
from bot.xquik.advice.table import Advice
from bot.xquik.advice.things import CONFLICT, EXPIRED, MISSING

ADVICE: Final[Mapping[str, Advice]] = MappingProxyType(
    INPUT | ACCOUNT | CREDITS | ACCESS | MISSING | CONFLICT | EXPIRED | LIMITS | UPSTREAM | UNKNOWN | NEWER
)

__all__ = ["ADVICE", "Advice"]
