"""From a typed line to a command and its raw values.

    draw run https://x.com/xquik/status/1 winners:3 must_follow:@xquik
    tweet post "two words" account:brand
    draw run --tweet https://x.com/… --winners 3 --unique

Values are given as `name:value`, `name:"two words"`, `--name value`, `--name=value`; a flag alone
is true; the main value may stand bare. A group named alone runs its default verb.

Running text is not options: from its first bare word on, only `--name` and a run of `name:value` at the
very end are read as options, and everything else is the text (see docs/guide/typing.md).

Chat clients rewrite what people type: “ ” ‘ ’ for quotes and an em dash for `--` are undone here. What one
platform alone writes (escapes, emoji by name, mentions in texts) its adapter has turned back before.
References keep their ids: `<https://x.com/a|x.com/a>`, `<#C1|name>` and `<@U1|name>` are read by kind in
`bot.core.commands.binding`. The items of a list keep their quotes too, which `bot.core.text.lists` reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Any
from unicodedata import normalize

import msgspec

from bot.core.commands.declaring import Catalogue, Command, Group, OptionKind, Parameter
from bot.core.commands.running_text import KnownOptions, wants_value, with_text
from bot.core.commands.tokens import LineToken, example_of, stray_quote, tokens_of
from bot.core.commands.verbs import DASHED_HELP, HELP, command_of, unknown_command
from bot.core.errors import UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.errors import said_by
from bot.core.messages.message import Joined, JoinedBy, msg, nmsg
from bot.core.text.lists import COMMAS, ListError
from bot.core.text.nearest import names_close_to
from bot.core.text.quoting import DOUBLE
from bot.core.text.shortening import cut
from bot.core.x.references import TweetRef, Username, find_people, find_posts, only_reference

__all__ = ["MAX_LINE", "HelpWanted", "Parsed", "names_close_to", "parse"]

MAX_LINE = 30_000  # longer than any platform lets people type; a note tweet is 25,000

_HOW_TO_QUOTE = msg("inside \"…\" write ' or \\\" for a quote, or put all of it in '…'")
_FIRST = re.compile(r"\s*/?(\S*)(\s*)")
# The bot itself, as people call it where they mention it first.
_MENTION = re.compile(r"[@＠]\S{1,80}|<@[!&]?\w{1,40}(?:\|[^<>\n]{0,80})?>")


class Parsed(msgspec.Struct, frozen=True):
    """A command and its raw values by option name, as typed, in order."""

    command: Command[Any]
    values: dict[str, tuple[str, ...]]


class HelpWanted(msgspec.Struct, frozen=True):
    """The line asks for help rather than for a command. group: about which, or None for all."""

    group: Group | None


def parse(catalogue: Catalogue, line: str) -> Parsed | HelpWanted:
    """What the line means. UsageError names what is wrong, the nearest command and an example."""
    if len(line) > MAX_LINE:
        raise UsageError(
            nmsg(
                "That line has {n} character; at most {most} are read.",
                "That line has {n} characters; at most {most} are read.",
                n=len(line),
                most=MAX_LINE,
            )
        )
    words = _FIRST.match(line)
    assert words is not None  # noqa: S101 - the pattern matches the empty string
    first = normalize("NFKC", words[1])
    if not first:
        return HelpWanted(None)
    if _MENTION.fullmatch(first) and _begins_command(catalogue, rest_of := line[words.end() :]):
        return parse(catalogue, rest_of)
    group = catalogue.group(first.lower())
    if group is None and first.lower() in HELP:
        return HelpWanted(None)
    if group is None and (below := catalogue.below(first.lower())):
        return _nested(catalogue, below, first.lower(), line[words.end() :])
    if group is None:
        raise unknown_command(catalogue, first, line[words.end() :])
    command, rest = command_of(catalogue, group, line, words.end())
    if command is None:
        return HelpWanted(group)
    if line[rest:].strip().lower() in DASHED_HELP and (about := catalogue.command(("help",))) is not None:
        return Parsed(about, {"topic": (command.name,)})
    return Parsed(command, _values(command, line, rest))


def _nested(catalogue: Catalogue, below: Sequence[Group], root: str, rest: str) -> Parsed | HelpWanted:
    """What a line behind the root of rare groups means: the same as without that root."""
    word = normalize("NFKC", next(iter(rest.split(maxsplit=1)), "")).lower()
    if catalogue.nested(root, word) is not None:
        return parse(catalogue, rest)
    if not word or word in HELP:
        return HelpWanted(None)
    there = [f"{root} {group.name}" for group in below]
    close = names_close_to(word, [group.name for group in below])
    hint = (
        msg("Did you mean {near}?", near=repr(f"{root} {close[0]}"))
        if close
        else msg("There are: {commands}.", commands=Joined(tuple(there), JoinedBy.COMMA))
    )
    none = msg("{root} has nothing called {word}.", root=repr(root), word=repr(cut(word, 40)))
    raise UsageError(sentences(none, hint), example=f"help {below[0].name}")


def _begins_command(catalogue: Catalogue, line: str) -> bool:
    """Whether the first word names a command, or asks for help."""
    word = normalize("NFKC", next(iter(line.split(maxsplit=1)), "")).lower().removeprefix("/")
    return word in HELP or catalogue.group(word) is not None or bool(catalogue.below(word))


def _values(command: Command[Any], text: str, start: int) -> dict[str, tuple[str, ...]]:
    known, main, running = command.by_name, command.main, command.running
    free_text = running is not None or (main is not None and main.kind is OptionKind.STRING and not main.many)
    tokens = tokens_of(text, start, known, command, free_text=free_text)
    if running is not None:
        tokens = with_text(tokens, known, running, text)
    values: dict[str, list[str]] = {}
    bare: list[LineToken] = []
    waiting: Parameter | None = None
    for token in tokens:
        if waiting is not None and not token.name:
            values.setdefault(waiting.name, []).append(_given(command, waiting, token))
            waiting = None
        elif waiting is not None:
            raise _no_value(command, waiting)
        elif not token.name:
            bare.append(token)
        else:
            parameter = known[token.name]
            if token.flag and parameter.kind is OptionKind.BOOLEAN:
                values.setdefault(parameter.name, []).append("true")
            elif token.flag or token.empty:
                waiting = parameter
            else:
                values.setdefault(parameter.name, []).append(_given(command, parameter, token))
    if waiting is not None:
        raise _no_value(command, waiting)
    try:
        _take_bare(command, main, running, bare, values, text)
        if running is None:
            _check_together(command, bare, tokens)
    except UsageError as error:
        raise _quotes_missing(error, tokens, known) from None
    return {name: tuple(items) for name, items in values.items()}


# --- values ----------------------------------------------------------------------------------


def _given(command: Command[Any], parameter: Parameter, token: LineToken) -> str:
    """The value that was written for an option: not nothing, and no list or quote that breaks off."""
    name = parameter.name
    if not token.value.strip():
        raise _no_value(command, parameter)
    wrong: str = ""
    if parameter.many and token.value[-1] in COMMAS:
        wrong = msg("nothing follows the last comma; a list is written {option}:one,two", option=name)
    elif parameter.many:
        try:
            if not parameter.items(token.value):
                raise _no_value(command, parameter)
        except ListError as error:
            wrong = said_by(error)
    elif parameter.code is not None and token.broken:
        wrong = msg("it ends inside a quote, at {end}; {how}", end=token.value[-30:], how=_HOW_TO_QUOTE)
    elif (quote := stray_quote(token)) and not parameter.running and not parameter.paragraph:
        wrong = msg(
            "the quote {mark} at {shown} is never closed; close it, or remove it",
            mark=quote,
            shown=cut(token.value, 30),
        )
    if wrong:
        raise UsageError(
            msg("{option}: {why}.", option=name, why=wrong), option=name, example=example_of(command)
        )
    return token.value


# Values of these have spaces in them.
_SPACED = frozenset({OptionKind.STRING, OptionKind.CHOICE, OptionKind.TIMEZONE})


def _quotes_missing(error: UsageError, tokens: list[LineToken], known: KnownOptions) -> UsageError:
    """The same error, with how one value of two words is written where that is what was meant."""
    name, value, waits = "", "", False
    for at, token in enumerate(tokens):
        if token.name:
            waits = wants_value(token, known)
            name, value = token.name, token.value
        elif waits:
            value, waits = token.value, False
        elif name and _has_spaces(known[name]) and (set(value) & DOUBLE or not _spaced(value)):
            words = " ".join(one.value for one in takewhile(lambda one: not one.name, tokens[at : at + 8]))
            quoted = f'{name}:"{cut(value, 30)} {cut(words, 30)}"'
            hint = msg("A value with spaces needs quotes: {quoted}.", quoted=quoted)
            if known[name].code == "query":
                whole = msg(
                    "The search needs quotes around the whole of it: {quoted}.",
                    quoted=f"{name}:'\"two words\" OR moon'",  # no message: as it is typed
                )
                return UsageError(whole, option=name, example=error.example)
            if '"' in value:
                hint = msg("Inside \"…\" write ' or \\\" for a quote, or put all of it in '…'.")
            return UsageError(sentences(error.detail, hint), option=error.option, example=error.example)
        else:
            name = ""
    return error


def _has_spaces(parameter: Parameter) -> bool:
    """Whether values of the option may have spaces: texts, and spans of time like `30 days`."""
    timed = parameter.kind is OptionKind.DURATION or parameter.unit is not None
    return timed or parameter.kind in _SPACED


def _spaced(text: str) -> bool:
    return any(map(str.isspace, text))


def _no_value(command: Command[Any], parameter: Parameter) -> UsageError:
    return UsageError(
        msg("{option} has no value: {what}.", option=parameter.name, what=parameter.description),
        option=parameter.name,
        example=example_of(command),
    )


def _take_bare(
    command: Command[Any],
    main: Parameter | None,
    running: Parameter | None,
    bare: list[LineToken],
    values: dict[str, list[str]],
    text: str,
) -> None:
    """Give the words that carry no name to the main option, and those behind it to the running text."""
    if running is not None and running is not main:
        named = main is not None and main.name in values  # then every bare word is text
        if words := [token for token in bare if named or token.running]:
            _take(command, running, words, values, text)
        bare = [token for token in bare if not (named or token.running)]
        if main is not None and len(bare) == 1:
            _check_first(command, main, bare[0], text)
    if not bare:
        return
    if main is None and any(p.kind is OptionKind.SECRET for p in command.parameters):
        return  # perhaps the secret itself: it is asked for in a form, and never said back
    if main is None:
        raise UsageError(
            msg(
                "{command} takes no bare value, and {word} names no option.",
                command=repr(command.name),
                word=repr(cut(bare[0].value, 60)),
            ),
            example=example_of(command),
        )
    if main.many:
        values.setdefault(main.name, []).extend(token.value for token in bare)
        return
    _take(command, main, bare, values, text)


def _check_together(command: Command[Any], bare: list[LineToken], tokens: list[LineToken]) -> None:
    """Raise for words of one name that stand apart: those behind an option belong to its value."""
    if len(bare) < 2 or any(p.main and p.many for p in command.parameters):
        return
    for earlier, later in pairwise(bare):
        if any(token.name and earlier.end <= token.start < later.start for token in tokens):
            said = msg("{word} names no option.", word=repr(later.value[:60]))
            raise UsageError(said, example=example_of(command))


def _take(
    command: Command[Any], main: Parameter, bare: list[LineToken], values: dict[str, list[str]], text: str
) -> None:
    """Give bare words to one option that takes a single value."""
    if main.name in values:
        raise UsageError(
            msg(
                "{option} is given twice: {one}, {other}.",
                option=main.name,
                one=repr(cut(values[main.name][0], 40)),
                other=repr(cut(bare[0].value, 40)),
            ),
            option=main.name,
            example=example_of(command),
        )
    if len(bare) == 1:
        values[main.name] = [bare[0].value]
    elif main.kind in _SPACED:
        values[main.name] = [_running_text(bare, text)]
    elif (only := _only_reference(command, main, bare, text)) is not None:
        values[main.name] = [only]
    else:
        raise UsageError(
            msg(
                "{command} takes one {option}; {word} is one too many.",
                command=repr(command.name),
                option=main.name,
                word=repr(cut(bare[1].value, 60)),
            ),
            option=main.name,
            example=example_of(command),
        )


def _only_reference(command: Command[Any], main: Parameter, bare: list[LineToken], text: str) -> str | None:
    """The one tweet or account that a sentence names; None where it names none, or its other words look as if
    they were to say more: a number, an option."""
    said = _running_text(bare, text)
    match main.kind:
        case OptionKind.TWEET:
            found: Sequence[TweetRef | Username] = find_posts(said)
        case OptionKind.USERNAME:
            found = find_people(said)
        case _:
            return None
    if len(found) > 1:
        raise UsageError(
            msg(
                "{command} takes one {option}, and that names {number}: give one.",
                command=repr(command.name),
                option=main.name,
                number=len(found),
            ),
            option=main.name,
            example=example_of(command),
        )
    options = {parameter.name for parameter in command.parameters}
    others = [one.value for one in bare if only_reference(one.value) is None]
    if any(word.casefold() in options or word[:1] == "#" or word[:1].isdigit() for word in others):
        return None
    return str(found[0].handle if isinstance(found[0], Username) else found[0]) if found else None


def _check_first(command: Command[Any], main: Parameter, first: LineToken, text: str) -> None:
    """Raise where a sentence stands before the link that a command with a text begins with."""
    if main.kind is not OptionKind.TWEET or find_posts(first.value) or first.value[:1].isdigit():
        return
    if find_posts(text[first.end :]):
        raise UsageError(
            msg(
                "The link of the tweet comes first, and your text behind it: {command} LINK text.",
                command=command.name,
            ),
            option=main.name,
            example=example_of(command),
        )


def _running_text(bare: list[LineToken], text: str) -> str:
    """Several bare tokens as they were typed: spacing, line breaks and inner quotes kept."""
    pieces: list[str] = []
    for earlier, token in zip([None, *bare], bare, strict=False):
        if earlier is not None:
            between = text[earlier.end : token.start]
            pieces.append(between if between.isspace() else " ")
        pieces.append(text[token.start : token.end])
    return "".join(pieces)
