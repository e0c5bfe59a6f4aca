"""Every platform that `run` serves."""

from __future__ import annotations

from typing import Final

from bot.app.platforms.declared import DeclaredPlatform
from bot.app.platforms.discord import Discord
from bot.app.platforms.slack import Slack

PLATFORMS: Final[tuple[DeclaredPlatform, ...]] = (Discord(), Slack())
