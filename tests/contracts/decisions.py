"""Cards that somebody decides by, in every state, and larger than any message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.cards.draws import draw_preview
from bot.cards.monitor_starts import Bill, start_preview
from bot.cards.spending import declined_card, question_card
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card, Quote
from bot.core.chat.ids import Destination, TenantId
from bot.core.commands.spending import SpendingQuestion
from bot.core.routes.filters import Contains
from bot.core.routes.monitor_starts import Plan, Start
from bot.core.routes.route import Route
from bot.features.catalogue import PROPOSAL_KINDS, catalogue
from bot.features.draw.kinds import DRAW_RUN
from bot.features.shared.monitor_kinds import MONITOR_START
from bot.features.shared.tweet_kinds import POST
from bot.proposals import previews as present
from bot.proposals.kinds import Leaves, ProposalKind
from bot.proposals.shortage import PART_OF_A_DRAW, partly_card
from bot.xquik.models import Tweet

ANSWERED = " ".join(f"answered{n:05d}" for n in range(850))  # 11,900 characters
LONG = " ".join(f"own{n:05d}" for n in range(2_777))  # 24,992
SHORT = "Well done, all of you!"
MEDIA = tuple(f"https://img.example/{n}/{'p' * 1_400}.png" for n in range(4))
TARGET = Quote(ANSWERED, "NASA (@nasa)", "https://x.com/nasa", None, "https://x.com/nasa/status/77", 1.7e9)
UNTIL, CREDITS = 1_700_000_900.0, 30


@dataclass(frozen=True, slots=True)
class Case:
    """One card. own: the text that is sent; facts: what must be read on it, whole. over: it names more than a
    message holds, so that it is cut among names."""

    card: Card
    own: str
    facts: tuple[str, ...]
    media: tuple[str, ...] = ()
    over: bool = False


def _payloads() -> Iterator[tuple[str, ProposalKind, dict[str, Any], Quote | None]]:
    post = {"account": "acme_inc"}
    yield "a reply", POST, {**post, "text": SHORT, "reply_to_tweet_id": "77"}, TARGET
    yield "a long post", POST, {**post, "text": LONG, "is_note_tweet": True}, None
    long_reply = {**post, "text": LONG, "is_note_tweet": True, "reply_to_tweet_id": "77"}
    yield "a long reply with media", POST, {**long_reply, "media": list(MEDIA)}, TARGET
    yield "a quote", POST, {**post, "text": f"{SHORT} https://x.com/i/status/77"}, TARGET
    yield "media alone", POST, {**post, "media": list(MEDIA)}, None
    hidden = f"{SHORT}\u200b\u3164 {LONG}"
    yield "unseen letters", POST, {**post, "text": hidden, "is_note_tweet": True}, TARGET
    for kind in PROPOSAL_KINDS:
        if kind.leaves is Leaves.PERSON:
            yield kind.name, kind, {**post, "user_id": "11348282"}, TARGET
        elif kind.name == "community.create":
            yield kind.name, kind, {**post, "name": "acme_inc", "description": SHORT}, None
        elif kind.name.startswith("support."):
            told = {"ticket": "77", "subject": "@acme_inc"} if kind.edit is None else {"subject": "@acme_inc"}
            yield kind.name, kind, {**told, **({"body": SHORT} if kind.edit else {})}, None
        elif kind.name == "account.disconnect":
            yield kind.name, kind, {**post, "account_id": "7"}, None
        elif kind.name == "profile.edit":
            yield kind.name, kind, {**post, "description": SHORT}, TARGET
        elif kind.name.startswith("community."):
            yield kind.name, kind, {**post, "community_id": "15"}, TARGET
        elif kind.write is not None and kind is not POST:
            yield kind.name, kind, {**post, "tweet_id": "77"}, TARGET


CONFIRM, CANCEL, EDIT = (ActionRef(f"pending.{name}", "k") for name in ("confirm", "cancel", "edit"))


def _open_card(kind: ProposalKind, preview: Card, credits: int, edit: ActionRef | None = None) -> Card:
    return present.open_card(
        kind,
        preview,
        requester="Ada",
        credits=credits,
        expires_at=UNTIL,
        confirm=CONFIRM,
        cancel=CANCEL,
        edit=edit,
    )


def opened(kind: ProposalKind, payload: dict[str, Any], credits: int) -> Card:
    """An open preview."""
    return _open_card(kind, present.write_preview(kind, payload), credits)


def _states(
    kind: ProposalKind, payload: dict[str, Any], target: Quote | None
) -> Iterator[tuple[str, Card, str]]:
    """Every state a proposal can be shown in, with what is said in it alone."""
    preview = present.write_preview(kind, payload, target)
    opened = _open_card(kind, preview, CREDITS, edit=EDIT)
    yield "open", opened, "About 30 credits (an estimate)"
    running = present.running_card(kind, payload, preview, requester="Ada", by="Bob")
    yield "running", running, "Confirmed by Bob"
    yield (
        "quiet",
        present.quiet_card(running, kind, payload, tried=3, next_at=UNTIL, accepted=False),
        "Xquik is not answering. Tried 3 times",
    )
    who: dict[str, Any] = {"requester": "Ada", "by": "Bob", "target": target}
    done = present.done_card(kind, payload, made="9", charged=30, **who)
    yield "done", done, "Charged: 30 credits."
    trouble: dict[str, Any] = {
        "detail": "X said no to this.",
        "remedy": "Look at the account.",
        "retry": EDIT,
    }
    yield "failed", present.failed_card(kind, payload, title="No", charged=0, **trouble, **who), "X said no"
    yield "unknown", present.unknown_card(kind, payload, **trouble, **who), "Look at the account."
    yield "cancelled", present.cancelled_card(kind, preview, requester="Ada", by="Bob"), "Cancelled by Bob"
    yield (
        "expired",
        present.expired_card(kind, preview, requester="Ada", at=UNTIL),
        "Nobody confirmed it in time",
    )


def _draws() -> Iterator[tuple[str, Case]]:
    tweet = Tweet(id="77", text=ANSWERED, reply_count=120)
    words = [f"keyword{n:02d}{'k' * 20}" for n in range(20)]
    payload = {"tweetUrl": "https://x.com/i/status/77", "winnerCount": 3, "requiredKeywords": words}
    preview = draw_preview(payload, tweet, 120)
    card = _open_card(DRAW_RUN, preview, 120)
    facts = (
        "up to 120 credits",
        "says " + ", ".join(words),
        "at most 120 replies and 0 reposters",
        "Requested by Ada",
    )
    yield "a draw, open", Case(card, "", facts)
    again = partly_card(PART_OF_A_DRAW, 120, 40, ActionRef("pending.partly", "k"))
    yield (
        "a draw among fewer",
        Case(again, "", ("enough for 40 of up to 120 replies and reposts", "cannot win")),
    )


def _monitors() -> Iterator[tuple[str, Case]]:
    place = Destination(TenantId("slack", "T1"), "C1")
    accounts = tuple(f"account_{n:02d}" for n in range(50))
    words = Contains(tuple(f"word{n:02d}{'w' * 30}" for n in range(50)))
    route = Route("r", "launches", place, accounts=accounts, filters=(words,))
    starts = tuple(Start("account", name, ("tweet.new",)) for name in accounts)
    few = Route("r", "launches", place, accounts=accounts[:7], filters=(Contains(words.words[:9]),))
    searches = (Start("keyword", "عاجل " * 100, ("tweet.new",)), Start("account", "nasa", (), "7"))
    for name, plan in (
        ("a route with fifty monitors", Plan(starts, 30, route, new=True)),
        ("a route with seven monitors", Plan(starts[:7], 30, few, new=True)),
        ("a search and a pause", Plan(searches, 30)),
    ):
        cost = f"{plan.cost:,} credits an hour, {plan.cost * 24:,} a day"
        preview = start_preview(plan, Bill(30, 30, 100_000))
        card = _open_card(MONITOR_START, preview, 30)
        facts = (cost, "100,000 credits", "Requested by Ada", preview.title)
        yield f"{name}, open", Case(card, "", facts, over="fifty" in name)


def _spending() -> Iterator[tuple[str, Case]]:
    command = next(one for one in catalogue(()) if one.name == "media get")
    for grown in (False, True):
        given = {"tweets": ("https://x.com/nasa/status/1893456789012345678",)}
        asked = SpendingQuestion(command, given, 12_345, 100, "Ada", UNTIL, CONFIRM, CANCEL, grown=grown)
        facts = [
            "1893456789012345678",
            "up to 12,345 credits",
            "more than 100 credits",
            "Requested by Ada",
            command.summary,
        ]
        if grown:
            facts.append("It costs more by now than what was confirmed")
        yield f"a dear command{', dearer' if grown else ''}", Case(question_card(asked), "", tuple(facts))
    yield "a dear command, declined", Case(declined_card("Bob"), "", ("Bob decided against it",))


def cases() -> Iterator[tuple[str, Case]]:
    """Every kind in every state."""
    for name, kind, payload, target in _payloads():
        own = str(payload.get("text", ""))
        for state, card, said in _states(kind, payload, target):
            facts = ["@acme_inc", "Requested by Ada", said]
            before = state in ("open", "running", "quiet", "cancelled", "expired")
            if before and "\u200b" in own:
                facts.append("2 invisible characters")
            media = tuple(payload.get("media", ())) if before else ()
            yield f"{name}, {state}", Case(card, own, tuple(facts), media)
    yield from _draws()
    yield from _monitors()
    yield from _spending()


CASES = dict(cases())
