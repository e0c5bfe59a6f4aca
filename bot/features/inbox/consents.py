"""What is asked before anything of an account's own is read: whose it is, what, and who sees it."""

from __future__ import annotations

from bot.core.chat.cards import Field, Line, line
from bot.core.commands.consent import Consent
from bot.core.commands.cost import Cost
from bot.core.commands.declaring import NoArgs
from bot.core.commands.price_list import LOOKUP, MESSAGES, NOTIFICATIONS, POSTS
from bot.core.errors import NotConfigured, UsageError
from bot.core.messages.errors import said_by
from bot.core.messages.message import Message, msg
from bot.core.x.references import parse_username
from bot.features.inbox.args import KIND_WORDS, BookmarksArgs, ConversationArgs, NotificationsArgs
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.proposals.acting import choose, names
from bot.xquik.models import XAccount
from bot.xquik.resources.inbox import USUAL_ROWS


async def of_bookmarks(call: CommandCall, args: BookmarksArgs) -> Consent:
    """About the bookmarks."""
    what = msg("Bookmarks of folder {id}", id=args.folder) if args.folder else msg("All bookmarks")
    return await _of_any(call, msg("Read the bookmarks?"), what, POSTS)


async def of_folders(call: CommandCall, _args: NoArgs) -> Consent:
    """About the names of the folders."""
    what = msg("Names of the bookmark folders (X Premium)")
    return await _of_any(call, msg("Read the bookmark folders?"), what, LOOKUP)


async def of_timeline(call: CommandCall, _args: NoArgs) -> Consent:
    """About the home timeline."""
    return await _of_any(call, msg("Read the home timeline?"), msg("The home timeline"), POSTS)


async def of_notifications(call: CommandCall, args: NotificationsArgs) -> Consent:
    """About the notifications."""
    return await _of_any(call, msg("Read the notifications?"), KIND_WORDS[args.type], NOTIFICATIONS)


async def of_messages(call: CommandCall, args: ConversationArgs) -> Consent:
    """About a conversation of the account that is named, or that acts here."""
    user = told(args.user)
    acting = await acting_account(call, args.account, f"dm history {args.user}")  # no message: a command
    account = acting.account
    whose = msg("@{name}", name=account.username)
    if acting.why:
        whose = msg("@{name} ({why})", name=account.username, why=acting.why)
    what = msg("Direct messages with {user}", user=user)
    return Consent(
        msg("Read the messages of @{name}?", name=account.username),
        (Field(msg("Account"), (whose,)), *_fields(what, MESSAGES)),
        f"{account.id} {user.casefold()}",
        pinned={"account": (account.username,)},
    )


def told(user: str) -> str:
    """With whom, as people say it: "@nasa", or X's id in digits. UsageError for neither."""
    text = user.strip()
    if text.isascii() and text.isdigit():
        return text
    try:
        return parse_username(text).handle
    except ValueError as error:
        raise UsageError(said_by(error), option="user", example="dm history @nasa") from None


async def _of_any(call: CommandCall, title: Message, what: Message, cost: Cost) -> Consent:
    """About what Xquik reads of whichever connected account it takes."""
    accounts = await _readable(call)
    note: Line = ()
    if len(accounts) > 1:
        several = msg(
            "Several X accounts are connected. Xquik reads one of them and does not say which: nobody can "
            "choose it here."
        )
        note = line(several)
    whose = msg("{accounts}", accounts=names(accounts))
    about = " ".join(sorted(one.id for one in accounts))
    return Consent(title, (Field(msg("Account"), (whose,)), *_fields(what, cost)), about, note)


async def _readable(call: CommandCall) -> tuple[XAccount, ...]:
    """The connected accounts, one of which X lets in at least."""
    accounts = await call.services.accounts.connected(call.invocation)
    if not accounts:
        raise NotConfigured(
            msg("No X account is connected to the Xquik account, so there is nothing to read."),
            remedy=msg("Connect one in the Xquik dashboard; passwords are never entered in chat."),
        )
    if not any(one.is_healthy for one in accounts):
        choose(accounts, accounts[0].username, (), "")
    return accounts


def _fields(what: Message, cost: Cost) -> tuple[Field, ...]:
    costs: Message = msg("{cost}; a page usually has {rows} of them", cost=cost.words, rows=USUAL_ROWS)
    return (
        Field(msg("What"), (what,)),
        Field(msg("Cost"), (costs if cost.each else cost.words,)),
        Field(msg("Who sees it"), (msg("You alone. The bot keeps none of it and makes no file."),)),
    )
