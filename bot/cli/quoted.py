"""The command that `exec` is given: one argument of the shell. Several are one that was not quoted."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bot.core.errors import UsageError

# What means something to a shell between double quotes.
_SPECIAL = frozenset('"$`\\!')


def one_command(given: Sequence[str]) -> str:
    """The command. UsageError, with the line as it should have been typed, where there are several
    arguments; or with the option that `exec` does not have."""
    first, *more = given
    if not more and not first.startswith("-"):
        return first
    strange = first if first.startswith("-") else more[0]
    if strange.startswith("-") and (strange == first or len(first.split()) > 1):
        raise UsageError(f"exec has no option {strange}.", remedy="`xquik-bot exec --help` lists them.")
    line = " ".join(_word(argument) for argument in given)
    raise UsageError(
        "exec takes one command as one argument, and got several.",
        remedy=f"Put the command in quotes: xquik-bot exec {_quoted(line)}",
    )


def _word(argument: str) -> str:
    """An argument as it is typed in a command: with quotes of its own where it holds a space."""
    if argument and not any(letter.isspace() for letter in argument):
        return argument
    name, value = _named(argument)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}"{escaped}"'


def _named(argument: str) -> tuple[str, str]:
    """The name in front of a value the shell took the quotes from (`text:"Hello X"` arrives as
    `text:Hello X`), and the value; no name in an address or a sentence."""
    end = next((at for at, letter in enumerate(argument) if letter in ":="), 0)
    name, value = argument[: end + 1], argument[end + 1 :]
    word = name[:-1].lstrip("-").replace("-", "").replace("_", "")
    if word.isascii() and word.isalpha() and not value.startswith("//") and not value[:1].isspace():
        return name, value
    return "", argument


def _quoted(line: str) -> str:
    """The line as one argument of a shell."""
    return shlex.quote(line) if _SPECIAL & set(line) else f'"{line}"'
