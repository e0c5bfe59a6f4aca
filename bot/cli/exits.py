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

import sys
import traceback
from typing import Final

from bot.core.errors import BotError, NotConfigured, VaultError

FAILED: Final = 1
SETTINGS: Final = 2
# What is wrong with the database by the code of the error, and stays so: its installation is elsewhere.
_SET: Final = frozenset({"moved"})


def exit_code(error: BotError) -> int:
    """Of a command that ends with this error."""
    return error.exit_code if error.exit_code in (FAILED, SETTINGS) else FAILED


def exit_code_of_run(error: BotError) -> int:
    """Of `run`: who starts a process again does not set a token or a key meanwhile."""
    if isinstance(error, NotConfigured | VaultError) or error.code in _SET:
        return SETTINGS
    return exit_code(error)


def tell_failed(error: BotError, *, debug: bool) -> None:
    """Two lines on standard error. debug: the traceback before them."""
    if debug:
        tell(traceback.format_exc())
    tell(f"{error.title}: {error.detail}\n{error.remedy}\n")


def tell(text: str) -> None:
    """On standard error, without the secrets that the process knows."""
    from bot.observability.logs import without_secrets

    sys.stderr.write(without_secrets(text))
