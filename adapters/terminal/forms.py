"""Forms in a terminal: one question after another."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from getpass import getpass
from typing import TypeAlias

from adapters.terminal.escape import plain_line
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Form, Input, InputKind
from bot.core.errors import UsageError
from bot.core.text.shortening import cut

Question: TypeAlias = Callable[[str, bool], str]
"""(question, secret) → what was typed; EOFError or KeyboardInterrupt when the person gives up."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was filled in: hand `values` to `Dispatcher.press` with `action`."""

    action: ActionRef
    values: dict[str, str] = field(repr=False)


def terminal_question() -> Question | None:
    """Asks on the terminal; None when there is nobody to ask (a pipe, a service)."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(question: str, secret: bool) -> str:
        if secret:
            return getpass(question)
        sys.stderr.write(question)
        sys.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            raise EOFError
        return answer.rstrip("\n")

    return ask


async def fill(form: Form, question: Question | None) -> Submission:
    """Ask for every field; UsageError when nobody can be asked, or the person gave up."""
    if question is None:
        wanted = ", ".join(item.name for item in form.inputs if item.required) or "its values"
        raise UsageError(
            f"“{plain_line(form.title)}” is a form and needs {wanted}, but no terminal is attached.",
            remedy=_remedy(form),
        )
    values: dict[str, str] = {}
    for item in form.inputs:
        try:
            values[item.name] = await asyncio.to_thread(_ask, item, question)
        except (EOFError, KeyboardInterrupt):
            raise UsageError(
                "The form was cancelled; nothing was done.", remedy="Run the command again."
            ) from None
    return Submission(form.action, values)


def _remedy(form: Form) -> str:
    if any(item.kind is InputKind.SECRET for item in form.inputs):
        return (
            "Run it in a terminal, where it is asked for without being shown, "
            "or store the key with `xquik-bot apply` (api_key_env or api_key_file)."
        )
    return "Give the values in the line as name:value, or run it in a terminal."


def _ask(item: Input, question: Question) -> str:
    secret = item.kind is InputKind.SECRET
    while True:
        given = question(_words(item), secret).strip() or item.value
        trouble = _trouble(item, given)
        if trouble is None:
            return _value(item, given)
        question(f"  {trouble} Press Enter to try again. ", False)


def _words(item: Input) -> str:
    notes: list[str] = []
    if item.choices:
        notes.append(" / ".join(plain_line(choice.label) for choice in item.choices))
    if item.kind is InputKind.BOOLEAN:
        notes.append("yes / no")
    if item.hint:
        notes.append(plain_line(item.hint))
    if not item.required:
        notes.append("optional")
    if item.value and item.kind is not InputKind.SECRET:
        notes.append(f"Enter keeps {cut(plain_line(item.value), 60)!r}")
    return plain_line(item.label) + (f" ({'; '.join(notes)})" if notes else "") + ": "


def _value(item: Input, given: str) -> str:
    """What is sent: a choice may be named by its label."""
    return next((c.value for c in item.choices if given.casefold() == c.label.casefold()), given)


def _trouble(item: Input, given: str) -> str | None:
    if not given:
        return "This is needed." if item.required and item.kind is not InputKind.BOOLEAN else None
    if item.kind is InputKind.INTEGER and not any(map(str.isdecimal, given)):
        return "Enter a whole number, like 3."
    if item.max_length is not None and len(given) > item.max_length:
        return f"That has {len(given)} characters; at most {item.max_length} are taken."
    if item.choices and not any(
        given == c.value or given.casefold() == c.label.casefold() for c in item.choices
    ):
        return "Choose one of the values above."
    return None
