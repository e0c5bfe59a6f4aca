"""`community create|delete|join|leave`: what changes a community, or who is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import OTHER_WRITE
from bot.core.errors import Rejected, UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank, marked
from bot.core.text.shortening import shorten
from bot.core.x import prices
from bot.core.x.references import Username
from bot.features.community.cards import about
from bot.features.community.kinds import CREATE, DELETE, JOIN, LEAVE, LONGEST_NAME, check_name
from bot.features.community.lists import CommunityArgs, the_community
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.proposing import as_acting
from bot.features.shared.write_options import ActingAs
from bot.proposals.acting import names
from bot.proposals.kinds import ProposalKind
from bot.xquik.models import Community

_SHOWN_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityCreateArgs(ActingAs):
    """How it is called, and as whom."""

    name: Annotated[str, Option("The name of the community", main=True, max_length=LONGEST_NAME)]
    description: Annotated[str, Option("What it is about", max_length=200)] = ""


async def create(call: CommandCall, args: CommunityCreateArgs) -> Proposal:
    """A community to be confirmed, with its exact name."""
    name = args.name.strip()
    check_name("" if blank(name) else name)
    acting = await acting_account(call, args.account, f'community create "{name}"')  # no message: a command
    about_it = {} if blank(args.description) else {"description": args.description.strip()}
    return as_acting(CREATE, acting, None, {"name": name, **about_it})


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipArgs(CommunityArgs, ActingAs):
    """Which community, and as whom."""


async def join(call: CommandCall, args: MembershipArgs) -> Proposal:
    """A membership to be confirmed, with the community itself."""
    found = await the_community(call, args)
    return await _proposed(call, JOIN, args, found, "community join")  # no message: a command


async def leave(call: CommandCall, args: MembershipArgs) -> Proposal:
    """A membership to be ended, with the community itself."""
    found = await the_community(call, args)
    return await _proposed(call, LEAVE, args, found, "community leave")  # no message: a command


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityDeleteArgs(CommunityArgs, ActingAs):
    """Which community, its name, and as whom."""

    name: Annotated[str, Option("Its exact name, so that no other is deleted", max_length=LONGEST_NAME)]


async def delete(call: CommandCall, args: CommunityDeleteArgs) -> Proposal:
    """A deletion to be confirmed, once the name was typed as it is. UsageError where it is another."""
    found = await the_community(call, args)
    if args.name.strip() != found.title.strip():
        raise UsageError(
            msg(
                "The community is called “{name}”, not “{given}”.",
                name=shorten(found.title, _SHOWN_NAME),
                given=marked(shorten(args.name, _SHOWN_NAME)),
            ),
            option="name",
            remedy=msg("Type its name exactly as it stands on X. Nothing was deleted."),
        )
    account = await _founding(call, args, found)
    named = replace(args, account=account) if account else args
    more = {"community_name": found.title}
    return await _proposed(call, DELETE, named, found, "community delete", more)  # no message: a command


async def _founding(call: CommandCall, args: CommunityDeleteArgs, found: Community) -> Username | None:
    """The connected account that made a community; None where X does not say who did. Rejected where it was
    made by none that is connected, or not by the one named."""
    creator = found.creator
    if creator is None or not creator.username:
        return None
    connected = await call.services.accounts.connected(call.invocation)
    able = connected
    if args.account is not None:
        wanted = args.account.name.casefold()
        able = tuple(one for one in connected if one.username.casefold() == wanted)
    if not able:
        # That none is connected, or none of that name, is said as everywhere.
        return None
    for one in able:
        if creator.username.casefold() == one.username.casefold() or creator.id == one.x_user_id:
            return Username(one.username)
    raise Rejected(
        msg(
            "This community was made by @{creator}, and only its creator can delete it; connected: {names}.",
            creator=creator.username,
            names=names(connected),
        ),
        remedy=msg("Check the link, or name the account that made it with `account:…` if it is connected."),
    )


async def _proposed(
    call: CommandCall,
    kind: ProposalKind,
    args: MembershipArgs | CommunityDeleteArgs,
    found: Community,
    line: str,
    more: dict[str, str] | None = None,
) -> Proposal:
    acting = await acting_account(call, args.account, f"{line} {args.community}")
    return as_acting(kind, acting, about(found), {"community_id": found.id, **(more or {})})


_COMMUNITY = "https://x.com/i/communities/1490000000000000001"
_SEEN = OTHER_WRITE.looked_up(prices.LOOKUP)
_INFO = "GET /x/communities/{id}/info"
CHANGING = (
    command(
        "community create",
        create,
        WRITING,
        "Create a community; asks first",
        'community create "Tea at five" description:"For everybody who likes tea"',
        cost=OTHER_WRITE,
        operations=("POST /x/communities",),
    ),
    command(
        "community join",
        join,
        WRITING,
        "Join a community; shows it and asks first",
        f"community join {_COMMUNITY}",
        cost=_SEEN,
        operations=(_INFO, "POST /x/communities/{id}/join"),
    ),
    command(
        "community leave",
        leave,
        WRITING,
        "Leave a community; shows it and asks first",
        f"community leave {_COMMUNITY}",
        cost=_SEEN,
        operations=(_INFO, "DELETE /x/communities/{id}/join"),
    ),
    command(
        "community delete",
        delete,
        WRITING,
        "Delete a community of yours; its name has to be typed",
        f'community delete {_COMMUNITY} name:"Space watchers"',
        cost=_SEEN,
        operations=(_INFO, "DELETE /x/communities/{id}"),
    ),
)
