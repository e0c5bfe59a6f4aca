"""The Xquik account: plan, credits, connected X accounts, and the setup of a tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.errors import with_code
from bot.cards.figures import count, credits_
from bot.cards.routes.status import RouteOverview, route_blocks
from bot.cards.silences import Purse, lasting, silence_blocks
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.commands.cost import ASK_ABOVE
from bot.core.errors import BotError
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.routes.silences import Silence, SilenceCause
from bot.xquik.models import Account, Credits, XAccount

_NEXT: Final = Bold(msg("What next:"))
HEALTH = {
    "healthy": msg("ready"),
    "needsReauth": msg("needs a new login in the Xquik dashboard"),
    "locked": msg("locked; unlock it on X"),
    "suspended": msg("suspended by X"),
    "recovering": msg("recovering; wait or reconnect it"),
    "temporaryIssue": msg("has a temporary problem; wait"),
    "inactive": msg("switched off in the Xquik dashboard"),
}


def account_card(account: Account, accounts: Sequence[XAccount], asks_above: int) -> Card:
    """Plan, balance, monitors and the connected X accounts with their health. asks_above: credits, more than
    which are asked about here."""
    fields = [Field(msg("Plan"), (account.plan,))]
    if account.credit_info is not None:
        fields.append(Field(msg("Balance"), (credits_(account.credit_info.balance),)))
    fields.append(Field(msg("Monitors"), (count(account.monitors_used),)))
    if account.x_username:
        fields.append(Field(msg("Linked on X"), (f"@{account.x_username}",)))
    billing = account.monitor_billing
    if billing is not None and billing.active_hourly_burn:
        burn = nmsg(
            "{n} credit an hour, about {daily} a day",
            "{n} credits an hour, about {daily} a day",
            n=billing.active_hourly_burn,
            daily=billing.active_daily_estimate,
        )
        fields.append(Field(msg("Monitors cost"), (burn,)))
    fields.append(Field(msg("Asks above"), (credits_(asks_above),)))
    blocks: list[Block] = [Fields(tuple(fields))]
    if accounts:
        rows: tuple[tuple[Line, ...], ...] = tuple(
            ((f"@{one.username}",), (HEALTH.get(one.health, one.health),)) for one in accounts
        )
        blocks.append(Table((msg("X account"), msg("State")), rows))
    else:
        none = msg("No X account is connected, so nothing can be posted. Connect one in the Xquik dashboard.")
        blocks.append(Text(line(none)))
    ill = sum(not one.is_healthy for one in accounts)
    if ill:
        unable = nmsg(
            "{n} account cannot be used right now.", "{n} accounts cannot be used right now.", n=ill
        )
        blocks.append(Text(line(Bold(unable), " ", msg("See the state above."))))
    return Card(msg("Xquik account"), tuple(blocks), Tone.WARNING if ill else Tone.INFO)


def credits_card(credits: Credits) -> Card:
    """Balance and how it came about."""
    low = credits.balance <= 0
    blocks: list[Block] = [
        Fields(
            (
                Field(msg("Balance"), (Bold(credits_(credits.balance)),)),
                Field(msg("Used so far"), (count(credits.lifetime_used),)),
                Field(msg("Bought so far"), (count(credits.lifetime_purchased),)),
                Field(msg("Automatic top-up"), (_top_up(credits),)),
            )
        )
    ]
    if low:
        blocks.append(Text(line(msg("Nothing that costs credits works until you top up."))))
    return Card(msg("Credits"), tuple(blocks), Tone.WARNING if low else Tone.INFO)


def _top_up(credits: Credits) -> Message:
    if credits.auto_topup_enabled and credits.auto_topup_threshold is not None:
        return nmsg(
            "on: ${dollars} when below {n} credit",
            "on: ${dollars} when below {n} credits",
            n=credits.auto_topup_threshold,
            dollars=round(credits.auto_topup_amount_dollars or 0),
        )
    if credits.auto_topup_enabled:
        return pmsg("the automatic top-up", "on")
    return pmsg("the automatic top-up", "off")


def setup_saved_card(
    hint: str,
    account: Account,
    accounts: Sequence[XAccount],
    hook: Line,
    may: Line,
    moved: Sequence[Line] = (),
) -> Card:
    """The key was tried, works, and is stored. hook: how events will arrive; may: who may do what now; moved:
    what is to be known where it is of another account than the one before."""
    names = Joined(tuple(f"@{one.username}" for one in accounts), JoinedBy.COMMA)
    connected = msg("{items}", items=names) if accounts else msg("none connected")
    balance = account.credit_info.balance if account.credit_info else None
    return Card(
        msg("Xquik is set up"),
        (
            Fields(
                (
                    Field(msg("Key"), (msg("{key} works and is stored encrypted", key=Code(hint)),)),
                    Field(msg("Plan"), (account.plan,)),
                    Field(msg("Balance"), (credits_(balance) if balance is not None else "–",)),
                    Field(msg("X accounts"), (connected,)),
                    Field(msg("Events"), hook, short=False),
                )
            ),
            *(Text(one) for one in moved),
            Text(may),
            Text(line(msg("Next: `monitor add nasa` and `relay add channel:#alerts`."))),
        ),
        Tone.WARNING if moved else Tone.SUCCESS,
    )


def setup_status_card(
    *,
    hint: str | None,
    hook: Line,
    monitors: int | None,
    routes: int,
    timezone: str = "UTC",
    asks_above: int = ASK_ABOVE,
    language: str = "English",  # no message: a language calls itself
    trouble: BotError | None = None,
    purse: Purse | None = None,
    silences: Sequence[Silence] = (),
    standings: Sequence[RouteOverview] = (),
    buttons: tuple[Button, ...] = (),
) -> Card:
    """What is set up here and what is missing, with the next step. timezone, language: the place's, in words.
    asks_above: credits, more than which are asked about. trouble: what Xquik said to the stored key just now,
    None when it works. purse: what there is to spend; silences: why places are quiet; standings: the routes,
    of which those that are paused or cannot reach a place are said; buttons: for what mends it."""
    if hint is None:
        return Card(
            msg("Setup"),
            (
                Text(line(msg("No Xquik key is stored here yet."))),
                Text(line(_NEXT, " ", msg("`setup key` opens a form for it."))),
            ),
            Tone.WARNING,
        )
    stored = (
        msg("{key}, stored encrypted; it works", key=Code(hint))
        if trouble is None
        else msg("{key}, stored encrypted; it does not work right now", key=Code(hint))
    )
    fields = [
        Field(msg("Key"), (stored,)),
        Field(msg("Routes"), (count(routes),)),
        Field(msg("Monitors"), (count(monitors),)),
        Field(msg("Timezone"), (timezone,)),
        Field(msg("Asks above"), (credits_(asks_above),)),
        Field(msg("Language"), (language,)),
        Field(msg("Events"), hook, short=False),
    ]
    if purse is not None:
        fields.append(Field(msg("Credits last"), lasting(purse)))
    # What the key itself was answered just now is said below, and not twice.
    others = [one for one in silences if one.cause is not SilenceCause.KEY or trouble is None]
    quiet = [*silence_blocks(others, purse), *(block for one in standings for block in route_blocks(one))]
    tone = Tone.WARNING if quiet or trouble is not None else Tone.INFO
    answered = _answered(trouble) if trouble is not None else ()
    return Card(msg("Setup"), (Fields(tuple(fields)), *answered, *quiet), tone, buttons)


def _answered(trouble: BotError) -> tuple[Text, Text]:
    said = msg("{title}: {detail}", title=Bold(trouble.title), detail=trouble.detail)
    return Text(line(said)), Text(line(_NEXT, " ", *with_code(trouble.remedy)))
