"""`list show|tweets|members|followers|search|owned|memberships`: lists of accounts on X."""

from __future__ import annotations

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.commands.price_list import LOOKUP
from bot.features.list.cards import list_card
from bot.features.list.lists import FOLLOWERS, FOUND, MEMBERS, MEMBERSHIPS, OWNED, TWEETS, ListArgs
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.features.shared.seen_things import LISTS, remember


async def show(call: CommandCall, args: ListArgs) -> Reply:
    """One list with its figures."""
    xquik = await call.xquik()
    found = await xquik.lists.show(args.list.id)
    await remember(call, LISTS, (found,))
    return Reply(list_card(found))


LIST = Group(
    "list",
    "Lists of accounts on X",
    (
        command(
            "list show",
            show,
            SPENDING,
            "Show a list with its figures",
            "list show https://x.com/i/lists/1650000000000000001",
            cost=LOOKUP,
            operations=("GET /x/lists/{id}",),
        ),
        listing_command(
            "list tweets",
            TWEETS,
            SPENDING,
            "List what the members of a list write, newest first",
            "list tweets https://x.com/i/lists/1650000000000000001",
            operations=("GET /x/lists/{id}/tweets",),
        ),
        listing_command(
            "list members",
            MEMBERS,
            SPENDING,
            "List who is on a list",
            "list members https://x.com/i/lists/1650000000000000001",
            operations=("GET /x/lists/{id}/members",),
        ),
        listing_command(
            "list followers",
            FOLLOWERS,
            SPENDING,
            "List who follows a list",
            "list followers https://x.com/i/lists/1650000000000000001",
            operations=("GET /x/lists/{id}/followers",),
        ),
        listing_command(
            "list search",
            FOUND,
            SPENDING,
            "Find lists by what they are about",
            "list search space",
            operations=("GET /x/lists/search",),
        ),
        listing_command(
            "list owned",
            OWNED,
            SPENDING,
            "List the public lists that an account made",
            "list owned @nasa",
            operations=("GET /x/users/{id}/lists",),
        ),
        listing_command(
            "list memberships",
            MEMBERSHIPS,
            SPENDING,
            "List the public lists that an account is on",
            "list memberships @nasa",
            operations=("GET /x/users/{id}/list-memberships",),
        ),
    ),
    default="show",
    instead="search",
    under=MORE,
)
