"""What `user` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.user.commands import USER
from bot.features.user.kinds import FOLLOW, REMOVE_FOLLOWER, UNFOLLOW

USER_FEATURE: Final = Feature((USER,), kinds=(FOLLOW, UNFOLLOW, REMOVE_FOLLOWER))
