"""`tweet thread-post`: a long text as a chain of tweets, shown part by part before it is posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import THREAD as THREAD_PRICE
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank
from bot.core.text.shortening import line_ends
from bot.core.x.threads import MOST_PARTS, split
from bot.core.x.tweet_text import half_characters
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.proposing import as_acting
from bot.features.shared.tweet_kinds import THREAD
from bot.features.shared.write_options import ActingAs

_EXAMPLE: Final = 'tweet thread-post "We flew to the Moon! --- Here is how it went."'


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPostArgs(ActingAs):
    """What to post, and as whom."""

    text: Annotated[
        str,
        Option(
            "The whole text; --- begins a new part",
            main=True,
            max_length=7_000,
            paragraph=True,
            running=True,
        ),
    ]


async def thread_post(call: CommandCall, args: ThreadPostArgs) -> Proposal:
    """The parts to be confirmed, all at once."""
    text = line_ends(args.text)
    if half_characters(text):
        raise UsageError(msg("The text contains half a character."), option="text", example=_EXAMPLE)
    parts = [part for part in split(text) if not blank(part)]
    if len(parts) < 2:
        raise UsageError(
            msg("That is one tweet, and no thread."),
            option="text",
            example=_EXAMPLE,
            remedy=msg("`tweet post` posts it; --- between two sentences makes two parts."),
        )
    if len(parts) > MOST_PARTS:
        raise UsageError(
            msg(
                "That would be {count} tweets; a thread has at most {most}.",
                count=len(parts),
                most=MOST_PARTS,
            ),
            option="text",
            example=_EXAMPLE,
        )
    acting = await acting_account(call, args.account, _EXAMPLE)
    return as_acting(THREAD, acting, None, {"parts": parts})


THREAD_POST: Final = command(
    "tweet thread-post",
    thread_post,
    WRITING,
    "Post a long text as a thread; shows each part and asks first",
    _EXAMPLE,
    cost=THREAD_PRICE,
    estimate=None,
    operations=("POST /x/tweets",),
)
