"""The state of a Slack workspace: people, channels, messages, views, files.

Plain mutable records; the rules live in ``methods``. ``seq`` orders everything that one server created,
so that "since this interaction" is a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import reading

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    id: str
    name: str
    workspace: Workspace = field(repr=False)
    admin: bool = False
    owner: bool = False
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    deleted: bool = False
    guest: str = ""
    """ "multi" or "single": how many channels of the workspace a guest may be in."""
    home_team: str = ""
    """The team of a person who is here through Slack Connect, whose admin flags are about that team."""
    enterprise: Json | None = None
    """``enterprise_user`` of an organisation's account, with ``enterprise_id`` and ``teams``."""
    views: list[View] = field(default_factory=list, repr=False)
    """The stack of open modals, the visible one last."""
    home: View | None = field(default=None, repr=False)
    dm: Channel | None = field(default=None, repr=False)

    @property
    def team(self) -> str:
        return self.home_team or self.workspace.id

    @property
    def dms(self) -> list[Message]:
        """What the bot has sent this person directly."""
        return self.dm.messages if self.dm is not None else []

    def payload(self, *, locale: bool = False) -> Json:
        body: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest != "",
            "is_ultra_restricted": self.guest == "single",
            "is_bot": self.is_bot,
            "is_app_user": False,
            "tz": self.tz,
            "tz_offset": 3600,
            "profile": {
                "display_name": self.name,
                "real_name": self.name.title(),
                "team": self.team,
            },
        }
        body |= {"enterprise_user": self.enterprise} if self.enterprise is not None else {}
        return body | ({"locale": self.locale} if locale else {})


@dataclass(slots=True)
class UserGroup:
    id: str
    handle: str
    users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class File:
    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    shared_in: list[str] = field(default_factory=list)
    alt_text: str = ""
    completed: bool = False
    url_private: str = ""

    def payload(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.length,
            "filetype": self.name.rpartition(".")[2],
            "url_private": self.url_private,
            "url_private_download": self.url_private,
            "channels": list(self.shared_in),
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message was before a change."""

    at: float
    text: str
    blocks: list[Json]
    metadata: Json | None


@dataclass(slots=True)
class Message:
    """A message, or an ephemeral one when ``ephemeral_to`` names its only reader."""

    channel: Channel = field(repr=False)
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    client_msg_id: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    names_linked: bool = False
    emphasised: bool = True
    """Whether marks in ``text`` are read; sent without ``mrkdwn=false``."""
    unfurl_links: bool = False
    notified: tuple[str, ...] = ()
    """Whom it notified when it was posted: an edit notifies nobody."""
    files: list[File] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    unfurls: Json = field(default_factory=dict)
    deleted: bool = False
    ephemeral_to: str | None = None
    via: str = "chat.postMessage"
    seq: int = 0
    at: float = 0.0

    @property
    def pings(self) -> list[str]:
        return reading.pings(self.text, self.blocks, self.attachments, names_linked=self.names_linked)

    @property
    def links(self) -> list[tuple[str, str]]:
        return reading.links(self.text, self.blocks, self.attachments)

    @property
    def visible_text(self) -> str:
        return reading.visible_text(self.text, self.blocks)

    @property
    def previewed(self) -> list[str]:
        """The addresses below which Slack puts a preview of its own: those of a message of words."""
        shown = self.unfurl_links and not self.blocks and not self.deleted
        return [url for url, _ in self.links] if shown else []

    @property
    def emphasis(self) -> list[str]:
        """Marks in the text that is shown which turn into bold, italics, code, a quote or an emoji."""
        return reading.emphasis(self.text) if self.emphasised and not self.blocks else []

    @property
    def action_ids(self) -> list[str]:
        return [node["action_id"] for node in reading.walk(self.blocks) if "action_id" in node]

    def payload(self, *, metadata: bool = False) -> Json:
        body: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        optional = {
            "blocks": self.blocks,
            "attachments": self.attachments,
            "thread_ts": self.thread_ts,
            "client_msg_id": self.client_msg_id,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "metadata": self.metadata if metadata else None,
            "files": [file.payload() for file in self.files],
        }
        body |= {key: value for key, value in optional.items() if value}
        if self.edits:
            body["edited"] = {"user": self.user, "ts": self.ts}
        if replies := self.channel.replies(self.ts):
            body |= {"thread_ts": self.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
        if self.deleted:
            text = "This message was deleted."
            kept = {name: body[name] for name in ("type", "ts", "thread_ts", "reply_count") if name in body}
            body = kept | {"subtype": "tombstone", "text": text, "hidden": True, "user": "USLACKBOT"}
        return body | {"team": self.channel.workspace.id}


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    workspace: Workspace = field(repr=False)
    member: bool = True
    """Whether the bot is in it."""
    archived: bool = False
    private: bool = False
    dm_with: list[str] = field(default_factory=list)
    read_only: bool = False
    members: set[str] = field(default_factory=set)
    history: list[Message] = field(default_factory=list, repr=False)
    """Every message that ever was here, deleted ones too."""
    last_post_at: float = float("-inf")

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.history if not message.deleted]

    @property
    def is_dm(self) -> bool:
        return bool(self.dm_with)

    @property
    def standing(self) -> list[Message]:
        """What readers see: a deleted message with replies leaves its place to a tombstone."""
        return [message for message in self.history if not message.deleted or self.replies(message.ts)]

    def message(self, ts: str) -> Message | None:
        return next((m for m in self.messages if m.ts == ts), None)

    def replies(self, thread_ts: str) -> list[Message]:
        return [m for m in self.messages if m.thread_ts == thread_ts and m.ts != thread_ts]

    async def wait_for_messages(self, n: int = 1, timeout: float = 20.0) -> list[Message]:
        """The messages here, once there are at least ``n``."""
        what = f"message {n} in #{self.name} (it has {len(self.messages)})"
        return await self.workspace.server.changes.until(
            lambda: self.messages if len(self.messages) >= n else [], timeout, what
        )

    def archive(self) -> None:
        self.archived = True

    def unarchive(self) -> None:
        self.archived = False

    def kick_bot(self) -> None:
        self.member = False

    def invite_bot(self) -> None:
        self.member = True

    def payload(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private and not self.is_dm,
            "is_group": self.private and not self.is_dm,
            "is_im": len(self.dm_with) == 1,
            "is_mpim": len(self.dm_with) > 1,
            "is_private": self.private or self.is_dm,
            "is_archived": self.archived,
            "is_member": self.member,
            "is_general": False,
            "context_team_id": self.workspace.id,
        } | ({"user": self.dm_with[0]} if len(self.dm_with) == 1 else {})


@dataclass(slots=True)
class View:
    """A modal or a home tab as one person sees it."""

    id: str
    hash: str
    body: Json
    workspace: Workspace = field(repr=False)
    user: User = field(repr=False)
    root_id: str = ""
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    """What the person has entered: {block_id: {action_id: state}}."""
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = True
    earlier: list[Json] = field(default_factory=list, repr=False)
    seq: int = 0
    opened_by: str | None = None
    """The trigger_id it was opened or pushed with."""

    @property
    def kind(self) -> str:
        return str(self.body.get("type"))

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", []))

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.body.get("private_metadata", ""))

    @property
    def visible_text(self) -> str:
        return reading.visible_text("", self.blocks)

    def payload(self) -> Json:
        defaults: Json = {
            "callback_id": "", "private_metadata": "", "external_id": "", "title": None, "submit": None,
            "close": None, "clear_on_close": False, "notify_on_close": False, "blocks": [],
        }  # fmt: skip
        return defaults | self.body | {
            "id": self.id,
            "hash": self.hash,
            "team_id": self.workspace.id,
            "app_installed_team_id": self.workspace.id,
            "app_id": self.workspace.server.app_id,
            "bot_id": self.workspace.bot_id,
            "root_view_id": self.root_id or self.id,
            "previous_view_id": self.previous_id,
            "state": {"values": self.values},
        }  # fmt: skip
