"""A permission that a command needs by its options, and not in every case."""

from __future__ import annotations

from msgspec.structs import replace

from bot.core.commands import permits
from bot.core.errors import NotPermitted
from bot.core.policy import Deed
from bot.features.services import CommandCall


async def require(call: CommandCall, deed: Deed, *, told_as: str = "") -> None:
    """NotPermitted, with who can change it, for who may not; the attempt is recorded as any other. told_as:
    the command that it is recorded as, where the rules about that command do not decide."""
    try:
        await permits.require(call.services.grants, call.invocation, deed)
    except NotPermitted:
        await call.services.journal.refused(call.invocation, replace(deed, command=told_as or deed.command))
        raise
