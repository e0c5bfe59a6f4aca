"""`hook status|deliveries|test|resume`: the webhook that brings events here. Free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import Group, NoArgs, Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.presets import INSIDE, SETTING_AT_XQUIK, command, listing_command
from bot.core.errors import Conflict, NotFound
from bot.core.messages.message import msg
from bot.core.text.shortening import cut
from bot.features.hook.cards import deliveries_table, hooks_card, tested_card
from bot.features.services import CommandCall
from bot.features.shared.roots import ADMIN
from bot.relay.receiving.hook_watch import is_ours
from bot.xquik.models import DeliveryAttempts, Webhook, moment


@dataclass(frozen=True, kw_only=True)
class HookArgs:
    """Which webhook."""

    webhook: Annotated[
        str | None,
        Option(
            "The id of a webhook; the one that brings events here if left out",
            main=True,
            max_length=60,
            suggest="webhooks",
        ),
    ] = None


async def status(call: CommandCall, _args: NoArgs) -> Reply:
    """How events come in, and the webhooks there are."""
    ours, others = await _standing(call)
    return Reply(hooks_card(ours, others, await call.services.registrar.status(call.tenant)))


async def deliveries(call: CommandCall, args: HookArgs, cursor: str, size: int) -> PageRows[DeliveryAttempts]:
    """A page of what was sent, newest first."""
    webhook = await _meant(call, args.webhook)
    xquik = await call.xquik()
    page = await xquik.webhooks.deliveries(webhook.id, cursor=cursor or None, rows=size)
    return PageRows(page.items, page.next_cursor or "", unreadable=page.unreadable)


async def draw(_call: CommandCall, _args: HookArgs, rows: PageRows[DeliveryAttempts]) -> tuple[Block, ...]:
    """A table of them."""
    return (deliveries_table(rows.items),)


DELIVERIES: Final = Listing(
    title=lambda _args: msg("Deliveries"),
    fetch=deliveries,
    identity=lambda one: one.id,
    draw=draw,
    empty=lambda _args: line(msg("Nothing was delivered there yet. `hook test` sends a test.")),
    size=10,
    columns=(
        Column("id", lambda one: one.id),
        Column("event_id", lambda one: one.stream_event_id),
        Column("status", lambda one: one.status),
        Column("attempts", lambda one: one.attempts),
        Column("created_at", lambda one: moment(one.created_at)),
        Column("delivered_at", lambda one: moment(one.delivered_at)),
        Column("last_status_code", lambda one: one.last_status_code),
        Column("last_error", lambda one: one.last_error),
    ),
)


async def test(call: CommandCall, args: HookArgs) -> Reply:
    """Have Xquik send a signed test."""
    webhook = await _meant(call, args.webhook)
    if not webhook.is_active:
        raise Conflict(
            msg("This webhook is switched off, so no test can be sent to it."),
            remedy=msg("`hook resume` tests it and switches it on again."),
        )
    xquik = await call.xquik()
    return Reply(tested_card(webhook, await xquik.webhooks.test(webhook.id)))


async def resume(call: CommandCall, args: HookArgs) -> Reply:
    """Test it, and switch it on again where the test arrives."""
    webhook = await _meant(call, args.webhook)
    xquik = await call.xquik()
    tested = await xquik.webhooks.resume(webhook.id)
    return Reply(tested_card(webhook, tested, resumed=True, was_on=webhook.is_active))


async def _standing(call: CommandCall) -> tuple[Webhook | None, list[Webhook]]:
    """The webhook that brings events here, None where there is none; and all others."""
    hook = await call.services.relay.hooks.of(call.tenant)
    standing = await (await call.xquik()).webhooks.list()
    ours = None if hook is None else next((one for one in standing if is_ours(one, hook)), None)
    return ours, [one for one in standing if one is not ours]


async def _meant(call: CommandCall, wanted: str | None) -> Webhook:
    """The webhook of that id, else ours, else the only one there is."""
    ours, others = await _standing(call)
    if wanted is not None:
        there = [one for one in (ours, *others) if one is not None and one.id == wanted.strip().lstrip("#")]
        if not there:
            raise NotFound(
                msg("There is no webhook {id} at Xquik.", id=repr(cut(wanted, 40))),
                remedy=msg("`hook status` shows those there are."),
                option="webhook",
            )
        return there[0]
    if ours is not None:
        return ours
    if len(others) == 1:
        return others[0]
    if others:
        raise NotFound(
            msg("No webhook at Xquik brings events here."),
            remedy=msg("Name one of the others by its id: `hook status` shows them."),
            option="webhook",
        )
    raise NotFound(
        msg("No webhook is registered at Xquik."),
        remedy=msg("`setup key` registers one where one is needed; `hook status` says how events come."),
    )


HOOK = Group(
    "hook",
    "The webhook that brings events here",
    (
        command(
            "hook status",
            status,
            INSIDE,
            "Show how events come in, and whether deliveries fail",
            "hook status",
            operations=("GET /webhooks",),
        ),
        listing_command(
            "hook deliveries",
            DELIVERIES,
            INSIDE,
            "List what Xquik delivered: attempts, answers, errors",
            "hook deliveries",
            operations=("GET /webhooks", "GET /webhooks/{id}/deliveries"),
        ),
        command(
            "hook test",
            test,
            SETTING_AT_XQUIK,
            "Have Xquik send a test delivery",
            "hook test",
            operations=("GET /webhooks", "POST /webhooks/{id}/test"),
        ),
        command(
            "hook resume",
            resume,
            SETTING_AT_XQUIK,
            "Test a webhook that was stopped, and switch it on again",
            "hook resume",
            operations=("GET /webhooks", "POST /webhooks/{id}/resume"),
        ),
    ),
    default="status",
    under=ADMIN,
)
