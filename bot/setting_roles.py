"""Which secrets a process needs by its roles: a file of another one may be missing.

Processes read the same `config.toml`, and what serves one platform is not given the tokens of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final

ALL: Final = "all"
EVERY_ROLE: Final = frozenset({ALL})
NO_ROLE: Final[frozenset[str]] = frozenset()
"""Of a command that neither takes commands nor posts: what belongs to a platform is not needed."""

_SERVING: Final[Mapping[str, Set[str]]] = {
    "discord.token": {"discord", "relay"},
    "slack.app_token": {"slack"},
    "web.operator_token": {"web"},
}
_POSTING: Final = frozenset({"slack", "relay"})


def needs(section: str, key: str, roles: Set[str], *, slack_mode: object) -> bool:
    """Whether a process with these roles needs that secret, where it is set. slack_mode: `slack.mode` as it
    stands in the settings, None where it does not."""
    if ALL in roles:
        return True
    if (serving := _SERVING.get(f"{section}.{key}")) is not None:
        return bool(serving & roles)
    if section == "slack":
        return bool((_POSTING | {"web"} if slack_mode == "http" else _POSTING) & roles)
    return True
