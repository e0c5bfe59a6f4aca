"""What `draft` brings."""

from __future__ import annotations

from typing import Final

from bot.features.draft.commands import DRAFT, DRAFT_ACTIONS
from bot.features.feature import Feature

DRAFT_FEATURE: Final = Feature((DRAFT,), DRAFT_ACTIONS)
