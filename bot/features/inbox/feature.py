"""What `bookmarks`, `timeline`, `notifications` and `dm` bring."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.inbox.commands import BOOKMARKS, DM, NOTIFICATIONS, TIMELINE
from bot.features.inbox.kinds import DELETE, SEND
from bot.features.inbox.lists import suggest_folders

INBOX_FEATURE: Final = Feature(
    (BOOKMARKS, TIMELINE, NOTIFICATIONS, DM), kinds=(SEND, DELETE), suggestions={"folders": suggest_folders}
)
