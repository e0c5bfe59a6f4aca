"""The Xquik account: plan, credits, connected X accounts, and the setup of a tenant."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.errors import with_code
from bot.cards.figures import count, credits_, plural
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
from bot.core.messages.message import msg
from bot.core.routes.silences import Silence, SilenceCause
from bot.xquik.models import Account, Credits, XAccount

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
    fields = [Field("Plan", (account.plan,))]
    if account.credit_info is not None:
        fields.append(Field("Balance", (credits_(account.credit_info.balance),)))
    fields.append(Field("Monitors", (count(account.monitors_used),)))
    billing = account.monitor_billing
    if billing is not None and billing.active_hourly_burn:
        hourly, daily = credits_(billing.active_hourly_burn), count(billing.active_daily_estimate)
        burn = f"{hourly} an hour, about {daily} a day"
        fields.append(Field("Monitors cost", (burn,)))
    fields.append(Field("Asks above", (credits_(asks_above),)))
    blocks: list[Block] = [Fields(tuple(fields))]
    if accounts:
        rows: tuple[tuple[Line, ...], ...] = tuple(
            ((f"@{one.username}",), (HEALTH.get(one.health, one.health),)) for one in accounts
        )
        blocks.append(Table(("X account", "State"), rows))
    else:
        blocks.append(
            Text(
                line(
                    "No X account is connected, so nothing can be posted. Connect one in the Xquik dashboard."
                )
            )
        )
    ill = [one for one in accounts if not one.is_healthy]
    if ill:
        blocks.append(
            Text(
                line(
                    Bold(f"{plural(len(ill), 'account')} cannot be used right now. "), "See the state above."
                )
            )
        )
    return Card("Xquik account", tuple(blocks), Tone.WARNING if ill else Tone.INFO)


def credits_card(credits: Credits) -> Card:
    """Balance and how it came about."""
    if credits.auto_topup_enabled and credits.auto_topup_threshold is not None:
        dollars = credits.auto_topup_amount_dollars or 0
        topup = f"on: ${dollars:,.0f} when below {credits_(credits.auto_topup_threshold)}"
    else:
        topup = "on" if credits.auto_topup_enabled else "off"
    low = credits.balance <= 0
    blocks: list[Block] = [
        Fields(
            (
                Field("Balance", (Bold(credits_(credits.balance)),)),
                Field("Used so far", (count(credits.lifetime_used),)),
                Field("Bought so far", (count(credits.lifetime_purchased),)),
                Field("Automatic top-up", (topup,)),
            )
        )
    ]
    if low:
        blocks.append(Text(line("Nothing that costs credits works until you top up.")))
    return Card("Credits", tuple(blocks), Tone.WARNING if low else Tone.INFO)


def setup_saved_card(
    hint: str, account: Account, accounts: Sequence[XAccount], hook: Line, may: Line
) -> Card:
    """The key was tried, works, and is stored. hook: how events will arrive; may: who may do what now."""
    names = ", ".join(f"@{one.username}" for one in accounts) or "none connected"
    balance = account.credit_info.balance if account.credit_info else None
    return Card(
        "Xquik is set up",
        (
            Fields(
                (
                    Field("Key", (Code(hint), " works and is stored encrypted")),
                    Field("Plan", (account.plan,)),
                    Field("Balance", (credits_(balance) if balance is not None else "–",)),
                    Field("X accounts", (names,)),
                    Field("Events", hook, short=False),
                )
            ),
            Text(may),
            Text(line("Next: ", Code("monitor add nasa"), " and ", Code("relay add channel:#alerts"), ".")),
        ),
        Tone.SUCCESS,
    )


def setup_status_card(
    *,
    hint: str | None,
    hook: Line,
    monitors: int | None,
    routes: int,
    timezone: str = "UTC",
    asks_above: int = ASK_ABOVE,
    language: str = "English",
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
            "Setup",
            (
                Text(line("No Xquik key is stored here yet.")),
                Text(line(Bold("What next: "), Code("setup key"), " opens a form for it.")),
            ),
            Tone.WARNING,
        )
    works = "works" if trouble is None else "does not work right now"
    fields = [
        Field("Key", (Code(hint), f", stored encrypted; it {works}")),
        Field("Routes", (str(routes),)),
        Field("Monitors", (count(monitors),)),
        Field("Timezone", (timezone,)),
        Field("Asks above", (credits_(asks_above),)),
        Field(msg("Language"), (language,)),
        Field("Events", hook, short=False),
    ]
    if purse is not None:
        fields.append(Field("Credits last", lasting(purse)))
    # What the key itself was answered just now is said below, and not twice.
    others = [one for one in silences if one.cause is not SilenceCause.KEY or trouble is None]
    quiet = [*silence_blocks(others, purse), *(block for one in standings for block in route_blocks(one))]
    if trouble is None:
        return Card("Setup", (Fields(tuple(fields)), *quiet), Tone.WARNING if quiet else Tone.INFO, buttons)
    said = Text(line(Bold(f"{trouble.title}: "), trouble.detail))
    next_step = Text((Bold("What next: "), *with_code(trouble.remedy)))
    return Card("Setup", (Fields(tuple(fields)), said, next_step, *quiet), Tone.WARNING, buttons)
