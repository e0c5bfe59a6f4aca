"""`link resolve|embed`: where short links of X lead, and the HTML that shows a tweet on a website."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from bot.core.chat.answers import Reply
from bot.core.chat.cards import File
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING, command
from bot.core.commands.price_list import LINKS, LOOKUP
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.shortening import cut
from bot.core.x import prices
from bot.features.link.cards import embed_card, links_card
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.features.shared.tweet_args import TweetArgs

_MOST_LINKS: Final = 100
_SHORT: Final = re.compile(r"(?:https?://)?t\.co/([A-Za-z0-9]{1,40})/?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksArgs:
    """Which links."""

    links: Annotated[
        tuple[str, ...], Option("Short links of X, like https://t.co/Xe1nm2pkSX", main=True, le=_MOST_LINKS)
    ]


def credits_at_most(args: LinksArgs) -> int:
    """What looking all of them up costs."""
    return prices.LOOKUP * len(set(args.links))


def short_links(args: LinksArgs) -> tuple[str, ...]:
    """Each once, as X writes it. UsageError for what is none of X's."""
    found: dict[str, None] = {}
    for one in args.links:
        match = _SHORT.fullmatch(one.strip())
        if match is None:
            raise UsageError(
                msg("{text} is no short link of X; those begin with https://t.co/.", text=repr(cut(one, 60))),
                option="links",
                example="link resolve https://t.co/Xe1nm2pkSX",
            )
        found[f"https://t.co/{match[1]}"] = None
    return tuple(found)


async def resolve(call: CommandCall, args: LinksArgs) -> Reply:
    """Where they lead."""
    links = short_links(args)
    xquik = await call.xquik()
    found = await xquik.tweets.resolved(links)
    leading = sum(one.resolved_url is not None for one in found.links)
    return Reply(links_card(found), charged=LINKS.of(leading))


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedArgs(TweetArgs):
    """Which tweet, and how it looks."""

    theme: Annotated[Literal["light", "dark"], Option("On a light page or a dark one")] = "light"


async def embed(call: CommandCall, args: EmbedArgs) -> Reply:
    """Its HTML, also as a file."""
    xquik = await call.xquik()
    found = await xquik.tweets.embed(args.tweet.id, theme=args.theme)
    whole = File(f"tweet-{args.tweet.id}.html", "text/html", found.html.encode("utf-8", "replace"))
    return Reply(embed_card(args.tweet, found), files=(whole,))


LINK = Group(
    "link",
    "Short links of X, and tweets for websites",
    (
        command(
            "link resolve",
            resolve,
            SPENDING,
            "See where short links of X lead, without opening them",
            "link resolve https://t.co/Xe1nm2pkSX",
            cost=LINKS,
            estimate=credits_at_most,
            operations=("GET /x/links/resolve",),
        ),
        command(
            "link embed",
            embed,
            SPENDING,
            "Get the HTML that shows a tweet on a website",
            "link embed https://x.com/nasa/status/1893500000000000001",
            "link embed https://x.com/nasa/status/1893500000000000001 theme:dark",
            cost=LOOKUP,
            operations=("GET /x/tweets/{id}/embed",),
        ),
    ),
    default="resolve",
    under=MORE,
)
