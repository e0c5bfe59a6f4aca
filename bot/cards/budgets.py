"""Budgets, that one is nearly used up, and what was spent. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.cards.figures import count, credits_
from bot.core.chat.cards import (
    Block,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Inline,
    Line,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from bot.core.commands.budgets import Budget, BudgetScope, BudgetUse, Period, standing_words
from bot.core.messages.message import Message, msg

_PERIODS = {Period.DAY: msg("a day"), Period.MONTH: msg("a month")}


def budgets_card(uses: Sequence[BudgetUse], names: dict[str, str], asks_above: int) -> Card:
    """All budgets of a place. names: of its routes, by their ids. asks_above: credits, more than which are
    asked about before they are spent."""
    blocks: list[Block] = []
    if uses:
        rows: list[tuple[Line, ...]] = [
            (
                (whose(one.budget, names),),
                (_PERIODS[one.budget.period],),
                (credits_(one.budget.credits),),
                (credits_(one.used),),
                (credits_(one.foreseen) if one.foreseen else "–",),
                (Timestamp(one.until),),
            )
            for one in uses
        ]
        head = (msg("For"), msg("In"), msg("Budget"), msg("Used"), msg("Foreseen"), msg("Anew"))
        blocks.append(Table(head, tuple(rows)))
        counts = msg("Used counts what is reserved too; foreseen is what monitors cost until the end.")
        blocks.append(Text(line(counts), subtle=True))
    else:
        none = msg("No budget is set, so nothing is stopped.")
        blocks.append(Text(line(none, " ", msg("`credits budget 1000 period:day` sets one."))))
    asks = msg(
        "Above {credits} the bot asks before it spends them: `setup spending`.", credits=credits_(asks_above)
    )
    blocks.append(Text(line(asks), subtle=True))
    full = any(one.warns for one in uses)
    return Card(msg("Budgets"), tuple(blocks), Tone.WARNING if full else Tone.INFO)


def budget_set_card(use: BudgetUse, names: dict[str, str]) -> Card:
    """One was set, and how it stands."""
    fields = (
        Field(msg("For"), (whose(use.budget, names),)),
        Field(msg("Budget"), (_a_period(use.budget),)),
        Field(msg("Used"), (credits_(use.used),)),
        *((Field(msg("Foreseen"), (credits_(use.foreseen),)),) if use.foreseen else ()),
        Field(msg("Anew"), (Timestamp(use.until),)),
    )
    said = msg("What would pass it is not begun. It is warned of at 80 %.")
    over = use.spent_up
    then = (Text(line(msg("It is used up already: nothing more is begun until then."), *_go_on(use))),)
    return Card(
        msg("Budget set"),
        (Fields(fields), *(then if over else ()), Text(line(said), subtle=True)),
        Tone.WARNING if over else Tone.SUCCESS,
    )


def warning_card(use: BudgetUse) -> Card:
    """One is used up, or nearly."""
    said = standing_words(use)
    then = line(
        msg("Nothing more is begun until then.") if use.spent_up else msg("What would pass it is not begun."),
        *_go_on(use),
        " ",
        msg("`credits budget` shows and raises it."),
    )
    until = msg("It begins anew {when}.", when=Timestamp(use.until))
    blocks = (
        Fields((Field(msg("For"), (whose(use.budget, {}),)),)),
        Text(line(said, " ", until)),
        Text(then),
    )
    title = msg("A budget is used up") if use.spent_up else msg("A budget is nearly used up")
    return Card(title, blocks, Tone.WARNING)


def _go_on(use: BudgetUse) -> Line:
    """A word on what no budget stops."""
    if not use.foreseen:
        return ()
    return line(
        " ", msg("Monitors that are on stay on and go on costing credits: `monitor pause` stops one.")
    )


def whose(budget: Budget, names: dict[str, str]) -> Message:
    """For what it is."""
    match budget.scope:
        case BudgetScope.PLACE:
            return msg("all channels")
        case BudgetScope.PERSON:
            return msg("{person}", person=UserMention(budget.subject))
        case BudgetScope.CHANNEL:
            return msg("{channel}", channel=ChannelMention(budget.subject))
        case BudgetScope.ROUTE:
            return msg("the route {name}", name=names.get(budget.subject, budget.subject))


def _a_period(budget: Budget) -> Message:
    price = credits_(budget.credits)
    if budget.period is Period.DAY:
        return msg("{credits} a day", credits=price)
    return msg("{credits} a month", credits=price)


def low_balance_card(below: int) -> Card:
    """The balance is below what somebody wants to be told of. It is not said: a channel reads this."""
    said = msg("There are fewer than {credits} left on the Xquik account.", credits=credits_(below))
    then = msg("`credits show` tells the balance to who may see it, `credits topup` buys more.")
    return Card(msg("Few Xquik credits left"), (Text(line(said)), Text(line(then))), Tone.WARNING)


def alert_card(below: int | None, channel: str, *, changed: bool) -> Card:
    """Whether and where a low balance is told. below: None where it is not."""
    if below is None:
        how = msg("`credits alert 1000 channel:#alerts` sets one.")
        said = line(msg("A low balance is told to no channel."), " ", how)
    else:
        said = line(
            msg(
                "{channel} is told once fewer than {credits} are left.",
                channel=ChannelMention(channel),
                credits=credits_(below),
            )
        )
    looked = msg("It is looked at every five minutes, and told once until there are more again.")
    notes = (Text(line(looked), subtle=True),) if below is not None else ()
    return Card(msg("Low balance"), (Text(said), *notes), Tone.SUCCESS if changed else Tone.INFO)


class Spent(msgspec.Struct, frozen=True):
    """A sum of a report. by: of what ("command", "person", "route", "draw", "channel", "month"); key: which
    one, "" for people who were deleted; name: how it is called; credits: in all; count: of charges; open:
    credits of those whose charge Xquik has not said, which count as they were reserved."""

    by: str
    key: str
    name: str
    credits: int = 0
    count: int = 0
    open: int = 0


_HEADS = {
    "command": msg("Command"),
    "person": msg("Person"),
    "route": msg("Route"),
    "draw": msg("Draw"),
    "channel": msg("Channel"),
    "month": msg("Month"),
}


def report_table(by: str, rows: Sequence[Spent]) -> Table:
    """A row each."""
    return Table(
        (_HEADS[by], msg("Credits"), msg("Times"), msg("Charge not told")),
        tuple(
            (
                (_named(one),),
                (count(one.credits),),
                (count(one.count),),
                (count(one.open) if one.open else "–",),
            )
            for one in rows
        ),
    )


def _named(one: Spent) -> Inline:
    match one.by:
        case "person":
            return UserMention(one.key) if one.key else msg("people who were deleted")
        case "channel":
            return ChannelMention(one.key)
        case "command" | "draw":
            return Code(one.name)
        case _:
            return one.name
