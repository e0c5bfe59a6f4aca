"""From a typed line to a command and its raw values.

    draw run https://x.com/xquik/status/1 winners:3 must_follow:@xquik
    tweet post "two words" account:brand
    draw run --tweet https://x.com/… --winners 3 --unique

Values are given as `name:value`, `name:"two words"`, `--name value`, `--name=value`; a flag alone
is true; the main value may stand bare. A group named alone runs its default verb.

Chat clients rewrite what people type: “ ” ‘ ’ for quotes and an em dash for `--` are undone here. What one
platform alone writes (escapes, emoji by name, mentions in texts) its adapter has turned back before.
References keep their ids: `<https://x.com/a|x.com/a>`, `<#C1|name>` and `<@U1|name>` are read by kind in
`bot.core.binding`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.core.commands import Catalogue, Command, Group, Kind, Parameter
from bot.core.errors import UsageError

MAX_LINE = 30_000  # longer than any platform lets people type; a note tweet is 25,000

# A “ that does not close may have a later one inside it that does; a straight quote cannot.
MAX_UNCLOSED = 8

_CLOSING = {'"': '"”', "“": "”", "„": "“”", "«": "»", "'": "'’", "‘": "’"}
_NESTING = {'"': "“", "“": "“", "«": "«"}
# They begin where a word does, so that a long one is not looked at again from each of its characters.
_OPTION = re.compile(r"(?<!\S)(?:--|—|–)?([A-Za-z][A-Za-z0-9_-]*)[:=]")
_FLAG = re.compile(r"(?<!\S)(?:--|—|–)([A-Za-z][A-Za-z0-9_-]*)(?!\S)")
_VERB = re.compile(r"(?<!\S)([A-Za-z_-]+)(?!\S)\s*")
# What Slack and Discord write for people, channels and addresses.
_ANGLED = re.compile(r"<[^<>\n]*>")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the line. value: unquoted; name: the option it is for ("" when bare);
    start, end: where it stands, so that bare text keeps its own spacing. flag: `--name` alone."""

    value: str
    name: str
    start: int
    end: int
    flag: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command and its raw values by option name, as typed, in order."""

    command: Command[Any]
    values: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """The line asks for help rather than for a command. group: about which, or None for all."""

    group: Group | None


def parse(catalogue: Catalogue, line: str) -> Parsed | HelpWanted:
    """What the line means. UsageError names what is wrong, the nearest command and an example."""
    if len(line) > MAX_LINE:
        raise UsageError(f"That line has {len(line):,} characters; at most {MAX_LINE:,} are read.")
    words = re.match(r"\s*/?(\S*)(\s*)", line)
    assert words is not None  # noqa: S101 - the pattern matches the empty string
    first = words[1]
    if not first:
        return HelpWanted(None)
    group = catalogue.group(first.lower())
    if group is None:
        raise _unknown_command(catalogue, first)
    command, rest = _verb(group, line, words.end())
    if command is None:
        return HelpWanted(group)
    return Parsed(command, _values(command, line, rest))


def names_close_to(wanted: str, known: list[str]) -> list[str]:
    """The known names most like `wanted`, best first."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wanted.casefold(), list(folded), n=3, cutoff=0.6)
    return [folded[name] for name in close]


def _unknown_command(catalogue: Catalogue, word: str) -> UsageError:
    groups = [group.name for group in catalogue.groups]
    close = names_close_to(word, groups)
    shown = word if len(word) <= 40 else word[:39] + "…"
    if close:
        group = catalogue.group(close[0])
        example = group.commands[0].examples[0] if group and group.commands[0].examples else close[0]
        return UsageError(f"There is no command {shown!r}. Did you mean {close[0]!r}?", example=example)
    return UsageError(f"There is no command {shown!r}. There are: {', '.join(groups)}.", example="help")


def _verb(group: Group, text: str, position: int) -> tuple[Command[Any] | None, int]:
    """The command of the group that the text at `position` names, and where its arguments start."""
    verbs = {command.path[-1]: command for command in group.commands if len(command.path) > 1}
    if not verbs:
        return group.commands[0], position
    match = _VERB.match(text, position)
    word = match[1].lower() if match else ""
    if match and word in verbs:
        return verbs[word], match.end()
    if group.default is None:
        if not text[position:].strip():
            return None, position
        raise _unknown_verb(group, word or text[position:].split(maxsplit=1)[0], verbs)
    command = verbs[group.default]
    main = _main(command)
    takes_words = main is not None and main.kind in (Kind.STRING, Kind.CHOICE)
    close = names_close_to(word, list(verbs)) if word and len(word) > 1 else []
    if word == "help":
        return None, position
    if word and close and not takes_words:
        raise _unknown_verb(group, word, verbs)
    return command, position


def _unknown_verb(group: Group, word: str, verbs: dict[str, Command[Any]]) -> UsageError:
    close = names_close_to(word, list(verbs))
    known = ", ".join(f"{group.name} {verb}" for verb in verbs)
    shown = word if len(word) <= 40 else word[:39] + "…"
    if close:
        command = verbs[close[0]]
        return UsageError(
            f"{group.name!r} has no verb {shown!r}. Did you mean {command.name!r}?",
            example=command.examples[0] if command.examples else command.name,
        )
    return UsageError(f"{group.name!r} has no verb {shown!r}. There are: {known}.")


def _main(command: Command[Any]) -> Parameter | None:
    return next((p for p in command.parameters if p.main), None)


def _values(command: Command[Any], text: str, start: int) -> dict[str, tuple[str, ...]]:
    known = {p.name: p for p in command.parameters}
    main = _main(command)
    free_text = main is not None and main.kind is Kind.STRING and not main.many
    tokens = _tokens(text, start, known, command, free_text=free_text)
    values: dict[str, list[str]] = {}
    bare: list[Token] = []
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
            if token.flag and parameter.kind is Kind.BOOLEAN:
                values.setdefault(parameter.name, []).append("true")
            elif token.flag or token.empty:
                waiting = parameter
            else:
                values.setdefault(parameter.name, []).append(_given(command, parameter, token))
    if waiting is not None:
        raise _no_value(command, waiting)
    try:
        _take_bare(command, main, bare, values, text)
    except UsageError as error:
        raise _quotes_missing(error, tokens, known) from None
    return {name: tuple(items) for name, items in values.items()}


def _given(command: Command[Any], parameter: Parameter, token: Token) -> str:
    """The value that was written for an option: not nothing, and no list that breaks off."""
    if not token.value.strip():
        raise _no_value(command, parameter)
    if parameter.many and token.value.endswith(","):
        name = parameter.name
        raise UsageError(
            f"{name}: nothing follows the last comma. "
            f'Write a list without spaces, or in quotes: {name}:"{token.value[:40]} …".',
            option=name,
            example=_example(command),
        )
    return token.value


def _quotes_missing(error: UsageError, tokens: list[Token], known: dict[str, Parameter]) -> UsageError:
    """The same error, with how one value of two words is written where that is what was meant."""
    name, value, waits = "", "", False
    for token in tokens:
        if token.name:
            waits = token.empty or (token.flag and known[token.name].kind is not Kind.BOOLEAN)
            name, value = token.name, token.value
        elif waits:
            value, waits = token.value, False
        elif name and known[name].kind is Kind.STRING and not any(map(str.isspace, value)):
            hint = f'A value with spaces needs quotes: {name}:"{value[:30]} {token.value[:30]}".'
            return UsageError(f"{error.detail} {hint}", option=error.option, example=error.example)
        else:
            name = ""
    return error


def _no_value(command: Command[Any], parameter: Parameter) -> UsageError:
    return UsageError(
        f"{parameter.name} has no value: {parameter.description}.",
        option=parameter.name,
        example=_example(command),
    )


def _example(command: Command[Any]) -> str:
    return command.examples[0] if command.examples else command.name


def _take_bare(
    command: Command[Any],
    main: Parameter | None,
    bare: list[Token],
    values: dict[str, list[str]],
    text: str,
) -> None:
    """Give the words that carry no name to the main option."""
    if not bare:
        return
    if main is None and any(p.kind is Kind.SECRET for p in command.parameters):
        return  # perhaps the secret itself: it is asked for in a form, and never said back
    if main is None:
        raise UsageError(
            f"{command.name!r} takes no bare value, and {bare[0].value[:60]!r} names no option.",
            example=_example(command),
        )
    if main.many:
        values.setdefault(main.name, []).extend(token.value for token in bare)
        return
    if main.name in values:
        raise UsageError(
            f"{main.name} is given twice: {values[main.name][0][:40]!r}, {bare[0].value[:40]!r}.",
            option=main.name,
            example=_example(command),
        )
    if len(bare) == 1:
        values[main.name] = [bare[0].value]
    elif main.kind is Kind.STRING or main.kind is Kind.CHOICE:
        values[main.name] = [_running_text(bare, text)]
    else:
        raise UsageError(
            f"{command.name!r} takes one {main.name}; {bare[1].value[:60]!r} is one too many.",
            option=main.name,
            example=_example(command),
        )


def _running_text(bare: list[Token], text: str) -> str:
    """Several bare tokens as they were typed: spacing, line breaks and inner quotes kept."""
    pieces: list[str] = []
    for earlier, token in zip([None, *bare], bare, strict=False):
        if earlier is not None:
            between = text[earlier.end : token.start]
            pieces.append(between if between.isspace() else " ")
        pieces.append(text[token.start : token.end])
    return "".join(pieces)


def _tokens(
    text: str,
    start: int,
    known: dict[str, Parameter],
    command: Command[Any],
    *,
    free_text: bool,
) -> list[Token]:
    tokens: list[Token] = []
    unclosed: Counter[str] = Counter()
    position = start
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return tokens
        token = _option_token(text, position, known, command, unclosed, free_text=free_text)
        if token is None:
            value, end = _value(text, position, unclosed)
            token = Token(value, "", position, end)
        tokens.append(token)
        position = token.end


def _option_token(
    text: str,
    position: int,
    known: dict[str, Parameter],
    command: Command[Any],
    unclosed: Counter[str],
    *,
    free_text: bool,
) -> Token | None:
    """The token at `position` when it names an option, None when it is bare."""
    match = _OPTION.match(text, position)
    if match:
        name = match[1].replace("-", "_").lower()
        dashed = not text[position].isalpha()
        follows = text[match.end() : match.end() + 2]
        if name in known:
            if not follows or follows[0].isspace():
                return Token("", name, position, match.end(), empty=True)
            value, end = _value(text, match.end(), unclosed)
            return Token(value, name, position, end)
        if not free_text and (dashed or follows != "//") and not _is_link(text, position):
            raise _unknown_option(command, match[1], known)
        return None
    flag = _FLAG.match(text, position)
    if flag is None:
        return None
    name = flag[1].replace("-", "_").lower()
    if name in known:
        return Token("", name, position, flag.end(), flag=True)
    if free_text and not names_close_to(name, list(known)):
        return None
    raise _unknown_option(command, flag[1], known)


def _is_link(text: str, position: int) -> bool:
    return text.startswith(("http:", "https:"), position)


def _unknown_option(command: Command[Any], name: str, known: dict[str, Parameter]) -> UsageError:
    close = names_close_to(name.replace("-", "_"), list(known))
    hint = f" Did you mean {close[0]!r}?" if close else ""
    listed = f" It takes: {', '.join(known)}." if known else " It takes no options."
    return UsageError(
        f"{command.name!r} has no option {name[:40]!r}.{hint}{listed}",
        option=name[:40],
        example=_example(command),
    )


def _value(text: str, position: int, unclosed: Counter[str]) -> tuple[str, int]:
    """A value at `position`: a quoted text, or all up to the next space outside angle brackets.

    unclosed: how often each opening quote of the line was found not to close. Looking for the end of
    each anew would take time that grows with the square of the line.
    """
    opening = text[position]
    if opening in _CLOSING and unclosed[opening] < (MAX_UNCLOSED if opening in _NESTING else 1):
        quoted = _quoted(text, position)
        if quoted is not None:
            return quoted
        unclosed[opening] += 1
    end = position
    while end < len(text) and not text[end].isspace():
        angled = _ANGLED.match(text, end)
        end = angled.end() if angled else end + 1
    return text[position:end], end


def _quoted(text: str, position: int) -> tuple[str, int] | None:
    """The text in quotes at `position` and where it ends; None when the quote does not close.

    A closing quote counts only before a space or the end, so that apostrophes stay text; a pair of
    “ ” inside stays text too. Inside straight quotes, a backslash keeps the next quote or backslash.
    """
    opening = text[position]
    closing = _CLOSING[opening]
    nests = _NESTING.get(opening)
    depth = 1
    value: list[str] = []
    at = position + 1
    while at < len(text):
        character = text[at]
        if character == "\\" and at + 1 < len(text) and text[at + 1] in closing + "\\":
            value.append(text[at + 1])
            at += 2
            continue
        if nests and character == nests:
            depth += 1
        elif character in closing:
            depth -= 1
            ends = depth <= 0 or character == opening
            if ends and (at + 1 == len(text) or text[at + 1].isspace()):
                return "".join(value), at + 1
            depth = max(depth, 1)
        value.append(character)
        at += 1
    return None
