"""Whom the messages of a route notify: roles on Discord, user groups on Slack, by mention or id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.chat.ids import TenantId
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import cut

MOST_PINGS = 5
_EVERYBODY = re.compile(
    r"<!(?:channel|here|everyone)(?:\|[^<>]*)?>|@?(?:everyone|here|channel)", re.IGNORECASE
)
_PERSON = re.compile(r"<@!?\w+(?:\|[^<>]*)?>", re.ASCII)
# No zero before it: a number has one name here, so that @everyone has no second one.
_ROLE = re.compile(r"<@&([1-9]\d{0,19})>|(?:role:)?([1-9]\d{0,19})", re.ASCII)
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]{1,30})(?:\|[^<>]*)?>|(?:role:)?(S[A-Z0-9]{1,30})", re.ASCII)
_NAME = re.compile(r"@?()([A-Za-z][A-Za-z0-9_-]{0,30})", re.ASCII)
_SHAPES = {
    "discord": (_ROLE, msg("a role, like @launch-team or its id")),
    "slack": (_GROUP, msg("a user group, like @launch-team or its id")),
}
# Mentions stand beside each other with or without a comma between them.
_PIECES = re.compile(r"<[^<>]*>|[^\s,<>]+")


def pings_of(tenant: TenantId, texts: Sequence[str]) -> tuple[str, ...]:
    """The ids that the texts name, once each; ValueError says what is wrong with one, as a message.

    Nobody is notified but by role or group: neither single people nor everybody.
    """
    found: dict[str, None] = {}
    for piece in (piece for text in texts for piece in _PIECES.findall(text)):
        found[_ping(tenant, piece)] = None
    if len(found) > MOST_PINGS:
        raise ValueError(
            nmsg(
                "a route notifies at most {n} role or group, not {given}",
                "a route notifies at most {n} roles or groups, not {given}",
                n=MOST_PINGS,
                given=len(found),
            )
        )
    return tuple(found)


def _ping(tenant: TenantId, piece: str) -> str:
    if _EVERYBODY.fullmatch(piece):
        raise ValueError(msg("a route never notifies everybody; name a role or a user group"))
    shape, wanted = _SHAPES.get(tenant.platform, (_NAME, msg("a name of letters, digits, - and _")))
    match = shape.fullmatch(piece)
    if match is None:
        said = repr(cut(piece, 40))
        if _PERSON.fullmatch(piece):
            raise ValueError(msg("{text} is one person, not {wanted}", text=said, wanted=wanted))
        raise ValueError(msg("{text} is not {wanted}", text=said, wanted=wanted))
    identity = match[1] or match[2]
    if tenant.is_everyone(identity):
        raise ValueError(msg("that role is everybody on this server, and a route never notifies everybody"))
    return str(identity)
