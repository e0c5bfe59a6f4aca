"""What X shows to a connected account alone: for who was allowed to read it, and kept nowhere.

Xquik decides how many rows a page has. Of several connected accounts it reads one and does not say which,
unless the request names it, as that of messages does.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from bot.xquik.models import (
    BookmarkFolder,
    DirectMessage,
    Notification,
    Page,
    Tweet,
    parse_page,
    tweet_page,
)
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

USUAL_ROWS: Final = 20
"""Rows of a page, as a rule."""

NotificationKind: TypeAlias = Literal["all", "verified", "mentions"]
"""Of everybody, of accounts with a badge, or what names the account."""


class InboxResource(Resource):
    """Bookmarks, the home timeline, notifications and messages."""

    async def bookmarks(self, folder: str | None = None, *, cursor: str | None = None) -> Page[Tweet]:
        """Saved tweets, of one folder or of all. 1 credit a tweet."""
        query = {"folderId": folder, "cursor": cursor}
        return tweet_page(await self._caller.get("/x/bookmarks", query))

    async def folders(self, *, cursor: str | None = None) -> Page[BookmarkFolder]:
        """The folders of bookmarks; `bookmark_folders_unavailable` without X Premium. 1 credit."""
        answer = await self._caller.get("/x/bookmarks/folders", {"cursor": cursor})
        return parse_page(BookmarkFolder, answer, "folders")

    async def timeline(self, *, cursor: str | None = None) -> Page[Tweet]:
        """The home timeline, as X orders it. 1 credit a tweet."""
        return tweet_page(await self._caller.get("/x/timeline", {"cursor": cursor}))

    async def notifications(
        self, kind: NotificationKind = "all", *, cursor: str | None = None
    ) -> Page[Notification]:
        """What others did, newest first. 1 credit each."""
        query = {"type": kind.capitalize(), "cursor": cursor}
        return parse_page(Notification, await self._caller.get("/x/notifications", query), "notifications")

    async def messages(self, user_id: str, *, account: str, cursor: str | None = None) -> Page[DirectMessage]:
        """What the connected account and somebody wrote to each other, newest first. user_id: X's id of them;
        account: its username. 1 credit a message."""
        query = {"account": account, "cursor": cursor}
        answer = await self._caller.get(f"/x/dm/{segment(user_id)}/history", query)
        return parse_page(DirectMessage, answer, "messages")
