"""One thing that a person (or Slack) did, how the bot acknowledged it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from .model import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from .workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ack:
    """The acknowledgement: ``body`` is the JSON or text in it (None when empty), ``after`` seconds."""

    body: Any
    after: float
    status: int = 200
    delivery: int = 0


@dataclass(slots=True)
class Interaction:
    """``payload`` is what was sent, without the transport around it.

    ``messages``, ``ephemerals`` and ``views`` are what appeared in the workspace since it was sent
    (ephemerals and views: to this person), so run interactions of one person one after another when
    asserting on them.
    """

    id: str
    kind: str
    """slash_commands, interactive or events_api: the Socket Mode envelope type."""
    payload: Json
    workspace: Workspace = field(repr=False)
    user: User | None = None
    channel: Channel | None = None
    view: View | None = None
    """The modal it happened in."""
    message: Message | None = None
    """The message it happened on."""
    trigger_id: str = ""
    response_url: str = ""
    accepts_payload: bool = False
    seq: int = 0
    sent_at: float = 0.0
    acks: list[Ack] = field(default_factory=list)
    response_posts: list[Json] = field(default_factory=list)
    """Bodies posted to the response_url, refused ones too."""
    raw_body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    deliveries: int = 0

    @property
    def ack(self) -> Any:
        """The first acknowledgement's body, None when it was empty or did not come."""
        return self.acks[0].body if self.acks else None

    @property
    def acked(self) -> bool:
        return bool(self.acks)

    @property
    def acked_in(self) -> float | None:
        """Seconds from sending to the first acknowledgement; None: not within the limit."""
        return self.acks[0].after if self.acks else None

    @property
    def options(self) -> list[Json]:
        """The options of a ``suggest``, groups flattened."""
        body = self.ack if isinstance(self.ack, dict) else {}
        groups = body.get("option_groups") or []
        return list(body.get("options") or [option for group in groups for option in group["options"]])

    @property
    def messages(self) -> list[Message]:
        channels = self.workspace.channels.values()
        found = [m for c in channels for m in c.messages if m.seq > self.seq and m.via != "user"]
        return sorted(found, key=lambda m: m.seq)

    @property
    def ephemerals(self) -> list[Message]:
        return [
            m
            for m in self.workspace.ephemerals
            if m.seq > self.seq and not m.deleted and (self.user is None or m.ephemeral_to == self.user.id)
        ]

    @property
    def views(self) -> list[View]:
        views = self.workspace.views.values()
        return [v for v in views if v.seq > self.seq and (self.user is None or v.user is self.user)]

    async def wait_for(self, predicate: Callable[[Interaction], T], timeout: float = 20.0) -> T:
        """The first truthy ``predicate(self)``, looked at whenever the server's state changes."""
        what = f"{self.kind} {self.id}: the awaited effect"
        return await self.workspace.server.changes.until(lambda: predicate(self), timeout, what)

    async def wait_for_message(self, timeout: float = 20.0) -> Message:
        """The newest message; a picture that stands below one is not the answer."""
        found = await self.wait_for(lambda ix: ix.messages, timeout)
        told = [message for message in found if message.via != "files.completeUploadExternal"]
        return (told or found)[-1]

    async def wait_for_ephemeral(self, timeout: float = 20.0) -> Message:
        return (await self.wait_for(lambda ix: ix.ephemerals, timeout))[-1]

    async def wait_for_view(self, timeout: float = 20.0) -> View:
        return (await self.wait_for(lambda ix: ix.views, timeout))[-1]
