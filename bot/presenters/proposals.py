"""Cards of what people confirm: the preview, what is under way, and how it ended.

A payload is the exact JSON that is sent to X (`tweet.create`: account, text, reply_to_tweet_id,
media, is_note_tweet; `tweet.delete`: account, tweet_id). What is shown is read from it alone, so
that what is previewed is what is sent. Text from people and from X stands in quotes or as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.actions import ActionRef
from bot.core.cards import (
    Block,
    Bold,
    Button,
    ButtonStyle,
    Card,
    Field,
    Fields,
    Inline,
    Link,
    Quote,
    Text,
    Timestamp,
    Tone,
)
from bot.core.tweet_text import weighted_length

TEXT_LIMIT: Final = 280
"""Weighted characters of a post."""
NOTE_LIMIT: Final = 25_000
"""Weighted characters of a long post (`is_note_tweet`)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The titles of one kind of proposal."""

    question: str
    running: str
    done: str
    failed: str
    unknown: str


_POST = Wording(
    "Post this on X?",
    "Posting…",
    "Posted on X",
    "Not posted",
    "It is not known whether this was posted",
)
_REPLY = Wording(
    "Post this reply on X?",
    "Replying…",
    "Replied on X",
    "Not replied",
    "It is not known whether this reply was posted",
)
_DELETE = Wording(
    "Delete this from X?",
    "Deleting…",
    "Deleted from X",
    "Not deleted",
    "It is not known whether this was deleted",
)
_DRAW = Wording(
    "Run this draw?",
    "Drawing…",
    "The draw is done",
    "The draw did not run",
    "It is not confirmed whether this draw ran",
)
_OTHER = Wording("Do this?", "Under way…", "Done", "Not done", "It is not known whether this happened")


def wording(kind: str, payload: Mapping[str, Any]) -> Wording:
    """The words for a kind of proposal."""
    match kind:
        case "tweet.create":
            return _REPLY if payload.get("reply_to_tweet_id") else _POST
        case "tweet.delete":
            return _DELETE
        case "draw.run":
            return _DRAW
        case _:
            return _OTHER


def write_preview(kind: str, payload: Mapping[str, Any]) -> Card:
    """Exactly what will be sent, without buttons: the `preview` of a proposal to write on X."""
    title = wording(kind, payload).question
    if kind == "tweet.delete":
        return Card(title, (*_content(payload), _facts(payload)), Tone.WARNING)
    return Card(title, (*_content(payload), _facts(payload)), Tone.INFO)


def open_card(
    kind: str,
    preview: Card,
    *,
    credits: int,
    expires_at: float,
    confirm: ActionRef,
    cancel: ActionRef,
    edit: ActionRef | None = None,
) -> Card:
    """The preview with its price, its expiry and the buttons that decide it."""
    danger = kind == "tweet.delete"
    price = f"About {credits} credits (an estimate)." if credits else "Costs no credits."
    terms = Text((price, " Can be confirmed until ", Timestamp(expires_at), "."), subtle=True)
    buttons = [
        Button(
            "Confirm",
            confirm,
            style=ButtonStyle.DANGER if danger else ButtonStyle.PRIMARY,
        ),
        *([Button("Edit", edit)] if edit else []),
        Button("Cancel", cancel),
    ]
    return Card(preview.title, (*preview.blocks, terms), preview.tone, (*preview.buttons, *buttons))


def running_card(kind: str, payload: Mapping[str, Any], preview: Card, by: str) -> Card:
    """In place of the preview from the click to the outcome. by: who confirmed it."""
    note = Text((f"Confirmed by {by}. This message changes when it is done.",), subtle=True)
    return Card(wording(kind, payload).running, (*preview.blocks, note), Tone.INFO)


def done_card(
    kind: str,
    payload: Mapping[str, Any],
    *,
    by: str,
    tweet_id: str | None,
    charged: int | None,
    balance: int | None = None,
) -> Card:
    """It happened. charged: credits, as the answer said; balance: what is left, where known."""
    cost: list[Inline] = [f"Confirmed by {by}."]
    if charged is not None:
        cost.append(f" Charged: {charged} credits.")
    if balance is not None:
        cost.append(f" Left: {balance}.")
    buttons: tuple[Button, ...] = ()
    if tweet_id and kind != "tweet.delete":
        buttons = (Button("Open on X", url=tweet_url(tweet_id)),)
    blocks = (*_content(payload), Text(tuple(cost), subtle=True))
    return Card(wording(kind, payload).done, blocks, Tone.SUCCESS, buttons)


def failed_card(
    kind: str,
    payload: Mapping[str, Any],
    *,
    title: str,
    detail: str,
    remedy: str,
    retry: ActionRef | None,
) -> Card:
    """It did not happen: why, and what to do. retry: only where a new attempt cannot do it twice."""
    blocks = (Text((Bold(title), ". ", detail)), Text((remedy,)), *_content(payload))
    buttons = (Button("Try again", retry),) if retry else ()
    return Card(wording(kind, payload).failed, blocks, Tone.DANGER, buttons)


def unknown_card(
    kind: str,
    payload: Mapping[str, Any],
    *,
    detail: str,
    remedy: str,
    retry: ActionRef | None = None,
) -> Card:
    """It may have happened. retry: offers it once more, to be confirmed anew (draws)."""
    where = payload.get("account")
    check = Button("Check on X", url=_profile_url(str(where))) if where else None
    offer = Button("Offer again", retry) if retry else None
    buttons = tuple(button for button in (check, offer) if button)
    blocks = (Text((detail,)), Text((remedy,)), *_content(payload))
    return Card(wording(kind, payload).unknown, blocks, Tone.WARNING, buttons)


def cancelled_card(kind: str, preview: Card, by: str) -> Card:
    """Somebody decided against it."""
    title = "Draw cancelled" if kind == "draw.run" else "Cancelled"
    note = Text((f"Cancelled by {by}. Nothing was sent.",), subtle=True)
    return Card(title, (*preview.blocks, note), Tone.NEUTRAL)


def expired_card(preview: Card, at: float) -> Card:
    """Nobody confirmed it in time. at: epoch seconds when its time was over."""
    note = Text(
        (
            "Nobody confirmed it in time (",
            Timestamp(at),
            "). Nothing was sent.",
        ),
        subtle=True,
    )
    return Card("Expired", (*preview.blocks, note), Tone.NEUTRAL)


def busy_card(kind: str, payload: Mapping[str, Any], by: str) -> Card:
    """For the second person who presses Confirm."""
    words = wording(kind, payload)
    note = Text((f"{by} confirmed it a moment ago. Nothing more is needed; it is done once.",))
    return Card(f"Already under way: {words.running}", (note,), Tone.INFO)


def tweet_url(tweet_id: str) -> str:
    """The address of a tweet whose author need not be known."""
    return f"https://x.com/i/status/{tweet_id}"


def _profile_url(account: str) -> str:
    name = account.removeprefix("@")
    return f"https://x.com/i/user/{name}" if name.isdigit() else f"https://x.com/{name}"


def _content(payload: Mapping[str, Any]) -> tuple[Block, ...]:
    """The exact text, with the tweet it answers or deletes."""
    blocks: list[Block] = []
    target = payload.get("reply_to_tweet_id") or payload.get("tweet_id")
    if target:
        word = "In reply to " if payload.get("reply_to_tweet_id") else "The post "
        blocks.append(Text((word, Link(str(target), tweet_url(str(target))))))
    if payload.get("text"):
        blocks.append(Quote(str(payload["text"])))
    return tuple(blocks)


def _facts(payload: Mapping[str, Any]) -> Fields:
    """Account, length and media of a payload."""
    fields = [Field("Account", (f"@{str(payload.get('account', '')).removeprefix('@')}",))]
    text = payload.get("text")
    if isinstance(text, str) and text:
        limit = NOTE_LIMIT if payload.get("is_note_tweet") else TEXT_LIMIT
        fields.append(Field("Length", (f"{weighted_length(text)}/{limit}",)))
    for number, url in enumerate(payload.get("media") or (), start=1):
        fields.append(Field(f"Media {number}", (str(url),), short=False))
    return Fields(tuple(fields))
