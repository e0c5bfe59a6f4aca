"""`analyze sentiment|classify|brand|news|market|score`: what an AI says of tweets and drafts."""

from __future__ import annotations

from bot.core.commands.declaring import Group
from bot.core.commands.presets import SPENDING, listing_command
from bot.features.analyze.args import SOURCES
from bot.features.analyze.listed import BRAND, CLASSES, MARKET, NEWS, SCORES, SENTIMENT
from bot.features.analyze.questions import EXAMPLE

ANALYZE = Group(
    "analyze",
    "What an AI reads in tweets and drafts",
    (
        listing_command(
            "analyze sentiment",
            SENTIMENT,
            SPENDING,
            "Judge the attitude of tweets or drafts, and how strong it is",
            "analyze sentiment from:nasa",
            "analyze sentiment tweets:https://x.com/xquik/status/1893456789012345678",
            one_of=SOURCES,
            operations=("POST /x/analysis/sentiment",),
        ),
        listing_command(
            "analyze classify",
            CLASSES,
            SPENDING,
            "Have your own questions answered for each tweet or draft",
            EXAMPLE,
            one_of=SOURCES,
            operations=("POST /x/analysis/classify",),
        ),
        listing_command(
            "analyze brand",
            BRAND,
            SPENDING,
            "Judge what is said of a brand, and by whom",
            "analyze brand Xquik search:giveaway",
            one_of=SOURCES,
            operations=("POST /x/analysis/brand",),
        ),
        listing_command(
            "analyze news",
            NEWS,
            SPENDING,
            "Tell reports from comments and rumors, with their sources",
            "analyze news user:nasa about:moon",
            one_of=SOURCES,
            operations=("POST /x/analysis/news",),
        ),
        listing_command(
            "analyze market",
            MARKET,
            SPENDING,
            "Judge what is expected of an asset",
            "analyze market user:nasa about:$NASA",
            one_of=SOURCES,
            operations=("POST /x/analysis/market-signals",),
        ),
        listing_command(
            "analyze score",
            SCORES,
            SPENDING,
            "Score how the wording of tweets or drafts reads",
            'analyze score text:"Hello X"',
            one_of=SOURCES,
            operations=("POST /x/analysis/viral-score",),
        ),
    ),
    default="sentiment",
)
