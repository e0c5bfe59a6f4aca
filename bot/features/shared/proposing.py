"""Proposals of writes on X, as more than one command makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.cards.tweets import quote
from bot.core.chat.answers import Proposal
from bot.core.chat.cards import File, Quote
from bot.core.errors import Rejected, UsageError
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import blank, only_unseen
from bot.core.text.shortening import line_ends
from bot.core.x.gatherings import CommunityRef
from bot.core.x.media_refs import MediaRef
from bot.core.x.references import Username
from bot.core.x.tweet_text import half_characters, weighted_length
from bot.features.services import CommandCall
from bot.features.shared.accounts import AccountChoice, acting_account
from bot.features.shared.attaching import attach
from bot.features.shared.tweet_kinds import DELETE, POST
from bot.proposals.acting import OPTION, as_account, choose, names
from bot.proposals.kinds import ProposalKind
from bot.proposals.previews import NOTE_LIMIT, TEXT_LIMIT, write_preview
from bot.xquik.models import Tweet, XAccount

_NOT_LONG: Final = msg("fits, so it is posted as a normal tweet")


async def propose_post(
    call: CommandCall,
    text: str,
    *,
    account: Username | None = None,
    media: tuple[MediaRef, ...] = (),
    community: CommunityRef | None = None,
    reply_to: str | None = None,
    target: Quote | None = None,
    quoting: Quote | None = None,
    look_up: bool = False,
    long: bool | None = None,
    example: str,
) -> Proposal:
    """The proposal of a tweet or reply: exactly what will be sent, checked against X's limits.

    reply_to, target: the id of the tweet that is answered, and the tweet itself for the preview.
    quoting: the tweet whose address the text ends with, which X then shows as a quote.
    long: whether it may be long; None where the command has no such option.
    media: pictures or a video; community: where it is posted, a reply never is.
    look_up: ask X for it, at 1 credit, when nothing else is wrong; NotFound when there is none.
    """
    text = line_ends(text)
    length = check_text(text, long=long, example=example)
    acting = await acting_account(call, account, example)
    if reply_to is not None and look_up:
        xquik = await call.xquik()
        target = quote(await xquik.tweets.show(reply_to))
    payload: dict[str, Any] = {**as_account(acting.account), "text": text}
    if reply_to is not None:
        payload["reply_to_tweet_id"] = reply_to
    if community is not None:
        payload["community_id"] = community.id
    attached = await attach(call, media)
    if attached.media:
        payload |= {"media": list(attached.media), **attached.payload()}
    if long and length > TEXT_LIMIT:
        payload["is_note_tweet"] = True
    note = _NOT_LONG if long and length <= TEXT_LIMIT else ""
    preview = write_preview(POST, payload, target or quoting, acting.why, length_note=note)
    return POST.proposal(payload, preview, accounts=acting.others, files=attached.shown)


def as_acting(
    kind: ProposalKind,
    acting: AccountChoice,
    target: Quote | None,
    fields: Mapping[str, Any],
    *,
    files: tuple[File, ...] = (),
) -> Proposal:
    """The proposal of something that this account does. target: whom or what it is about, where it was looked
    up; fields: of the payload, beside the account; files: pictures that go with the preview."""
    payload = {**as_account(acting.account), **fields}
    preview = write_preview(kind, payload, target, acting.why)
    return kind.proposal(payload, preview, accounts=acting.others, files=files)


async def propose_engagement(
    call: CommandCall,
    kind: ProposalKind,
    tweet_id: str,
    *,
    example: str,
    account: Username | None = None,
    target: Quote | None = None,
) -> Proposal:
    """The proposal of something that is done to a tweet. target: the tweet itself; looked up at 1 credit
    without it."""
    xquik = await call.xquik()
    acting = await acting_account(call, account, f"{example} {tweet_id}")
    target = target or quote(await xquik.tweets.show(tweet_id))
    return as_acting(kind, acting, target, {"tweet_id": tweet_id})


async def propose_delete(call: CommandCall, tweet_id: str, account: Username | None) -> Proposal:
    """The proposal of a deletion, by the account that wrote the tweet. NotFound when there is no such
    tweet, Rejected when it is by none that is connected, or not by the one named."""
    xquik = await call.xquik()
    connected = await call.services.accounts.connected(call.invocation)
    example = _delete_line(tweet_id)
    named = None if account is None else choose(connected, str(account), (), example).account
    if not connected:
        choose(connected, None, (), example)
    tweet = await xquik.tweets.show(tweet_id)
    acting = _author(tweet, connected if named is None else (named,))
    payload = {**as_account(acting), "tweet_id": tweet_id}
    preview = write_preview(DELETE, payload, quote(tweet))
    return DELETE.proposal(payload, preview)


async def propose_own_delete(
    call: CommandCall, tweet_id: str, account: str, target: Quote, *, identity: str = ""
) -> Proposal:
    """The proposal of deleting what was posted from here: nothing is looked up, and so it costs nothing.

    account: that posted it, identity: its id at Xquik, where that is known; target: the tweet, as it was
    sent. Without an id, an account of that name that is no longer connected may have another name by now:
    then the tweet is looked up (1 credit), as `propose_delete` does.
    """
    connected = await call.services.accounts.connected(call.invocation)
    name = account.removeprefix("@").casefold()
    own = [one for one in connected if (one.id == identity if identity else one.username.casefold() == name)]
    if not own:
        return await propose_delete(call, tweet_id, None)
    acting = choose(own, None, (), "").account
    payload = {**as_account(acting), "tweet_id": tweet_id}
    preview = write_preview(DELETE, payload, target)
    return DELETE.proposal(payload, preview)


def _delete_line(tweet_id: str) -> str:
    return f"tweet delete {tweet_id}"  # no message: a command


def _author(tweet: Tweet, connected: Sequence[XAccount]) -> XAccount:
    """The one of these accounts that wrote the tweet, able to act."""
    author = tweet.author
    if author is None or not author.username:
        # Who wrote it is not said: X itself refuses a stranger's.
        return choose(connected, None, (), _delete_line(tweet.id)).account
    for one in connected:
        # A username changes; the id of the person does not.
        if author.username.casefold() == one.username.casefold() or author.id == one.x_user_id:
            return choose((one,), None, (), "").account
    why = msg(
        "This tweet is by @{author}, and only its author can delete it; connected: {names}.",
        author=author.username,
        names=names(connected),
    )
    if len(connected) == 1:
        why = msg(
            "This tweet is by @{author}, and @{name} can delete only its own tweets.",
            author=author.username,
            name=connected[0].username,
        )
    raise Rejected(
        why,
        remedy=msg("Check the link, or name the account that wrote it with `account:…` if it is connected."),
        option=OPTION,
    )


def check_text(text: str, *, long: bool | None = None, example: str) -> int:
    """The weighted length of a text that X would take; UsageError otherwise.

    long: the option of that name; None where the command has none.
    """
    length = weighted_length(text)
    limit = NOTE_LIMIT if long else TEXT_LIMIT
    if blank(text):
        why = msg("There is no text.")
        if hidden := only_unseen(text):
            why = msg("The text consists only of invisible characters ({characters}).", characters=hidden)
        raise UsageError(why, option="text", example=example)
    if half_characters(text):
        raise UsageError(msg("The text contains half a character."), option="text", example=example)
    if length > limit:
        raise UsageError(_too_long(length, limit, may_be_long=long is False), option="text", example=example)
    return length


def _too_long(length: int, limit: int, *, may_be_long: bool) -> Message:
    if may_be_long:
        return msg(
            "The text has {length} characters as X counts them; {limit} fit. Shorten it, or add long:yes if "
            "the account has X Premium.",
            length=length,
            limit=limit,
        )
    return msg(
        "The text has {length} characters as X counts them; {limit} fit. Shorten it.",
        length=length,
        limit=limit,
    )
