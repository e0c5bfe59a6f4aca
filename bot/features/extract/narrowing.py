"""The button that asks for the filters of a tool, a form of five at a time, and shows what it costs then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.cards.extractions import filters_given
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Button, Choice, Form, Input, InputKind
from bot.core.commands.asking import FORM_LIFETIME
from bot.core.commands.declaring import Action
from bot.core.commands.forms import FORM_INPUTS
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import Message, msg
from bot.core.x.extraction_filters import LONGEST_VALUE, ExtractionFilter, FilterKind
from bot.core.x.extraction_tools import ExtractionTool, tool_called
from bot.features.extract.args import CollectArgs, request_of, sample_of, zone_of
from bot.features.extract.estimating import estimated
from bot.features.services import CommandCall

FILTERS_ACTION: Final = "extract.filters"
_LENGTHS: Final[Mapping[FilterKind, int]] = {
    FilterKind.TEXT: LONGEST_VALUE,
    FilterKind.DAY: 40,
    FilterKind.MOMENT: 40,
    FilterKind.LANGUAGE: 40,
}
_LINE: Final = 120
"""Characters of a field that takes a link, an id or a name."""


async def filters_button(call: CommandCall, args: CollectArgs, page: int = 0) -> tuple[Button, ...]:
    """Asks for the filters of that page; none for a tool without filters. page: from 0, round and round."""
    tool = tool_called(args.tool)
    pages = _pages(tool)
    if not pages:
        return ()
    state = {
        "tool": args.tool,
        "target": args.target,
        "limit": args.limit,
        # As they were understood: people write names and values in several ways, and the form in one.
        "filters": list(filters_given(request_of(args, await zone_of(call)))),
        "page": page % pages,
    }
    key = await call.services.states.keep(
        call.tenant, FILTERS_ACTION, state, lifetime=FORM_LIFETIME, person=call.invocation.actor.id
    )
    return (Button(_label(page % pages, pages), ActionRef(FILTERS_ACTION, key)),)


def _label(page: int, pages: int) -> Message:
    if pages == 1:
        return msg("Filters")
    return msg("Filters, {page} of {pages}", page=page + 1, pages=pages)


def _pages(tool: ExtractionTool) -> int:
    return -(-len(tool.filters) // FORM_INPUTS)


def _asked(tool: ExtractionTool, page: int) -> tuple[ExtractionFilter, ...]:
    return tool.filters[page * FORM_INPUTS : (page + 1) * FORM_INPUTS]


async def _form(_call: CommandCall, key: str, state: Mapping[str, Any]) -> Form:
    tool, page = tool_called(str(state["tool"])), int(state["page"])
    given = _given(state)
    inputs = tuple(
        _input(one, given.get(one.name, ""), required=one.name in tool.needs) for one in _asked(tool, page)
    )
    return Form(tool.words, ActionRef(FILTERS_ACTION, key), inputs, submit=msg("Show the cost"))


def _input(one: ExtractionFilter, value: str, *, required: bool) -> Input:
    choices = tuple(Choice(name, name) for name in one.choices)
    if one.kind is FilterKind.FLAG:
        choices = (Choice(msg("yes"), "yes"), Choice(msg("no"), "no"))
    kind = InputKind.CHOICE if choices else InputKind.TEXT
    if one.kind is FilterKind.NUMBER:
        kind = InputKind.INTEGER
    length = _LINE if one.shape is not None else _LENGTHS.get(one.kind, _LINE)
    return Input(
        one.name,
        one.label,
        kind,
        required=required,
        value=value,
        hint=one.words,
        choices=choices,
        max_length=None if kind is not InputKind.TEXT else length,
    )


def _given(state: Mapping[str, Any]) -> dict[str, str]:
    """What was given so far, by the names of filters."""
    pairs = (str(one).partition("=") for one in state["filters"])
    return {name.strip(): value.strip() for name, _, value in pairs}


def _typed(state: Mapping[str, Any], values: Mapping[str, str], zone: str) -> CollectArgs:
    """The options with what a form said; UsageError names the field at fault by its label."""
    tool, given = tool_called(str(state["tool"])), _given(state)
    for one in _asked(tool, int(state["page"])):
        said = values.get(one.name, "").strip()
        given.pop(one.name, None)
        if not said:
            continue
        try:
            one.read(said, zone)
        except ValueError as error:
            raise UsageError(of_option(one.label, error), option=one.name, example=sample_of(one)) from None
        given[one.name] = said
    filters = tuple(f"{name}={value}" for name, value in given.items())
    limit = state["limit"]
    args = CollectArgs(tool=tool.word, target=str(state["target"]), limit=limit, filters=filters)
    try:
        request_of(args, zone)
    except UsageError as error:
        # Two that do not go together: the form that is open has one of them at least.
        here = [one for one in _asked(tool, int(state["page"])) if values.get(one.name, "").strip()]
        error.option = here[0].name if here else None
        raise
    return args


async def _check(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> None:
    _typed(state, values, await zone_of(call))


async def _narrowed(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Reply:
    """What it costs with these filters, in place of what it did."""
    args = _typed(state, values, await zone_of(call))
    more = await filters_button(call, args, int(state["page"]) + 1)
    return Reply(await estimated(call, args, more), replace=True)


FILTERS: Final = Action(
    FILTERS_ACTION, _narrowed, Permission.USE, form=_form, check=_check, command="extract run"
)
