"""What each entry of a message's menu leads to, from the choice to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.core.chat.answers import Audience
from bot.features.catalogue import catalogue
from tests.journeys.run.scene import TWEET

NASA: Final = "https://x.com/nasa/status/1893600000000000001"
NOTHING: Final = "@everyone <!channel> https://t.co/abc https://x.com.evil.example/nasa/status/20"


@dataclass(frozen=True)
class Journey:
    """One entry. needs: the permission that a member lacks; typed: into the form that opens, none where
    there is no form; asked: the title of what has to be confirmed; ends: what is said at last; public: where
    the channel sees it."""

    needs: str
    ends: str
    typed: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    public: bool = True


JOURNEYS: Final[Mapping[str, Journey]] = {
    "Show tweet": Journey("spend", "Tweet by @xquik"),
    "Run a draw": Journey("spend", "2 winners", {"winners": "2"}, "Run this draw?"),
    "Download media": Journey("spend", "Media saved"),
    "Draft a reply": Journey("publish", "Replied on X", {"text": "Well done"}, "Post this reply on X?"),
    "Translate tweet": Journey("spend", "Translated tweet"),
    "Watch tweet": Journey("manage", "Watching a tweet", asked="Watch this tweet?", public=False),
}
KEYS: Final = {str(action.name): action.key for action, _ in catalogue().message_actions}
ONE: Final = f"look at {TWEET}?s=20 !"
SEVERAL: Final = f"{NASA} or {TWEET}, and {NASA} once more"


def of_the_command(name: str) -> Audience:
    """Who sees what the command answers that an entry stands for."""
    known = catalogue()
    offer = next(offer for action, offer in known.message_actions if action.name == name)
    command = known.command(offer.path)
    assert command is not None
    return command.audience
