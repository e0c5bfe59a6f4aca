"""What our commands cost, as values made of the one table of prices (`bot.core.x.prices`)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from bot.core.commands.cost import Cost, Unit
from bot.core.messages.message import msg, nmsg
from bot.core.x import prices

_MEGABYTE: Final = 1_000_000

LOOKUP: Final = Cost(prices.LOOKUP)
"""A tweet or a profile."""
ARTICLE: Final = Cost(prices.ARTICLE)
"""The text of an article."""
ARTICLES_LISTED: Final = Cost(
    each=prices.ROW, unit=Unit(msg("article"), nmsg("{n} article", "{n} articles", n=1))
)
"""Articles that are listed, without their texts."""
PROFILES: Final = Cost(
    each=prices.PROFILE, unit=Unit(msg("profile"), nmsg("{n} profile", "{n} profiles", n=1))
)
"""A list of people."""
POSTS: Final = Cost(each=prices.ROW, unit=Unit(msg("tweet"), nmsg("{n} tweet", "{n} tweets", n=1)))
"""A list of tweets."""
FOLLOW_CHECKS: Final = Cost(
    each=prices.FOLLOW_CHECK,
    unit=Unit(msg("account compared"), nmsg("{n} account compared", "{n} accounts compared", n=1)),
)
"""Who follows whom, of an account and others."""
STYLE: Final = Cost(
    each=prices.ROW, unit=Unit(msg("tweet"), nmsg("{n} tweet", "{n} tweets", n=1)), at_most=True
)
"""The tweets that a style is taken from, at most `prices.STYLE_SAMPLE`."""
ANALYSES: Final = Cost(
    each=prices.ANALYSIS,
    unit=Unit(msg("tweet or text"), nmsg("{n} tweet or text", "{n} tweets or texts", n=1)),
)
"""Tweets, or texts of one's own, that are analyzed."""
ROWS_READ: Final = Cost(
    each=prices.ROW,
    unit=Unit(msg("row read"), nmsg("{n} row read", "{n} rows read", n=1)),
    at_most=True,
    confirmed=True,
)
"""All of a list as a file; what a row is, and costs, its command says."""
TRENDS: Final = Cost(prices.TRENDS, note=msg("then free for 15 min"))
"""The trends of a region, kept by the bot."""
TREND_LISTS: Final = Cost(each=prices.TREND_LIST, unit=Unit(msg("list"), nmsg("{n} list", "{n} lists", n=1)))
"""Lists of trends from the archive."""
NEWS_VERSIONS: Final = Cost(prices.LOOKUP)
"""All versions of a news story, for each page that is opened."""
SUGGESTIONS: Final = Cost(
    each=prices.ROW, unit=Unit(msg("suggestion"), nmsg("{n} suggestion", "{n} suggestions", n=1))
)
"""What X suggests while a search is typed."""
TREND_PLACES: Final = Cost(
    each=prices.TREND_PLACE, unit=Unit(msg("place"), nmsg("{n} place", "{n} places", n=1))
)
"""Places that X has trends for."""
PLACES_ASKED: Final = 3
"""Places that X is asked for by a name: the likeliest, and others of that name to choose from."""
FOUND_POSTS: Final = replace(
    POSTS,
    note=msg("up to {credits} for a new `place`", credits=PLACES_ASKED * prices.PLACE),
)
"""Tweets that are searched for; X finds a place by its name once."""
SUBTITLES: Final = Cost(prices.LOOKUP, at_most=True)
"""Subtitles of a tweet; free where there are none."""
LINKS: Final = Cost(
    each=prices.LOOKUP, unit=Unit(msg("link"), nmsg("{n} link", "{n} links", n=1)), at_most=True
)
"""Where short links lead; those that lead nowhere are free."""
SAVED_MEDIA: Final = Cost(
    each=prices.MEDIA_PER_TWEET + prices.LOOKUP,
    unit=Unit(msg("tweet"), nmsg("{n} tweet", "{n} tweets", n=1)),
    at_most=True,
)
"""Saving the media of tweets, and looking the tweets up to show them. Saved before is free."""
NOTIFICATIONS: Final = Cost(
    each=prices.ROW, unit=Unit(msg("notification"), nmsg("{n} notification", "{n} notifications", n=1))
)
"""What others did."""
MESSAGES: Final = Cost(
    prices.LOOKUP,
    each=prices.ROW,
    unit=Unit(msg("message"), nmsg("{n} message", "{n} messages", n=1)),
)
"""A conversation, and looking up with whom it is."""
COMMUNITIES: Final = Cost(
    each=prices.ROW, unit=Unit(msg("community"), nmsg("{n} community", "{n} communities", n=1))
)
"""Communities that are found."""
COMMUNITY_TOPICS: Final = Cost(each=prices.ROW, unit=Unit(msg("topic"), nmsg("{n} topic", "{n} topics", n=1)))
"""Topics that communities stand under."""
LISTS: Final = Cost(each=prices.ROW, unit=Unit(msg("list"), nmsg("{n} list", "{n} lists", n=1)))
"""Lists that are found."""
SPACES: Final = Cost(each=prices.ROW, unit=Unit(msg("Space"), nmsg("{n} Space", "{n} Spaces", n=1)))
"""Spaces that are found."""
POST: Final = Cost(
    prices.POST,
    each=prices.POST_PER_MEGABYTE,
    unit=Unit(msg("MB of media"), nmsg("{n} MB of media", "{n} MB of media", n=1)),
    confirmed=True,
)
"""A tweet, a reply or a quote: the megabytes of all its media together, each started one counts."""
UPLOAD: Final = Cost(prices.MEDIA_UPLOAD, confirmed=True)
"""A picture or video that is brought to Xquik; what a tweet with it costs comes on top."""
THREAD: Final = Cost(
    each=prices.POST, unit=Unit(msg("part"), nmsg("{n} part", "{n} parts", n=1)), confirmed=True
)
"""A thread, each part of which is a tweet."""
OTHER_WRITE: Final = Cost(prices.OTHER_WRITE, confirmed=True)
"""Any other write on X."""
DIRECT_MESSAGE: Final = Cost(prices.DIRECT_MESSAGE, confirmed=True)
"""A message to one person."""
DRAW: Final = Cost(
    each=prices.DRAW_PER_ENTRY,
    unit=Unit(msg("entry"), nmsg("{n} entry", "{n} entries", n=1)),
    at_most=True,
    confirmed=True,
)
"""A draw: the replies and reposters that are inspected, so never more than there are."""
EXTRACTION: Final = Cost(
    each=prices.EXTRACTION_RESULT,
    unit=Unit(msg("result"), nmsg("{n} result", "{n} results", n=1)),
    at_most=True,
    confirmed=True,
)
"""An extraction, by what it collects; what a result costs Xquik estimates for each."""
MONITOR: Final = Cost(hourly=prices.MONITOR_PER_HOUR, confirmed=True)
"""A monitor, for as long as it is on."""

MONITOR_OF_A_ROUTE: Final = replace(MONITOR, note=msg("per new monitor"))
"""The monitors that a route needs."""


def megabytes(size: int) -> int:
    """The started megabytes of that many bytes, as `POST` counts them."""
    return math.ceil(size / _MEGABYTE)
