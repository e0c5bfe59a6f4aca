"""What `hook` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.hook.commands import HOOK

HOOK_FEATURE: Final = Feature((HOOK,))
