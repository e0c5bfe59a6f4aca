"""The link that invites the bot to a server."""

from __future__ import annotations

from urllib.parse import urlencode

from adapters.discord.permissions import NEEDED

_AUTHORIZE = "https://discord.com/oauth2/authorize"


def invite_url(application_id: int | str) -> str:
    """The link, with the permissions and scopes that the bot needs and no more."""
    query = {
        "client_id": str(application_id),
        "permissions": NEEDED.value,
        "scope": "bot applications.commands",  # no message: names of scopes
    }
    return f"{_AUTHORIZE}?{urlencode(query)}"
