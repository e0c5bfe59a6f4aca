"""`radar show`: news and topics of seven sources, paged by buttons. Free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from bot.cards.topics import SOURCE_NAMES, radar_card
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button, Card
from bot.core.commands.declaring import Action, Group, Option
from bot.core.commands.presets import SHOWN, command
from bot.features.services import CommandCall

PAGE_ACTION = "radar.page"
PAGE_LIFETIME = 24 * 3600.0
PAGE_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarArgs:
    """Filters of the radar; everything is optional."""

    source: Annotated[
        Literal["github", "google_trends", "hacker_news", "polymarket", "reddit", "trustmrr", "wikipedia"]
        | None,
        Option(
            "Only from this source",
            choices={label: value for value, label in SOURCE_NAMES.items()},
            main=True,
        ),
    ] = None
    category: Annotated[
        Literal["general", "tech", "dev", "science", "culture", "politics", "business", "entertainment"]
        | None,
        Option("Only in this category"),
    ] = None
    hours: Annotated[int, Option("How far back, in hours", ge=1, le=72, unit=timedelta(hours=1))] = 24
    region: Annotated[
        Literal["global", "US", "GB", "TR", "ES", "DE", "FR", "JP", "IN", "BR", "CA", "MX"] | None,
        Option("Only for this region"),
    ] = None


async def show(call: CommandCall, args: RadarArgs) -> Reply:
    """The first page."""
    filters = {
        name: value
        for name, value in (
            ("source", args.source),
            ("category", args.category),
            ("hours", args.hours),
            ("region", args.region),
        )
        if value is not None
    }
    return Reply(await _page(call, filters, None, ()))


async def turn(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Another page, in place of the one whose button was pressed."""
    before = tuple(state["before"])
    return Reply(await _page(call, state["filters"], state["after"], before), replace=True)


async def _page(
    call: CommandCall, filters: Mapping[str, Any], after: str | None, before: tuple[str | None, ...]
) -> Card:
    """A page from the cursor `after`; before: the cursors of the pages already passed, in order."""
    xquik = await call.xquik()
    page = await xquik.radar.list(**filters, limit=PAGE_SIZE, after=after)
    buttons: list[Button] = []
    if before:
        back = {"filters": dict(filters), "after": before[-1], "before": list(before[:-1])}
        buttons.append(Button("Back", action=await _ref(call, back)))
    if page.has_more and page.next_cursor:
        onward = {"filters": dict(filters), "after": page.next_cursor, "before": [*before, after]}
        buttons.append(Button("More", action=await _ref(call, onward)))
    return radar_card(page, _words(filters), tuple(buttons))


async def _ref(call: CommandCall, state: Mapping[str, Any]) -> ActionRef:
    key = await call.services.states.keep(
        call.tenant, PAGE_ACTION, state, lifetime=PAGE_LIFETIME, person=call.invocation.actor.id
    )
    return ActionRef(PAGE_ACTION, key)


def _words(filters: Mapping[str, Any]) -> str:
    words = [SOURCE_NAMES.get(str(filters.get("source")), ""), str(filters.get("category") or "")]
    words.append(str(filters.get("region") or ""))
    words.append(f"last {filters['hours']} h")
    return ", ".join(word for word in words if word)


RADAR = Group(
    "radar",
    "What is trending elsewhere: GitHub, Hacker News, Reddit and more",
    (
        command(
            "radar show",
            show,
            SHOWN,
            "Show news and topics from seven sources, strongest first",
            "radar source:github",
            "radar category:tech hours:12",
        ),
    ),
    default="show",
)

RADAR_ACTIONS = (Action(PAGE_ACTION, turn, Permission.USE, Audience.CHANNEL),)
