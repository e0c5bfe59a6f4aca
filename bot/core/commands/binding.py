"""From raw values to the typed arguments of a command. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from typing import Any, NoReturn, TypeVar

from pydantic import SecretStr

from bot.core.chat.cards import ONE_LINE
from bot.core.chat.invocation import Values
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.commands.local_numbers import local_number
from bot.core.commands.subjects import parse_subject
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import Argument, Duration, Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.text.invisible import blank, number, only_unseen, unseen, without_unseen
from bot.core.text.nearest import names_close_to, names_with_part
from bot.core.text.numerals import TooLarge, out_of_range, whole_number
from bot.core.text.quoting import straightened, unclosed
from bot.core.text.shortening import cut, line_ends
from bot.core.times.durations import parse_duration
from bot.core.times.zones import read_zone
from bot.core.x.addresses import without_markup
from bot.core.x.gatherings import parse_broadcast_ref, parse_community_ref, parse_list_ref, parse_space_ref
from bot.core.x.media_refs import parse_media_ref
from bot.core.x.references import Username, listed, only_reference, parse_tweet_ref, parse_username, posts_in
from bot.core.x.searches import checked_search

A = TypeVar("A")

_TRUE = {"true", "yes", "y", "on", "1"}
_FALSE = {"false", "no", "n", "off", "0"}
OFF = "off"  # the option that takes back what the main one sets
_ANGLED = re.compile(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>")
_MOST_LISTED = 12  # choices that an error names
_MOST_MEANT = 3
_UNIT_WORDS = {
    timedelta(days=1): pmsg("a whole number of", "days"),
    timedelta(hours=1): pmsg("a whole number of", "hours"),
}


class MissingOptions(UsageError):
    """Required options were not given. `names` says which; a form can ask for them."""

    def __init__(self, command: Command[Any], names: tuple[str, ...]) -> None:
        said = {p.name: _wanted(p) for p in command.parameters if p.name in names}
        either = tuple(words for name, words in said.items() if name in command.one_of)
        parts: list[Argument] = [words for name, words in said.items() if name not in command.one_of]
        super().__init__(
            msg(
                "{command} needs {options}.",
                command=repr(command.name),
                options=_apart([*parts, *([Joined(either, JoinedBy.OR)] if either else [])]),
            ),
            option=names[0],
            example=command.examples[0] if command.examples else None,
        )
        self.names = names


def _wanted(parameter: Parameter) -> Message:
    return msg("{option} ({what})", option=parameter.name, what=parameter.description)


def _apart(parts: Sequence[Argument]) -> Argument:
    """Parts that have commas of their own."""
    return reduce(lambda first, second: msg("{first}; {second}", first=first, second=second), parts)


def bind(command: Command[A], values: Values, *, from_form: bool = False) -> A:
    """The arguments, or UsageError naming the option at fault with an example.

    values: option name → texts as given; platforms that send numbers and booleans send their text.
    from_form: secrets are accepted from forms only, so that none is ever typed into a channel.
    """
    values = _taken_back(command, values)
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
                msg(
                    "{option} is a secret: never type it into a channel. If you did, make a new one. "
                    "Run {command} on its own, and a form asks for it.",
                    option=parameter.name,
                    command=repr(command.name),
                ),
                option=parameter.name,
                example=command.name,
            )
        bound[parameter.name] = _bind_one(command, parameter, given)
    chosen = [name for name in command.one_of if name in bound]
    if missing or (command.one_of and not chosen):
        raise MissingOptions(command, (*missing, *(() if chosen else command.one_of)))
    if len(chosen) > 1:
        parameter = next(p for p in command.parameters if p.name == chosen[1])
        _refuse(command, parameter, msg("Give {one} or {other}, not both.", one=chosen[0], other=chosen[1]))
    return command.args(**bound)


def _taken_back(command: Command[Any], values: Values) -> Values:
    """The values, with off:yes in the place of a main value that only says so: `me language off`."""
    off = command.by_name.get(OFF)
    main = next((p for p in command.parameters if p.main), None)
    if off is None or off.kind is not OptionKind.BOOLEAN or main is None or values.get(OFF):
        return values
    words = {OFF} if main.kind is OptionKind.CHANNEL else {OFF, "default"}
    if [text.strip().casefold() for text in values.get(main.name, ())] not in [[word] for word in words]:
        return values
    return {**values, main.name: (), OFF: ("yes",)}


def _refuse_unseen(command: Command[Any], parameter: Parameter, values: Values) -> None:
    """Say why a value that is there counts for nothing: to whoever gave it, it is not missing."""
    if hidden := only_unseen("".join(values.get(parameter.name, ()))):
        said = msg(
            "The {option} consists only of invisible characters ({kinds}).",
            option=parameter.name,
            kinds=hidden,
        )
        _refuse(command, parameter, said)


def _bind_one(command: Command[Any], parameter: Parameter, given: Sequence[str]) -> Any:
    if parameter.many:
        if parameter.kind is OptionKind.TWEET:
            given = [" ".join(given)]  # perhaps a sentence
        items = [item for text in given for item in _items(command, parameter, text)]
        if not items and (text := " ".join(given).strip(",;、，؛； ")):
            items = [text]  # a word that is no item is told as what it is not
        if not items:
            _refuse(
                command, parameter, msg("{option} has nothing between its commas.", option=parameter.name)
            )
        unique = tuple(dict.fromkeys(_convert(command, parameter, item) for item in items))
        _check_count(command, parameter, len(unique))
        return unique
    if len(given) > 1:
        said = nmsg(
            "{option} is given {n} time; it takes one value.",
            "{option} is given {n} times; it takes one value.",
            n=len(given),
            option=parameter.name,
        )
        _refuse(command, parameter, said)
    return _convert(command, parameter, given[0])


def _items(command: Command[Any], parameter: Parameter, text: str) -> list[str]:
    named = parameter.kind in (OptionKind.TWEET, OptionKind.USERNAME)
    try:
        if parameter.kind is OptionKind.TWEET and (posts := posts_in(text)):
            return posts
        items = parameter.items(without_markup(text) if named else text)
    except ValueError as error:
        _refuse(command, parameter, of_option(parameter.name, error))
    return [one for item in items for one in listed(item)] if named else items


def _check_count(command: Command[Any], parameter: Parameter, count: int) -> None:
    if parameter.le is not None and count > parameter.le:
        said = nmsg(
            "{option} takes at most {n} value, not {count}.",
            "{option} takes at most {n} values, not {count}.",
            n=parameter.le,
            option=parameter.name,
            count=count,
        )
        _refuse(command, parameter, said)


# What is read from a text alone.
_REFERENCES: Mapping[OptionKind, Callable[[str], Any]] = {
    OptionKind.TWEET: parse_tweet_ref,
    OptionKind.LIST: parse_list_ref,
    OptionKind.COMMUNITY: parse_community_ref,
    OptionKind.SPACE: parse_space_ref,
    OptionKind.BROADCAST: parse_broadcast_ref,
    OptionKind.SUBJECT: parse_subject,
    OptionKind.MEDIA: parse_media_ref,
}


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
            case kind if kind in _REFERENCES:
                return _REFERENCES[kind](text)
            case OptionKind.USERNAME:
                return _username(text)
            case OptionKind.CHANNEL:
                return parse_channel(text)
            case OptionKind.DURATION:
                return _duration(parameter, text)
            case OptionKind.TIMEZONE:
                return read_zone(text)
            case OptionKind.SECRET:
                return SecretStr(text.strip())
    except ValueError as error:
        _refuse(command, parameter, of_option(parameter.name, error))


def _refuse(command: Command[Any], parameter: Parameter, detail: str) -> NoReturn:
    name = parameter.name
    raise UsageError(detail, option=name, example=_example(command, name))


def _example(command: Command[Any], named: str) -> str | None:
    """The example of a command that has the option of that name; else the first."""
    return next((one for one in command.examples if f" {named}:" in one), next(iter(command.examples), None))


def parse_channel(text: str) -> ChannelRef:
    """A channel from `<#C1|name>`, `<#123>`, `#name`, a name or an id."""
    stripped = text.strip()
    match = _ANGLED.fullmatch(stripped)
    if match and match[1].startswith("#"):
        return ChannelRef(match[1][1:], match[2] or "")
    name = stripped.removeprefix("#")
    if not name or any(c.isspace() for c in name) or len(name) > 100:
        raise ValueError(msg("{text} is not a channel; write #name", text=repr(cut(text, 40))))
    return ChannelRef(name, name)


def _string(parameter: Parameter, text: str) -> str:
    plain = text.strip()
    if parameter.code is not None:
        plain = straightened(plain, parameter.code)
    if parameter.code == "query" and (quote := unclosed(plain)):
        raise ValueError(
            msg('the quote " at {quote} is never closed; close it, or remove it', quote=cut(quote, 30))
        )
    if parameter.search:
        plain = checked_search(plain)
    if parameter.max_length is not None and len(plain) > parameter.max_length:
        raise ValueError(
            msg(
                "that is {count} characters long; the limit is {max_length}",
                count=len(plain),
                max_length=parameter.max_length,
            )
        )
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
        raise ValueError(
            msg("that contains invisible characters ({named}); type it again without them", named=named)
        )
    return plain


def _integer(parameter: Parameter, text: str) -> int:
    number = _counted(parameter.unit, text) if parameter.unit else _whole(parameter, text)
    low, high = parameter.ge, parameter.le
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(out_of_range(str(number), low, high))
    return number


def _whole(parameter: Parameter, text: str) -> int:
    """A whole number; of things that the bot has numbered itself, #2 is one too."""
    numbered = local_number(text) if parameter.suggest is not None else None
    try:
        return whole_number(text) if numbered is None else numbered
    except TooLarge:
        if parameter.le is None:
            raise
        raise ValueError(out_of_range(text.strip(), parameter.ge, parameter.le)) from None


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
        raise ValueError(
            msg(
                "{text} is not a whole number of {unit}",
                text=repr(cut(text, 40)),
                unit=_UNIT_WORDS.get(unit, Duration(unit.total_seconds())),
            )
        )
    return count


def _boolean(text: str) -> bool:
    folded = text.strip().casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise ValueError(msg("{text} is neither yes nor no", text=repr(cut(text, 40))))


def _username(text: str) -> Username:
    if len(text.strip()) > 1 and text.strip().casefold() in _TRUE | _FALSE:
        raise ValueError(
            msg("{text} is no account, and one is wanted here, such as @nasa", text=repr(text.strip()))
        )
    return parse_username(text)


def _choice(command: Command[Any], parameter: Parameter, text: str) -> str:
    folded = " ".join(text.split()).casefold()
    for choice in parameter.choices:
        if folded in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    labels = list(parameter.said)
    word = re.split(r"[|/]", folded)[0].strip()
    if parameter.leads and (lead := parameter.leads.get(word)):
        raise ValueError(msg("there is no {text}; {lead}", text=repr(cut(text, 40)), lead=lead))
    close = names_close_to(text, labels) or names_with_part(folded, labels)
    if len(labels) > _MOST_LISTED and not parameter.typed:
        if not close:
            raise ValueError(
                nmsg(
                    "{text} is not one of its {n} value; help {command} lists them",
                    "{text} is not one of its {n} values; help {command} lists them",
                    n=len(labels),
                    text=repr(cut(text, 40)),
                    command=command.name,
                )
            )
        raise ValueError(
            nmsg(
                "{text} is not one of its {n} value; did you mean {near}? help {command} lists them",
                "{text} is not one of its {n} values; did you mean {near}? help {command} lists them",
                n=len(labels),
                text=repr(cut(text, 40)),
                near=Joined(tuple(map(repr, close[:_MOST_MEANT])), JoinedBy.OR),
                command=command.name,
            )
        )
    shown, listed = repr(cut(text, 40)), Joined(tuple(labels), JoinedBy.COMMA)
    if not close:
        raise ValueError(msg("{text} is not one of {labels}", text=shown, labels=listed))
    raise ValueError(
        msg(
            "{text} is not one of {labels}; did you mean {near}?",
            text=shown,
            labels=listed,
            near=repr(close[0]),
        )
    )


def _duration(parameter: Parameter, text: str) -> timedelta:
    span = parse_duration(text)
    low = None if parameter.ge is None else timedelta(seconds=parameter.ge)
    high = None if parameter.le is None else timedelta(seconds=parameter.le)
    if (low and span < low) or (high and span > high):
        shown = repr(cut(text, 40))
        limits = [Duration(limit.total_seconds()) for limit in (low, high) if limit]
        if len(limits) == 1:
            raise ValueError(msg("{text} is out of range ({limit})", text=shown, limit=limits[0]))
        raise ValueError(
            msg("{text} is out of range ({least} to {most})", text=shown, least=limits[0], most=limits[1])
        )
    return span


# --- forms -----------------------------------------------------------------------------------
