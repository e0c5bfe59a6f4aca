"""What the Slack adapter needs from the rest of the bot, beside the ports of the core.

`States` is `bot.storage.places.oauth_states.OAuthStates`, `Installations`
`bot.storage.places.installations.StoredInstallations` (saving is a function of its own, see
`SaveInstallation`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

Random: TypeAlias = Callable[[int], bytes]


class Installation(Protocol):
    """One installation. An org-wide one has no team. bundle: the data of the OAuth answer."""

    @property
    def enterprise(self) -> str | None: ...
    @property
    def team(self) -> str | None: ...
    @property
    def bot_user(self) -> str: ...
    @property
    def bundle(self) -> Mapping[str, Any]: ...


class Installations(Protocol):
    """The stored installations, encrypted at rest. Times are epoch seconds, as Slack tells them."""

    async def find(
        self, enterprise: str | None, team: str | None, *, is_enterprise_install: bool = False
    ) -> Installation | None:
        """The one that answers for a payload: the workspace's own, else the organisation's."""

    async def of_team(self, team: str) -> Installation | None:
        """The newest one of a workspace itself, whatever organisation it is in."""

    async def remove(self, enterprise: str | None, team: str | None, at: float) -> bool:
        """Note a removal; one that is older than the installation changes nothing."""


class SaveInstallation(Protocol):
    """Stores an installation in place of an older one of the same workspace or organisation."""

    async def __call__(
        self,
        *,
        enterprise: str | None,
        team: str | None,
        bot_user: str,
        installed_at: float,
        bundle: Mapping[str, Any],
    ) -> None: ...


class States(Protocol):
    """The `state` of an install under way: given out once, taken back once."""

    async def issue(self) -> str:
        """A new state."""

    async def consume(self, state: str) -> bool:
        """True once for a state that was issued and has not expired."""
