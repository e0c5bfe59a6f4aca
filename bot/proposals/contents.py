"""What a payload does on X, as blocks of previews and outcomes, and the address of what there is then. Pure.

A payload is told by its fields alone: a text and what it answers, or the tweet, person, community or support
ticket that something is done to. Text from people and from X stands in quotes or as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.chat.cards import Block, Code, Field, Fields, Line, Link, Priority, Quote, Text
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.invisible import marked
from bot.core.x.gatherings import CommunityRef
from bot.core.x.references import find_posts
from bot.core.x.tweet_text import POST_LIMIT, weighted_length
from bot.proposals.acting import WAS
from bot.proposals.attached import media_fields
from bot.proposals.kinds import Leaves, ProposalKind

_OWN_FIELDS = (
    ("name", msg("Name")),
    ("description", msg("Description")),
    ("location", msg("Location")),
    ("url", msg("Website")),
)
"""Fields of a payload that are texts of one's own, but the text of a tweet."""


def tweet_url(tweet_id: str) -> str:
    """The address of a tweet whose author need not be known."""
    return f"https://x.com/i/status/{tweet_id}"


def profile_url(account: str) -> str:
    """The address of a profile. account: a username, or X's id in digits."""
    name = account.removeprefix("@")
    return f"https://x.com/i/user/{name}" if name.isdigit() else f"https://x.com/{name}"


def quoted_id(payload: Mapping[str, Any]) -> str | None:
    """The id of the tweet that X shows as a quote below another: that of the last link to one in it."""
    posts = find_posts(str(payload.get("text") or ""))
    return posts[-1].id if posts else None


def left(kind: ProposalKind, payload: Mapping[str, Any], made: str | None) -> str | None:
    """The address of what there is now; None where that is nothing to look at. made: the id of what came to
    be, where something did."""
    match kind.leaves:
        case Leaves.POST | Leaves.TWEET:
            identity = made or payload.get("tweet_id")
            return tweet_url(str(identity)) if identity else None
        case Leaves.PERSON:
            return profile_url(str(payload["user_id"]))
        case Leaves.PROFILE:
            return profile_url(str(payload["account"]))
        case Leaves.COMMUNITY:
            identity = made or payload.get("community_id")
            return CommunityRef(str(identity)).url if identity else None
        case Leaves.MEDIA:
            return made if made and made.startswith(("https://", "http://")) else None
        case Leaves.DELETION | Leaves.NOTHING:
            return None


def content(payload: Mapping[str, Any], target: Quote | None = None) -> tuple[Block, ...]:
    """What is sent, with what it is about; what nobody sees in it is shown. target: the tweet, profile or
    community itself, where it was looked up."""
    if person := payload.get("user_id"):
        link = Link(str(person), profile_url(str(person)))
        unseen = msg("The account {account}", account=link)
        about = _about(target, msg("X knows this account as {id}.", id=link), unseen)
        return (*about, *_message(payload))
    if (community := payload.get("community_id")) and "text" not in payload and "media" not in payload:
        link = Link(str(community), CommunityRef(str(community)).url)
        unseen = msg("The community {community}", community=link)
        return _about(target, msg("X knows this community as {id}.", id=link), unseen)
    if "body" in payload or "ticket" in payload:
        return _ticket(payload)
    if parts := payload.get("parts"):
        begun = [str(one) for one in (payload.get("begun") or {}).get("tweets") or ()]
        return _parts([str(one) for one in parts], str(payload.get("reply_to_tweet_id") or ""), begun)
    own = _own(payload)
    if files := _uploads_alone(payload):
        return files
    if not own:
        return _post(payload, target)
    before = () if target is None else (_said((msg("Before:"),)), replace(target, priority=Priority.QUOTED))
    return (*before, *((_said((msg("After:"),)),) if before else ()), *own)


def uploaded_as(url: str | None, media_id: str | None) -> tuple[Block, ...]:
    """What an upload can be used by."""
    fields = [Field(msg("Link, for tweets"), (url,), short=False)] if url else []
    if media_id:
        fields.append(Field(msg("Media id, for direct messages (24 hours)"), (media_id,), short=False))
    return (Fields(tuple(fields), Priority.ESSENTIAL),) if fields else ()


def _about(target: Quote | None, known_as: str, unseen: str) -> tuple[Block, ...]:
    """Whom or what it is done to: itself, with the id that is sent, else by that id."""
    if target is None:
        return (_said((unseen,)),)
    told = Text((known_as,), subtle=True, priority=Priority.ESSENTIAL)
    return (replace(target, priority=Priority.QUOTED), told)


def _uploads_alone(payload: Mapping[str, Any]) -> tuple[Block, ...]:
    """The files of a payload that are for no tweet."""
    if "text" in payload or "media" in payload:
        return ()
    fields = media_fields(payload)
    return (Fields(fields, Priority.OWN),) if fields else ()


def _parts(parts: Sequence[str], answers: str, begun: Sequence[str]) -> tuple[Block, ...]:
    """The tweets of a thread, each with its number and its length. answers: the id of the tweet that the
    first one answers, "" for none. begun: those of its parts that stand already, which are only named."""
    blocks: list[Block] = []
    if begun:
        blocks.append(_said((stands_words(tuple(enumerate(begun, 1))),)))
    elif answers:
        link = Link(answers, tweet_url(answers))
        blocks.append(_said((msg("The first part answers the tweet {tweet}.", tweet=link),)))
    for number, text in enumerate(parts, len(begun) + 1):
        told = msg(
            "{number} of {count} · {length}/{limit}",
            number=number,
            count=len(begun) + len(parts),
            length=weighted_length(text),
            limit=POST_LIMIT,
        )
        blocks.append(Quote(marked(text), author=told, priority=Priority.OWN))
    return tuple(blocks)


def stands_words(tweets: Sequence[tuple[int, str]]) -> Message:
    """The way to what stands of a thread. tweets: number and id of each part."""
    links = tuple(Link(msg("part {number}", number=number), tweet_url(one)) for number, one in tweets)
    return msg("On X: {parts}.", parts=Joined(links, JoinedBy.COMMA))


def _message(payload: Mapping[str, Any]) -> tuple[Block, ...]:
    """What is written to a person, or which message is taken away; nothing of what is done to the person."""
    blocks: list[Block] = []
    if message := payload.get("message_id"):
        blocks.append(_said((msg("The message {id}", id=Code(str(message))),)))
    if text := payload.get("text"):
        blocks.append(Quote(marked(str(text)), priority=Priority.OWN))
    for media in payload.get("media_ids") or ():
        blocks.append(_said((msg("With the uploaded media {id}", id=Code(str(media))),)))
    return tuple(blocks)


def _post(payload: Mapping[str, Any], target: Quote | None) -> tuple[Block, ...]:
    """The exact text, with the tweet it answers, deletes or quotes.

    A target that the text does not link to is not quoted, and a link to another is told as one.
    """
    blocks: list[Block] = []
    identity = payload.get("reply_to_tweet_id") or payload.get("tweet_id")
    if identity:
        tweet = Link(str(identity), tweet_url(str(identity)))
        answers = payload.get("reply_to_tweet_id")
        said = msg("In reply to {tweet}", tweet=tweet) if answers else msg("The tweet {tweet}", tweet=tweet)
        blocks.append(_said((said,)))
    elif (linked := quoted_id(payload)) is not None:
        known = target is not None and linked in {found.id for found in find_posts(target.url or "")}
        if known:
            blocks.append(Text((msg("Quoting"),)))
        else:
            target = None
            link = Link(linked, tweet_url(linked))
            blocks.append(_said((msg("Quoting {tweet}, which was not looked up.", tweet=link),)))
    else:
        target = None
    if target is not None:
        blocks.append(replace(target, priority=Priority.QUOTED))
    if payload.get("text"):
        if target is not None:
            blocks.append(_said((msg("Your reply") if identity else msg("Your text"),)))
        blocks.append(Quote(marked(str(payload["text"])), priority=Priority.OWN))
    return tuple(blocks)


def _ticket(payload: Mapping[str, Any]) -> tuple[Block, ...]:
    """A support ticket: which one, its subject, and the exact message."""
    given = ((msg("Subject"), payload.get("subject")), (msg("Ticket"), payload.get("ticket")))
    fields = tuple(Field(label, (marked(str(text)),), short=False) for label, text in given if text)
    said = (Quote(marked(str(payload["body"])), priority=Priority.OWN),) if payload.get("body") else ()
    return (*((Fields(fields, Priority.ESSENTIAL),) if fields else ()), *said)


def _own(payload: Mapping[str, Any]) -> tuple[Block, ...]:
    """Texts of one's own that are no tweet: as whom, and with what words, something is there then."""
    was = payload.get(WAS) or {}
    # What is emptied is named too: its new text is none.
    given = [
        (name, label, str(payload[name]))
        for name, label in _OWN_FIELDS
        if payload.get(name) or (name in was and payload.get(name) == "")
    ]
    fields = tuple(
        Field(label, (_text_or_none(text), *_before(was.get(name))), short=False)
        for name, label, text in given
    )
    return (Fields(fields, Priority.OWN),) if fields else ()


def _text_or_none(text: str) -> str:
    return marked(text) if text else msg("empty")


def _before(text: str | None) -> Line:
    """What stood there, where that is known."""
    return () if text is None else (" ", msg("(before: {text})", text=_text_or_none(text)))


def _said(words: Line) -> Text:
    """What a decision rests on, in words."""
    return Text(words, priority=Priority.ESSENTIAL)
