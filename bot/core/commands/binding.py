"""From raw values to the typed arguments of a command. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

from pydantic import SecretStr

from bot.core.chat.cards import ONE_LINE
from bot.core.chat.invocation import Values
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.commands.local_numbers import local_number
from bot.core.commands.subjects import parse_subject
from bot.core.errors import UsageError
from bot.core.text.invisible import blank, number, only_unseen, unseen, without_unseen
from bot.core.text.nearest import names_close_to, names_with_part
from bot.core.text.numerals import whole_number
from bot.core.text.quoting import straightened, unclosed
from bot.core.text.shortening import cut, line_ends
from bot.core.times.durations import format_duration, parse_duration
from bot.core.times.zones import read_zone
from bot.core.x.addresses import without_markup
from bot.core.x.references import Username, listed, only_reference, parse_tweet_ref, parse_username, posts_in
from bot.core.x.searches import checked_search

A = TypeVar("A")

_TRUE = {"true", "yes", "y", "on", "1"}
_FALSE = {"false", "no", "n", "off", "0"}
_ANGLED = re.compile(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>")
_MOST_LISTED = 12  # choices that an error names
_MOST_MEANT = 3
_UNIT_WORDS = {timedelta(days=1): "days", timedelta(hours=1): "hours"}


class MissingOptions(UsageError):
    """Required options were not given. `names` says which; a form can ask for them."""

    def __init__(self, command: Command[Any], names: tuple[str, ...]) -> None:
        said = {
            p.name: f"{p.name} ({p.description[:1].lower()}{p.description[1:]})"
            for p in command.parameters
            if p.name in names
        }
        either = " or ".join(words for name, words in said.items() if name in command.one_of)
        listed = "; ".join((*(said[n] for n in said if n not in command.one_of), *filter(None, (either,))))
        super().__init__(
            f"{command.name!r} needs {listed}.",
            option=names[0],
            example=command.examples[0] if command.examples else None,
        )
        self.names = names


def bind(command: Command[A], values: Values, *, from_form: bool = False) -> A:
    """The arguments, or UsageError naming the option at fault with an example.

    values: option name → texts as given; platforms that send numbers and booleans send their text.
    from_form: secrets are accepted from forms only, so that none is ever typed into a channel.
    """
    bound: dict[str, Any] = {}
    missing: list[str] = []
    for parameter in command.parameters:
        given = [v for v in values.get(parameter.name, ()) if not blank(v)]
        if not given:
            if parameter.required:
                _refuse_unseen(command, parameter, values)
                missing.append(parameter.name)
            continue
        if parameter.kind is OptionKind.SECRET and not from_form:
            raise UsageError(
                f"{parameter.name} is a secret: never type it into a channel. If you did, make a new one. "
                f"Run {command.name!r} on its own, and a form asks for it.",
                option=parameter.name,
                example=command.name,
            )
        bound[parameter.name] = _bind_one(command, parameter, given)
    chosen = [name for name in command.one_of if name in bound]
    if missing or (command.one_of and not chosen):
        raise MissingOptions(command, (*missing, *(() if chosen else command.one_of)))
    if len(chosen) > 1:
        parameter = next(p for p in command.parameters if p.name == chosen[1])
        _refuse(command, parameter, f"Give {chosen[0]} or {chosen[1]}, not both.")
    return command.args(**bound)


def _refuse_unseen(command: Command[Any], parameter: Parameter, values: Values) -> None:
    """Say why a value that is there counts for nothing: to whoever gave it, it is not missing."""
    if hidden := only_unseen("".join(values.get(parameter.name, ()))):
        _refuse(command, parameter, f"The {parameter.name} consists only of invisible characters ({hidden}).")


def _bind_one(command: Command[Any], parameter: Parameter, given: Sequence[str]) -> Any:
    if parameter.many:
        if parameter.kind is OptionKind.TWEET:
            given = [" ".join(given)]  # perhaps a sentence
        items = [item for text in given for item in _items(command, parameter, text)]
        if not items:
            _refuse(command, parameter, f"{parameter.name} has nothing between its commas.")
        unique = tuple(dict.fromkeys(_convert(command, parameter, item) for item in items))
        _check_count(command, parameter, len(unique))
        return unique
    if len(given) > 1:
        _refuse(command, parameter, f"{parameter.name} is given {len(given)} times; it takes one value.")
    return _convert(command, parameter, given[0])


def _items(command: Command[Any], parameter: Parameter, text: str) -> list[str]:
    named = parameter.kind in (OptionKind.TWEET, OptionKind.USERNAME)
    try:
        if parameter.kind is OptionKind.TWEET and (posts := posts_in(text)):
            return posts
        items = parameter.items(without_markup(text) if named else text)
    except ValueError as error:
        _refuse(command, parameter, _ended(f"{parameter.name}: {error}"))
    return [one for item in items for one in listed(item)] if named else items


def _check_count(command: Command[Any], parameter: Parameter, count: int) -> None:
    if parameter.le is not None and count > parameter.le:
        _refuse(command, parameter, f"{parameter.name} takes at most {parameter.le} values, not {count}.")


def _convert(command: Command[Any], parameter: Parameter, text: str) -> Any:
    try:
        match parameter.kind:
            case OptionKind.STRING:
                return _string(parameter, text)
            case OptionKind.INTEGER:
                return _integer(parameter, text)
            case OptionKind.BOOLEAN:
                return _boolean(text)
            case OptionKind.CHOICE:
                return _choice(command, parameter, text)
            case OptionKind.TWEET:
                return parse_tweet_ref(text)
            case OptionKind.USERNAME:
                return _username(text)
            case OptionKind.CHANNEL:
                return parse_channel(text)
            case OptionKind.DURATION:
                return _duration(parameter, text)
            case OptionKind.SUBJECT:
                return parse_subject(text)
            case OptionKind.TIMEZONE:
                return read_zone(text)
            case OptionKind.SECRET:
                return SecretStr(text.strip())
    except ValueError as error:
        _refuse(command, parameter, _ended(f"{parameter.name}: {error}"))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def _refuse(command: Command[Any], parameter: Parameter, detail: str) -> NoReturn:
    raise UsageError(
        detail,
        option=parameter.name,
        example=command.examples[0] if command.examples else None,
    )


def parse_channel(text: str) -> ChannelRef:
    """A channel from `<#C1|name>`, `<#123>`, `#name`, a name or an id."""
    stripped = text.strip()
    match = _ANGLED.fullmatch(stripped)
    if match and match[1].startswith("#"):
        return ChannelRef(match[1][1:], match[2] or "")
    name = stripped.removeprefix("#")
    if not name or any(c.isspace() for c in name) or len(name) > 100:
        msg = f"{cut(text, 40)!r} is not a channel; write #name"
        raise ValueError(msg)
    return ChannelRef(name, name)


def _string(parameter: Parameter, text: str) -> str:
    plain = text.strip()
    if parameter.code is not None:
        plain = straightened(plain, parameter.code)
    if parameter.code == "query" and (quote := unclosed(plain)):
        msg = f'the quote " at {cut(quote, 30)} is never closed; close it, or remove it'
        raise ValueError(msg)
    if parameter.search:
        plain = checked_search(plain)
    if parameter.max_length is not None and len(plain) > parameter.max_length:
        msg = f"that is {len(plain):,} characters long; the limit is {parameter.max_length:,}"
        raise ValueError(msg)
    if parameter.paragraph:
        return line_ends(plain)
    if (parameter.max_length or 0) > ONE_LINE and parameter.code != "pattern":
        plain = " ".join(filter(None, map(str.strip, plain.replace("\t", "\n").splitlines())))
    # Chats put marks of direction around the names of people, and of what looks like a channel.
    if only_reference(plain) is not None or local_number(plain) is not None:
        plain = without_unseen(plain)
    hidden = [*unseen(plain), *(char for char in "\n\t" if char in plain)]
    if hidden:
        named = ", ".join(number(char) for char in hidden[:3])
        msg = f"that contains invisible characters ({named}); type it again without them"
        raise ValueError(msg)
    return plain


def _integer(parameter: Parameter, text: str) -> int:
    number = _counted(parameter.unit, text) if parameter.unit else _whole(parameter, text)
    low, high = parameter.ge, parameter.le
    if (low is not None and number < low) or (high is not None and number > high):
        span = (
            f"from {low} to {high}"
            if None not in (low, high)
            else f"at least {low}"
            if high is None
            else f"at most {high}"
        )
        msg = f"{number} is out of range; it must be {span}"
        raise ValueError(msg)
    return number


def _whole(parameter: Parameter, text: str) -> int:
    """A whole number; of things that the bot has numbered itself, #2 is one too."""
    numbered = local_number(text) if parameter.suggest is not None else None
    return whole_number(text) if numbered is None else numbered


def _counted(unit: timedelta, text: str) -> int:
    """How many units: as a number, or as a duration like 30d."""
    try:
        span = parse_duration(text)
    except ValueError as unread:
        try:
            return whole_number(text)
        except ValueError:
            if text.strip()[:1].isdigit():
                raise unread from None  # 1 year: it was meant as a duration
            raise
    count, left = divmod(span, unit)
    if left:
        msg = f"{cut(text, 40)!r} is not a whole number of {_UNIT_WORDS.get(unit, format_duration(unit))}"
        raise ValueError(msg)
    return count


def _boolean(text: str) -> bool:
    folded = text.strip().casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    msg = f"{cut(text, 40)!r} is neither yes nor no"
    raise ValueError(msg)


def _username(text: str) -> Username:
    if len(text.strip()) > 1 and text.strip().casefold() in _TRUE | _FALSE:
        raise ValueError(f"{text.strip()!r} is no account, and one is wanted here, such as @nasa")
    return parse_username(text)


def _choice(command: Command[Any], parameter: Parameter, text: str) -> str:
    folded = " ".join(text.split()).casefold()
    for choice in parameter.choices:
        if folded in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    labels = [c.label for c in parameter.choices]
    word = re.split(r"[|/]", folded)[0].strip()
    if parameter.leads and (lead := parameter.leads.get(word)):
        raise ValueError(f"there is no {cut(text, 40)!r}; {lead}")
    close = names_close_to(text, labels) or names_with_part(folded, labels)
    if len(labels) > _MOST_LISTED:
        meant = f"; did you mean {' or '.join(map(repr, close[:_MOST_MEANT]))}?" if close else ";"
        msg = (
            f"{cut(text, 40)!r} is not one of its {len(labels)} values{meant} help {command.name} lists them"
        )
        raise ValueError(msg)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    msg = f"{cut(text, 40)!r} is not one of {', '.join(labels)}{hint}"
    raise ValueError(msg)


def _duration(parameter: Parameter, text: str) -> timedelta:
    span = parse_duration(text)
    low = None if parameter.ge is None else timedelta(seconds=parameter.ge)
    high = None if parameter.le is None else timedelta(seconds=parameter.le)
    if (low and span < low) or (high and span > high):
        limits = " to ".join(format_duration(limit) for limit in (low, high) if limit)
        msg = f"{cut(text, 40)!r} is out of range ({limits})"
        raise ValueError(msg)
    return span


# --- forms -----------------------------------------------------------------------------------
