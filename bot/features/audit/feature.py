"""What `audit` brings."""

from __future__ import annotations

from typing import Final

from bot.features.audit.commands import AUDIT
from bot.features.feature import Feature

AUDIT_FEATURE: Final = Feature((AUDIT,))
