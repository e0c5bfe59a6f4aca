"""The options of what is read of an account's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.commands.declaring import Option
from bot.core.messages.message import Message, msg
from bot.core.x.references import Username
from bot.features.shared.accounts import account_option
from bot.xquik.resources.inbox import NotificationKind

KIND_WORDS: Final[dict[NotificationKind, Message]] = {
    "all": msg("All notifications"),
    "verified": msg("Notifications of verified accounts"),
    "mentions": msg("Mentions, replies and quotes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookmarksArgs:
    """Of which folder."""

    folder: Annotated[
        str,
        Option("The id of a folder, as `bookmarks folders` shows it", max_length=40, suggest="folders"),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsArgs:
    """Which of them."""

    type: Annotated[NotificationKind, Option("All, of verified accounts, or mentions", main=True)] = "all"


@dataclass(frozen=True, kw_only=True)
class WithWhom:
    """Whose messages with the own account."""

    user: Annotated[
        str, Option("The other account, like @nasa, or its id", main=True, max_length=100, suggest="others")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationArgs(WithWhom):
    """With whom, and of which account."""

    account: Annotated[Username | None, account_option("The connected X account whose messages it is")] = None
