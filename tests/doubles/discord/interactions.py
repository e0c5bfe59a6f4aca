"""One interaction: what the person did, and everything the bot answered to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.doubles.discord.messages import Message
    from tests.doubles.discord.world import Channel, Guild, User, World

FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """The one answer to the callback. `type` a `Callback`, `after` the seconds since the dispatch."""

    type: int
    data: dict[str, Any]
    after: float


@dataclass(eq=False)
class Interaction:
    """`original` is the message of the first answer, or for a button the message it sits on once
    that is updated.

    `source` is the message whose button was pressed, or under which the modal was opened.
    """

    world: World = field(repr=False)
    id: int
    token: str = field(repr=False)
    kind: Kind
    guild: Guild | None
    channel: Channel
    user: User
    payload: dict[str, Any] = field(repr=False)
    dispatched_at: float
    source: Message | None = None
    source_edits: int = 0  # of `source`, before this interaction
    opened_by: Interaction | None = None  # what showed the modal, for a modal
    first_response: FirstResponse | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)

    @property
    def modal(self) -> dict[str, Any] | None:
        """The modal (title, custom_id, components) if the first answer opened one."""
        return self._data_of(Callback.MODAL)

    @property
    def choices(self) -> list[dict[str, Any]] | None:
        """The choices of an autocomplete, once answered."""
        data = self._data_of(Callback.CHOICES)
        return None if data is None else data.get("choices") or []

    @property
    def deferred(self) -> bool:
        deferrals = (Callback.DEFERRED_MESSAGE, Callback.DEFERRED_UPDATE)
        return self.first_response is not None and self.first_response.type in deferrals

    @property
    def ephemeral(self) -> bool:
        """Whether the original answer is visible to the invoker alone."""
        return self.original is not None and self.original.ephemeral

    @property
    def messages(self) -> list[Message]:
        """The original and the follow-ups that still exist."""
        own = [self.original] if self.original is not None and self.original is not self.source else []
        return [m for m in [*own, *self.followups] if not m.deleted]

    @property
    def text(self) -> str:
        """Everything the invoker reads in answer, by line."""
        return "\n".join(m.text for m in self.messages)

    @property
    def age(self) -> float:
        """Seconds since the dispatch, by the server's clock."""
        return self.world.clock() - self.dispatched_at

    async def wait_for(
        self, holds: Callable[[Interaction], object], timeout: float = 20.0, what: str = ""
    ) -> Interaction:
        """Return once `holds(self)` is true; TimeoutError otherwise."""
        what = (
            what or f"the awaited state of interaction {self.payload.get('data', {}).get('name', self.id)!r}"
        )
        await self.world.changes.wait_for(lambda: holds(self), timeout, what)
        return self

    async def wait_for_response(self, timeout: float = 20.0) -> Interaction:
        return await self.wait_for(lambda ix: ix.first_response, timeout, "the first answer")

    async def wait_for_answer(self, timeout: float = 20.0) -> Message:
        """The original message, once it is not "thinking…" any more, or the pressed one, once updated."""
        await self.wait_for(Interaction._is_final, timeout, "the final answer")
        assert self.original is not None
        return self.original

    def _is_final(self) -> bool:
        if self.original is None or self.original.loading:
            return False
        return self.original is not self.source or len(self.original.edits) > self.source_edits

    def _data_of(self, type: Callback) -> dict[str, Any] | None:
        first = self.first_response
        return first.data if first is not None and first.type == type else None
