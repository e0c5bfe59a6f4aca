"""`user check|insights|translate`: what Xquik finds out about accounts on X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Option
from bot.core.commands.price_list import FOLLOW_CHECKS
from bot.core.errors import BotError, NotFound, UsageError
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.core.x.references import Username
from bot.features.services import CommandCall
from bot.features.shared.languages import IntoLanguage, language_to_read
from bot.features.shared.user_args import UserArgs
from bot.features.user.args import once
from bot.features.user.report_cards import Compared, follows_card, insights_card, translation_card

_MOST_COMPARED = 20


@dataclass(frozen=True, kw_only=True)
class CheckArgs(UserArgs):
    """An account, and those to compare it with."""

    others: Annotated[
        tuple[Username, ...],
        Option("Accounts to compare it with, like @esa", ge=1, le=_MOST_COMPARED, suggest="people"),
    ]


def _compared(args: CheckArgs) -> tuple[str, ...]:
    """Who is compared with the account: each once, and not with itself."""
    itself = str(args.user).casefold()
    return tuple(one for one in once(args.others) if one.casefold() != itself)


def credits_at_most(args: CheckArgs) -> int:
    """What comparing these costs."""
    return prices.FOLLOW_CHECK * len(_compared(args))


async def check(call: CommandCall, args: CheckArgs) -> Reply:
    """Who follows whom; where Xquik stops on the way, what was found until then, and why."""
    others = _compared(args)
    if not others:
        raise UsageError(
            msg("An account cannot be compared with itself."),
            option="others",
            example=f"user check @{args.user} others:@esa",
        )
    found, stopped = await _checks(call, str(args.user), others)
    card = follows_card(str(args.user), found, left=len(others) - len(found), stopped=stopped)
    compared = sum(one.check is not None for one in found)
    return Reply(card, charged=FOLLOW_CHECKS.of(compared))


async def _checks(
    call: CommandCall, user: str, others: Sequence[str]
) -> tuple[tuple[Compared, ...], BotError | None]:
    """One request for each: Xquik compares two at a time. The first error where nothing was found."""
    xquik = await call.xquik()
    found: list[Compared] = []
    missing: NotFound | None = None
    for other in others:
        try:
            found.append(Compared(other, await xquik.users.check(user, other)))
        except NotFound as error:
            missing = missing or error
            found.append(Compared(other, None))
        except BotError as error:
            if not any(one.check for one in found):
                raise
            return tuple(found), error
    if missing is not None and not any(one.check for one in found):
        raise missing
    return tuple(found), None


async def insights(call: CommandCall, args: UserArgs) -> Reply:
    """How much an account writes, and what comes of it."""
    xquik = await call.xquik()
    return Reply(insights_card(await xquik.users.insights(str(args.user))))


@dataclass(frozen=True, kw_only=True)
class TranslateArgs(UserArgs):
    """Whose words, and into what."""

    language: IntoLanguage = None


async def translate(call: CommandCall, args: TranslateArgs) -> Reply:
    """What an account says of itself, as X translates it."""
    language = await language_to_read(call, args.language, example="user translate @nasa language:es")
    xquik = await call.xquik()
    translated = await xquik.users.translation(str(args.user), language)
    return Reply(translation_card(str(args.user), translated, language))
