"""`style list`: what is saved at Xquik, for who sees the team's inside."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.style.cards import styles_table
from bot.xquik.models import Style, moment


async def styles(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[Style]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.styles.list(cursor or None, size))


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[Style]) -> tuple[Block, ...]:
    """A table of them."""
    return styles_table(rows.items)


STYLES: Final = Listing(
    title=lambda _args: msg("Saved styles"),
    fetch=styles,
    identity=lambda style: style.x_username.casefold(),
    draw=draw,
    empty=lambda _args: line(
        msg("No styles yet."), " ", msg("`style analyze @nasa` saves how an account writes.")
    ),
    columns=(
        Column("style", lambda style: style.x_username),
        Column("texts", lambda style: style.tweet_count),
        Column("own_account", lambda style: style.is_own_account),
        Column("saved_at", lambda style: moment(style.fetched_at)),
    ),
    file_size=200,
)
