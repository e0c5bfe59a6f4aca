"""Messages written by those who manage a place: a template in Liquid, checked when it is saved.

What a template makes is text and stays text: nothing in it becomes markup, a mention or a link, except
the address of the tweet itself. See docs/admin/templates.md.
"""

from __future__ import annotations

import re

from liquid.exceptions import (
    LiquidError,
    LiquidSyntaxError,
    LiquidTypeError,
    LocalNamespaceLimitError,
    LoopIterationLimitError,
    OutputStreamLimitError,
    UndefinedError,
    UnknownFilterError,
)

from bot.cards.templates.fields import FIELDS, unknown_name, values_of, zone_of
from bot.cards.templates.filters import EXAMPLES, FILTERS
from bot.cards.templates.language import OUTPUT_LIMIT, TAGS, Compiled, compiled
from bot.cards.templates.limits import SOURCE_LIMIT
from bot.cards.templates.samples import samples
from bot.core.chat.cards import Code
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.routes.events import Event
from bot.core.text.invisible import blank
from bot.core.text.shortening import cut, shorten

# Characters of a message; what is longer is cut.
TEXT_LIMIT = 3_000
_TAG_LIMIT = 200
_FORMS = msg(
    "A field is written {field}, with a filter {filter}; a condition {condition}, a loop {loop}.",
    field=Code("{{ text }}"),
    filter=Code("{{ text | truncate: 80 }}"),
    condition=Code("{% if late %}late{% endif %}"),
    loop=Code("{% for link in links %}{{ link }}{% endfor %}"),
)
_QUOTES = msg(
    "Inside {output} and {tag} a text stands in straight quotes, 'like this' or \"like this\"; where it has "
    "a ' of its own, use \"…\" around it, and '…' around a \".",
    output=Code("{{ … }}"),
    tag=Code("{% … %}"),
)
_ALL_TAGS = msg("The tags are: {tags}.", tags=Joined(TAGS, JoinedBy.COMMA))
_ALL_FILTERS = msg("The filters are: {filters}.", filters=Joined(tuple(sorted(FILTERS)), JoinedBy.COMMA))
_SIMPLER = msg("Make it simpler.")
_QUOTE = re.compile("unexpected ['\"]?[\"'“”„‘’«»]")
# A tag, closed or not, with a quote in it.
_QUOTED_TAG = re.compile("\\{[{%][^{}]{0,500}[\"'“”„‘’«»]")
_TOO_MUCH = (LocalNamespaceLimitError, LoopIterationLimitError, OutputStreamLimitError)


class TemplateError(ValueError):
    """A template cannot be used. line: which one, from 1, or None; problem, remedy: in words."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        said = msg("{problem}. {remedy}", problem=problem, remedy=remedy)
        super().__init__(said if line is None else msg("Line {line}: {problem}", line=line, problem=said))
        self.problem = problem
        self.remedy = remedy
        self.line = line


def check(source: str) -> None:
    """Raise TemplateError when the template is not sound: its language, its names, its limits, and
    that every sample can be shown with it."""
    if blank(source):
        example = Code("{{ author.name }}: {{ text }}")
        raise TemplateError(
            msg("the template is empty"), msg("Write some text, as: {example}", example=example)
        )
    template = _compiled(source)
    for path, line in template.names:
        unknown = unknown_name(path)
        if unknown is not None:
            raise _no_field(unknown, line)
    for event in samples():
        render(source, event)


def render(source: str, event: Event, *, timezone: str = "UTC", late: bool = False) -> str:
    """The text for an event, "" when the template makes none of it; TemplateError when it cannot.

    timezone: an IANA name, for times. It takes some tens of milliseconds at most, whatever it holds.
    """
    template = _compiled(source)
    try:
        text = template.render(values_of(event, zone_of(timezone), late=late))
    except (LiquidError, RecursionError) as error:
        raise _explained(error, source) from None
    flat = "" if blank(text) else text.strip()
    return cut(flat, TEXT_LIMIT)


def _compiled(source: str) -> Compiled:
    if len(source) > SOURCE_LIMIT:
        raise TemplateError(
            msg("the template has {count} characters", count=len(source)),
            msg("It may have {most} at most.", most=SOURCE_LIMIT),
        )
    # What it costs to read a source grows with the square of these.
    if source.count("{{") + source.count("{%") > _TAG_LIMIT or source.count("[") > _TAG_LIMIT // 2:
        raise TemplateError(msg("the template has too many tags or brackets"), _SIMPLER)
    try:
        return compiled(source)
    except (LiquidError, RecursionError) as error:
        raise _explained(error, source) from None


def _explained(error: LiquidError | RecursionError, source: str) -> TemplateError:
    if isinstance(error, RecursionError):
        return TemplateError(msg("the template is nested too deeply"), _SIMPLER)
    line = _line(error, source)
    said = _problem(error)
    if isinstance(error, UnknownFilterError):
        unknown = msg("unknown filter {filter}", filter=said.removeprefix("unknown filter "))
        return TemplateError(unknown, _ALL_FILTERS, line)
    if isinstance(error, UndefinedError):
        return _no_field(said.removesuffix(" is undefined").strip("'"), line)
    if isinstance(error, LiquidTypeError):
        name = said.partition(":")[0]
        wrong = msg("{filter} was given something it cannot use", filter=name)
        return TemplateError(wrong, _how(name), line)
    if isinstance(error, OutputStreamLimitError):
        most = msg("It may make {most} bytes.", most=OUTPUT_LIMIT)
        return TemplateError(msg("it makes too much text"), most, line)
    if isinstance(error, _TOO_MUCH):
        return TemplateError(msg("it does too much work"), msg("Use fewer or smaller loops and texts."), line)
    if said.startswith("unexpected tag "):
        return TemplateError(
            msg("unexpected tag {tag}", tag=said.removeprefix("unexpected tag ")), _ALL_TAGS, line
        )
    if _QUOTE.search(said):
        return TemplateError(said, _QUOTES, line)
    return TemplateError(said, sentences(_quotes(source), _FORMS, _ALL_TAGS), line)


def _problem(error: LiquidError) -> str:
    """What is wrong: a message where it is ours, else as Liquid says it, which is English."""
    said = error.message
    if isinstance(said, Message):
        return said
    return shorten(str(said), 160).rstrip(".") if said else msg("it cannot be read")


def _quotes(source: str) -> str:
    """Which quotes to use inside which, where quotes are a part of what cannot be read."""
    return _QUOTES if _QUOTED_TAG.search(source) else ""


def _how(name: str) -> Message:
    """How a filter is written; the names of all where it is none."""
    example = EXAMPLES.get(name)
    return msg("It is written {example}.", example=Code(example)) if example else _ALL_FILTERS


def _no_field(name: str, line: int | None) -> TemplateError:
    fields = msg("The fields are: {fields}.", fields=Joined(tuple(FIELDS), JoinedBy.COMMA))
    return TemplateError(msg("there is no field {name}", name=repr(name)), fields, line)


def _line(error: LiquidError, source: str) -> int | None:
    try:
        found = error.context()
    except ValueError:
        found = None
    if found is not None:
        return found[0]
    # What is missing is missing at the end.
    return source.count("\n") + 1 if isinstance(error, LiquidSyntaxError) else None
