"""Handing a card to Slack, in plainer and plainer form while Slack objects to its blocks.

Slack fetches the pictures of a message itself and answers `invalid_blocks` when it cannot: then they
go as links. A card that still is not taken goes as words alone, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import bare, limits
from adapters.slack import blocks as parts
from adapters.slack.errors import BLOCKS_AT_FAULT, CallRefused, code_of
from adapters.slack.inline import Json
from adapters.slack.plain import fallback
from adapters.slack.render import blocks
from bot.core.chat.cards import Card, File, Shape

T = TypeVar("T")

# Links in cards are drawn already; Slack's own previews would repeat them.
QUIET: Json = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}


def manner(card: Card) -> Json:
    """How a new message is treated: no emphasis is read in it, and only a bare one gets a preview."""
    preview = card.shape is Shape.BARE
    plain = preview and bare.is_plain(bare.elements(card))
    return QUIET | {"unfurl_links": preview, "unfurl_media": preview, "mrkdwn": plain}


def bodies(card: Card, *, parsed: bool = False) -> Iterator[Json]:
    """The card as `text` and `blocks`: in full, without pictures, in words.

    parsed: Slack reads emphasis in `text` here, and cannot be told not to.
    """
    words = fallback(card)
    if card.shape is Shape.BARE:
        made = bare.elements(card)
        words = bare.words(made) or words
        if parsed and not bare.is_plain(made):
            yield {"text": words, "blocks": [parts.rich(parts.section(made))]}
        yield {"text": words, "blocks": []}
        return
    full = blocks(card)
    yield {"text": words, "blocks": full}
    plainer = blocks(card, pictures=False)
    if plainer != full:
        yield {"text": words, "blocks": plainer}
    yield {"text": words, "blocks": []}


async def send(card: Card, call: Callable[[Json], Awaitable[T]], *, parsed: bool = False) -> T:
    """The answer of `call` to the first form of the card that Slack takes; raises what the last met.

    parsed: as for `bodies`.
    """
    refused: Exception | None = None
    for body in bodies(card, parsed=parsed):
        try:
            return await call(body)
        except (SlackApiError, CallRefused) as error:
            if code_of(error) not in BLOCKS_AT_FAULT:
                raise
            refused = error
    assert refused is not None  # noqa: S101 - there is at least one form
    raise refused


async def upload(
    client: AsyncWebClient, channel: str, files: Sequence[File], *, thread: str | None = None
) -> None:
    """Share files in a conversation. channel: its id, never a person's. Raises what Slack answers."""
    shared = [_upload(file) for file in files if file.content]
    if shared:
        await client.files_upload_v2(channel=channel, file_uploads=shared, thread_ts=thread)


def _upload(file: File) -> Json:
    title = file.name[: limits.OPTION_TEXT]
    return {"filename": file.name, "title": title, "file": file.content}


async def direct(client: AsyncWebClient, user: str) -> str:
    """The id of the bot's direct conversation with a person. Raises what Slack answers."""
    if not user:
        # Slack calls a request without anybody malformed, and counts those.
        raise CallRefused("user_not_found")
    opened = await client.conversations_open(users=user)
    return str(opened["channel"]["id"])
