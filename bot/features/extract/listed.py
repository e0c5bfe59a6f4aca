"""`extract list`: extractions, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.extractions import ENDED_EARLY, STATUSES, ended_early, jobs_blocks, tool_words
from bot.cards.figures import epoch
from bot.core.chat.cards import Block, Line, Text, Timestamp, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows
from bot.core.messages.message import msg, nmsg
from bot.core.x.extraction_tools import tool_called
from bot.features.extract.args import TOOL_CHOICES
from bot.features.extract.jobs import asked_of
from bot.features.services import CommandCall
from bot.features.shared.numbers import numbers_of
from bot.storage.places.local_numbers import Numbered
from bot.xquik.models import ExtractionJob, moment

_EARLY: Final = "early"
_MOST_PAGES: Final = 10
"""Pages that are looked through for those that ended early: Xquik does not tell them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobListArgs:
    """Which; all where nothing is said."""

    status: Annotated[
        str | None,
        Option(
            "Only those in this state",
            choices={**{words: status for status, words in STATUSES.items()}, ENDED_EARLY: _EARLY},
        ),
    ] = None
    tool: Annotated[str | None, Option("Only those that collect this", choices=TOOL_CHOICES, typed=True)] = (
        None
    )


async def jobs(call: CommandCall, args: JobListArgs, cursor: str, size: int) -> PageRows[ExtractionJob]:
    """A page of them."""
    xquik = await call.xquik()
    tool = None if args.tool is None else tool_called(args.tool).name
    if args.status != _EARLY:
        page = await xquik.extractions.list(cursor=cursor or None, rows=size, status=args.status, tool=tool)
        return PageRows(page.items, page.next_cursor or "")
    found: tuple[ExtractionJob, ...] = ()
    looked: list[ExtractionJob] = []
    for _ in range(_MOST_PAGES):
        page = await xquik.extractions.list(cursor=cursor or None, rows=size, status="completed", tool=tool)
        found, cursor = tuple(job for job in page.items if ended_early(job)), page.next_cursor or ""
        looked += page.items
        if found or not cursor:
            break
    return PageRows(found, cursor, note=_looked(looked, further=bool(cursor)))


def _looked(jobs: Sequence[ExtractionJob], *, further: bool) -> Line:
    """How far a page looked for those that ended early. further: there are older ones."""
    oldest = epoch(jobs[-1].created_at) if jobs else None
    if not further or oldest is None:
        return ()
    said = nmsg(
        "{n} extraction was looked through for this page, back to {when}; Next looks at older ones.",
        "{n} extractions were looked through for this page, back to {when}; Next looks at older ones.",
        n=len(jobs),
        when=Timestamp(oldest),
    )
    return line(said)


async def draw(call: CommandCall, _args: JobListArgs, rows: PageRows[ExtractionJob]) -> tuple[Block, ...]:
    """A table of them, with what was asked for where that was here, and how one is opened."""
    numbers = await numbers_of(call, Numbered.EXTRACTION, (job.id for job in reversed(rows.items)))
    return jobs_blocks(rows.items, await asked_of(call, [job.id for job in rows.items]), numbers)


async def framed(_call: CommandCall, args: JobListArgs, rows: PageRows[ExtractionJob]) -> PageFrame:
    """What is said where none was found as far as it was looked."""
    if args.status != _EARLY or rows.items or not rows.after:
        return PageFrame()
    none = Text(line(msg("None of these ended early.")))
    return PageFrame(below=(none, Text(rows.note)) if rows.note else (none,))


JOBS: Final = Listing(
    title=lambda _args: msg("Extractions"),
    fetch=jobs,
    identity=lambda job: job.id,
    draw=draw,
    empty=lambda args: line(
        msg("No extraction is like that. `extract list` shows all.")
        if args.status or args.tool
        else msg("No extractions yet. `extract estimate` says what one would cost, `extract run` begins it.")
    ),
    frame=framed,
    size=15,
    columns=(
        Column("id", lambda job: job.id),
        Column("tool", lambda job: job.tool_type),
        Column("collects", lambda job: str(tool_words(job.tool_type))),
        Column("status", lambda job: job.status),
        Column("results", lambda job: job.total_results),
        Column("limit", lambda job: job.results_limit),
        Column("ended_because", lambda job: job.completion_reason),
        Column("created_at", lambda job: moment(job.created_at)),
        Column("completed_at", lambda job: moment(job.completed_at)),
    ),
)
