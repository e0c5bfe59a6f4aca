"""What `policy` brings. It speaks of every command, itself among them."""

from __future__ import annotations

from bot.core.commands.declaring import WholeCatalogue
from bot.features.feature import Feature
from bot.features.policy.commands import policy_group
from bot.features.policy.rules import RuleCommands


def policy_feature(whole: WholeCatalogue) -> Feature:
    """What `policy` brings. whole: gives the finished catalogue."""
    return Feature((policy_group(whole),), suggestions={"deeds": RuleCommands(whole).suggest})
