"""Files that Xquik makes, before they are sent into a chat."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.errors import Rejected
from bot.core.messages.message import Message, msg
from bot.xquik.models import ExportFile

ExportFormat: TypeAlias = Literal["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"]
"""As what Xquik exports draws and extractions."""
FormatOption: TypeAlias = Annotated[ExportFormat, Option("The kind of file")]
MOST_BYTES: Final = 10 * 1024 * 1024
"""Of a file: Discord takes that much by default."""


def check_size(exported: ExportFile, remedy: Message) -> None:
    """Rejected for a file that is too large to be sent."""
    size = len(exported.content)
    if size > MOST_BYTES:
        raise Rejected(
            msg("The file has {size} MiB; at most 10 MiB can be sent here.", size=round(size / 1_048_576, 1)),
            remedy=remedy,
        )
