"""What `policy` brings. It speaks of every command, itself among them."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.commands.declaring import Catalogue
from bot.features.feature import Feature
from bot.features.policy.commands import policy_group
from bot.features.policy.rules import Rules


def policy_feature(whole: Callable[[], Catalogue]) -> Feature:
    """What `policy` brings. whole: gives the finished catalogue."""
    return Feature((policy_group(whole),), suggestions={"deeds": Rules(whole).suggest})
