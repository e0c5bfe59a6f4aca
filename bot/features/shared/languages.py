"""A language as people name it, in an option."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.errors import said_by
from bot.core.x.languages import code_in_tweets, language_code

InLanguage: TypeAlias = Annotated[
    str | None, Option("Only in this language, like en or German", max_length=60, suggest="languages")
]


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
