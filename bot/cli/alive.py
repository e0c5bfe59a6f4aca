"""`xquik-bot alive`: the health check of a container, by the settings that the bot itself reads."""

from __future__ import annotations

import http.client
from pathlib import Path

from bot.core.errors import BotError
from bot.setting_roles import NO_ROLE
from bot.settings import load

# Seconds.
_ANSWER = 4.0
# What listens on every address is asked on this machine's own.
_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - named, not bound


class NotAlive(BotError):
    """Nothing healthy answers on the bot's port."""

    title = "The bot does not answer"
    default_remedy = "Look into its log; `xquik-bot check` looks at everything that it needs."


async def ask_alive(config: Path | None) -> int:
    """0 when `/healthz` says ok on `web.host` and `web.port`; NotAlive otherwise."""
    web = load(config, roles=NO_ROLE).web
    host = _ON_THIS_MACHINE.get(web.host, web.host)
    connection = http.client.HTTPConnection(host, web.port, timeout=_ANSWER)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotAlive(f"Nothing answers on {host}, port {web.port} ({type(error).__name__}).") from None
    finally:
        connection.close()
    if status != 200:
        raise NotAlive(f"{host}, port {web.port} answers with {status}.")
    return 0
