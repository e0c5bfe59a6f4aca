"""What the Slack adapter is told when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from adapters.slack import limits

API_URL = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """mode: "socket" needs `bot_token` and `app_token`. "http" needs `signing_secret`, and either
    `bot_token` for one workspace or `client_id` and `client_secret` for many.

    api_url: another address for the Web API, for proxies and tests. public_url: where this process
    is reached from outside, without a trailing slash; the install pages need it. command: the slash
    command. messages_per_second: in one channel, after a short burst. trusted_proxies: whose
    X-Forwarded-For is believed. serves: whether this process takes commands; one that only posts needs
    the bot token alone, or none where workspaces install the app. ValueError names the setting that is
    missing.
    """

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_url: str = API_URL
    public_url: str | None = None
    command: str = "/xquik"
    messages_per_second: float = limits.MESSAGES_A_SECOND
    trusted_proxies: tuple[str, ...] = ()
    serves: bool = True

    def __post_init__(self) -> None:
        for name in self._missing():
            msg = f"{name} is not set, and slack.mode = {self.mode!r} needs it"
            raise ValueError(msg)

    def _missing(self) -> list[str]:
        if not self.serves:
            needed = {"socket": ("bot_token",), "http": ()}[self.mode]
        else:
            needed = {"socket": ("bot_token", "app_token"), "http": ("signing_secret",)}[self.mode]
            if self.installs:
                needed = (*needed, "client_id", "client_secret")
        lacking = (name for name in needed if getattr(self, name) is None)
        missing = [f"slack.{name}" for name in lacking]  # no message: names of settings
        if self.serves and self.installs and self.public_url is None:
            # Slack sends browsers back to it after each install.
            missing.append("web.public_url")
        return missing

    @property
    def installs(self) -> bool:
        """Whether workspaces install the app by OAuth, rather than by a token in the settings."""
        return self.mode == "http" and self.bot_token is None
