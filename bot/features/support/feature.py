"""What `support` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.support.commands import SUPPORT
from bot.features.support.kinds import CLOSE, OPEN, REPLY

SUPPORT_FEATURE: Final = Feature((SUPPORT,), kinds=(OPEN, REPLY, CLOSE))
