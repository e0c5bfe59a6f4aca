"""What is suggested while an extraction is put together: it follows the tool that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.access import Permission, allows
from bot.core.chat.cards import Choice
from bot.core.chat.moments import zone_for
from bot.core.commands.local_numbers import written
from bot.core.commands.permits import standing
from bot.core.messages.message import Message, msg
from bot.core.times.zone_words import moment_words
from bot.core.x.extraction_filters import ExtractionFilter, FilterKind
from bot.core.x.extraction_tools import TOOLS, ExtractionTool, TargetKind
from bot.features.known import What
from bot.features.services import CommandCall
from bot.features.shared.suggesting import Source, fitting, suggest_languages, suggest_people
from bot.storage.places.local_numbers import Numbered


async def suggest_targets(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """X accounts, for a tool that collects from one, and while none is chosen."""
    tool = _chosen(call)
    if tool is not None and tool.target is not TargetKind.ACCOUNT:
        return ()
    return await suggest_people(call, typed)


async def suggest_filters(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The filters of the tool; once one is named, its values where these are known."""
    tool = _chosen(call)
    if tool is None:
        return ()
    name, equals, value = typed.partition("=")
    if not equals:
        found = [Choice(_explained(f"{one.name}=", one.words), f"{one.name}=") for one in tool.filters]
        return fitting(found, typed)
    one = tool.by_name.get(name.strip().casefold())
    if one is None:
        return ()
    if one.kind is FilterKind.LANGUAGE:
        named = await suggest_languages(call, value.strip())
        return tuple(Choice(choice.label, f"{one.name}={choice.value}") for choice in named)
    return fitting([Choice(said, said) for said in _values(one)], f"{one.name}={value.strip()}")


def _values(one: ExtractionFilter) -> list[str]:
    known = ("yes", "no") if one.kind is FilterKind.FLAG else tuple(one.choices)
    return [f"{one.name}={value}" for value in known]


async def suggest_extractions(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Extractions, newest first: who may not list them is told of none."""
    return await _extractions(call, typed, (True, False))


async def suggest_running(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Those that are under way."""
    return await _extractions(call, typed, (True,))


async def suggest_over(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Those that are over."""
    return await _extractions(call, typed, (False,))


async def _extractions(call: CommandCall, typed: str, wanted: tuple[bool, ...]) -> tuple[Choice, ...]:
    here = await standing(call.services.grants, call.invocation)
    opened = call.deed is not None and Permission.VIEW in call.deed.needs and here.may(call.deed)
    if not opened and not allows(here.held, Permission.VIEW):
        return ()
    entries = await call.services.known.entries(call.invocation, What.EXTRACTIONS)
    numbers = await call.services.numbers.known(call.tenant, Numbered.EXTRACTION, [one.id for one in entries])
    chosen = await call.services.timezones.chosen(call.tenant, call.invocation.actor.id)
    zone, _ = zone_for(chosen, call.invocation.zone)
    found = []
    for one in (one for one in entries if one.on in wanted):
        named = written(numbers[one.id]) if one.id in numbers else one.id
        words = one.name if one.at is None else _beside(one.name, moment_words(one.at, zone))
        found.append(Choice(_beside(named, words), named))
    return fitting(found, typed)


def _chosen(call: CommandCall) -> ExtractionTool | None:
    """The tool that is chosen so far, by its words or its word."""
    said = " ".join(" ".join(call.given.get("tool", ())).split()).casefold()
    return next((one for one in TOOLS if said in (one.word, one.words.casefold())), None)


def _beside(first: str, second: str) -> Message:
    return msg("{first} · {second}", first=first, second=second)


def _explained(word: str, means: str) -> Message:
    return msg("{word} – {means}", word=word, means=means)


SUGGESTIONS: Final[Mapping[str, Source]] = {
    "extraction_targets": suggest_targets,
    "extraction_filters": suggest_filters,
    "extractions": suggest_extractions,
    "extractions_running": suggest_running,
    "extractions_over": suggest_over,
}
"""By the name that options give in `suggest`."""
