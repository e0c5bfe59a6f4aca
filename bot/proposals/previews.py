"""Cards of what people confirm: the preview, what is under way, and how it ended.

A payload is the exact JSON that is sent to X (`tweet.create`: account, text, reply_to_tweet_id,
media, is_note_tweet; `tweet.delete`: account, tweet_id). What is sent is read from it alone, so that
what is previewed is what is sent; the tweet that is answered or deleted (the target) is quoted beside
it, and is never sent. Text from people and from X stands in quotes or as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.cards.errors import with_code
from bot.cards.people import people
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Bold,
    Button,
    ButtonStyle,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Link,
    Picker,
    Priority,
    Quote,
    Text,
    Timestamp,
    Tone,
)
from bot.core.commands.cost import looked_up_words
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.x.gatherings import CommunityRef
from bot.core.x.tweet_text import weighted_length
from bot.proposals.attached import media_fields
from bot.proposals.charges import charge_words, price_words
from bot.proposals.contents import content, left, profile_url, uploaded_as
from bot.proposals.kinds import Leaves, ProposalKind
from bot.proposals.long_work import stop_button
from bot.proposals.standing import StandingThread
from bot.proposals.warnings import warnings

TEXT_LIMIT: Final = 280
"""Weighted characters of a tweet."""
NOTE_LIMIT: Final = 25_000
"""Weighted characters of a long tweet (`is_note_tweet`)."""
_ACCOUNT: Final = msg("Account")
_UNSAID: Final = msg("Xquik did not say whether anything was charged.")
_WHY: Final = "why"
_NAMES: Final = "names"


def write_preview(
    kind: ProposalKind,
    payload: Mapping[str, Any],
    target: Quote | None = None,
    account_note: str = "",
    *,
    length_note: str = "",
) -> Card:
    """Exactly what will be sent, without buttons: the `preview` of a proposal to write on X.

    target: the tweet that is answered or deleted, where it is known. account_note: why that account
    acts, where nobody named it. length_note: what is to be said of the length.
    """
    tone = Tone.WARNING if kind.danger else Tone.INFO
    warned = warnings(payload)
    blocks = (*content(payload, target), *warned, *_facts(payload, account_note, length_note))
    return Card(kind.words(payload).question, blocks, Tone.WARNING if warned else tone)


def account_note_of(preview: Card) -> str:
    """Why a preview's account acts, as it says beside it; "" where it says nothing."""
    items = (item for block in preview.blocks if isinstance(block, Fields) for item in block.items)
    values = (item.value for item in items if item.name == _ACCOUNT)
    notes = (part.arguments.get(_WHY) for value in values for part in value if isinstance(part, Message))
    return next((note for note in notes if isinstance(note, str)), "")


def edited_by(preview: Card) -> tuple[str, ...]:
    """The names of those who edited what is proposed, the latest last, as its preview says."""
    lines = (block.line for block in preview.blocks if isinstance(block, Text))
    said = (part for words in lines for part in words if isinstance(part, Message))
    names = next((part.arguments[_NAMES] for part in said if part.id == _edited(()).id), None)
    return tuple(map(str, names.items)) if isinstance(names, Joined) else ()


def looked_up(preview: Card) -> tuple[Text, ...]:
    """What looking up what a preview shows was charged, as it says; nothing where it says nothing."""
    lines = (block.line for block in preview.blocks if isinstance(block, Text))
    said = (part for words in lines for part in words if isinstance(part, Message))
    found = next((part for part in said if part.id == looked_up_words(1).id), None)
    return () if found is None else (_aside((found,)),)


def editors(names: Sequence[str]) -> tuple[Text, ...]:
    """Who edited it, as a block of previews and outcomes; nothing where nobody did."""
    if not names:
        return ()
    return (_aside((_edited(names),)),)


def _edited(names: Sequence[str]) -> Message:
    """The names are arguments of their own: `edited_by` reads them again, whatever is in them."""
    return msg("Edited by {names}.", names=Joined(tuple(names), JoinedBy.COMMA))


def target_of(preview: Card) -> Quote | None:
    """The tweet that a preview quotes because it is answered or deleted."""
    quotes = (block for block in preview.blocks if isinstance(block, Quote))
    # A text that is still to be posted has no address.
    return next((quote for quote in quotes if quote.url), None)


def open_card(
    kind: ProposalKind,
    preview: Card,
    *,
    requester: str,
    credits: int,
    expires_at: float,
    confirm: ActionRef,
    cancel: ActionRef,
    edit: ActionRef | None = None,
    picker: Picker | None = None,
    offer: Button | None = None,
) -> Card:
    """The preview with who asked, its price, its expiry and the buttons that decide it. picker: where
    another account could act. offer: puts something else in its place."""
    price: Line = () if kind.prices else (price_words(credits), " ")
    until = msg("Can be confirmed until {when}.", when=Timestamp(expires_at))
    terms = _aside((msg("Requested by {requester}.", requester=requester), " ", *price, until))
    buttons = [
        Button(
            msg("Confirm"),
            confirm,
            style=ButtonStyle.DANGER if kind.danger else ButtonStyle.PRIMARY,
        ),
        *([offer] if offer else []),
        *([Button(msg("Edit"), edit)] if edit else []),
        Button(msg("Cancel"), cancel),
    ]
    blocks = (*preview.blocks, *([picker] if picker else []), terms)
    return Card(preview.title, blocks, preview.tone, (*preview.buttons, *buttons))


def running_card(
    kind: ProposalKind,
    payload: Mapping[str, Any],
    preview: Card,
    *,
    requester: str,
    by: str,
    stop: ActionRef | None = None,
) -> Card:
    """In place of the preview from the click to the outcome. by: who confirmed it. stop: what ends it with
    what there is, where it can be ended."""
    words = kind.words(payload)
    note = _aside((people(requester, by), " ", words.then))
    buttons = () if stop is None else (stop_button(stop),)
    return Card(words.running, (*preview.blocks, note), Tone.INFO, buttons)


def quiet_card(
    running: Card,
    kind: ProposalKind,
    payload: Mapping[str, Any],
    *,
    tried: int,
    next_at: float,
    accepted: bool,
) -> Card:
    """In place of what is under way while Xquik gives no answer. tried: requests without an answer;
    next_at: epoch seconds of the next; accepted: Xquik has it, and does not say how it stands."""
    when = Timestamp(next_at)
    if accepted:
        said = nmsg(
            "Xquik accepted it but has not said how it went. Asked {n} time; the next try is at {when}.",
            "Xquik accepted it but has not said how it went. Asked {n} times; the next try is at {when}.",
            n=tried,
            when=when,
        )
    else:
        said = nmsg(
            "Xquik is not answering. Tried {n} time; the next try is at {when}.",
            "Xquik is not answering. Tried {n} times; the next try is at {when}.",
            n=tried,
            when=when,
        )
    word = _said((said, " ", kind.words(payload).once, " ", msg("There is nothing to do.")))
    return replace(running, blocks=(*running.blocks, word), tone=Tone.WARNING)


def done_card(
    kind: ProposalKind,
    payload: Mapping[str, Any],
    *,
    requester: str,
    by: str,
    made: str | None,
    charged: int | None,
    target: Quote | None = None,
    reply: ActionRef | None = None,
    delete: ActionRef | None = None,
    deleted: bool = False,
    write: str = "",
    media_id: str | None = None,
    stands: StandingThread | None = None,
) -> Card:
    """It happened. charged: credits, as the answer said. made: the id of what came to be. reply, delete: what
    can be done with a tweet that now stands on X, each to be confirmed in turn. deleted: it stands there no
    more. write: the id of Xquik's record of it. media_id: of what was uploaded. stands: of a thread."""
    cost: Line = () if charged is None else (" ", charge_words(charged))
    buttons: tuple[Button, ...] = ()
    url = None if deleted else left(kind, payload, made)
    if url:
        label = msg("Open") if kind.leaves is Leaves.MEDIA else msg("Open on X")
        buttons = (Button(label, url=url),)
    if stands is not None:
        buttons = stands.buttons()
    elif url and kind.leaves is Leaves.POST:
        further = (
            (msg("Reply"), reply, ButtonStyle.SECONDARY),
            (msg("Delete"), delete, ButtonStyle.DANGER),
        )
        buttons += tuple(Button(label, ref, style=style) for label, ref, style in further if ref)
    gone = (_said((msg("Deleted from X since."),)),) if deleted else ()
    who = _aside((people(requester, by), *cost, *_records(write, stands)))
    uploaded = uploaded_as(made, media_id) if kind.leaves is Leaves.MEDIA else ()
    blocks = (*content(payload, target), *uploaded, *_links(stands), *gone, *_acting(payload), who)
    return Card(kind.words(payload).done, blocks, Tone.SUCCESS, buttons)


def failed_card(
    kind: ProposalKind,
    payload: Mapping[str, Any],
    *,
    title: str,
    detail: str,
    remedy: str,
    requester: str,
    by: str,
    retry: ActionRef | None,
    charged: int | None = None,
    charge_said: bool = False,
    target: Quote | None = None,
    write: str = "",
    stands: StandingThread | None = None,
) -> Card:
    """It did not happen: why, what to do, and whether it cost anything.

    retry: only where a new attempt cannot do it twice. charged: credits; None where nobody said. charge_said:
    the detail says what was charged, so nothing else does. stands: what of a thread does all the same.
    """
    cost = _UNSAID if charged is None else charge_words(charged)
    paid: Line = () if charge_said else (" ", cost)
    blocks = (
        _said((msg("{title}. {detail}", title=Bold(title), detail=detail),)),
        _said(with_code(remedy)),
        *_links(stands),
        *content(payload, target),
        *_acting(payload),
        _aside((people(requester, by), *paid, *_records(write, stands))),
    )
    buttons = (Button(msg("Try again"), retry),) if retry else ()
    further = stands.buttons() if stands is not None else ()
    return Card(kind.words(payload).failed, blocks, Tone.DANGER, (*buttons, *further))


def unknown_card(
    kind: ProposalKind,
    payload: Mapping[str, Any],
    *,
    detail: str,
    remedy: str,
    requester: str,
    by: str,
    retry: ActionRef | None = None,
    charged: int | None = None,
    target: Quote | None = None,
    write: str = "",
    stands: StandingThread | None = None,
) -> Card:
    """It may have happened. retry: offers it once more, to be confirmed anew (draws). charged: credits; None
    where nobody said. stands: of a thread."""
    where = payload.get("account")
    check = Button(msg("Check on X"), url=profile_url(str(where))) if where else None
    offer = Button(msg("Preview again"), retry) if retry else None
    buttons = tuple(button for button in (check, offer) if button)
    cost = _UNSAID if charged is None else charge_words(charged)
    who = _aside((people(requester, by), " ", cost, *_records(write, stands)))
    said = (_said((detail,)), _said(with_code(remedy)), *_links(stands))
    blocks = (*said, *content(payload, target), *_acting(payload), who)
    further = stands.buttons() if stands is not None else ()
    return Card(kind.words(payload).unknown, blocks, Tone.WARNING, (*buttons, *further))


def cancelled_card(kind: ProposalKind, preview: Card, *, requester: str, by: str) -> Card:
    """Somebody decided against it."""
    words = kind.words({})
    who = msg("Requested by {requester}. Cancelled by {by}.", requester=requester, by=by)
    note = _aside((who, " ", words.nothing))
    return Card(words.cancelled, (*preview.blocks, note), Tone.NEUTRAL)


def expired_card(kind: ProposalKind, preview: Card, *, requester: str, at: float) -> Card:
    """Nobody confirmed it in time. at: epoch seconds when its time was over."""
    nothing = kind.words({}).nothing
    late = msg(
        "Requested by {requester}. Nobody confirmed it in time ({when}).",
        requester=requester,
        when=Timestamp(at),
    )
    note = _aside((late, " ", nothing))
    return Card(msg("Expired"), (*preview.blocks, note), Tone.NEUTRAL)


def busy_card(kind: ProposalKind, payload: Mapping[str, Any], by: str) -> Card:
    """For the second person who presses Confirm."""
    words = kind.words(payload)
    note = Text(
        (msg("{by} confirmed it a moment ago. Nothing more is needed; it is done only once.", by=by),)
    )
    return Card(msg("Already in progress: {what}", what=words.running), (note, *_acting(payload)), Tone.INFO)


def _said(words: Line) -> Text:
    """What a decision rests on, in words."""
    return Text(words, priority=Priority.ESSENTIAL)


def _aside(words: Line) -> Text:
    """The same in small letters: who, how much, until when."""
    return Text(words, subtle=True, priority=Priority.ESSENTIAL)


def _record(write: str) -> Line:
    """By which id Xquik's record of a write is looked up."""
    return (" ", msg("Write: {id}.", id=Code(write))) if write else ()


def _records(write: str, stands: StandingThread | None) -> Line:
    """The same of a thread too, which has one of each part, and what its parts cost before."""
    return _record(write) if stands is None else (*stands.costs(), *stands.records())


def _links(stands: StandingThread | None) -> tuple[Text, ...]:
    """The way to what stands of a thread."""
    return () if stands is None else stands.links()


def _account(payload: Mapping[str, Any], note: str = "") -> tuple[Field, ...]:
    """As which account; nothing for what no account does (a draw)."""
    name = str(payload.get("account") or "").removeprefix("@")
    if not name:
        return ()
    # The note is an argument of its own: `account_note_of` reads it again.
    return (Field(_ACCOUNT, (msg("@{name} ({why})", name=name, why=note) if note else f"@{name}",)),)


def _acting(payload: Mapping[str, Any]) -> tuple[Fields, ...]:
    """The account as a block of an outcome, and where and with what a tweet was posted."""
    media = media_fields(payload, priced=False) if "media" in payload else ()
    fields = (*_account(payload), *_community(payload), *media)
    return (Fields(fields, Priority.ESSENTIAL),) if fields else ()


def _community(payload: Mapping[str, Any]) -> tuple[Field, ...]:
    """The community that a tweet goes to."""
    community = payload.get("community_id")
    if not payload.get("text") or not community:
        return ()
    return (Field(msg("Community"), (Link(str(community), CommunityRef(str(community)).url),)),)


def _facts(payload: Mapping[str, Any], account_note: str = "", length_note: str = "") -> tuple[Fields, ...]:
    """Account, length and media of a payload; nothing where it has none of them."""
    fields = [*_account(payload, account_note)]
    text = payload.get("text")
    if isinstance(text, str) and text and "user_id" not in payload:
        limit = NOTE_LIMIT if payload.get("is_note_tweet") else TEXT_LIMIT
        length = f"{weighted_length(text)}/{limit}"
        noted = msg("{length} ({note})", length=length, note=length_note) if length_note else length
        fields.append(Field(msg("Length"), (noted,)))
    fields += _community(payload)
    if "media" in payload:
        fields += media_fields(payload)
    return (Fields(tuple(fields), Priority.ESSENTIAL),) if fields else ()
