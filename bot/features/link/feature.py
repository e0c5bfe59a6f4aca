"""What `link` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.link.commands import LINK

LINK_FEATURE: Final = Feature((LINK,))
