"""The terminal as a side: what `exec` asks and prints."""

from __future__ import annotations

import io
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from adapters.terminal.responder import TerminalResponder
from bot.app.sandbox_process import launch_sandbox
from bot.app.wiring import App
from bot.cli import conversation
from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.core.commands.dispatch import InvocationOutcome
from bot.observability.known_secrets import KnownSecrets
from bot.proposals.cards import CONFIRM
from tests.contracts.kinds.sides import Control, KindSide, Look, Message

ADA = Actor("ada", "Ada", is_admin=True)


@dataclass
class Printed:
    """One command of `exec`. out: standard output; before: what stood there before Confirm; asked: the key
    of what it asked to be confirmed."""

    responder: TerminalResponder
    out: io.StringIO = field(default_factory=io.StringIO)
    before: int = 0
    asked: str = ""
    outcome: InvocationOutcome | None = None


class TerminalSide(KindSide):
    """A bot, and somebody at the keyboard. A message is what one command printed."""

    name = "terminal"
    pressed = False

    def __init__(self, app: App, directory: Path, tenant: TenantId = conversation.SANDBOX) -> None:
        self._app = app
        self._tenant = tenant
        self._directory = directory

    @property
    def app(self) -> App:
        return self._app

    @property
    def tenant(self) -> TenantId:
        return self._tenant

    @property
    def control(self) -> Control:
        return self._control

    async def _control(self, endpoint: str, method: str = "POST", **body: Any) -> Any:
        origin = self._app.settings.xquik.base_url.partition("/api/")[0]
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(method, f"{origin}/_control/{endpoint}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, line: str, *, private: bool) -> Message:
        out = io.StringIO()
        responder = TerminalResponder(
            Console(file=out, width=160),
            Console(file=out, width=160),
            clock=time.time,
            confirms=(CONFIRM,),
            save_to=self._directory,
        )
        printed = Printed(responder, out)
        printed.outcome = await conversation.ask(self._app, self.tenant, ADA, line, responder)
        printed.asked = responder.to_confirm.key if responder.to_confirm else ""
        return printed

    async def look(self, message: Message) -> Look:
        return Look(message.out.getvalue()[message.before :])

    def key(self, message: Message) -> str:
        return str(message.asked)

    async def link(self, message: Message) -> str:
        found = re.search(r"https://x\.com/\S+/(?:status|communities)/\d+", (await self.look(message)).text)
        return found[0] if found else ""

    async def confirm(self, message: Message, times: int = 1) -> list[Any]:
        message.before = len(message.out.getvalue())
        message.outcome = await conversation.confirm(self._app, self.tenant, ADA, message.responder)
        return []


@asynccontextmanager
async def terminal_side(directory: Path) -> AsyncIterator[KindSide]:
    """The bot and the sandbox of one `exec`."""
    async with AsyncExitStack() as stack:
        starting = await launch_sandbox()
        stack.push_async_callback(starting.stop)
        app = await conversation.beside_sandbox(stack, directory, starting, KnownSecrets(), kept=False)
        yield TerminalSide(app, directory)
