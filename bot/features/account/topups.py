"""`credits topup|status` and `subscribe link`: paying for credits and plans, on pages of Xquik's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.billing import TIERS, open_checkout_card, plan_preview, topup_card, topup_preview
from bot.core.chat.answers import Proposal, Reply
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import INSIDE, SETTING_AT_XQUIK, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut
from bot.features.account.kinds import SUBSCRIBE, TOPUP
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.roots import ADMIN

_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
LEAST: Final = 10
"""Dollars of a top-up, at the least."""
MOST: Final = 10_000
"""At the most: a typing mistake costs less then."""
_TIERS: Final = {str(label): tier for tier, label in TIERS.items()}
_IN_ADDRESS: Final = re.compile(r"[?&]session_id=([A-Za-z0-9_-]{1,200})", re.ASCII)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyArgs:
    """How much."""

    dollars: Annotated[int, Option("Whole US dollars, 10 or more", main=True, ge=LEAST, le=MOST)]


async def topup(call: CommandCall, args: BuyArgs) -> Proposal | Reply:
    """A checkout to be confirmed; the one that is open already in place of another."""
    standing = await call.services.topups.open_of(call.tenant)
    if standing is not None and await call.services.following.is_open(standing):
        return Reply(open_checkout_card(standing.dollars, standing.url))
    # A command that is run from a terminal is in no channel: nobody can be told there later.
    told = bool(call.invocation.place.channel)
    preview = topup_preview(args.dollars, TOPUP.words({}).question, told=told)
    return TOPUP.proposal({"dollars": args.dollars}, preview)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanArgs:
    """Which plan."""

    tier: Annotated[
        str | None, Option("The plan; chosen on the page if left out", main=True, choices=_TIERS)
    ] = None


async def link(_call: CommandCall, args: PlanArgs) -> Proposal:
    """A link to be confirmed."""
    payload = {} if args.tier is None else {"tier": args.tier}
    return SUBSCRIBE.proposal(payload, plan_preview(args.tier, SUBSCRIBE.words({}).question))


STATUS = command(
    "credits status",
    status,
    INSIDE,
    "Show whether a top-up was paid",
    "credits status cs_live_a1B2c3",
    operations=("GET /credits/topup/status",),
)
TOPUP_COMMAND: Final = command(
    "credits topup",
    topup,
    SETTING_AT_XQUIK,
    "Get a link to buy credits; asks first, and tells how it ends",
    "credits topup 25",
    operations=("POST /credits/topup",),
)
PLAN: Final = Group(
    "subscribe",
    "The plan of the Xquik account",
    (
        command(
            "subscribe link",
            link,
            SETTING_AT_XQUIK,
            "Get a link to pay or manage the plan; asks first",
            "subscribe link pro",
            operations=("POST /subscribe",),
        ),
    ),
    default="link",
    under=ADMIN,
)
