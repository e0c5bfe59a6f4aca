"""The requests that answer one interaction: its first answer, and the private message after it.

A first answer whose own answer was lost is sent again; that Discord then calls it a second one
("already acknowledged") means that the first arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import discord

from adapters.discord.errors import ALREADY_ANSWERED, INVALID_BODY
from adapters.discord.interaction import Incoming
from adapters.discord.kinds import EPHEMERAL, Callback, Component
from adapters.discord.plain import plain_components
from adapters.discord.render import COMPONENTS_V2, Rendered, as_json
from adapters.discord.rest import Rest
from bot.core.chat.cards import Card, File

_CALLBACK: Final = "/interactions/{webhook_id}/{webhook_token}/callback"
_HOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL: Final = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
_FOLLOW_UP: Final = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"


class InteractionAnswers:
    """The operations of one interaction, each one request. Raises what `Rest` raises."""

    def __init__(self, rest: Rest, incoming: Incoming) -> None:
        self._rest = rest
        self._incoming = incoming

    async def open_modal(self, data: dict[str, Any]) -> None:
        """First answer: a form."""
        await self._first(Callback.MODAL, data)

    async def defer(self) -> None:
        """First answer: "thinking…", seen by the person alone."""
        await self._first(Callback.DEFERRED_MESSAGE, {"flags": EPHEMERAL})

    async def defer_update(self) -> None:
        """First answer to a press: the message may change later."""
        await self._first(Callback.DEFERRED_UPDATE, None)

    async def choices(self, choices: list[dict[str, str]]) -> None:
        """First answer to an autocomplete."""
        await self._first(Callback.CHOICES, {"choices": choices})

    async def message(self, card: Card, rendered: Rendered) -> None:
        """First answer: a private message."""

        async def send(components: list[Component], files: Sequence[File]) -> None:
            await self._first(Callback.MESSAGE, _private(components, files), files)

        await _or_plain(card, rendered, send)

    async def edit_original(self, card: Card, rendered: Rendered) -> None:
        """Put a card in place of "thinking…", or of the pressed message."""

        async def send(components: list[Component], files: Sequence[File]) -> None:
            await self._hook("PATCH", _ORIGINAL, json=as_json(components, files), files=files)

        await _or_plain(card, rendered, send)

    async def delete_original(self) -> None:
        """Take "thinking…" away."""
        await self._hook("DELETE", _ORIGINAL)

    async def follow_up(self, card: Card, rendered: Rendered) -> int:
        """A further private message; returns its id."""
        made: list[int] = []

        async def send(components: list[Component], files: Sequence[File]) -> None:
            found = await self._rest.once(
                "POST",
                _HOOK,
                json=_private(components, files),
                files=files,
                webhook_id=self._incoming.application_id,
                webhook_token=self._incoming.token,
            )
            made.append(int(found["id"]))

        await _or_plain(card, rendered, send)
        return made[-1]

    async def edit_follow_up(self, message: int, card: Card, rendered: Rendered) -> None:
        """Put a card in place of a follow-up."""

        async def send(components: list[Component], files: Sequence[File]) -> None:
            body = as_json(components, files)
            await self._hook("PATCH", _FOLLOW_UP, json=body, files=files, message_id=message)

        await _or_plain(card, rendered, send)

    async def delete_follow_up(self, message: int) -> None:
        """Take a follow-up away."""
        await self._hook("DELETE", _FOLLOW_UP, message_id=message)

    async def _first(self, kind: Callback, data: dict[str, Any] | None, files: Sequence[File] = ()) -> None:
        body: dict[str, Any] = {"type": int(kind)}
        if data is not None:
            body["data"] = data
        try:
            await self._rest.surely(
                "POST",
                _CALLBACK,
                json=body,
                files=files,
                webhook_id=self._incoming.id,
                webhook_token=self._incoming.token,
            )
        except discord.HTTPException as error:
            if error.code != ALREADY_ANSWERED:
                raise

    async def _hook(self, method: str, path: str, **arguments: Any) -> Any:
        return await self._rest.surely(
            method,
            path,
            webhook_id=self._incoming.application_id,
            webhook_token=self._incoming.token,
            **arguments,
        )


def _private(components: list[Component], files: Sequence[File]) -> dict[str, Any]:
    return as_json(components, files) | {"flags": COMPONENTS_V2 | EPHEMERAL}


async def _or_plain(card: Card, rendered: Rendered, send: Any) -> None:
    """Send the card; where Discord refuses how it is made, its words alone."""
    try:
        await send(rendered.components, rendered.files)
    except discord.HTTPException as error:
        if error.code != INVALID_BODY:
            raise
        await send(plain_components(card), ())
