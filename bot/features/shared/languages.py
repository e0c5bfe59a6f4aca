"""A language as people name it, in an option."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Final, TypeAlias

from bot.core.chat.languages import of_person
from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.errors import said_by
from bot.core.x.languages import code_in_tweets, language_code
from bot.features.services import CommandCall

InLanguage: TypeAlias = Annotated[
    str | None, Option("Only in this language, like en or German", max_length=60, suggest="languages")
]

IntoLanguage: TypeAlias = Annotated[
    str | None,
    Option("Into this language, like es or German; your own if left out", max_length=60, suggest="languages"),
]
_ENGLISH: Final = "en"


def asked_language(text: str | None, *, example: str) -> str | None:
    """The code by which X marks tweets in it; None for none.

    UsageError names languages that are near. example: a line that does it right.
    """
    if text is None:
        return None
    try:
        return code_in_tweets(language_code(text))
    except ValueError as error:
        raise UsageError(said_by(error), option="language", example=example) from None


async def language_to_read(call: CommandCall, said: str | None, *, example: str) -> str:
    """The code to translate into: of what somebody asked for, else of their own language.

    UsageError names languages that are near. example: a line that does it right.
    """
    if said is not None:
        try:
            return target_code(said)
        except ValueError as error:
            raise UsageError(said_by(error), option="language", example=example) from None
    chosen = await call.services.languages.chosen(call.tenant, call.invocation.actor.id)
    for tag in of_person(chosen, call.invocation.locale):
        with suppress(ValueError):
            return target_code(tag)
    return _ENGLISH


def target_code(said: str) -> str:
    """A language as X translates into it: its code, with the region where one was typed (pt-br). ValueError
    for what is none."""
    code, typed = language_code(said), said.strip().lower().replace("_", "-")
    return typed if typed.startswith(f"{code}-") else code
