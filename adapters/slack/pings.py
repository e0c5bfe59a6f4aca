"""The user groups that a message notifies: the only mentions of ours that ever ping.

Their ids are put into a card by people with the right to; nothing that is no id of a user group gets
here. Source: docs.slack.dev/messaging/formatting-message-text (mentioning groups) and the `usergroup`
element of the rich text block.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.slack.inline import Json, text_run
from bot.core.chat.cards import Card

USER_GROUP: Final = re.compile(r"S[A-Z0-9]{1,30}", re.ASCII)


def groups(card: Card) -> tuple[str, ...]:
    """The ids, each once; what is no id of a user group is left out."""
    return tuple(dict.fromkeys(one for one in card.pings if USER_GROUP.fullmatch(one)))


def ping_runs(card: Card) -> list[Json]:
    """The groups as elements of `rich_text`."""
    made: list[Json] = []
    for group in groups(card):
        if made:
            made.append(text_run(" "))
        made.append({"type": "usergroup", "usergroup_id": group})
    return made


def ping_words(card: Card) -> str:
    """The groups as the `text` of a message names them."""
    return " ".join(f"<!subteam^{group}>" for group in groups(card))
