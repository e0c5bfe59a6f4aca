"""A text for people: a template in English with named arguments, which adapters say in the reader's language.

    msg("Draw {number} is done.", number=3)
    nmsg("{n} winner", "{n} winners", n=winners)
    pmsg("the button", "Draw")

A `Message` is a `str`, its English words: logs, comparisons and tests read it as ever. What a person reads is
made of it by `said` and `spread` with the rules of their language (`bot.i18n`); `bot.core.chat.card_json`
stores it as template and arguments. Put together with others (`f"{message}!"`) it is English for ever, so
what belongs together is one template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Protocol, TypeAlias, Union

from bot.core.messages.distances import distance_in
from bot.core.messages.inlines import (
    Bold,
    ChannelMention,
    Code,
    Figure,
    Inline,
    Line,
    Link,
    Timestamp,
    UserMention,
)
from bot.core.messages.templates import names_in, pieces_of, spans_of

_COMMONEST: Final = frozenset({str, int, Bold, Code})  # of the arguments
_INLINES: Final = (Bold, Code, Link, UserMention, ChannelMention, Timestamp)
COUNT: Final = "n"
"""The argument that the number of a message with a plural stands in."""


class JoinedBy(StrEnum):
    """What stands before the last of several items."""

    AND = "and"
    OR = "or"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several items in one text: "a, b and c", as the reader's language joins them."""

    items: tuple[Argument, ...]
    by: JoinedBy = JoinedBy.AND


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something takes, in its two largest units. seconds: 0 or more."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LanguageName:
    """What a language is called. code: as of BCP 47, like de or pt-br; english: its name in English."""

    code: str
    english: str


Argument: TypeAlias = Union[Inline, int, float, "Joined", Duration, LanguageName]
"""What stands in a place: text as it is, a `Message` in the reader's language, numbers grouped."""
_SAYABLE: Final = (str, int, float, Joined, Duration, LanguageName, *_INLINES)


class LanguageRules(Protocol):
    """How a language says what is not text: `ENGLISH`, and those of `bot.i18n`."""

    def template(self, message: Message) -> str:
        """The template of a message in the language, of the right plural; its places are those of the id."""

    def number(self, value: float) -> str:
        """A number, grouped."""

    def duration(self, seconds: float) -> str:
        """Seconds in words."""

    def language(self, named: LanguageName) -> str:
        """What a language is called."""

    def moment(self, stamp: Timestamp) -> str:
        """A moment where no client draws it."""

    def distance(self, seconds: float) -> str:
        """How long until a moment, or since it where there are less than 0: "in 2 hours", "3 days ago"."""

    def between(self, count: int, by: JoinedBy) -> Sequence[str]:
        """What stands before, between and behind that many items: one text more than there are items."""


class Message(str):
    """See the module. id: the English template, of one where there is a plural. context: tells messages with
    the same words apart. ValueError where places and arguments are not the same."""

    __slots__ = ("arguments", "context", "id", "plural")

    id: str
    arguments: Mapping[str, Argument]
    plural: str
    context: str

    def __new__(
        cls, id: str, arguments: Mapping[str, Argument] | None = None, *, plural: str = "", context: str = ""
    ) -> Message:
        """plural: the English template of more than one; the number is the argument `COUNT`."""
        given = dict(arguments) if arguments else {}
        _check(id, given, plural)
        made = super().__new__(cls, _in_english(plural if plural and given[COUNT] != 1 else id, given))
        made.id = id
        made.arguments = given
        made.plural = plural
        made.context = context
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.id, dict(self.arguments), self.plural, self.context)

    def with_arguments(self, change: Callable[[Argument], Argument]) -> Message:
        """The same message with every argument changed, those of messages and lists in it too."""
        changed = {name: _changed(value, change) for name, value in self.arguments.items()}
        if all(changed[name] is value for name, value in self.arguments.items()):
            return self
        return Message(self.id, changed, plural=self.plural, context=self.context)


def msg(template: str, /, **arguments: Argument) -> Message:
    """A message."""
    return Message(template, arguments) if arguments else _constant(template)


def nmsg(one: str, many: str, /, *, n: int, **arguments: Argument) -> Message:
    """A message with a number in it, `{n}`: the first template is that of one. Both have the same places."""
    return Message(one, {**arguments, COUNT: n}, plural=many)


def pmsg(context: str, template: str, /, **arguments: Argument) -> Message:
    """A message whose words are said differently elsewhere. context: where it stands, for translators."""
    return Message(template, arguments, context=context)


def spread(message: Message, rules: LanguageRules) -> Line:
    """A message as parts of a line: its inlines stay what they are, and what stands in backticks is code."""
    parts: list[Inline] = []
    for span in spans_of(rules.template(message)):
        if span.code:
            pieces = ((message.arguments[p.text] if p.named else p.text) for p in span.pieces)
            parts.append(Code("".join(_words(piece, rules) for piece in pieces)))
            continue
        for piece in span.pieces:
            parts += _parts(message.arguments[piece.text], rules) if piece.named else (piece.text,)
    return _merged(parts)


def spread_line(parts: Line, rules: LanguageRules) -> Line:
    """A line without messages; the very same one where it has none."""
    for part in parts:
        # Most parts are plain text.
        if type(part) is not str and (
            isinstance(part, Message) or isinstance(getattr(part, "text", ""), Message)
        ):
            return _merged(one for part in parts for one in _parts(part, rules))
    return parts


def said(message: Message, rules: LanguageRules) -> str:
    """A message as one text, for titles and labels; backticks stay."""
    words: list[str] = []
    for span in spans_of(rules.template(message)):
        mark = "`" if span.code else ""
        inside = (_words(message.arguments[p.text], rules) if p.named else p.text for p in span.pieces)
        words += (mark, *inside, mark)
    return "".join(words)


def inline_words(part: Inline, rules: LanguageRules) -> str:
    """A part of a line as text alone."""
    match part:
        case Message():
            return said(part, rules)
        case str():
            return str(part)
        case Bold() | Code():
            return _words(part.text, rules)
        case Link():
            text = _words(part.text, rules)
            return part.url if text in ("", part.url) else f"{text} ({part.url})"
        case UserMention():
            return f"@{part.name or part.user}"
        case ChannelMention():
            return f"#{(part.name or part.channel).removeprefix('#')}"
        case Timestamp():
            return rules.moment(part)


class EnglishRules:
    """English, without any catalogue."""

    def template(self, message: Message) -> str:
        """The message's own."""
        return message.plural if message.plural and message.arguments[COUNT] != 1 else message.id

    def number(self, value: float) -> str:
        """1,234 and 1,234.5."""
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")

    def duration(self, seconds: float) -> str:
        """1d 2h, 15m."""
        left, parts = int(seconds), []
        for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count}{unit}")
        return " ".join(parts[:2]) or "0s"

    def language(self, named: LanguageName) -> str:
        """German, Portuguese (pt-br)."""
        return f"{named.english} ({named.code})" if "-" in named.code else named.english

    def distance(self, seconds: float) -> str:
        """in 2 hours, 3 days ago."""
        count, unit, _ = distance_in(seconds)
        words = f"{abs(count)} {unit}{'' if abs(count) == 1 else 's'}"
        return f"in {words}" if count >= 0 else f"{words} ago"  # no message: English

    def moment(self, stamp: Timestamp) -> str:
        """By UTC."""
        try:
            return f"{datetime.fromtimestamp(stamp.at, UTC):%Y-%m-%d %H:%M} UTC"
        except (OverflowError, ValueError, OSError):
            return "an unknown time"  # no message: as `said` has it in English

    def between(self, count: int, by: JoinedBy) -> Sequence[str]:
        """A comma, and the word before the last."""
        last = ", " if by is JoinedBy.COMMA else f" {by} "
        return ["", *([", "] * (count - 2)), *([last] if count > 1 else []), *([""] if count else [])]


ENGLISH: Final = EnglishRules()


def _remade(id: str, arguments: Mapping[str, Argument], plural: str, context: str) -> Message:
    return Message(id, arguments, plural=plural, context=context)


@lru_cache(maxsize=4096)
def _constant(template: str) -> Message:
    """One without arguments: it is the same each time, and made for every card."""
    return Message(template)


def _in_english(template: str, arguments: Mapping[str, Argument]) -> str:
    """What `said` makes of it in English, quicker where arguments are text: cards of events are made by
    the ten thousand a second."""
    words: list[str] = []
    for piece in pieces_of(template):
        if not piece.named:
            words.append(piece.text)
            continue
        value = arguments[piece.text]
        kind = type(value)
        words.append(value if kind is str or kind is Message else _words(value, ENGLISH))  # type: ignore[arg-type]
    return "".join(words)


def _check(id: str, arguments: Mapping[str, Argument], plural: str) -> None:
    for template in (id, plural) if plural else (id,):
        if names_in(template) != arguments.keys():
            given = ", ".join(arguments) or "none"
            msg = f"the message {template!r} has other places than its arguments: {given}"
            raise ValueError(msg)
    for name, value in arguments.items():
        if type(value) in _COMMONEST:
            continue
        if isinstance(value, bool) or not isinstance(value, _SAYABLE):
            msg = f"{name} of the message {id!r} is a {type(value).__name__}, which no language can say"
            raise TypeError(msg)
    if plural and not isinstance(arguments[COUNT], int):
        msg = f"the number of the message {id!r} must be whole"
        raise TypeError(msg)


def _parts(value: Argument, rules: LanguageRules) -> Iterable[Inline]:
    match value:
        case Message():
            return spread(value, rules)
        case Joined(items, by):
            between = rules.between(len(items), by)
            joined: list[Inline] = [between[0]]
            for item, after in zip(items, between[1:], strict=True):
                joined += (*_parts(item, rules), after)
            return joined
        case int() | float():
            return (Figure(rules.number(value), value),)
        case Duration() | LanguageName():
            return (_words(value, rules),)
        case _:
            return (in_language(value, rules),)


def in_language(part: Inline, rules: LanguageRules) -> Inline:
    """A part of a line whose own text, where it is a message, is said in the language; no message itself."""
    if isinstance(part, Message):
        return said(part, rules)
    if isinstance(part, Bold | Code | Link) and isinstance(part.text, Message):
        return replace(part, text=said(part.text, rules))
    return part


def _words(value: Argument, rules: LanguageRules) -> str:
    match value:
        case Joined():
            return "".join(inline_words(part, rules) for part in _parts(value, rules))
        case Duration(seconds):
            return rules.duration(seconds)
        case LanguageName():
            return rules.language(value)
        case int() | float():
            return rules.number(value)
        case _:
            return inline_words(value, rules)


def _changed(value: Argument, change: Callable[[Argument], Argument]) -> Argument:
    if isinstance(value, Message):
        return value.with_arguments(change)
    if isinstance(value, Joined):
        items = tuple(_changed(item, change) for item in value.items)
        same = all(new is old for new, old in zip(items, value.items, strict=True))
        return value if same else replace(value, items=items)
    return change(value)


def _merged(parts: Iterable[Inline]) -> Line:
    """Texts that follow one another as one, empty ones left out."""
    merged: list[Inline] = []
    for part in parts:
        if part == "":
            continue
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return tuple(merged)
