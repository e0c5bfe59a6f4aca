"""What is to be collected: a tool, what it collects from, how many results, and its filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.text.lists import as_list
from bot.core.x.extraction_tools import (
    MOST_RESULTS,
    TOOLS,
    ExtractionOptionError,
    extraction_request,
    tool_called,
)

TOOL_CHOICES: Final[Mapping[str, str]] = {tool.words: tool.word for tool in TOOLS}
EXAMPLES: Final = {
    "limit": "extract run followers target:@cafe_luna limit:100",
    "target": "extract estimate replies target:https://x.com/xquik/status/1893456789012345678",
    "filters": "extract estimate followers target:@nasa filters:min_followers=1000,verified=yes",
}
MOST_FILTERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectArgs:
    """What, from what, how many, and what alone."""

    tool: Annotated[str, Option("What to collect", main=True, choices=TOOL_CHOICES)]
    target: Annotated[
        str,
        Option(
            "From what: an account, tweet, list, community, Space, or a search",
            max_length=200,
            suggest="extraction_targets",
        ),
    ]
    limit: Annotated[int | None, Option("At most this many results", ge=1, le=MOST_RESULTS)] = None
    filters: Annotated[
        tuple[str, ...],
        Option(
            "Conditions of the tool, like min_followers=1000",
            le=MOST_FILTERS,
            suggest="extraction_filters",
        ),
    ] = ()


def request_of(args: CollectArgs) -> dict[str, Any]:
    """The request for Xquik. UsageError names the option, the tool and what it does take."""
    try:
        return extraction_request(tool_called(args.tool), args.target, args.limit, args.filters)
    except ExtractionOptionError as error:
        raise UsageError(
            of_option(error.option, error), option=error.option, example=EXAMPLES[error.option]
        ) from None


def values_of(args: CollectArgs, filters: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The same options as they are typed. filters: others in place of its own."""
    given = list(args.filters if filters is None else filters)
    values = {"tool": [args.tool], "target": [args.target]}
    if args.limit is not None:
        values["limit"] = [str(args.limit)]
    return {**values, "filters": [as_list(given)]} if given else values
