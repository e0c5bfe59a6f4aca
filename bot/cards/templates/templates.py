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
from bot.core.routes.events import Event
from bot.core.text.invisible import blank
from bot.core.text.shortening import cut, shorten

# Characters of a message; what is longer is cut.
TEXT_LIMIT = 3_000
_TAG_LIMIT = 200
_FORMS = (
    "A field is written {{ text }}, with a filter {{ text | truncate: 80 }}; "
    "a condition {% if late %}late{% endif %}, a loop {% for link in links %}{{ link }}{% endfor %}."
)
_QUOTES = (
    "Inside {{ … }} and {% … %} a text stands in straight quotes, 'like this' or \"like this\"; "
    "where it has a ' of its own, use \"…\" around it, and '…' around a \"."
)
_QUOTE = re.compile("unexpected ['\"]?[\"'“”„‘’«»]")
# A tag, closed or not, with a quote in it.
_QUOTED_TAG = re.compile("\\{[{%][^{}]{0,500}[\"'“”„‘’«»]")
_TOO_MUCH = (LocalNamespaceLimitError, LoopIterationLimitError, OutputStreamLimitError)


class TemplateError(ValueError):
    """A template cannot be used. line: which one, from 1, or None; problem, remedy: in words."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        where = f"Line {line}: " if line is not None else ""
        super().__init__(f"{where}{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy
        self.line = line


def check(source: str) -> None:
    """Raise TemplateError when the template is not sound: its language, its names, its limits, and
    that every sample can be shown with it."""
    if blank(source):
        raise TemplateError("the template is empty", "Write some text, as: {{ author.name }}: {{ text }}")
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
            f"the template has {len(source):,} characters", f"It may have {SOURCE_LIMIT:,} at most."
        )
    # What it costs to read a source grows with the square of these.
    if source.count("{{") + source.count("{%") > _TAG_LIMIT or source.count("[") > _TAG_LIMIT // 2:
        raise TemplateError("the template has too many tags or brackets", "Make it simpler.")
    try:
        return compiled(source)
    except (LiquidError, RecursionError) as error:
        raise _explained(error, source) from None


def _explained(error: LiquidError | RecursionError, source: str) -> TemplateError:
    if isinstance(error, RecursionError):
        return TemplateError("the template is nested too deeply", "Make it simpler.")
    line = _line(error, source)
    said = shorten(str(error.message or "it cannot be read"), 160).rstrip(".")
    if isinstance(error, UnknownFilterError):
        return TemplateError(said, f"The filters are: {', '.join(sorted(FILTERS))}.", line)
    if isinstance(error, UndefinedError):
        return _no_field(said.removesuffix(" is undefined").strip("'"), line)
    if isinstance(error, LiquidTypeError):
        name = said.partition(":")[0]
        return TemplateError(f"{name} was given something it cannot use", _how(name), line)
    if isinstance(error, OutputStreamLimitError):
        return TemplateError("it makes too much text", f"It may make {OUTPUT_LIMIT:,} bytes.", line)
    if isinstance(error, _TOO_MUCH):
        return TemplateError("it does too much work", "Use fewer or smaller loops and texts.", line)
    if said.startswith("unexpected tag"):
        return TemplateError(said, f"The tags are: {', '.join(TAGS)}.", line)
    if _QUOTE.search(said):
        return TemplateError(said, _QUOTES, line)
    return TemplateError(said, f"{_quotes(source)}{_FORMS} The tags are: {', '.join(TAGS)}.", line)


def _quotes(source: str) -> str:
    """Which quotes to use inside which, where quotes are a part of what cannot be read."""
    return f"{_QUOTES} " if _QUOTED_TAG.search(source) else ""


def _how(name: str) -> str:
    """How a filter is written; the names of all where it is none."""
    example = EXAMPLES.get(name)
    return f"It is written {example}." if example else f"The filters are: {', '.join(sorted(FILTERS))}."


def _no_field(name: str, line: int | None) -> TemplateError:
    return TemplateError(f"there is no field {name!r}", f"The fields are: {', '.join(FIELDS)}.", line)


def _line(error: LiquidError, source: str) -> int | None:
    try:
        found = error.context()
    except ValueError:
        found = None
    if found is not None:
        return found[0]
    # What is missing is missing at the end.
    return source.count("\n") + 1 if isinstance(error, LiquidSyntaxError) else None
