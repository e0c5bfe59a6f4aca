"""What is paid to Xquik: top-ups and plans. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from bot.cards.figures import credits_
from bot.core.chat.cards import Button, Card, Field, Fields, Priority, Text, Tone, line
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import printable, shorten
from bot.xquik.models import BillingPage, Topup

TIERS: Final = {"starter": msg("Starter"), "pro": msg("Pro"), "business": msg("Business")}
"""Plans, by Xquik's names."""
_OPEN: Final = msg("Open the checkout")
_STATES: Final[Mapping[str, tuple[Message, Message, Tone]]] = {
    "paid": (msg("paid"), msg("The credits are in the balance: `credits show`."), Tone.SUCCESS),
    "processing": (msg("being processed"), msg("Look again in a minute."), Tone.INFO),
    "failed": (msg("failed"), msg("Nothing was added. `credits topup` begins another one."), Tone.WARNING),
    "expired": (msg("expired"), msg("Nothing was added. `credits topup` begins another one."), Tone.WARNING),
}
_BILLING: Final = {
    "checkout_created": msg("Choose and pay the plan on Xquik's page. Nothing is paid until then."),
    "already_subscribed": msg("There is a plan already. Xquik's page shows it, and changes or ends it."),
    "payment_issue": msg("Xquik could not collect a payment. Its page shows which, and takes another card."),
}


def topup_card(topup: Topup) -> Card:
    """What was asked for, and whether it came."""
    known = _STATES.get(topup.status)
    state, then, tone = known or (printable(shorten(topup.status, 40)), "", Tone.INFO)
    fields = [Field(msg("State"), (state,))]
    if topup.amount_dollars is not None:
        fields.append(Field(msg("Amount"), (_dollars(topup.amount_dollars),)))
    if topup.credits is not None:
        fields.append(Field(msg("Credits"), (credits_(topup.credits),)))
    blocks = (Fields(tuple(fields)), *((Text(line(then)),) if then else ()))
    return Card(msg("Top-up"), blocks, tone)


def topup_preview(dollars: int, question: str, *, told: bool = True) -> Card:
    """How much would be asked for. told: whoever asks can be told later how it ends."""
    said = msg("Confirm makes a page of Xquik's on which it is paid. Until then nothing is charged.")
    seen = (
        msg("You alone see the link, and are told how it ends.")
        if told
        else msg("You alone see the link, and the command that tells how it ends.")
    )
    blocks = (
        Fields((Field(msg("Amount"), (_dollars(dollars),)),), Priority.ESSENTIAL),
        Text(line(said, " ", seen), priority=Priority.ESSENTIAL),
    )
    return Card(question, blocks, Tone.INFO)


def checkout_card(dollars: int, url: str, title: str, *, session: str, told: bool) -> Card:
    """Where a top-up is paid. session: its id, "" where it has none; told: whoever asked can be told later
    how it ends."""
    added = msg("The credits are added once it is paid.")
    if not session:
        then = msg("`credits show` tells the balance.")
    elif told:
        then = msg("You are told how it ends.")
    else:
        then = msg("`credits status {session}` tells how it ends.", session=session)
    blocks = (Fields((Field(msg("Amount"), (_dollars(dollars),)),)), Text(line(added, " ", then)))
    return Card(title, blocks, Tone.SUCCESS, (Button(_OPEN, url=url),))


def open_checkout_card(dollars: int, url: str) -> Card:
    """One is open already, so no other is begun."""
    said = msg(
        "A top-up of {dollars} was begun here and is not paid yet, so no other one is begun.",
        dollars=_dollars(dollars),
    )
    then = msg("Pay it, or wait until its page expires.")
    return Card(msg("A top-up is open"), (Text(line(said, " ", then)),), Tone.INFO, (Button(_OPEN, url=url),))


def plan_preview(tier: str | None, question: str) -> Card:
    """Which plan a page would be made for."""
    plan = TIERS[tier] if tier else msg("chosen on the page")
    said = msg("Confirm makes a page of Xquik's on which the plan is paid. Until then nothing is charged.")
    blocks = (
        Fields((Field(msg("Plan"), (plan,)),), Priority.ESSENTIAL),
        Text(line(said, " ", msg("You alone see the link.")), priority=Priority.ESSENTIAL),
    )
    return Card(question, blocks, Tone.INFO)


def billing_card(page: BillingPage, title: str) -> Card:
    """Where a plan is paid, or managed."""
    said = _BILLING.get(page.status) or msg("Xquik's page shows how the plan stands.")
    tone = Tone.WARNING if page.status == "payment_issue" else Tone.SUCCESS
    return Card(title, (Text(line(said)),), tone, (Button(msg("Open Xquik's page"), url=page.url),))


def is_page(url: str) -> bool:
    """Whether that can be shown as the address of a page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return (
        (parts.scheme == "https" or local)
        and bool(parts.hostname)
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )


def _dollars(dollars: int) -> Message:
    return msg("${dollars}", dollars=dollars)
