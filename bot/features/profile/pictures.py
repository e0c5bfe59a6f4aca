"""`profile avatar|banner`: the pictures of a connected account, shown before they are changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import OTHER_WRITE
from bot.core.media.limits import FACES
from bot.core.x.media_refs import MediaRef
from bot.features.profile.kinds import AVATAR, BANNER
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.attaching import attach
from bot.features.shared.proposing import as_acting
from bot.features.shared.write_options import ActingAs
from bot.proposals.kinds import ProposalKind
from bot.xquik.write_kinds import WRITES


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureArgs(ActingAs):
    """Which picture, and whose."""

    media: Annotated[MediaRef, Option("A JPEG, PNG or GIF: a file or a link", main=True)]


async def avatar(call: CommandCall, args: PictureArgs) -> Proposal:
    """A new avatar to be confirmed, with the picture itself."""
    return await _proposed(call, AVATAR, args, "profile avatar")  # no message: a command


async def banner(call: CommandCall, args: PictureArgs) -> Proposal:
    """A new banner to be confirmed, with the picture itself."""
    return await _proposed(call, BANNER, args, "profile banner")  # no message: a command


async def _proposed(call: CommandCall, kind: ProposalKind, args: PictureArgs, example: str) -> Proposal:
    acting = await acting_account(call, args.account, example)
    assert kind.write is not None  # noqa: S101 - both are writes on X
    most = WRITES[kind.write].file_limit
    attached = await attach(call, (args.media,), links=False, most=most, kinds=FACES)
    return as_acting(kind, acting, None, attached.payload(), files=attached.shown)


PICTURES = (
    command(
        "profile avatar",
        avatar,
        WRITING,
        "Change the avatar (700 KB); shows it and asks first",
        "profile avatar https://images.example.com/media/face.png",
        cost=OTHER_WRITE,
        operations=("PATCH /x/profile/avatar",),
    ),
    command(
        "profile banner",
        banner,
        WRITING,
        "Change the banner (2 MB); shows it and asks first",
        "profile banner https://images.example.com/media/sky.png",
        cost=OTHER_WRITE,
        operations=("PATCH /x/profile/banner",),
    ),
)
