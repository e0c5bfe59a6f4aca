"""`tweet translate|insights|action`: one tweet in another language, how it does, and how a write stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.languages import IntoLanguage, language_to_read
from bot.features.shared.tweet_args import TweetArgs
from bot.features.tweet.reports import action_card, insights_card, translation_card

_ACTION: Final = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetTranslateArgs(TweetArgs):
    """Which tweet, and into what."""

    language: IntoLanguage = None


async def translate(call: CommandCall, args: TweetTranslateArgs) -> Reply:
    """The tweet as X translates it."""
    language = await language_to_read(
        call, args.language, example=f"tweet translate {args.tweet.id} language:en"
    )
    xquik = await call.xquik()
    return Reply(translation_card(args.tweet, await xquik.tweets.translation(args.tweet.id, language)))


async def insights(call: CommandCall, args: TweetArgs) -> Reply:
    """How the tweet does."""
    xquik = await call.xquik()
    return Reply(insights_card(args.tweet, await xquik.tweets.insights(args.tweet.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionArgs:
    """Which write."""

    action: Annotated[
        str,
        Option(
            "The id of a write, as the card of what was done shows it",
            main=True,
            max_length=128,
            suggest="writes",
        ),
    ]


async def action(call: CommandCall, args: ActionArgs) -> Reply:
    """How a write of this place's Xquik account stands."""
    wanted = args.action.strip()
    if not _ACTION.fullmatch(wanted):
        raise UsageError(
            msg(
                "{text} is no id of a write; one has letters, digits, - and _ only.",
                text=repr(cut(wanted, 40)),
            ),
            option="action",
            example="tweet action 41",
        )
    xquik = await call.xquik()
    with absent(
        msg("Xquik has no write with the id {id}.", id=repr(cut(wanted, 40))),
        msg("The card of what was done on X shows its id, as of `tweet post`; so does the Xquik dashboard."),
    ):
        return Reply(action_card(await xquik.write_actions.show(wanted)))
