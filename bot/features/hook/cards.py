"""The webhooks of an Xquik account, and what was delivered to them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.figures import count, when
from bot.core.chat.cards import Block, Card, Code, Field, Fields, Line, Table, Text, Tone, line
from bot.core.messages.message import Message, msg, nmsg, pmsg
from bot.core.text.shortening import cut, printable, shorten
from bot.xquik.models import DeliveryAttempts, Webhook, WebhookTest

_STATES: Final = {
    "active": msg("delivering"),
    "paused": msg("switched off"),
    "needs_attention": msg("failing; Xquik goes on trying"),
}
_DELIVERY_STATES: Final = {
    "pending": msg("on its way"),
    "delivered": msg("delivered"),
    "failed": msg("refused"),
    "exhausted": msg("given up"),
}
_ID: Final = 60
_ERROR: Final = 120


def hooks_card(ours: Webhook | None, others: Sequence[Webhook], way: Line) -> Card:
    """How deliveries stand. ours: the webhook that brings events here; others: all else of the account;
    way: how events reach this place, in words."""
    blocks: list[Block] = [Fields((Field(msg("Events"), way, short=False),))]
    if ours is not None:
        blocks.append(Fields(_facts(ours)))
        blocks.append(Text(_next(ours), subtle=True))
    else:
        none = msg("No webhook at Xquik brings events here. `setup key` registers one where one is needed.")
        blocks.append(Text(line(none)))
    if others:
        blocks.append(Text(line(msg("Others of the same Xquik account:"))))
        blocks.append(_table(others))
    ill = ours is not None and not _well(ours)
    return Card(msg("Webhook"), tuple(blocks), Tone.WARNING if ill else Tone.INFO)


def tested_card(webhook: Webhook, test: WebhookTest, *, resumed: bool = False, was_on: bool = False) -> Card:
    """How a test delivery went. resumed: it was to switch the webhook on again; was_on: it was on before."""
    facts = Fields((Field(msg("Address"), (_host(webhook),)), Field(msg("Answer"), (_answer(test),))))
    if test.success and was_on:
        return Card(msg("The webhook was on already; the test was delivered"), (facts,), Tone.SUCCESS)
    if test.success:
        title = msg("The webhook is on again") if resumed else msg("The test was delivered")
        return Card(title, (facts,), Tone.SUCCESS)
    off = resumed and not was_on
    title = msg("The webhook stays off") if off else msg("The test was not delivered")
    blocks: list[Block] = [facts]
    if test.error:
        blocks.append(Fields((Field(msg("Error"), (_plain(test.error, 300),), short=False),)))
    help_ = msg("Check that the address can be reached from outside. `hook deliveries` shows what failed.")
    blocks.append(Text(line(help_)))
    return Card(title, tuple(blocks), Tone.WARNING)


def deliveries_table(rows: Sequence[DeliveryAttempts]) -> Table:
    """A row each: the event, how it stands, how often it was tried, and what the endpoint said."""
    cells: tuple[tuple[Line, ...], ...] = tuple(
        (
            (Code(_plain(one.stream_event_id, _ID)),),
            (_status(one.status),),
            (count(one.attempts),),
            when(one.delivered_at or one.created_at, relative=True),
            (_said(one),),
        )
        for one in rows
    )
    return Table((msg("Event"), msg("State"), msg("Attempts"), msg("When"), msg("Answer")), cells)


def _facts(webhook: Webhook) -> tuple[Field, ...]:
    failures = count(webhook.consecutive_failures)
    if webhook.failure_hard_cap:
        failures = msg("{n} of {most}", n=webhook.consecutive_failures, most=webhook.failure_hard_cap)
    types = nmsg("{n} type", "{n} types", n=len(webhook.event_types))
    return (
        Field(msg("State"), (_state(webhook),)),
        Field(msg("Failures in a row"), (failures,)),
        Field(msg("Address"), (_host(webhook),)),
        Field(msg("Event types"), (types,)),
        Field(msg("Made"), when(webhook.created_at)),
        Field(msg("Id"), (Code(_plain(webhook.id, _ID)),)),
    )


def _table(webhooks: Sequence[Webhook]) -> Table:
    rows: tuple[tuple[Line, ...], ...] = tuple(
        ((Code(_plain(one.id, _ID)),), (_host(one),), (_state(one),)) for one in webhooks
    )
    return Table((msg("Id"), msg("Address"), msg("State")), rows)


def _next(webhook: Webhook) -> Line:
    if not webhook.is_active:
        return line(msg("`hook resume` tests it and switches it on again."))
    return line(msg("`hook deliveries` shows what was sent, `hook test` sends a test."))


def _well(webhook: Webhook) -> bool:
    return webhook.is_active and webhook.delivery_status == "active"


def _host(webhook: Webhook) -> Code:
    return Code(_plain(webhook.host or "?", _ID))


def _state(webhook: Webhook) -> str:
    if not webhook.is_active:
        return _STATES["paused"]
    return _STATES.get(webhook.delivery_status) or _plain(webhook.delivery_status, 40)


def _status(status: str) -> str:
    return _DELIVERY_STATES.get(status) or _plain(status, 40)


def _said(delivery: DeliveryAttempts) -> str:
    if delivery.last_error:
        return _plain(delivery.last_error, _ERROR)
    return "–" if delivery.last_status_code is None else _http(delivery.last_status_code)


def _answer(test: WebhookTest) -> Message:
    if not test.status_code:
        return pmsg("the answer of a webhook", "none")
    return _http(test.status_code)


def _http(status: int) -> Message:
    return msg("HTTP {status}", status=str(status))


def _plain(text: str, limit: int) -> str:
    return printable(shorten(cut(text, 4 * limit), limit))
