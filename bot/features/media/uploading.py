"""`media upload`: a picture or video to Xquik, for tweets by its link and for direct messages by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import UPLOAD
from bot.core.x.media_refs import MediaRef
from bot.features.media.kinds import MEDIA_UPLOAD
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.attaching import attach
from bot.features.shared.proposing import as_acting
from bot.features.shared.write_options import ActingAs


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadArgs(ActingAs):
    """What to upload, and as whom."""

    media: Annotated[MediaRef, Option("A picture or an MP4: a file or a link", main=True)]


async def upload(call: CommandCall, args: UploadArgs) -> Proposal:
    """An upload to be confirmed, with what it is."""
    acting = await acting_account(call, args.account, "media upload")  # no message: a command
    attached = await attach(call, (args.media,), links=False)
    return as_acting(MEDIA_UPLOAD, acting, None, attached.payload(), files=attached.shown)


UPLOADING = command(
    "media upload",
    upload,
    WRITING,
    "Upload a picture or video to Xquik; asks first",
    "media upload https://images.example.com/media/moon.png",
    cost=UPLOAD,
    operations=("POST /x/media",),
)
