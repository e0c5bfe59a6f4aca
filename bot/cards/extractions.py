"""Extractions: what one would cost, how one stands, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bot.cards.figures import count, credits_, joined, when
from bot.cards.numbers import NO_NUMBERS, numbered
from bot.cards.people import people
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Inline,
    Line,
    Link,
    Priority,
    Progress,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.commands.local_numbers import written
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.invisible import marked
from bot.core.text.shortening import printable, shorten
from bot.core.x.extraction_tools import TargetKind, tool_of
from bot.core.x.gatherings import CommunityRef, ListRef, SpaceRef
from bot.xquik.models import ExtractionEstimate, ExtractionJob

STATUSES: Final = {
    "pending": msg("waiting"),
    "running": msg("collecting"),
    "completed": msg("done"),
    "failed": msg("failed"),
    "canceled": msg("cancelled"),
}
"""How a job stands, in words."""
ENDED_EARLY: Final = msg("ended early")
"""Of one that is over, with a part of what was asked for."""
_REASONS: Final = {
    "source_exhausted": msg("Everything there is was collected."),
    "requested_limit_reached": msg("As many as were asked for were collected. There may be more."),
    "budget_limited": msg("It ended early: the credits were used up."),
    "deadline_reached": msg("It ended early: it took too long."),
    "pagination_safety_limit": msg("It ended early at a bound of Xquik's. There may be more."),
    "partial_failure": msg("A part could not be collected, as of protected accounts."),
    "canceled": msg("It was cancelled. Nothing was charged, and no result was kept."),
    "failed": msg("Xquik could not go on."),
}
_EARLY: Final = frozenset(
    {"budget_limited", "deadline_reached", "pagination_safety_limit", "partial_failure"}
)
_SOURCES: Final = {
    "followers": msg("the followers that X counts"),
    "following": msg("the accounts that X counts"),
    "likeCount": msg("the likes that X counts"),
    "quoteCount": msg("the quotes that X counts"),
    "replyCount": msg("the replies that X counts"),
    "retweetCount": msg("the reposts that X counts"),
    "resultsLimit": msg("the limit that was asked for"),
    "paginationCap": msg("as many as Xquik reads at the most"),
}
_LIMIT: Final = msg("Limit")
_LONG: Final = 200
_NAME: Final = 60


class AskedExtraction(msgspec.Struct, frozen=True):
    """What was asked for here, and by whom. request: as it was sent."""

    request: Mapping[str, Any]
    requester: str = ""
    confirmer: str = ""
    requester_id: str = ""


def ended_early(job: ExtractionJob) -> bool:
    """Whether it is over with a part of what was asked for."""
    return job.status == "completed" and job.completion_reason in _EARLY


def tool_words(name: str) -> str:
    """What a tool of Xquik's collects, in words."""
    tool = tool_of(name)
    return shorten(printable(name), _NAME) if tool is None else tool.words


def target_line(request: Mapping[str, Any], *, whole: bool = False) -> Line:
    """What is collected from, with its link; a dash where it is not known. whole: a long search too."""
    tool = tool_of(str(request.get("toolType", "")))
    value = "" if tool is None else str(request.get(tool.target.value) or "")
    if tool is None or not value:
        return ("–",)
    if whole and tool.target is TargetKind.SEARCH:
        return (marked(value),)
    return (_TARGETS[tool.target](value),)


_TARGETS: Final[Mapping[TargetKind, Callable[[str], Inline]]] = {
    TargetKind.ACCOUNT: lambda name: Link(f"@{name}", f"https://x.com/{name}"),
    TargetKind.TWEET: lambda identity: Link(identity, f"https://x.com/i/status/{identity}"),
    TargetKind.LIST: lambda identity: Link(identity, ListRef(identity).url),
    TargetKind.COMMUNITY: lambda identity: Link(identity, CommunityRef(identity).url),
    TargetKind.SPACE: lambda identity: Link(identity, SpaceRef(identity).url),
    TargetKind.SEARCH: lambda query: shorten(printable(query), _LONG),
}


def filters_given(request: Mapping[str, Any]) -> tuple[str, ...]:
    """The filters of a request, as people write them."""
    tool = tool_of(str(request.get("toolType", "")))
    if tool is None:
        return ()
    return tuple(f"{one.name}={one.written(request[one.key])}" for one in tool.filters if one.key in request)


def estimate_card(
    request: Mapping[str, Any],
    estimate: ExtractionEstimate,
    buttons: tuple[Button, ...] = (),
    *,
    balance: bool,
    counted: int = 0,
) -> Card:
    """What it would cost. balance: whether the reader may learn what is left; counted: how many results X
    counts, where that is more than one extraction collects."""
    price = Field(msg("Cost"), (_price(request, estimate, counted),), short=False)
    fields = [*_asked_fields(request), price]
    blocks: list[Block] = []
    if balance:
        left = credits_(estimate.credits_available)
        enough = estimate.allowed
        fields.append(
            Field(msg("Balance"), (left if enough else msg("{left}, not enough for all of it", left=left),))
        )
    blocks.append(Fields(tuple(fields), Priority.ESSENTIAL))
    blocks.extend(_kept_back(request))
    blocks.append(Text(line(msg("Nothing was begun or charged.")), subtle=True))
    return Card(msg("What this extraction would cost"), tuple(blocks), Tone.INFO, buttons)


def nothing_card(request: Mapping[str, Any], buttons: tuple[Button, ...] = ()) -> Card:
    """That there is nothing to collect, so nothing is asked about."""
    asked = tuple(field for field in _asked_fields(request) if field.name != _LIMIT)
    blocks = (
        Fields(asked, Priority.ESSENTIAL),
        Text(line(msg("Xquik finds no result for this. Nothing was begun or charged."))),
        *_kept_back(request),
    )
    return Card(msg("There is nothing to collect"), blocks, Tone.NEUTRAL, buttons)


def extraction_preview(request: Mapping[str, Any], estimate: ExtractionEstimate, *, counted: int = 0) -> Card:
    """What will be collected when a person confirms. counted: as of `estimate_card`. It stands in a
    channel, which learns nothing of the balance: whether the credits go far enough is told to who
    confirms, when they do."""
    price = Field(msg("Estimated cost"), (_price(request, estimate, counted),), short=False)
    blocks: list[Block] = [Fields((*_asked_fields(request, whole=True), price), Priority.ESSENTIAL)]
    if not estimate.estimated_results:
        unsaid = msg("Xquik cannot say how many results there are.")
        blocks.append(Text(line(unsaid), priority=Priority.ESSENTIAL))
    blocks.extend(_kept_back(request))
    return Card(msg("Run this extraction?"), tuple(blocks), Tone.INFO)


def cancel_preview(job: ExtractionJob, asked: AskedExtraction | None, number: int | None) -> Card:
    """Which extraction will be cancelled when a person confirms."""
    lost = msg("What it has collected so far is lost, and not charged.")
    blocks = (
        Fields(_job_fields(job, asked), Priority.ESSENTIAL),
        Text(line(lost), priority=Priority.ESSENTIAL),
    )
    return Card(msg("Cancel extraction {job}?", job=_called(job, number)), blocks, Tone.WARNING)


def running_card(
    number: int,
    job: ExtractionJob | None,
    request: Mapping[str, Any],
    who: str,
    buttons: tuple[Button, ...],
) -> Card:
    """How far it is. job: None before Xquik said so for the first time. who: asked and confirmed it."""
    done = 0 if job is None else job.total_results
    limit = request.get("resultsLimit")
    blocks: list[Block] = [Fields(_asked_fields(request))]
    if isinstance(limit, int) and limit > 0:
        label = nmsg("{n} result so far", "{n} results so far", n=done)
        blocks.append(Progress(min(done, limit), limit, label))
    else:
        blocks.append(Text(line(nmsg("{n} result so far.", "{n} results so far.", n=done))))
    follows = msg("This message changes when it is done.")
    blocks.append(Text((who, " ", follows), subtle=True, priority=Priority.ESSENTIAL))
    return Card(_under_way(written(number)), tuple(blocks), Tone.INFO, buttons)


def job_card(
    job: ExtractionJob,
    asked: AskedExtraction | None,
    buttons: tuple[Button, ...] = (),
    *,
    number: int | None = None,
) -> Card:
    """How a job stands, or how it ended."""
    blocks: list[Block] = [Fields(_job_fields(job, asked))]
    if not job.active and (why := _REASONS.get(job.completion_reason or job.status)):
        blocks.append(Text(line(why), priority=Priority.ESSENTIAL))
    if job.error_message and job.status == "failed":
        code = shorten(printable(job.error_message), _NAME)
        blocks.append(Text(line(msg("Xquik's code for it: {code}", code=code)), subtle=True))
    if not job.active and job.status != "canceled":
        blocks.append(Text(line(_charged(job)), subtle=True))
    if asked is not None and asked.requester:
        blocks.append(Text(line(people(asked.requester, asked.confirmer or asked.requester)), subtle=True))
    return Card(_title(job, number), tuple(blocks), _tone(job), buttons)


def jobs_blocks(
    jobs: Sequence[ExtractionJob],
    asked: Mapping[str, AskedExtraction],
    numbers: Mapping[str, int] = NO_NUMBERS,
) -> tuple[Block, ...]:
    """A row each, of which there is one at least, and how one is opened."""
    rows = tuple(
        (
            (numbered(job.id, numbers),),
            (tool_words(job.tool_type),),
            target_line(asked[job.id].request) if job.id in asked else ("–",),
            (_status(job),),
            (count(job.total_results),),
            when(job.created_at),
        )
        for job in jobs
    )
    columns = (msg("Extraction"), msg("What"), msg("From"), msg("State"), msg("Results"), msg("When"))
    opens = msg("`extract show {job}` shows what one collected.", job=numbered(jobs[0].id, numbers))
    return Table(columns, rows), Text(line(opens), subtle=True)


def job_words(job: ExtractionJob) -> str:
    """A job in a few words on one line."""
    results = nmsg("{n} result", "{n} results", n=job.total_results)
    shown = results if job.status == "completed" else _status(job)
    return msg("{tool} · {standing}", tool=tool_words(job.tool_type), standing=shown)


def results_line(job: ExtractionJob, asked: AskedExtraction | None) -> Line:
    """What results are of, above them."""
    target: tuple[Inline, ...] = target_line(asked.request) if asked is not None else ()
    results = nmsg("{n} result", "{n} results", n=job.total_results)
    return (*joined(tool_words(job.tool_type), *target, results), " · ", _status(job))


def _asked_fields(request: Mapping[str, Any], *, whole: bool = False) -> tuple[Field, ...]:
    fields = [
        Field(msg("What"), (tool_words(str(request.get("toolType", ""))),)),
        Field(msg("From"), target_line(request, whole=whole)),
    ]
    if given := filters_given(request):
        fields.append(
            Field(msg("Filters"), (msg("{filters}", filters=Joined(given, JoinedBy.COMMA)),), short=False)
        )
    limit = request.get("resultsLimit")
    said = count(limit) if isinstance(limit, int) else msg("none")
    return (*fields, Field(_LIMIT, (said,)))


def _job_fields(job: ExtractionJob, asked: AskedExtraction | None) -> tuple[Field, ...]:
    first = (
        _asked_fields(asked.request)
        if asked is not None
        else ((Field(msg("What"), (tool_words(job.tool_type),)),) if job.tool_type else ())
    )
    begun = Field(msg("Begun"), when(job.created_at))
    return (
        *first,
        Field(msg("State"), (_status(job),)),
        Field(msg("Results"), (count(job.total_results),)),
        begun,
        Field(msg("Id"), (job.id,)),
    )


def _kept_back(request: Mapping[str, Any]) -> tuple[Block, ...]:
    """What X does not show to everybody, before it is paid for."""
    tool = tool_of(str(request.get("toolType", "")))
    if tool is None or tool.hidden is None:
        return ()
    return (Text(line(tool.hidden), priority=Priority.ESSENTIAL),)


def _price(request: Mapping[str, Any], estimate: ExtractionEstimate, counted: int = 0) -> Message:
    """What it costs at most, and where that is from. counted: as of `estimate_card`."""
    tool = tool_of(str(request.get("toolType", "")))
    results = nmsg("{n} result", "{n} results", n=estimate.estimated_results)
    price = 1 if tool is None else tool.price
    known: Message | None = _SOURCES.get(estimate.source)
    if counted > estimate.estimated_results:
        known = msg("the most that one extraction collects; X counts {n}", n=count(counted))
    limit = request.get("resultsLimit")
    most = limit * price if isinstance(limit, int) else 0
    if known is None or most > estimate.credits_required:
        # There may be more by the time it runs, up to the limit.
        return msg(
            "up to {credits}: {price} for each result, about {results}",
            credits=credits_(max(most, estimate.credits_required)),
            price=price,
            results=results,
        )
    return msg(
        "up to {credits}: {price} for each result, at most {results} ({source})",
        credits=credits_(estimate.credits_required),
        price=price,
        results=results,
        source=known,
    )


def _charged(job: ExtractionJob) -> Message:
    """Xquik's answer does not say what it charged; results are what is paid for."""
    tool = tool_of(job.tool_type)
    cost = job.total_results * (1 if tool is None else tool.price)
    return msg("Charged: about {credits} (estimated from the results).", credits=credits_(cost))


def _status(job: ExtractionJob) -> str:
    if ended_early(job):
        return ENDED_EARLY
    return STATUSES.get(job.status) or shorten(printable(job.status), _NAME)


def _called(job: ExtractionJob, number: int | None) -> str:
    return job.id if number is None else written(number)


def _under_way(called: str) -> Message:
    return msg("Extraction {job} is under way", job=called)


def _title(job: ExtractionJob, number: int | None) -> Message:
    called = _called(job, number)
    if job.active:
        return _under_way(called)
    if job.status == "failed":
        return msg("Extraction {job} failed", job=called)
    if job.status == "canceled":
        return msg("Extraction {job} was cancelled", job=called)
    if job.completion_reason in _EARLY:
        return msg("Extraction {job} ended early", job=called)
    return msg("Extraction {job} is done", job=called)


def _tone(job: ExtractionJob) -> Tone:
    if job.active:
        return Tone.INFO
    if job.status == "failed":
        return Tone.DANGER
    if job.status == "canceled":
        return Tone.NEUTRAL
    return Tone.WARNING if job.completion_reason in _EARLY or not job.total_results else Tone.SUCCESS
