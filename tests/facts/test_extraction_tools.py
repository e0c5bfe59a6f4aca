"""The tools of extractions, their targets and filters are those of the vendor's SDK: a new one fails here."""

from __future__ import annotations

import re
import typing
from typing import Any

import pytest
from x_twitter_scraper.types.extraction_run_params import ExtractionRunParams

from bot.core.x.extraction_filters import ExtractionFilter, FilterKind
from bot.core.x.extraction_tools import TOOLS, ExtractionTool, RowKind, TargetKind
from bot.sandbox.extracting import TOOLS as SIMULATED
from tests.facts import table

HINTS = typing.get_type_hints(ExtractionRunParams, include_extras=True)
NO_BODY = {"dry_run", "Idempotency-Key"}
NOT_OFFERED: dict[str, str] = {
    **dict.fromkeys(
        (
            *("targetTweetIds", "targetUsernames", "targetListIds", "targetCommunityIds", "searchQueries"),
            *("targets", "relationTargets", "maxItemsPerTarget", "dedupeAcrossTargets", "dedupeMode"),
            *("overlapMode", "includeSearchTerms", "includeTargetMetadata"),
        ),
        "for several targets in one job; here each is a job of its own",
    ),
    **dict.fromkeys(
        ("source", "excludeSource", "geocode", "news", "within"),
        "X does not search for it any more",
    ),
    "startCursor": "no answer of an extraction holds one",
}
"""Fields of a request that are no filters here, and why."""


def _wire() -> dict[str, Any]:
    """What a request may hold, by its name on the wire."""
    found = {}
    for name, hint in HINTS.items():
        alias = re.search(r"alias='([\w-]+)'", repr(hint))
        found[alias[1] if alias else name] = hint
    return found


FIELDS = _wire()
FILTERS = [(tool, one) for tool in TOOLS for one in tool.filters]


def _literals(hint: Any) -> set[str]:
    """The values of the first enumeration in a type."""
    if typing.get_origin(hint) is typing.Literal:
        return set(typing.get_args(hint))
    for inner in typing.get_args(hint):
        if found := _literals(inner):
            return found
    return set()


def test_every_tool_of_xquik_is_there_once() -> None:
    assert len({tool.word for tool in TOOLS}) == len(TOOLS) == 23
    assert {tool.name for tool in TOOLS} == _literals(FIELDS["toolType"]) == set(SIMULATED)
    assert {tool.name for tool in TOOLS} == set(table("xquik_api")["shapes"]["ExtractionToolType"]["enum"])


def test_every_field_of_a_request_is_a_target_a_filter_or_left_out_for_a_reason() -> None:
    ours = (
        {one.key for _, one in FILTERS} | {kind.value for kind in TargetKind} | {"toolType", "resultsLimit"}
    )
    assert ours | set(NOT_OFFERED) == set(FIELDS) - NO_BODY
    assert not ours & set(NOT_OFFERED)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.word)
def test_a_tool_has_each_filter_once_and_the_target_that_xquik_needs(tool: ExtractionTool) -> None:
    assert len(tool.by_name) == len(tool.filters) == len({one.key for one in tool.filters})
    assert set(tool.needs) <= set(tool.by_name)
    assert SIMULATED[tool.name].target == tool.target
    assert SIMULATED[tool.name].price == tool.price


@pytest.mark.parametrize(("tool", "one"), FILTERS, ids=lambda one: getattr(one, "name", ""))
def test_a_filter_takes_what_the_sdk_sends(tool: ExtractionTool, one: ExtractionFilter) -> None:
    del tool
    hint = repr(FIELDS[one.key])
    if one.kind is FilterKind.CHOICE:
        aliases = {"relevance"} if one.key == "queryType" else set()  # another word for Top
        assert set(one.choices.values()) == _literals(FIELDS[one.key]) - aliases
    elif one.kind is FilterKind.NUMBER:
        assert "int" in hint
    elif one.kind is FilterKind.FLAG:
        assert "bool" in hint
    else:
        assert "str" in hint


def test_the_tools_that_give_people_are_those_with_filters_of_people() -> None:
    people = {tool.word for tool in TOOLS if tool.rows is RowKind.PEOPLE}
    assert people == {tool.word for tool in TOOLS if "bio" in tool.by_name}
