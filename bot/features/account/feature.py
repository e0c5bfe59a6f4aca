"""What `account` and `credits` bring."""

from __future__ import annotations

from typing import Final

from bot.features.account.commands import ACCOUNT, CREDITS
from bot.features.account.default_accounts import DEFAULT_ACTIONS
from bot.features.feature import Feature

ACCOUNT_FEATURE: Final = Feature((ACCOUNT, CREDITS), DEFAULT_ACTIONS)
