"""The JSON of the messages that the bot posts and edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from adapters.discord.bare import bare
from adapters.discord.pings import allowed
from adapters.discord.plain import plain_components
from adapters.discord.render import as_json, render
from bot.core.chat.cards import Card, File, Shape


class MessageBody(msgspec.Struct, frozen=True):
    """json: of the message; files: what is uploaded with it."""

    json: dict[str, Any]
    files: tuple[File, ...] = ()


def new_bodies(card: Card, files: Sequence[File], key: str) -> Iterator[MessageBody]:
    """A new message, and what to post where Discord refuses how that one is made: its words alone.

    The card's pings are ids of roles of the server (`pings.pinging`); they are notified.
    """
    mentions = {"allowed_mentions": allowed(card.pings)}
    if card.shape is Shape.BARE:
        made = bare(card, files, mark=key)
        yield MessageBody(_bare_json(made.content, made.components, made.files) | mentions, made.files)
    else:
        rendered = render(card, files, mark=key)
        yield MessageBody(as_json(rendered.components, rendered.files) | mentions, rendered.files)
    yield MessageBody(as_json(plain_components(card, mark=key)) | mentions)


def edited_bodies(card: Card) -> Iterator[MessageBody]:
    """What takes the place of a message, likewise, with its files. An edit notifies nobody, not even again.

    A message that became one of Components V2 stays one: Discord then refuses the first of these for
    a bare card, and takes the second.
    """
    if card.shape is Shape.BARE:
        made = bare(card)
        yield MessageBody(_bare_json(made.content, made.components, ()))
    else:
        rendered = render(card)
        yield MessageBody(_replacing(as_json(rendered.components, rendered.files)), rendered.files)
    yield MessageBody(_replacing(as_json(plain_components(card))))


def _bare_json(content: str, components: Sequence[Any], files: Sequence[File]) -> dict[str, Any]:
    return {
        "content": content,
        "components": list(components),
        "attachments": [{"id": index, "filename": file.name} for index, file in enumerate(files)],
        "allowed_mentions": allowed(),
    }


def _replacing(body: dict[str, Any]) -> dict[str, Any]:
    """Without what a message of the ordinary kind had: it cannot stay beside components."""
    return body | {"content": None, "embeds": None}
