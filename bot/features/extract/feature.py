"""What `extract` brings."""

from __future__ import annotations

from typing import Final

from bot.features.extract.commands import EXTRACT, EXTRACT_ACTIONS
from bot.features.extract.kinds import EXTRACTION_CANCEL, EXTRACTION_RUN
from bot.features.extract.suggesting import SUGGESTIONS
from bot.features.feature import Feature

EXTRACT_FEATURE: Final = Feature(
    (EXTRACT,), EXTRACT_ACTIONS, suggestions=SUGGESTIONS, kinds=(EXTRACTION_RUN, EXTRACTION_CANCEL)
)
