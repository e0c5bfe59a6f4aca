"""A Space and its recording, for commands and buttons."""

from __future__ import annotations

from typing import Final

from bot.core.chat.answers import Reply
from bot.core.messages.message import msg
from bot.core.x.gatherings import SpaceRef
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.space.cards import replay_card, space_card

_NO_SPACE: Final = (
    msg("X has no such Space, or shows it to few people only."),
    msg("Check the link; `space search` finds Spaces by their titles."),
)


async def shown(call: CommandCall, space: SpaceRef) -> Reply:
    """It as it is now."""
    xquik = await call.xquik()
    with absent(*_NO_SPACE):
        return Reply(space_card(await xquik.spaces.show(space.id)))


async def played(call: CommandCall, space: SpaceRef) -> Reply:
    """Where its recording plays."""
    xquik = await call.xquik()
    with absent(*_NO_SPACE):
        return Reply(replay_card(space.id, await xquik.spaces.replay(space.id)))
