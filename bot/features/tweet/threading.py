"""`tweet thread-post`: a long text as a chain of tweets, shown part by part before it is posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import THREAD as THREAD_PRICE
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.proposing import as_acting
from bot.features.shared.tweet_kinds import THREAD
from bot.features.shared.write_options import ActingAs
from bot.proposals.thread_texts import parts_of

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
    parts = parts_of(args.text, example=_EXAMPLE)
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
