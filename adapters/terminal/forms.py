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
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.messages.speaking import say, speaking
from bot.core.text.shortening import cut
from bot.i18n.translator import translator

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
        wanted = tuple(item.name for item in form.inputs if item.required)
        raise UsageError(
            msg(
                "“{form}” is a form and needs {values}, but no terminal is attached.",
                form=plain_line(form.title),
                values=Joined(wanted, JoinedBy.COMMA) if wanted else msg("its values"),
            ),
            remedy=_remedy(form),
        )
    values: dict[str, str] = {}
    with speaking(translator(form.language).rules):
        for item in form.inputs:
            try:
                values[item.name] = await asyncio.to_thread(_ask, item, question)
            except (EOFError, KeyboardInterrupt):
                raise UsageError(
                    msg("The form was cancelled; nothing was done."), remedy=msg("Run the command again.")
                ) from None
    return Submission(form.action, values)


def _remedy(form: Form) -> Message:
    if any(item.kind is InputKind.SECRET for item in form.inputs):
        return msg(
            "Run it in a terminal, where it is asked for without being shown, "
            "or store the key with `xquik-bot apply` (api_key_env or api_key_file)."
        )
    return msg("Give the values in the line as name:value, or run it in a terminal.")


def _ask(item: Input, question: Question) -> str:
    secret = item.kind is InputKind.SECRET
    while True:
        given = question(_words(item), secret).strip() or item.value
        trouble = _trouble(item, given)
        if trouble is None:
            return _value(item, given)
        question(f"  {say(trouble)} {say(msg('Press Enter to try again.'))} ", False)


def _words(item: Input) -> str:
    notes: list[str] = []
    if item.choices:
        notes.append(" / ".join(plain_line(choice.label) for choice in item.choices))
    if item.kind is InputKind.BOOLEAN:
        notes.append("yes / no")  # no message: it is what is typed
    if item.hint:
        notes.append(plain_line(item.hint))
    if not item.required:
        notes.append(say(msg("optional")))
    if item.value and item.kind is not InputKind.SECRET:
        kept = cut(plain_line(item.value), 60)
        notes.append(say(msg("Enter keeps {value}", value=repr(kept))))
    return plain_line(item.label) + (f" ({'; '.join(notes)})" if notes else "") + ": "


def _value(item: Input, given: str) -> str:
    """What is sent: a choice may be named by its label."""
    return next((c.value for c in item.choices if given.casefold() == c.label.casefold()), given)


def _trouble(item: Input, given: str) -> Message | None:
    if not given:
        return msg("This is needed.") if item.required and item.kind is not InputKind.BOOLEAN else None
    if item.kind is InputKind.INTEGER and not any(map(str.isdecimal, given)):
        return msg("Enter a whole number, like 3.")
    if item.max_length is not None and len(given) > item.max_length:
        length, most = len(given), item.max_length
        return msg("That has {length} characters; at most {most} are taken.", length=length, most=most)
    if item.choices and not any(
        given == c.value or given.casefold() == c.label.casefold() for c in item.choices
    ):
        return msg("Choose one of the values above.")
    return None
