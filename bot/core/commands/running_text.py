"""Running text in a typed line: where it begins, and what stands in it as an option nevertheless. Pure.

From its first bare word on, only `--name` and a run of `name:value` at the very end are read as options, and
everything else is the text (see docs/guide/typing.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from bot.core.commands.declaring import OptionKind, Parameter
from bot.core.commands.tokens import LineToken

KnownOptions: TypeAlias = Mapping[str, Parameter]
"""The options of a command, by their names."""


def with_text(tokens: list[LineToken], known: KnownOptions, running: Parameter, text: str) -> list[LineToken]:
    """The pieces of a line with those made bare that belong to its running text."""
    begin = _text_begins(tokens, known, running)
    if begin is None:
        return tokens
    before, behind = tokens[:begin], tokens[begin:]
    first = behind[0]
    if first.empty and first.name == running.name:  # `text: Well done`
        behind = behind[1:]
    elif first.name == running.name:  # `text:Well done`
        behind[0] = LineToken(first.value, "", first.begins, first.end, begins=first.begins)
    whole = _is_whole(behind[0], behind[1:], known)
    kept = _kept_options(behind, known)
    words = (token if whole or at in kept else _bare(token, text) for at, token in enumerate(behind))
    return [*before, *(replace(word, running=True) for word in words)]


def _text_begins(tokens: Sequence[LineToken], known: KnownOptions, running: Parameter) -> int | None:
    """Where the first word of the text stands."""
    others = 0 if running.main else 1  # the main value comes before
    waiting = given = False
    for at, token in enumerate(tokens):
        if token.name == running.name and not (token.quoted or token.flag or token.dashed or token.empty):
            return at
        if token.name == running.name and token.empty and not token.dashed:
            behind = tokens[at + 1 : at + 2]
            if behind and not behind[0].name and not behind[0].quoted:
                return at
        given = given or token.name == running.name
        if token.name and token.empty and not (token.dashed or others or given):
            return at  # account: we moved
        if token.name:
            main = known[token.name].main
            others -= 1 if main and others else 0
            waiting = wants_value(token, known)
        elif waiting:
            waiting = False
        elif others:
            others -= 1
        else:
            return at
    return None


def _kept_options(tokens: Sequence[LineToken], known: KnownOptions) -> set[int]:
    """The places of those pieces of running text that are options nevertheless: dashed ones with their
    values, and the run of `name:value` at the end."""
    dashed: set[int] = set()
    for at, token in enumerate(tokens):
        if not token.dashed or at in dashed:
            continue
        dashed.add(at)
        if wants_value(token, known) and at + 1 < len(tokens) and not tokens[at + 1].name:
            dashed.add(at + 1)
    kept = set(dashed)
    for at in range(len(tokens) - 1, 0, -1):
        token = tokens[at]
        if at not in dashed and (not token.name or token.empty or token.equals):
            break
        kept.add(at)
    return kept - {0}


def _is_whole(first: LineToken, behind: Sequence[LineToken], known: KnownOptions) -> bool:
    """Whether the text is in quotes and nothing but options stands behind it, however they are written."""
    waiting = False
    for token in behind:
        if not token.name and not waiting:
            return False
        waiting = bool(token.name) and wants_value(token, known)
    return first.quoted


def wants_value(token: LineToken, known: KnownOptions) -> bool:
    """Whether the value of an option is the next piece."""
    return token.empty or (token.flag and known[token.name].kind is not OptionKind.BOOLEAN)


def _bare(token: LineToken, text: str) -> LineToken:
    """The same piece as a bare word."""
    if not token.name:
        return token
    return LineToken(text[token.start : token.end], "", token.start, token.end, begins=token.start)
