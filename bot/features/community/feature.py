"""What `community` brings."""

from __future__ import annotations

from typing import Final

from bot.features.community.commands import COMMUNITY
from bot.features.community.finding import suggest_topics
from bot.features.community.kinds import COMMUNITY_KINDS
from bot.features.feature import Feature

COMMUNITY_FEATURE: Final = Feature(
    (COMMUNITY,), suggestions={"community_topics": suggest_topics}, kinds=COMMUNITY_KINDS
)
