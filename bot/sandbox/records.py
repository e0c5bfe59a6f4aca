"""What the sandbox remembers, one struct a kind. Times are seconds since the epoch."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Record(msgspec.Struct, kw_only=True):
    """Anything stored: ``id`` is unique within its kind."""

    id: str


class OwnedRecord(Record, kw_only=True):
    """A record of one customer; nobody else can see it."""

    owner: str


class Customer(Record, kw_only=True):
    """An Xquik account: the payer. ``balance`` and ``used`` are credits; ``topup``: whether it is topped up
    by itself, "stopped" after declined charges; ``identity``: the X username linked to it; ``locale``: the
    language that Xquik speaks to it."""

    balance: int
    purchased: int
    used: int = 0
    topup: Literal["off", "on", "stopped"] = "off"
    identity: str = ""
    locale: str = "en"


class ApiKey(Record, kw_only=True):
    """``id`` is the key itself: this is a sandbox, and the demo must show it again."""

    owner: str
    active: bool = True


class ConnectedAccount(OwnedRecord, kw_only=True):
    """An X account that the customer may write with. premium: it pays X, and has folders of bookmarks."""

    username: str
    x_user_id: str
    health: str = "healthy"
    created_at: float = 0.0
    premium: bool = True


class Acquaintance(Record, kw_only=True):
    """Somebody the world made up when asked for; ``id`` is the handle, all else follows from it."""


class Profile(Record, kw_only=True):
    """What somebody's profile says since it changed; ``id`` is the account's."""

    fields: dict[str, Any]


class NewName(Record, kw_only=True):
    """Somebody who is called otherwise than the world began; ``id`` is the account's."""

    username: str


class MediaRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A picture the sandbox draws itself from ``key``."""

    key: str
    kind: Literal["photo", "video", "animated_gif"] = "photo"
    alt: str = ""
    width: int = 960
    height: int = 600


class Post(Record, kw_only=True):
    """A tweet. ``id`` is a snowflake, so its time of creation is inside it."""

    author_id: str
    text: str
    lang: str = "en"
    media: list[MediaRecord] = []
    reply_to: str | None = None
    community: str | None = None
    quotes: str | None = None
    reposts: str | None = None
    likes: int = 0
    views: int = 0
    bookmarks: int = 0
    sensitive: bool = False
    note: bool = False
    poll: list[str] = []
    deleted: bool = False
    hidden: bool = False
    """By who wrote what it answers: it is found, and listed among no replies."""


class SpaceRecord(Record, kw_only=True):
    """A Space that somebody began here; ``id`` is its own."""

    title: str
    host_id: str
    started_at: float


class BroadcastRecord(Record, kw_only=True):
    """A broadcast that somebody began here; ``id`` is its own."""

    title: str
    host_id: str
    started_at: float


class Relation(Record, kw_only=True):
    """A like, repost or follow made through the sandbox; ``id`` is ``verb:account:target``."""

    active: bool = True


class MessageRecord(Record, kw_only=True):
    """A direct message; ``id`` is a snowflake, ``media`` the key of a picture."""

    sender_id: str
    receiver_id: str
    text: str
    media: str = ""
    gone: bool = False


class CommunityRecord(Record, kw_only=True):
    """A community that was made through the sandbox, or any that was deleted. founder: a person's id."""

    name: str
    description: str
    founder: str
    created_at: float
    deleted: bool = False


class DraftRecord(OwnedRecord, kw_only=True):
    text: str
    created_at: float
    topic: str | None = None
    goal: str | None = None


class StyleText(msgspec.Struct, kw_only=True, frozen=True):
    """A text of a style; ``id`` is that of its post, or made up for one that was handed in."""

    id: str
    text: str


class StyleRecord(OwnedRecord, kw_only=True):
    """How an account writes, or the texts that somebody handed in under a label (``custom``)."""

    name: str
    texts: list[StyleText]
    fetched_at: float
    own: bool = False
    custom: bool = False


class MonitorRecord(OwnedRecord, kw_only=True):
    """Watches an account (``username``), a search (``query``) or a post (``post_id``).

    ``text`` is what was last read of the post, ``started`` its figures when the watch began, ``told`` those
    that events told of last, and ``readings`` those of each hour, by the second that it began.
    """

    kind: Literal["account", "keyword", "post"]
    event_types: list[str]
    created_at: float
    next_billing_at: float
    next_event_at: float
    username: str | None = None
    x_user_id: str | None = None
    query: str | None = None
    active: bool = True
    produced: int = 0
    paused_reason: str | None = None
    paused_at: float | None = None
    name: str | None = None
    post_id: str | None = None
    author_id: str = ""
    text: str = ""
    started: dict[str, int] = {}
    told: dict[str, int] = {}
    readings: dict[str, dict[str, int]] = {}

    def pause(self, reason: str, now: float) -> None:
        """Stop it as Xquik does, which says why."""
        self.active, self.paused_reason, self.paused_at = False, reason, now

    def resume(self) -> None:
        """Let it go on."""
        self.active, self.paused_reason, self.paused_at = True, None, None


class EventRecord(OwnedRecord, kw_only=True):
    """What a monitor saw. ``data`` is JSON text; media addresses in it start with ``ORIGIN_MARK``."""

    type: str
    monitor_id: str
    monitor_kind: Literal["account", "keyword", "post"]
    occurred_at: float
    data: str
    username: str | None = None
    query: str | None = None
    x_user_id: str | None = None
    monitor_name: str | None = None
    post_id: str | None = None
    author_id: str = ""
    author_name: str = ""


class WebhookRecord(OwnedRecord, kw_only=True):
    url: str
    secret: str
    event_types: list[str]
    created_at: float
    active: bool = True
    failures: int = 0
    status: Literal["active", "paused", "needs_attention"] = "active"


class DeliveryRecord(OwnedRecord, kw_only=True):
    """One event for one webhook, sent until it arrives, is refused for good, or attempts run out."""

    webhook_id: str
    event_id: str
    created_at: float
    due_at: float
    status: Literal["pending", "delivered", "failed", "exhausted"] = "pending"
    attempts: int = 0
    delivered_at: float | None = None
    last_status: int | None = None
    last_error: str | None = None


class WinnerRecord(msgspec.Struct, kw_only=True, frozen=True):
    username: str
    post_id: str
    position: int
    backup: bool


class DrawEntry(msgspec.Struct, kw_only=True, frozen=True):
    """A reply that a draw inspected, and why it did not count (empty: it did)."""

    username: str
    post_id: str
    text: str
    rejected: str = ""


class DrawRecord(OwnedRecord, kw_only=True):
    post_id: str
    post_url: str
    post_text: str
    post_author: str
    like_count: int
    repost_count: int
    reply_count: int
    quote_count: int
    created_at: float
    winners: list[WinnerRecord]
    entries: list[DrawEntry]
    key: str = ""
    request_hash: str = ""

    @property
    def valid(self) -> int:
        return sum(not entry.rejected for entry in self.entries)


class ExtractionRecord(OwnedRecord, kw_only=True):
    """A job that collects. ``most``: rows that it may have, ``expected``: that it was estimated to;
    ``looks``: how often somebody looked at it, ``found``: rows so far; ``outcome``: how it is to end."""

    request: dict[str, Any]
    created_at: float
    most: int
    expected: int
    outcome: str = "success"
    status: Literal["running", "canceled", "completed", "failed"] = "running"
    looks: int = 0
    found: int = 0
    rows: list[dict[str, Any]] = []
    reason: str = ""
    completed_at: float | None = None
    key: str = ""
    request_hash: str = ""


class TopupRecord(OwnedRecord, kw_only=True):
    """A checkout that was begun; ``id`` is its session."""

    dollars: int
    credits: int
    status: Literal["paid", "processing", "failed", "expired"] = "processing"


class TicketAttachment(msgspec.Struct, kw_only=True, frozen=True):
    """A picture or video of a support message; ``id`` is public."""

    id: str
    filename: str
    content_type: str
    size: int


class TicketMessage(msgspec.Struct, kw_only=True, frozen=True):
    """key, request_hash: of the request that wrote it, where one did; ``id`` is public."""

    body: str
    sender: Literal["user", "support", "system"]
    created_at: float
    attachments: list[TicketAttachment] = []
    id: str = ""
    key: str = ""
    request_hash: str = ""


class TicketRecord(OwnedRecord, kw_only=True):
    """A support ticket; ``id`` is its public id. Its first message has the key by which it was opened."""

    subject: str
    created_at: float
    updated_at: float
    messages: list[TicketMessage]
    status: Literal["open", "in_progress", "resolved", "closed"] = "open"


class GalleryRecord(OwnedRecord, kw_only=True):
    post_ids: list[str]


class Upload(OwnedRecord, kw_only=True):
    """A media file handed to ``POST /x/media``; only its size and a drawing are kept."""

    key: str
    size: int
    created_at: float


class OrderedWrite(msgspec.Struct, frozen=True):
    """How a write will go. seconds: until one that was accepted ends; as configured when None."""

    outcome: str
    seconds: float | None = None


class WriteActionRecord(OwnedRecord, kw_only=True):
    """A durable write on X. ``outcome`` is where it will end once ``settles_at`` has passed."""

    key: str
    action: str
    request_hash: str
    payload: dict[str, Any]
    account_id: str
    account_name: str
    planned: int
    status: str
    outcome: str
    created_at: float
    updated_at: float
    settles_at: float
    http_status: int = 200
    charged: int = 0
    target_type: str | None = None
    target_id: str | None = None
    result: dict[str, str] | None = None
    extra: dict[str, str] = {}
    error: str | None = None
    message: str | None = None

    @property
    def terminal(self) -> bool:
        return self.status in {"success", "failed", "expired"}
