"""Who a message would ping.

The reading is deliberately severe: code blocks and backslashes do not hide a mention, roles count
although they may not be mentionable, and the sender's right to mention everyone is assumed. A test
that asserts `message.pings == NOBODY` therefore proves that `allowed_mentions`, and not luck, keeps
people undisturbed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.doubles.discord.rules_components import TEXT, walk

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


@dataclass(frozen=True, slots=True)
class Pings:
    """The people a message notifies: user and role ids, and the two collective mentions. Falsy when
    nobody.
    """

    everyone: bool = False
    here: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.everyone or self.here or self.users or self.roles)

    def __or__(self, other: Pings) -> Pings:
        return Pings(
            self.everyone or other.everyone,
            self.here or other.here,
            self.users | other.users,
            self.roles | other.roles,
        )


NOBODY = Pings()


def pings(
    content: str,
    components: list[dict[str, Any]],
    allowed: dict[str, Any] | None,
    *,
    replied_to: int | None = None,
) -> Pings:
    """Mentions in the content and in text components (embeds never ping) that `allowed_mentions`
    lets through.

    `allowed` None means that everything pings; `replied_to` is the author of the message replied to.
    """
    texts = [content, *(c.get("content") or "" for _, c in walk(components) if c.get("type") == TEXT)]
    text = "\n".join(texts)
    users = frozenset(int(i) for i in _USER.findall(text))
    roles = frozenset(int(i) for i in _ROLE.findall(text))
    if allowed is None:
        replied = frozenset({replied_to} if replied_to is not None else ())
        return Pings("@everyone" in text, "@here" in text, users | replied, roles)
    parse = allowed.get("parse") or []
    if "users" not in parse:
        users &= {int(i) for i in allowed.get("users") or ()}
    if "roles" not in parse:
        roles &= {int(i) for i in allowed.get("roles") or ()}
    if replied_to is not None and allowed.get("replied_user"):
        users |= {replied_to}
    collective = "everyone" in parse
    return Pings(collective and "@everyone" in text, collective and "@here" in text, users, roles)
