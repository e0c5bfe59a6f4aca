"""`xquik-bot exec`: one command, its card, an exit code.

Half of the time of a short command is imports, so the sandbox starts beside them: what is heavy is
imported after it was launched.
"""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from bot.app.memory import loading
from bot.app.sandbox_process import launch_sandbox
from bot.core.errors import UsageError
from bot.core.ids import TenantId


async def execute(
    command: str, *, as_json: bool, config: Path | None, name: str, admin: bool, tenant: str | None, yes: bool
) -> int:
    """Run `command` and print its card; the exit code says how it ended."""
    async with AsyncExitStack() as stack:
        starting = None
        if config is None and tenant is None:
            starting = await launch_sandbox()
            stack.push_async_callback(starting.stop)
        with loading():
            from bot.cli.conversation import SANDBOX, Request, beside_sandbox, converse, opened
            from bot.observability.logs import configure
            from bot.settings import load

        known = configure("warning")
        request = Request(command, name, admin, as_json, yes)
        if starting is None:
            acting = _tenant(tenant)
            return await converse(await opened(stack, load(config), known), acting, request)
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xquik-bot-")))
        return await converse(await beside_sandbox(stack, directory, starting, known), SANDBOX, request)


def _tenant(text: str | None) -> TenantId:
    if text is None:
        raise UsageError(
            "With --config, --tenant says whose key and routes to use.",
            option="tenant",
            remedy="Add --tenant slack:T0001 (the workspace) or --tenant discord:123 (the server).",
        )
    try:
        return TenantId.parse(text)
    except ValueError as error:
        raise UsageError(f"--tenant: {error}.", option="tenant") from error
