"""`profile show|edit`: the profile of a connected account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.cards.profiles import quoted, user_card
from bot.core.chat.answers import Proposal, Reply
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING_INSIDE, WRITING, command
from bot.core.commands.price_list import LOOKUP, OTHER_WRITE
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank
from bot.core.x import prices
from bot.features.profile.kinds import EDIT, LONGEST, check_profile
from bot.features.profile.pictures import PICTURES
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.proposing import as_acting
from bot.features.shared.roots import MORE
from bot.features.shared.write_options import ActingAs
from bot.proposals.acting import WAS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileArgs(ActingAs):
    """Whose profile."""


async def show(call: CommandCall, args: ProfileArgs) -> Reply:
    """The profile of the account that acts here, with its figures."""
    acting = await acting_account(call, args.account, "profile show")  # no message: a command
    xquik = await call.xquik()
    return Reply(user_card(await xquik.users.show(acting.account.username)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEditArgs(ActingAs):
    """What is to change; what is not given stays."""

    name: Annotated[str, Option("The name shown above the handle", max_length=LONGEST["name"])] = ""
    description: Annotated[
        str, Option("What the account says of itself", max_length=LONGEST["description"])
    ] = ""
    location: Annotated[str, Option("Where it is", max_length=LONGEST["location"])] = ""
    url: Annotated[str, Option("Its website", max_length=LONGEST["url"])] = ""
    empty: Annotated[
        tuple[Literal["description", "location", "url"], ...], Option("What is to be empty then")
    ] = ()


async def edit(call: CommandCall, args: ProfileEditArgs) -> Proposal:
    """Changes of a profile to be confirmed, beside the profile as it stands."""
    written = {"name": args.name, "description": args.description, "location": args.location, "url": args.url}
    given = {name: text.strip() for name, text in written.items() if not blank(text)}
    if both := sorted(given.keys() & {*args.empty}):
        raise UsageError(
            msg("{option} is both set and emptied.", option=both[0]),
            option="empty",
            example="profile edit empty:location",
        )
    if given or not args.empty:
        check_profile(given)
    given |= dict.fromkeys(args.empty, "")
    acting = await acting_account(call, args.account, "profile edit")  # no message: a command
    now = await (await call.xquik()).users.show(acting.account.username)
    told = {"name": now.name, "location": now.location, "url": now.website}
    # The description is quoted with the profile.
    was = {name: told[name] or "" for name in given if name in told}
    return as_acting(EDIT, acting, quoted(now), {**given, **({WAS: was} if was else {})})


PROFILE = Group(
    "profile",
    "What a connected account says of itself on X",
    (
        command(
            "profile show",
            show,
            SPENDING_INSIDE,
            "Show the profile of a connected account",
            "profile show",
            cost=LOOKUP,
            operations=("GET /x/users/{id}",),
        ),
        command(
            "profile edit",
            edit,
            WRITING,
            "Change name, description, location or website; asks first",
            'profile edit description:"Rockets, mostly" location:Internet',
            "profile edit empty:location,url",
            cost=OTHER_WRITE.looked_up(prices.LOOKUP),
            operations=("GET /x/users/{id}", "PATCH /x/profile"),
        ),
        *PICTURES,
    ),
    default="show",
    under=MORE,
)
