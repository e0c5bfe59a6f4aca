"""Messages and their attachments, as the tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.doubles.discord.mentions import NOBODY, Pings
from tests.doubles.discord.rules_components import TEXT, walk
from tests.doubles.discord.rules_messages import Flag

if TYPE_CHECKING:
    from tests.doubles.discord.world import Channel, User


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    filename: str
    content: bytes
    url: str
    description: str | None = None
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a message said before an edit."""

    content: str
    embeds: list[dict[str, Any]]
    components: list[dict[str, Any]]


@dataclass(eq=False)
class Message:
    """A message with its whole life. `visible_to` is None for everyone, else the user id of an
    ephemeral's only reader.

    `pings` is everyone it has notified since it was sent (see `mentions`).
    """

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    message_snapshots: list[dict[str, Any]] = field(default_factory=list)
    poll: dict[str, Any] | None = None
    flags: int = 0
    nonce: str | None = None
    kind: int = 0
    message_reference: dict[str, Any] | None = None
    visible_to: int | None = None
    interaction_metadata: dict[str, Any] | None = None
    pings: Pings = NOBODY
    edits: list[Revision] = field(default_factory=list)
    deleted: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    edited_at: datetime | None = None
    thread: Channel | None = None

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "thinking…"."""
        return bool(self.flags & Flag.LOADING)

    @property
    def crossposted(self) -> bool:
        return bool(self.flags & Flag.CROSSPOSTED)

    @property
    def text(self) -> str:
        """Every text a person reads: content, embeds, text components, one after another, by line."""
        return "\n".join(self._texts())

    def buttons(self) -> list[dict[str, Any]]:
        return [c for _, c in walk(self.components) if c.get("type") == 2]

    def button(self, label: str) -> dict[str, Any]:
        """The button with this label; KeyError naming the labels there are."""
        for button in self.buttons():
            if button.get("label") == label:
                return button
        raise KeyError(f"no button {label!r}; there are {[b.get('label') for b in self.buttons()]}")

    def component(self, custom_id: str) -> dict[str, Any]:
        """The component with this custom_id; KeyError naming those there are."""
        found = {c["custom_id"]: c for _, c in walk(self.components) if c.get("custom_id")}
        if custom_id not in found:
            raise KeyError(f"no component {custom_id!r}; there are {sorted(found)}")
        return found[custom_id]

    def revise(self) -> None:
        """Keep what the message says now, before an edit."""
        if not self.loading:
            self.edits.append(Revision(self.content, self.embeds, self.components))
            self.edited_at = datetime.now(UTC)
        self.flags &= ~int(Flag.LOADING)

    def _texts(self) -> Iterator[str]:
        if self.content:
            yield self.content
        for embed in self.embeds:
            yield from (embed[key] for key in ("title", "description") if embed.get(key))
            for item in embed.get("fields") or []:
                yield f"{item['name']}: {item['value']}"
            if (embed.get("footer") or {}).get("text"):
                yield embed["footer"]["text"]
        yield from (c["content"] for _, c in walk(self.components) if c.get("type") == TEXT)
