"""`account identity`: the X username that is linked to the Xquik account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Bold, Card, Text, Tone, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.messages.message import msg
from bot.core.x.references import Username
from bot.features.services import CommandCall
from bot.features.shared.accounts import ACCOUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityArgs:
    """Which username."""

    account: Annotated[Username, Option("Your own account on X, like @nasa", main=True, suggest=ACCOUNTS)]


async def identity(call: CommandCall, args: IdentityArgs) -> Reply:
    """Link it; one that was linked before is replaced."""
    linked = await (await call.xquik()).account.set_identity(str(args.account))
    name = Bold(f"@{linked or args.account}")
    said = msg("{name} is now linked to the Xquik account.", name=name)
    shared = msg(
        "It holds wherever this Xquik account is used. Tweets are posted from connected accounts still."
    )
    blocks = (Text(line(said)), Text(line(shared), subtle=True))
    return Reply(Card(msg("X account linked"), blocks, Tone.SUCCESS))


IDENTITY = command(
    "account identity",
    identity,
    SETTING_AT_XQUIK,
    "Link your own X username to the Xquik account used here",
    "account identity @xquik_demo",
    operations=("PUT /account/x-identity",),
)
