"""What is to be collected: a tool, what it collects from, how many results, and its filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.core.chat.moments import zone_for
from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.lists import as_list, is_plain
from bot.core.text.quoting import written
from bot.core.x.extraction_filters import LONGEST_VALUE, ExtractionFilter, FilterKind
from bot.core.x.extraction_requests import ExtractionOptionError, extraction_request, takes
from bot.core.x.extraction_tools import MOST_RESULTS, TOOLS, ExtractionTool, TargetKind, tool_called
from bot.features.services import CommandCall
from bot.features.shared.zones import chosen_zones

TOOL_CHOICES: Final[Mapping[str, str]] = {tool.words: tool.word for tool in TOOLS}
EXAMPLE: Final = "extract run followers target:@cafe_luna limit:100"
MOST_FILTERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectArgs:
    """What, from what, how many, and what alone."""

    tool: Annotated[str, Option("What to collect", main=True, choices=TOOL_CHOICES, typed=True)]
    target: Annotated[
        str,
        Option(
            "From what: an account, tweet, list, community, Space, or a search",
            max_length=200,
            suggest="extraction_targets",
        ),
    ]
    query: Annotated[
        str,
        Option("What community-search looks for", max_length=LONGEST_VALUE),
    ] = ""
    limit: Annotated[int | None, Option("At most this many results", ge=1, le=MOST_RESULTS)] = None
    filters: Annotated[
        tuple[str, ...],
        Option(
            "Conditions of the tool, like min_followers=1000",
            le=MOST_FILTERS,
            suggest="extraction_filters",
            pairs=True,
        ),
    ] = ()


async def zone_of(call: CommandCall) -> str:
    """By whose clock times are read that name no zone: that of who types them, else the place's."""
    return zone_for(await chosen_zones(call), call.invocation.zone)[0]


async def unasked(_call: CommandCall, args: CollectArgs) -> Mapping[str, str]:
    """What the tool needs besides its target and was not given: a form asks for it."""
    tool = tool_called(args.tool)
    if args.query or not tool.needs:
        return {}
    given = {one.partition("=")[0].partition(":")[0].strip().casefold() for one in args.filters}
    return {name: "" for name in tool.needs if name not in given}


def request_of(args: CollectArgs, zone: str) -> dict[str, Any]:
    """The request for Xquik. UsageError names the option, the tool and what it does take. zone: of times
    that name none."""
    tool = tool_called(args.tool)
    try:
        return extraction_request(tool, args.target, args.limit, args.filters, query=args.query, zone=zone)
    except ExtractionOptionError as error:
        raise UsageError(
            of_option(error.option, error), option=error.option, example=example_of(tool, error)
        ) from None


def values_of(args: CollectArgs, filters: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The same options as they are typed. filters: others in place of its own."""
    given = list(args.filters if filters is None else filters)
    values = {"tool": [args.tool], "target": [args.target]}
    if args.query:
        values["query"] = [args.query]
    if args.limit is not None:
        values["limit"] = [str(args.limit)]
    return {**values, "filters": [as_list(given)]} if given else values


# --- examples and help -----------------------------------------------------------------------

_TARGETS: Final[Mapping[TargetKind, str]] = {
    TargetKind.ACCOUNT: "@cafe_luna",
    TargetKind.TWEET: "https://x.com/xquik/status/1893456789012345678",
    TargetKind.LIST: "https://x.com/i/lists/1650000000000000001",
    TargetKind.COMMUNITY: "https://x.com/i/communities/1490000000000000001",
    TargetKind.SPACE: "https://x.com/i/spaces/1OdKrXWaPVPGX",
    TargetKind.SEARCH: "launch",
}
_VALUES: Final[Mapping[FilterKind, str]] = {
    FilterKind.NUMBER: "100",
    FilterKind.FLAG: "yes",
    FilterKind.TEXT: "coffee",
    FilterKind.DAY: "2026-03-31",
    FilterKind.MOMENT: "2026-03-31T18:00",
    FilterKind.ACCOUNT: "nasa",
    FilterKind.TWEET: "1893456789012345678",
    FilterKind.LIST: "1650000000000000001",
    FilterKind.LANGUAGE: "en",
}


def sample_of(one: ExtractionFilter) -> str:
    """A filter with a value that it takes, as it is typed."""
    pair = f"{one.name}={one.sample or next(iter(one.choices), '') or _VALUES[one.kind]}"
    return pair if is_plain(pair) else written(pair)


def example_of(tool: ExtractionTool, error: ExtractionOptionError | None = None) -> str:
    """A line of the same tool that can be typed. error: what was wrong, so that its filter is in it."""
    line = f"extract estimate {tool.word} target:{_TARGETS[tool.target]}"  # no message: a command
    if tool.needs:
        line += " query:launch"  # no message: as it is typed
    if error is None or error.option != "filters":
        return line
    one = error.about or next((one for one in tool.filters if one.name not in tool.needs), None)
    return line if one is None else f"{line} filters:{sample_of(one)}"  # no message: as it is typed


def _same_filters() -> Mapping[tuple[str, ...], list[ExtractionTool]]:
    found: dict[tuple[str, ...], list[ExtractionTool]] = {}
    for tool in TOOLS:
        found.setdefault(tuple(tool.by_name), []).append(tool)
    return found


def _taken(tools: Sequence[ExtractionTool]) -> Message:
    if len(tools) == 1:
        return takes(tools[0])
    words = Joined(tuple(tool.word for tool in tools), JoinedBy.COMMA)
    if not tools[0].filters:
        return msg("`{tools}` take no filters", tools=words)
    named = Joined(tuple(tools[0].by_name), JoinedBy.COMMA)
    return msg("`{tools}` take: `{filters}`", tools=words, filters=named)


FILTERS_TAKEN: Final = tuple(msg("{takes}.", takes=_taken(tools)) for tools in _same_filters().values())
"""Which tools take which filters, for help."""
