"""What can be read about accounts on X, beside the profile, the followers and the tweets."""

from __future__ import annotations

from typing import Any, Final

from bot.core.commands.declaring import Command
from bot.core.commands.presets import SPENDING, SPENDING_INSIDE, command, listing_command
from bot.core.commands.price_list import FOLLOW_CHECKS, LOOKUP, POSTS, PROFILES
from bot.features.user.circles import AFFILIATES, FOLLOWING, FOUND, MUTUALS, SIMILAR, VERIFIED
from bot.features.user.lists import HIGHLIGHTS, LIKES, MEDIA, MENTIONS, REPLIES
from bot.features.user.reports import check, credits_at_most, insights, translate
from bot.features.user.several import compare, latest, profiles_at_most, tweets_at_most

READING: Final[tuple[Command[Any], ...]] = (
    listing_command(
        "user replies",
        REPLIES,
        SPENDING,
        "List what an account answers to others, newest first",
        "user replies @cafe_luna",
        operations=("GET /x/users/{id}/replies",),
    ),
    listing_command(
        "user media",
        MEDIA,
        SPENDING,
        "List an account's tweets with pictures or videos, newest first",
        "user media @nasa",
        operations=("GET /x/users/{id}/media",),
    ),
    listing_command(
        "user highlights",
        HIGHLIGHTS,
        SPENDING,
        "List the tweets that an account puts forward itself",
        "user highlights @nasa",
        operations=("GET /x/users/{id}/highlights",),
    ),
    listing_command(
        "user mentions",
        MENTIONS,
        SPENDING,
        "List what others write about an account, newest first",
        "user mentions @nasa",
        operations=("GET /x/users/{id}/mentions",),
    ),
    listing_command(
        "user likes",
        LIKES,
        SPENDING_INSIDE,
        "List what one of your connected X accounts likes, newest first",
        "user likes @xquik_demo",
        operations=("GET /x/users/{id}/likes",),
    ),
    listing_command(
        "user following",
        FOLLOWING,
        SPENDING,
        "List whom an account follows",
        "user following @nasa",
        operations=("GET /x/users/{id}/following",),
    ),
    listing_command(
        "user verified",
        VERIFIED,
        SPENDING,
        "List the verified followers of an account",
        "user verified @cafe_luna",
        operations=("GET /x/users/{id}/verified-followers",),
    ),
    listing_command(
        "user mutuals",
        MUTUALS,
        SPENDING,
        "List the followers of an account that your X account follows",
        "user mutuals @github",
        operations=("GET /x/users/{id}/followers-you-know",),
    ),
    listing_command(
        "user similar",
        SIMILAR,
        SPENDING,
        "List accounts that X finds similar to one",
        "user similar @nasa",
        operations=("GET /x/users/{id}/similar",),
    ),
    listing_command(
        "user affiliates",
        AFFILIATES,
        SPENDING,
        "List whom an organization names as its own",
        "user affiliates @github",
        operations=("GET /x/users/{id}/affiliates",),
    ),
    listing_command(
        "user search",
        FOUND,
        SPENDING,
        "Find accounts by words of their name or username",
        "user search nasa",
        'user search "space agency"',
        operations=("GET /x/users/search",),
    ),
    command(
        "user check",
        check,
        SPENDING,
        "See who follows whom, both ways",
        "user check @nasa others:@esa",
        "user check @nasa others:@esa,@spacex,@github",
        cost=FOLLOW_CHECKS,
        estimate=credits_at_most,
        operations=("GET /x/followers/check",),
    ),
    command(
        "user compare",
        compare,
        SPENDING,
        "Compare the figures of several accounts",
        "user compare @nasa,@esa,@spacex",
        cost=PROFILES,
        estimate=profiles_at_most,
        operations=("GET /x/users/batch",),
    ),
    command(
        "user latest",
        latest,
        SPENDING,
        "Show the newest tweets of several accounts",
        "user latest @nasa,@esa",
        "user latest @nasa,@esa count:3",
        cost=POSTS,
        estimate=tweets_at_most,
        operations=("GET /x/users/batch/tweets",),
    ),
    command(
        "user insights",
        insights,
        SPENDING,
        "See how much an account writes and what comes of it",
        "user insights @nasa",
        cost=LOOKUP,
        operations=("GET /x/users/{id}/insights",),
    ),
    command(
        "user translate",
        translate,
        SPENDING,
        "Translate what an account says of itself",
        "user translate @nasa language:es",
        cost=LOOKUP,
        operations=("GET /x/users/{id}/translation",),
    ),
)
