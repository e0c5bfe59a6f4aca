"""What a tweet or an account leads to: as a line that is only its link, and as message action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

_LONGEST_NAME: Final = 24
"""Characters: as many as Slack takes for a shortcut; Discord takes 32."""
_LONGEST_DESCRIPTION: Final = 150
"""Characters: as many as Slack takes."""


@dataclass(frozen=True, slots=True)
class MessageAction:
    """An entry of the menu that chats have for each message, for one that holds a link to a tweet. key: by
    which platforms know it, in letters and _; name: in the menu; description: where a platform shows one.

    ValueError for what is longer than a platform takes.
    """

    key: str
    name: str
    description: str

    def __post_init__(self) -> None:
        if len(self.name) > _LONGEST_NAME or len(self.description) > _LONGEST_DESCRIPTION:
            raise ValueError(f"the message action {self.key} has a longer name than platforms take")


class Offer(msgspec.Struct, frozen=True):
    """A command that a link or name leads to. label: of the button; option: what the link is given
    as; asks: its form is opened first; typed: what is typed before the link, its words if ""; on_message:
    the same in the menus of messages, None for what stands in none."""

    label: str
    path: tuple[str, ...]
    option: str
    asks: bool = False
    typed: str = ""
    on_message: MessageAction | None = None
