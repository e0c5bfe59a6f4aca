"""The exit codes of `xquik-bot`, by which a supervisor knows whether to start it again.

| code | after |
|---|---|
| 0 | done; a bot that was told to stop |
| 1 | failed; what may pass is among this: a port is taken, the database away, another process relays |
| 2 | only another command line or other settings help: a token, key or value is missing or refused |
| 3 | `exec`: not permitted |
| 130 | Ctrl-C, where that is not how it is stopped |
"""

from __future__ import annotations

from typing import Final

from bot.core.errors import BotError, NotConfigured, VaultError

FAILED: Final = 1
SETTINGS: Final = 2


def exit_code(error: BotError) -> int:
    """Of a command that ends with this error."""
    return error.exit_code if error.exit_code in (FAILED, SETTINGS) else FAILED


def exit_code_of_run(error: BotError) -> int:
    """Of `run`: who starts a process again does not set a token or a key meanwhile."""
    return SETTINGS if isinstance(error, NotConfigured | VaultError) else exit_code(error)
