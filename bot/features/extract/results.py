"""`extract show|export`, and the buttons of an outcome: what was collected, page by page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

import msgspec

from bot.cards.extractions import results_line
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import OpenedList, Reply
from bot.core.chat.cards import Block, Button, Card, Choice, File, Form, Input, InputKind, Text, Tone, line
from bot.core.commands.declaring import Action
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows
from bot.core.commands.local_numbers import written
from bot.core.errors import Rejected
from bot.core.messages.message import Message, msg, pmsg
from bot.core.x.extraction_tools import RowKind, tool_of
from bot.features.extract.jobs import (
    EXPORT_ACTION,
    SHOW_ACTION,
    ExtractionOption,
    OverOption,
    asked_of,
    job_meant,
    permit,
)
from bot.features.services import CommandCall
from bot.features.shared.exports import ExportFormat, FormatOption, fitting
from bot.features.shared.numbers import hinting, number_of
from bot.features.shared.people_rows import people_table
from bot.features.shared.post_rows import post_blocks
from bot.storage.places.local_numbers import Numbered
from bot.xquik.models import ExtractionJob, ExtractionRow, moment
from bot.xquik.resources.extractions import MOST_ROWS

FORMATS: Final[tuple[str, ...]] = get_args(ExportFormat)
_PAGE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionArgs:
    """Which extraction."""

    extraction: ExtractionOption


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionExportArgs:
    """Which extraction, and as what."""

    extraction: OverOption
    format: FormatOption = "csv"


class CollectedRow(msgspec.Struct, frozen=True):
    """A result, and the job that it is of."""

    job: ExtractionJob
    row: ExtractionRow


async def results(call: CommandCall, args: ExtractionArgs, cursor: str, size: int) -> PageRows[CollectedRow]:
    """A page of them, for those who see the team's inside and who had it run."""
    job = await job_meant(call, args.extraction)
    await permit(call, job, SHOW.command)
    xquik = await call.xquik()
    async with hinting(call, Numbered.EXTRACTION, args.extraction, job):
        found = await xquik.extractions.show(job, cursor=cursor or None, rows=size)
    rows = tuple(CollectedRow(found.job, row) for row in found.page.items)
    return PageRows(rows, found.page.next_cursor or "", total=found.job.total_results)


async def draw(_call: CommandCall, _args: ExtractionArgs, rows: PageRows[CollectedRow]) -> tuple[Block, ...]:
    """People as a table, tweets one below the other."""
    return result_blocks(rows.items[0].job, [one.row for one in rows.items])


def result_blocks(job: ExtractionJob, rows: list[ExtractionRow]) -> tuple[Block, ...]:
    """The results of a tool, of which there is one at least."""
    tool = tool_of(job.tool_type)
    tweets = [row.tweet for row in rows]
    if tool is not None and tool.rows is RowKind.PEOPLE:
        tweets = []
    blocks = [block for tweet in tweets if tweet is not None for block in post_blocks(tweet)]
    people = [row.person for row in rows] if not blocks else []
    return (*blocks, *([people_table(people)] if people else []))


async def framed(call: CommandCall, _args: ExtractionArgs, rows: PageRows[CollectedRow]) -> PageFrame:
    """What they are of, and the button that exports all of them."""
    if not rows.items:
        return PageFrame()
    job = rows.items[0].job
    asked = await asked_of(call, (job.id,))
    number = await number_of(call, Numbered.EXTRACTION, job.id)
    title = msg("Results of extraction {job}", job=job.id if number is None else written(number))
    above = Text(results_line(job, asked.get(job.id)), subtle=True)
    return PageFrame(title=title, above=(above,), buttons=(export_button(job),))


def export_button(job: ExtractionJob) -> Button:
    """Asks for the kind of file."""
    return Button(msg("Export"), ActionRef(EXPORT_ACTION, job.id))


RESULTS: Final = Listing(
    title=lambda args: msg("Results of extraction {job}", job=args.extraction),
    fetch=results,
    identity=lambda one: one.row.id or one.row.tweet_id or one.row.x_user_id,
    draw=draw,
    empty=lambda args: line(
        msg("Nothing is collected yet, or nothing was: `extract status {job}` says why.", job=args.extraction)
    ),
    frame=framed,
    size=_PAGE,
    columns=(
        Column("user_id", lambda one: one.row.x_user_id),
        Column("username", lambda one: one.row.x_username),
        Column("name", lambda one: one.row.x_display_name),
        Column("followers", lambda one: one.row.x_followers_count),
        Column("verified", lambda one: one.row.x_verified),
        Column("tweet_id", lambda one: one.row.tweet_id),
        Column("tweet_url", lambda one: None if one.row.tweet is None else one.row.tweet.url),
        Column("text", lambda one: one.row.tweet_text),
        Column("created_at", lambda one: moment(one.row.tweet_created_at)),
        Column("likes", lambda one: one.row.like_count),
        Column("reposts", lambda one: one.row.retweet_count),
        Column("replies", lambda one: one.row.reply_count),
        Column("quotes", lambda one: one.row.quote_count),
        Column("views", lambda one: one.row.view_count),
        Column("bookmarks", lambda one: one.row.bookmark_count),
    ),
    file_size=MOST_ROWS,
)


async def export(call: CommandCall, args: ExtractionExportArgs) -> Reply:
    """All results as a file, for those who see the team's inside and who had it run."""
    job = await job_meant(call, args.extraction)
    await permit(call, job, EXPORT.command)
    async with hinting(call, Numbered.EXTRACTION, args.extraction, job):
        return await _file(call, job, args.format)


async def _file(call: CommandCall, job_id: str, format: str) -> Reply:
    xquik = await call.xquik()
    job = (await xquik.extractions.show(job_id, rows=1)).job
    number = await number_of(call, Numbered.EXTRACTION, job.id)
    called = job.id if number is None else written(number)
    if job.active:
        raise Rejected(
            msg("Extraction {job} is still under way, and is exported once it is over.", job=called),
            remedy=msg("`extract status {job}` shows how far it is.", job=called),
        )
    with fitting(_instead(called, format)):
        exported = await xquik.extractions.export(job.id, format)
    name = exported.name if number is None else f"extraction-{number}.{exported.name.rpartition('.')[2]}"
    asked = await asked_of(call, (job.id,))
    contents = Text(results_line(job, asked.get(job.id)), subtle=True)
    card = Card(msg("Extraction {job}", job=called), (contents,), Tone.NEUTRAL)
    return Reply(card, files=(File(name, exported.content_type, exported.content),))


def _instead(called: str, format: str) -> Message:
    """What to do where the file is too large. called: the extraction, as people write it."""
    if format != "xlsx":
        return msg("Take xlsx, which is packed: `extract export {job} format:xlsx`.", job=called)
    return msg(
        "`extract show {job}` has them, and as many in a file as fit. All are in the Xquik dashboard.",
        job=called,
    )


# --- the buttons of an outcome ---------------------------------------------------------------


async def _shown(_call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> OpenedList:
    """The results from the first page on, to the person who pressed."""
    return OpenedList(("extract", "show"), {"extraction": (str(state["key"]),)})


async def _form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form:
    await permit(call, key, EXPORT.command)
    choices = tuple(Choice(one, one) for one in FORMATS)
    hint = msg("The kind of file")
    kind = Input("format", msg("Format"), InputKind.CHOICE, value="csv", hint=hint, choices=choices)
    action, submit = ActionRef(EXPORT_ACTION, key), pmsg("the button", "Export")
    return Form(msg("Export the results"), action, (kind,), submit=submit)


async def _exported(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Reply:
    """The file, to the person who pressed."""
    job, wanted = str(state["key"]), values.get("format", "")
    await permit(call, job, EXPORT.command)
    return await _file(call, job, wanted if wanted in FORMATS else "csv")


SHOW: Final = Action(SHOW_ACTION, _shown, Permission.USE, stored=False, command="extract show")
EXPORT: Final = Action(
    EXPORT_ACTION, _exported, Permission.USE, form=_form, stored=False, command="extract export"
)
