"""`community`: what communities on X are, who is there, what is written, and how to find them."""

from __future__ import annotations

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.commands.price_list import LOOKUP
from bot.features.community.cards import community_card, insights_card
from bot.features.community.changing import CHANGING
from bot.features.community.finding import FOUND, POPULAR, SUGGESTED, TOPICS
from bot.features.community.lists import (
    MEDIA,
    MEMBERS,
    MODERATORS,
    NO_COMMUNITY,
    SEARCHED,
    TWEETS,
    CommunityArgs,
    the_community,
)
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.roots import MORE
from bot.features.shared.seen_things import COMMUNITIES, remember


async def show(call: CommandCall, args: CommunityArgs) -> Reply:
    """One community with its figures and rules."""
    found = await the_community(call, args)
    await remember(call, COMMUNITIES, (found,))
    return Reply(community_card(found))


async def insights(call: CommandCall, args: CommunityArgs) -> Reply:
    """How lively it was on the latest day."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        found = await xquik.communities.insights(args.community.id)
    return Reply(insights_card(found, args.community.url))


COMMUNITY = Group(
    "community",
    "Communities on X",
    (
        command(
            "community show",
            show,
            SPENDING,
            "Show a community with its figures and rules",
            "community show https://x.com/i/communities/1490000000000000001",
            cost=LOOKUP,
            operations=("GET /x/communities/{id}/info",),
        ),
        listing_command(
            "community members",
            MEMBERS,
            SPENDING,
            "List who is in a community",
            "community members https://x.com/i/communities/1490000000000000001",
            "community members https://x.com/i/communities/1490000000000000001 name:nasa",
            operations=("GET /x/communities/{id}/members", "GET /x/communities/{id}/members/search"),
        ),
        listing_command(
            "community moderators",
            MODERATORS,
            SPENDING,
            "List who keeps order in a community",
            "community moderators https://x.com/i/communities/1490000000000000001",
            operations=("GET /x/communities/{id}/moderators",),
        ),
        listing_command(
            "community tweets",
            TWEETS,
            SPENDING,
            "List what is written in a community",
            "community tweets https://x.com/i/communities/1490000000000000001",
            "community tweets https://x.com/i/communities/1490000000000000001 order:top",
            operations=("GET /x/communities/{id}/tweets",),
        ),
        listing_command(
            "community media",
            MEDIA,
            SPENDING,
            "List what is written there with pictures or videos",
            "community media https://x.com/i/communities/1490000000000000001",
            operations=("GET /x/communities/{id}/media",),
        ),
        command(
            "community insights",
            insights,
            SPENDING,
            "See how lively a community was on the latest day",
            "community insights https://x.com/i/communities/1490000000000000001",
            cost=LOOKUP,
            operations=("GET /x/communities/{id}/analytics",),
        ),
        listing_command(
            "community search",
            SEARCHED,
            SPENDING,
            "Search the tweets of one community or of all",
            "community search notes community:https://x.com/i/communities/1490000000000000001",
            'community search "launch window"',
            operations=("GET /x/communities/search", "GET /x/communities/tweets"),
        ),
        listing_command(
            "community find",
            FOUND,
            SPENDING,
            "Find communities by what they are about",
            "community find space",
            operations=("GET /x/communities/find",),
        ),
        listing_command(
            "community popular",
            POPULAR,
            SPENDING,
            "List the communities that X ranks highest under a topic",
            "community popular science",
            operations=("GET /x/communities/popular",),
        ),
        listing_command(
            "community suggested",
            SUGGESTED,
            SPENDING,
            "List communities that X suggests",
            "community suggested",
            operations=("GET /x/communities/suggested",),
        ),
        listing_command(
            "community topics",
            TOPICS,
            SPENDING,
            "List the topics that communities stand under",
            "community topics",
            operations=("GET /x/communities/topics",),
        ),
        *CHANGING,
    ),
    default="show",
    instead="find",
    under=MORE,
)
