"""Files that Xquik makes, before they are sent into a chat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, Literal, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.messages.message import Message
from bot.xquik.errors import FileTooLarge

ExportFormat: TypeAlias = Literal["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"]
"""As what Xquik exports draws and extractions."""
FormatOption: TypeAlias = Annotated[ExportFormat, Option("The kind of file")]
MOST_BYTES: Final = 10 * 1024 * 1024
"""Of a file: Discord takes that much by default."""


@contextmanager
def fitting(remedy: Message) -> Iterator[None]:
    """What to do instead, where the file that is fetched inside is larger than can be sent."""
    try:
        yield
    except FileTooLarge as error:
        error.remedy = remedy
        raise
