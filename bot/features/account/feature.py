"""What `account`, `credits` and `subscribe` bring."""

from __future__ import annotations

from typing import Final

from bot.features.account.commands import ACCOUNT, CREDITS
from bot.features.account.default_accounts import DEFAULT_ACTIONS
from bot.features.account.kinds import DISCONNECT, SUBSCRIBE, TOPUP
from bot.features.account.topups import PLAN
from bot.features.feature import Feature

ACCOUNT_FEATURE: Final = Feature(
    (ACCOUNT, CREDITS, PLAN), DEFAULT_ACTIONS, kinds=(DISCONNECT, TOPUP, SUBSCRIBE)
)
