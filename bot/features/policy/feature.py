"""What `policy` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.policy.commands import POLICY

POLICY_FEATURE: Final = Feature((POLICY,))
