"""`credits status`: whether a top-up was paid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.figures import credits_
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Field, Fields, Text, Tone, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import INSIDE, command
from bot.core.errors import UsageError
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut, printable, shorten
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.xquik.models import Topup

_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
_IN_ADDRESS: Final = re.compile(r"[?&]session_id=([A-Za-z0-9_-]{1,200})", re.ASCII)
_STATES: Final[Mapping[str, tuple[Message, Message, Tone]]] = {
    "paid": (msg("paid"), msg("The credits are in the balance: `credits show`."), Tone.SUCCESS),
    "processing": (msg("being processed"), msg("Look again in a minute."), Tone.INFO),
    "failed": (msg("failed"), msg("Nothing was added. Try again in the Xquik dashboard."), Tone.WARNING),
    "expired": (
        msg("expired"),
        msg("Nothing was added. Begin a new one in the Xquik dashboard."),
        Tone.WARNING,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopupArgs:
    """Which one."""

    session: Annotated[
        str, Option("The session of the checkout, or the address that has it", main=True, max_length=200)
    ]


async def status(call: CommandCall, args: TopupArgs) -> Reply:
    """How it stands."""
    session = _session(args.session)
    with absent(
        msg("Xquik knows no checkout {session}.", session=repr(cut(session, 40))),
        msg(
            "Copy the session from the address of the checkout, behind `session_id=`. "
            "`credits show` shows the balance."
        ),
    ):
        return Reply(topup_card(await (await call.xquik()).account.topup(session)))


def _session(given: str) -> str:
    text = without_unseen(given).strip()
    found = _IN_ADDRESS.search(text)
    if found is not None:
        return found[1]
    if _SESSION.fullmatch(text) is None:
        raise UsageError(
            msg("{given} is no session of a checkout.", given=repr(cut(text, 40))),
            option="session",
            example="credits status cs_live_a1B2c3",
            remedy=msg("It stands in the address of the checkout, behind `session_id=`."),
        )
    return text


def topup_card(topup: Topup) -> Card:
    """What was asked for, and whether it came."""
    known = _STATES.get(topup.status)
    state, then, tone = known or (printable(shorten(topup.status, 40)), "", Tone.INFO)
    fields = [Field(msg("State"), (state,))]
    if topup.amount_dollars is not None:
        fields.append(Field(msg("Amount"), (msg("${dollars}", dollars=topup.amount_dollars),)))
    if topup.credits is not None:
        fields.append(Field(msg("Credits"), (credits_(topup.credits),)))
    blocks = (Fields(tuple(fields)), *((Text(line(then)),) if then else ()))
    return Card(msg("Top-up"), blocks, tone)


STATUS = command(
    "credits status",
    status,
    INSIDE,
    "Show whether a top-up was paid",
    "credits status cs_live_a1B2c3",
    operations=("GET /credits/topup/status",),
)
