"""What X shows to one account alone. Everything textual here is untrusted, and none of it is kept."""

from __future__ import annotations

from msgspec import field

from bot.xquik.models.base import Model


class BookmarkFolder(Model, frozen=True, kw_only=True):
    """A folder of bookmarks."""

    id: str = ""
    name: str = ""


class Notification(Model, frozen=True, kw_only=True):
    """What somebody did, in X's words. kind: in one word, like "like"; at: ISO 8601."""

    id: str = ""
    kind: str = field(default="", name="type")
    message: str = ""
    at: str | None = field(default=None, name="timestamp")


class DirectMessage(Model, frozen=True, kw_only=True):
    """A message between two accounts. media_url: of the picture or video that it has."""

    id: str = ""
    text: str = ""
    sender_id: str = ""
    receiver_id: str = ""
    created_at: str | None = None
    media_url: str | None = None
