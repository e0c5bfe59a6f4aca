"""`xquik-bot exec`: one command, its card, an exit code."""

from __future__ import annotations

import io
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from adapters.terminal.forms import terminal_question
from adapters.terminal.messenger import TerminalMessenger
from adapters.terminal.responder import TerminalResponder
from bot.app.sandbox_process import start_sandbox
from bot.app.wiring import App
from bot.commands.services import PlatformPorts
from bot.core.access import Actor
from bot.core.answers import Reply
from bot.core.commands import ChannelRef
from bot.core.dispatch import Outcome
from bot.core.errors import UsageError
from bot.core.ids import Destination, TenantId
from bot.core.invocation import Invocation
from bot.core.ports import Channels
from bot.observability.logs import configure
from bot.pending.proposals import CONFIRM
from bot.settings import Settings, StorageSection, VaultSection, XquikSection, load
from bot.storage.vault import new_key

EXIT_CODES = {
    Outcome.OK: 0,
    Outcome.FORM: 0,
    Outcome.FAILED: 1,
    Outcome.NOT_UNDERSTOOD: 2,
    Outcome.NOT_PERMITTED: 3,
}
_OWN = TenantId("terminal", "sandbox")


async def execute(
    command: str, *, as_json: bool, config: Path | None, name: str, admin: bool, tenant: str | None, yes: bool
) -> int:
    """Run `command` and print its card; the exit code says how it ended."""
    configure("warning")
    async with AsyncExitStack() as stack:
        if config is None and tenant is None:
            app, acting = await _own_sandbox(stack), _OWN
        else:
            acting = _tenant(tenant)
            app = await _opened(stack, load(config))
        # As data, only the last card is printed: the preview and "Posting…" are on the way to it.
        buffer = io.StringIO()
        out = Console(file=buffer) if as_json else Console()
        responder = TerminalResponder(
            out,
            Console(stderr=True),
            clock=time.time,
            confirms=CONFIRM if yes else "",
            as_json=as_json,
            question=terminal_question(),
            save_to=Path.cwd(),
        )
        messenger = TerminalMessenger(out, clock=time.time)
        # Only looked up by commands: the outcome is printed here, not by the relay's lanes.
        app.platforms["terminal"] = PlatformPorts(messenger, _AnyChannel())
        actor = Actor(name, name, is_admin=admin)
        code = await _converse(app, acting, actor, command, responder)
        if as_json:
            sys.stdout.write(buffer.getvalue().rstrip("\n").rpartition("\n")[2] + "\n")
        return code


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


async def _own_sandbox(stack: AsyncExitStack) -> App:
    """A bot on an empty database beside a sandbox, both gone when the command is done."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xquik-bot-")))
    sandbox = await start_sandbox()
    stack.push_async_callback(sandbox.stop)
    app = await _opened(
        stack,
        Settings(
            xquik=XquikSection(base_url=sandbox.base_url),
            storage=StorageSection(url=f"sqlite:///{directory / 'bot.db'}"),
            vault=VaultSection(keys=(new_key(),)),
        ),
    )
    await app.services.tenants.ensure(_OWN, "Terminal")
    await app.services.keys.put(_OWN, sandbox.key)
    return app


async def _opened(stack: AsyncExitStack, settings: Settings) -> App:
    """The bot without its loops: nothing is relayed, but a confirmed write is carried out."""
    app = await App.open(settings)
    stack.push_async_callback(app.close)
    stack.push_async_callback(app.stop)
    return app


async def _converse(
    app: App, tenant: TenantId, actor: Actor, command: str, responder: TerminalResponder
) -> int:
    """The command, the form it may ask for, and Confirm where it is to be pressed."""
    dispatcher = app.dispatcher
    outcome = await dispatcher.run_text(_invocation(tenant, actor), command, responder)
    if outcome is Outcome.FORM and responder.submission is not None:
        form = responder.submission
        outcome = await dispatcher.press(_invocation(tenant, actor), form.action, responder, form.values)
    confirm = responder.to_confirm
    if outcome is Outcome.OK and confirm is not None:
        outcome = await dispatcher.press(_invocation(tenant, actor), confirm, responder)
        if outcome is Outcome.OK:
            card = await app.executor.outcome(tenant, confirm.key)
            await responder.answer(Reply(card))
            return 0 if card.tone not in ("danger", "warning") else 1
    return EXIT_CODES[outcome]


def _invocation(tenant: TenantId, actor: Actor) -> Invocation:
    return Invocation(
        id=uuid4().hex[:12],
        actor=actor,
        place=Destination(tenant, "terminal"),
        received_at=time.time(),
    )


class _AnyChannel(Channels):
    """The terminal's own tenant has no channels to look up: a name is its id."""

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """The channel as named."""
        del tenant
        return wanted
