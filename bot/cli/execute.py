"""`xquik-bot exec`: one command, its card, an exit code.

Half of the time of a short command is imports, so the sandbox starts beside them: what is heavy is
imported after it was launched.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.app.memory import loading
from bot.app.sandbox_process import launch_sandbox
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError, UsageError
from bot.i18n.languages import LANGUAGES, spoken

HERE = Path("config.toml")
_USAGE = 2  # the exit code of what is wrong with the command line
SAID = "Sandbox: a local copy of Xquik answers. Nothing reaches X, nothing costs credits."


@dataclass(frozen=True, slots=True)
class Where:
    """Where a command is carried out, as the command line says.

    tenant: of a real bot; sandbox: asked for by name; data: keeps the sandbox and its database.
    """

    config: Path | None = None
    tenant: str | None = None
    sandbox: bool = False
    data: Path | None = None

    def real(self) -> TenantId | None:
        """The tenant of a real bot, None for a sandbox. UsageError where it is not clear which is meant."""
        sandboxed = "--sandbox" if self.sandbox else "--data" if self.data else ""
        if self.tenant is not None and sandboxed:
            raise UsageError(
                f"{sandboxed} and --tenant cannot be used together: one is a sandbox, the other your own "
                "bot.",
                option="tenant",
                remedy="Leave one of them out.",
            )
        if self.tenant is not None:
            return _tenant(self.tenant)
        if sandboxed:
            return None
        if self.config is not None or HERE.exists():
            named = str(self.config or HERE)
            raise UsageError(
                f"There are settings of a bot here ({named}), and it is not clear whether you mean that bot.",
                option="tenant",
                remedy="Add --tenant slack:T0001 (the workspace) or --tenant discord:123 (the server) "
                "to use it, or --sandbox to try the command without it.",
            )
        return None


@dataclass(frozen=True, slots=True)
class Manner:
    """Which buttons are pressed, and in which language it is answered. yes: Confirm; partial: also the one
    that draws among fewer than all; file: the one that gives all of a list, in that format; language: its
    tag, "" for the person's own."""

    yes: bool
    partial: bool = False
    file: str = ""
    language: str = ""


async def execute(
    command: str, *, where: Where, as_json: bool, name: str, admin: bool, manner: Manner
) -> int:
    """Run `command` and print its card; the exit code says how it ended.

    As data, what keeps the bot from being opened is a document too; what is wrong with the command line or
    the settings (exit code 2) is raised.
    """
    real = where.real()
    if manner.language and not spoken(manner.language):
        known = ", ".join(language.tag for language in LANGUAGES)
        raise UsageError(
            f"The bot does not speak {manner.language!r}.",
            option="language",
            remedy=f"Choose one of: {known}.",
        )
    try:
        return await _execute(real, where, command, as_json, name, admin, manner)
    except Exception as error:
        if not as_json or (isinstance(error, BotError) and error.exit_code == _USAGE):
            raise
        return _say_failed(error, manner.language, sandbox=real is None)


async def _execute(
    real: TenantId | None,
    where: Where,
    command: str,
    as_json: bool,
    name: str,
    admin: bool,
    manner: Manner,
) -> int:
    async with AsyncExitStack() as stack:
        if real is None:
            # Before anything else: what follows must not be taken for the real thing.
            sys.stderr.write(f"{SAID}\n")
            sys.stderr.flush()
            return await _in_sandbox(stack, where.data, command, as_json, name, admin, manner)
        with loading():
            from bot.cli.conversation import Request, converse, opened
            from bot.observability.logs import configure
            from bot.setting_roles import NO_ROLE
            from bot.settings import load

        known = configure("warning")
        request = Request(
            command,
            name,
            admin,
            as_json,
            manner.yes,
            manner.partial,
            language=manner.language,
            file=manner.file,
        )
        return await converse(await opened(stack, load(where.config, roles=NO_ROLE), known), real, request)


def _say_failed(error: Exception, language: str, *, sandbox: bool) -> int:
    from adapters.terminal.escape import json_safe
    from bot.cards.errors import error_card
    from bot.cli.document import document
    from bot.core.commands.outcomes import InvocationOutcome
    from bot.i18n.translator import translator
    from bot.observability.logs import without_secrets

    shown = error if isinstance(error, BotError) else BotError(f"{type(error).__name__}: {error}")
    card = translator(language).card(error_card(shown))
    said = document(InvocationOutcome.FAILED.value, [card], (), sandbox=sandbox)
    sys.stdout.write(without_secrets(json_safe(said)) + "\n")
    return shown.exit_code


async def _in_sandbox(
    stack: AsyncExitStack,
    data: Path | None,
    command: str,
    as_json: bool,
    name: str,
    admin: bool,
    manner: Manner,
) -> int:
    state = None
    if data is not None:
        from bot.app.data_directory import hold

        stack.callback(hold(data).close)
        state = data / "sandbox.db"
    starting = await launch_sandbox(state=state)
    stack.push_async_callback(starting.stop)
    with loading():
        from bot.cli.conversation import SANDBOX, Request, beside_sandbox, converse
        from bot.observability.logs import configure

    known = configure("warning")
    request = Request(
        command, name, admin, as_json, manner.yes, manner.partial, True, manner.language, manner.file
    )
    directory = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xquik-bot-")))
    app = await beside_sandbox(stack, directory, starting, known, kept=data is not None)
    return await converse(app, SANDBOX, request)


def _tenant(text: str) -> TenantId:
    try:
        return TenantId.parse(text)
    except ValueError as error:
        raise UsageError(f"--tenant: {error}.", option="tenant") from error
