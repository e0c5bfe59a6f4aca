"""Which settings a process lacks for what its roles say. `run` and `check` both ask here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from bot.app.platforms.declared import DeclaredPlatform, Part, part_of
from bot.app.roles import ALL, does
from bot.core.errors import BotError, NotConfigured
from bot.settings import Settings
from bot.storage.secrets.vault import Vault


def lacking(settings: Settings, roles: Set[str], listed: Sequence[DeclaredPlatform]) -> NotConfigured | None:
    """Why a process with these roles would have nobody to serve. `web` and `relay` need no platform: one
    takes what Xquik sends, the other sends it to what is configured, or will be."""
    for one in listed:
        if one.name in roles and not does(roles, "web") and (error := one.elsewhere(settings)):
            return error
        if one.name in roles and not one.wanted(settings):
            return one.absent()
    if ALL in roles and not any(one.wanted(settings) for one in listed):
        titles = " nor ".join(one.title for one in listed)
        return NotConfigured(
            f"Neither {titles} is configured, so there is nobody to serve.",
            remedy=f"Set {', or '.join(one.needed for one in listed)}. To look around without "
            "any account: xquik-bot demo.",
        )
    return None


def unmet(
    settings: Settings, roles: Set[str], listed: Sequence[DeclaredPlatform]
) -> Iterator[tuple[str, BotError]]:
    """What is missing before anything is opened or asked: what it is about, and the error that `run` ends
    with."""
    nobody = lacking(settings, roles, listed)
    if nobody is not None:
        yield "platforms", nobody
    for one in listed:
        part = part_of(one, settings, roles)
        if part is Part.NOTHING:
            continue
        error = one.unusable(settings, serves=part is Part.SERVES)
        if error is not None:
            yield one.name, error
    try:
        Vault(settings.vault.keys)
    except BotError as error:
        yield "vault", error
