"""What `article` brings."""

from __future__ import annotations

from typing import Final

from bot.features.article.commands import ARTICLE
from bot.features.feature import Feature

ARTICLE_FEATURE: Final = Feature((ARTICLE,))
