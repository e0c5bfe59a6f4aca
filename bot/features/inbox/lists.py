"""What X shows to one account alone, page by page. All that is remembered is a cursor."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.core.chat.cards import Block, Choice, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Listing, PageRows
from bot.core.commands.price_list import LOOKUP, MESSAGES, NOTIFICATIONS, POSTS
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import shorten
from bot.features.inbox.args import KIND_WORDS, BookmarksArgs, ConversationArgs, NotificationsArgs
from bot.features.inbox.consents import told
from bot.features.inbox.rows import (
    SaidMessage,
    folders_table,
    message_blocks,
    notifications_blocks,
    tweets_blocks,
)
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.accounts import acting_account
from bot.features.shared.people_rows import rows_of
from bot.features.shared.suggesting import fitting
from bot.xquik.models import BookmarkFolder, Notification, Tweet
from bot.xquik.resources.inbox import USUAL_ROWS

_NO_FOLDER: Final = (
    msg("X has no such folder of bookmarks."),
    msg("`bookmarks folders` lists them with their ids."),
)


async def bookmarks(call: CommandCall, args: BookmarksArgs, cursor: str, _size: int) -> PageRows[Tweet]:
    """A page of what was saved."""
    xquik = await call.xquik()
    with absent(*_NO_FOLDER):
        return rows_of(await xquik.inbox.bookmarks(args.folder.strip() or None, cursor=cursor or None))


async def folders(call: CommandCall, _args: NoArgs, cursor: str, _size: int) -> PageRows[BookmarkFolder]:
    """A page of the folders."""
    page = rows_of(await (await call.xquik()).inbox.folders(cursor=cursor or None))
    found = [(one.id, without_unseen(one.name)) for one in page.items]
    call.services.folders.shown(call.tenant, call.invocation.actor.id, found)
    return page


async def suggest_folders(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The folders that the person was shown a moment ago, by their names: looking costs credits."""
    seen = call.services.folders.of(call.tenant, call.invocation.actor.id)
    return fitting([Choice(shorten(name, 60) or one, one) for one, name in seen], typed)


async def timeline(call: CommandCall, _args: NoArgs, cursor: str, _size: int) -> PageRows[Tweet]:
    """A page of the home timeline."""
    return rows_of(await (await call.xquik()).inbox.timeline(cursor=cursor or None))


async def notifications(
    call: CommandCall, args: NotificationsArgs, cursor: str, _size: int
) -> PageRows[Notification]:
    """A page of what others did."""
    return rows_of(await (await call.xquik()).inbox.notifications(args.type, cursor=cursor or None))


async def history(
    call: CommandCall, args: ConversationArgs, cursor: str, _size: int
) -> PageRows[SaidMessage]:
    """A page of a conversation. With whom it is, is looked up once: the cursor has the id behind the name."""
    acting = await acting_account(call, args.account, f"dm history {args.user}")  # no message: a command
    xquik, account = await call.xquik(), acting.account.username
    if cursor:
        other, name, onwards = _turned(cursor)
    else:
        user = await xquik.users.show(told(args.user).removeprefix("@"))
        other, name, onwards = user.id, user.username or user.id, None
    page = await xquik.inbox.messages(other, account=account, cursor=onwards)
    said = [
        SaidMessage(one, f"@{name if one.sender_id == other else account}", one.sender_id != other)
        for one in page.items
    ]
    after = json.dumps([other, name, page.next_cursor]) if page.next_cursor else ""
    return PageRows(tuple(said), after)


def _turned(cursor: str) -> tuple[str, str, str]:
    """With whom, by id and name, and Xquik's own cursor."""
    try:
        other, name, onwards = json.loads(cursor)
    except ValueError:
        raise Expired(msg("This page is not there any more.")) from None
    return str(other), str(name), str(onwards)


async def draw_tweets(_call: Any, _args: Any, rows: PageRows[Tweet]) -> tuple[Block, ...]:
    """The tweets of a page."""
    return tweets_blocks(rows.items)


async def draw_folders(_call: Any, _args: Any, rows: PageRows[BookmarkFolder]) -> tuple[Block, ...]:
    """The folders of a page."""
    return (folders_table(rows.items),)


async def draw_notifications(_call: Any, _args: Any, rows: PageRows[Notification]) -> tuple[Block, ...]:
    """The notifications of a page."""
    return notifications_blocks(rows.items)


async def draw_messages(_call: Any, _args: Any, rows: PageRows[SaidMessage]) -> tuple[Block, ...]:
    """The messages of a page."""
    return message_blocks(rows.items)


SAVED: Final = Listing(
    title=lambda args: msg("Bookmarks of folder {id}", id=args.folder) if args.folder else msg("Bookmarks"),
    fetch=bookmarks,
    identity=lambda tweet: tweet.id,
    draw=draw_tweets,
    empty=lambda _args: line(msg("Nothing is saved there. `bookmarks folders` lists the folders.")),
    size=USUAL_ROWS,
    guessed=True,
    cost=POSTS,
)
FOLDERS: Final = Listing(
    title=lambda _args: msg("Bookmark folders"),
    fetch=folders,
    identity=lambda folder: folder.id,
    draw=draw_folders,
    empty=lambda _args: line(msg("There are no folders. `bookmarks show` lists all that is saved.")),
    size=USUAL_ROWS,
    guessed=True,
    cost=LOOKUP,
)
HOME: Final = Listing(
    title=lambda _args: msg("Home timeline"),
    fetch=timeline,
    identity=lambda tweet: tweet.id,
    draw=draw_tweets,
    empty=lambda _args: line(
        msg(
            "X shows nothing there. `user following` lists whom an account follows, `tweet search` finds "
            "more."
        )
    ),
    size=USUAL_ROWS,
    guessed=True,
    cost=POSTS,
)
NOTICES: Final = Listing(
    title=lambda args: KIND_WORDS[args.type],
    fetch=notifications,
    identity=lambda one: one.id,
    draw=draw_notifications,
    empty=lambda _args: line(msg("There are none of that kind. `notifications show` lists all of them.")),
    size=USUAL_ROWS,
    guessed=True,
    cost=NOTIFICATIONS,
)
CONVERSATION: Final = Listing(
    title=lambda args: msg("Messages with {user}", user=told(args.user)),
    fetch=history,
    identity=lambda said: said.message.id,
    draw=draw_messages,
    empty=lambda args: line(
        msg("There are no messages with {user}. `user show` shows who that is.", user=told(args.user))
    ),
    size=USUAL_ROWS,
    guessed=True,
    cost=MESSAGES,
)
