"""`community show|members|moderators|tweets|search|find`: communities on X."""

from __future__ import annotations

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.commands.price_list import LOOKUP
from bot.features.community.cards import community_card
from bot.features.community.lists import (
    FOUND,
    MEMBERS,
    MODERATORS,
    NO_COMMUNITY,
    SEARCHED,
    TWEETS,
    CommunityArgs,
)
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.roots import MORE


async def show(call: CommandCall, args: CommunityArgs) -> Reply:
    """One community with its figures and rules."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        found = await xquik.communities.show(args.community.id)
    return Reply(community_card(found))


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
            operations=("GET /x/communities/{id}/members",),
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
    ),
    default="show",
    instead="find",
    under=MORE,
)
