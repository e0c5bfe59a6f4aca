"""Handing a card to Slack, in plainer and plainer form while Slack objects to its blocks.

Tables that Slack does not take go as lists, at once, and further messages to that workspace go so from the
start for a while (`adapters.slack.tables`). Slack fetches the pictures of a message itself and answers
`invalid_blocks` when it cannot: then they go as links. A card that still is not taken goes as words alone, so
that nothing is lost. A refusal for its blocks means that Slack has posted nothing, so nothing is doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import bare, limits
from adapters.slack import blocks as parts
from adapters.slack.errors import BLOCKS_AT_FAULT, FAILED_INSIDE, CallRefused, code_of
from adapters.slack.inline import Json
from adapters.slack.plain import fallback
from adapters.slack.render import blocks
from adapters.slack.tables import WorkspaceTables, about_one_table, rows_in
from bot.core.chat.cards import Card, File, Shape, Table

T = TypeVar("T")
_log = logging.getLogger(__name__)

# Links in cards are drawn already; Slack's own previews would repeat them.
QUIET: Json = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}


def manner(card: Card) -> Json:
    """How a new message is treated: no emphasis is read in it, and only a bare one gets a preview."""
    preview = card.shape is Shape.BARE
    plain = preview and bare.is_plain(bare.elements(card))
    return QUIET | {"unfurl_links": preview, "unfurl_media": preview, "mrkdwn": plain}


def bodies(card: Card, *, parsed: bool = False, tables: bool = True) -> Iterator[Json]:
    """The card as `text` and `blocks`: in full, with lists for tables, without pictures too, in words.

    parsed: Slack reads emphasis in `text` here, and cannot be told not to. tables: False begins with lists.
    """
    words = fallback(card)
    if card.shape is Shape.BARE:
        made = bare.elements(card)
        words = bare.words(made) or words
        if parsed and not bare.is_plain(made):
            yield {"text": words, "blocks": [parts.rich(parts.section(made))]}
        yield {"text": words, "blocks": []}
        return
    if tables and any(isinstance(one, Table) for one in card.blocks):
        drawn = blocks(card, tables=True)
        if rows_in(drawn) is not None:
            yield {"text": words, "blocks": drawn}
    full = blocks(card)
    yield {"text": words, "blocks": full}
    plainer = blocks(card, pictures=False)
    if plainer != full:
        yield {"text": words, "blocks": plainer}
    yield {"text": words, "blocks": []}


async def send(
    card: Card, call: Callable[[Json], Awaitable[T]], tables: WorkspaceTables, *, parsed: bool = False
) -> T:
    """The answer of `call` to the first form of the card that Slack takes; raises what the last met.

    tables: of the workspace it goes to; what is learned of it is kept there. parsed: as for `bodies`.
    """
    refused: Exception | None = None
    without: Exception | None = None  # what a form met of which the next has no tables alone
    for body in bodies(card, parsed=parsed, tables=tables.taken):
        held = rows_in(body["blocks"]) is not None
        try:
            answer = await call(body)
        except (SlackApiError, CallRefused) as error:
            code = code_of(error)
            if held and code in FAILED_INSIDE:
                _learn(tables, error)
            if code not in BLOCKS_AT_FAULT:
                raise
            refused, without = error, error if held else None
        else:
            if without is not None and not about_one_table(without):
                _learn(tables, without)
            return answer
    assert refused is not None  # noqa: S101 - there is at least one form
    raise refused


def _learn(tables: WorkspaceTables, error: Exception) -> None:
    """Once more than one message is known not to get through with its tables."""
    _log.info("Slack took no table: %s; tables go as lists for a while", code_of(error))
    tables.refuse()


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
