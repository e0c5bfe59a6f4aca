"""One command, the form it asks for, and Confirm: what `exec` does once its bot can be reached."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from adapters.terminal.escape import json_safe
from adapters.terminal.forms import terminal_question
from adapters.terminal.messenger import TerminalMessenger
from adapters.terminal.responder import TerminalResponder
from bot.app.data_directory import vault_key
from bot.app.known_secrets import remember_settings
from bot.app.sandbox_process import StartingSandbox
from bot.app.wiring import App
from bot.cli.document import document
from bot.core.access import WITH_MEMBERS, Actor
from bot.core.chat.answers import Reply
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.spending import SPEND
from bot.features.services import PlatformPorts
from bot.features.shared.listing_files import file_button_of
from bot.i18n.languages import machine_locale
from bot.i18n.translator import Translator, translator
from bot.observability.known_secrets import KnownSecrets
from bot.proposals.cards import CONFIRM
from bot.proposals.listing_parts import ListingParts
from bot.proposals.opening import running_of, second_of
from bot.settings import Settings, StorageSection, VaultSection, XquikSection
from bot.storage.migrate import create
from bot.storage.secrets.vault import new_key

EXIT_CODES = {
    InvocationOutcome.OK: 0,
    InvocationOutcome.FORM: 0,
    InvocationOutcome.FAILED: 1,
    InvocationOutcome.NOT_UNDERSTOOD: 2,
    InvocationOutcome.NOT_PERMITTED: 3,
}
SANDBOX = TenantId("terminal", "sandbox")


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for. name, admin: who acts; yes: press Confirm; partial: and draw among
    fewer than all where the credits cover no more; sandbox: nothing is real. file: the
    format in which all of a list is wanted. language: asked for by its tag,
    "" for what the person set, or else the machine says."""

    command: str
    name: str
    admin: bool
    as_json: bool
    yes: bool
    partial: bool = False
    sandbox: bool = False
    language: str = ""
    file: str = ""


async def converse(app: App, tenant: TenantId, request: Request) -> int:
    """Run the command and print its card; the exit code says how it ended."""
    locale = machine_locale(os.environ)

    async def reads() -> Translator:
        if request.language:
            return translator(request.language)
        return await app.readers.person(tenant, request.name, locale)

    reader = await reads()
    # As data, all that was printed becomes one document at the end.
    out = Console(file=io.StringIO()) if request.as_json else Console()
    responder = TerminalResponder(
        out,
        Console(stderr=True),
        clock=time.time,
        confirms=(CONFIRM, SPEND),
        as_json=request.as_json,
        question=terminal_question(),
        save_to=Path.cwd(),
        reader=reader,
        reads=reads,
    )
    messenger = TerminalMessenger(out, clock=time.time, reader=reader)
    # Only looked up by commands: the outcome is printed here, not by the relay's lanes.
    app.platforms["terminal"] = PlatformPorts(messenger, messenger)
    belongs = tenant.platform in WITH_MEMBERS
    actor = Actor(request.name, request.name, is_admin=request.admin, is_member=belongs)
    outcome = await ask(app, tenant, actor, request.command, responder)
    if outcome is InvocationOutcome.OK and request.file:
        outcome = await list_first(app, tenant, actor, responder, confirmed=request.yes)
    if outcome is InvocationOutcome.OK and request.file:
        outcome = await as_file(app, tenant, actor, responder, request.file)
    if outcome is InvocationOutcome.OK and request.yes:
        outcome = await confirm(app, tenant, actor, responder, partial=request.partial)
    if request.as_json:
        said = document(outcome.value, responder.cards, responder.saved, sandbox=request.sandbox)
        sys.stdout.write(json_safe(said) + "\n")
    return EXIT_CODES[outcome]


async def beside_sandbox(
    stack: AsyncExitStack, directory: Path, starting: StartingSandbox, known: KnownSecrets, *, kept: bool
) -> App:
    """A bot on a database of its own in `directory`, with the key of the sandbox. kept: it may be there
    from an earlier call."""
    url = f"sqlite:///{directory / 'bot.db'}"
    if not kept:
        await create(url)
    sandbox = await starting.ready()
    settings = Settings(
        xquik=XquikSection(base_url=sandbox.base_url),
        storage=StorageSection(url=url),
        vault=VaultSection(keys=(vault_key(directory) if kept else new_key(),)),
    )
    app = await opened(stack, settings, known, migrating=kept)
    await app.services.tenants.ensure(SANDBOX, "Terminal")
    await app.services.keys.put(SANDBOX, sandbox.key)
    return app


async def opened(
    stack: AsyncExitStack, settings: Settings, known: KnownSecrets, *, migrating: bool = False
) -> App:
    """The bot without its loops: nothing is relayed, but a confirmed write is carried out."""
    remember_settings(settings, known)
    app = await App.open(settings, migrating=migrating, remember=known.remember, local_files=True)
    stack.push_async_callback(app.close)
    stack.push_async_callback(app.stop)
    return app


async def ask(
    app: App, tenant: TenantId, actor: Actor, line: str, responder: TerminalResponder
) -> InvocationOutcome:
    """The command, and the form it may ask for."""
    dispatcher = app.dispatcher
    outcome = await dispatcher.run_text(_invocation(tenant, actor), line, responder)
    # What a form brought about may ask again; where nobody can be asked, that is an error of its own.
    while outcome is InvocationOutcome.FORM and responder.submission is not None:
        form, responder.submission = responder.submission, None
        outcome = await dispatcher.press(_invocation(tenant, actor), form.action, responder, form.values)
    return outcome


async def list_first(
    app: App, tenant: TenantId, actor: Actor, responder: TerminalResponder, *, confirmed: bool
) -> InvocationOutcome:
    """Press the Confirm that stands before the list whose file is wanted, if one does. confirmed: it may be
    pressed."""
    button = responder.to_confirm
    if button is None or button.name != SPEND:
        return InvocationOutcome.OK
    if not confirmed:
        responder.note("--file: the list has to be confirmed before it is read. --yes confirms it.")
        return InvocationOutcome.FAILED
    return await confirm(app, tenant, actor, responder)


async def as_file(
    app: App, tenant: TenantId, actor: Actor, responder: TerminalResponder, wanted: str
) -> InvocationOutcome:
    """Ask for all of the list that was printed. wanted: the format. What need not be confirmed is read at
    once."""
    button = file_button_of(responder.cards[-1])
    if button is None:
        responder.note("--file: this answer is no list with anything to put into a file.")
        return InvocationOutcome.FAILED
    invocation = _invocation(tenant, actor)
    outcome = await app.dispatcher.press(invocation, button, responder, {"format": wanted})
    running = running_of(responder.cards[-1]) if outcome is InvocationOutcome.OK else None
    return outcome if running is None else await _ended(app, tenant, responder, running.key)


async def confirm(
    app: App, tenant: TenantId, actor: Actor, responder: TerminalResponder, *, partial: bool = False
) -> InvocationOutcome:
    """Press the Confirm that was printed, if there is one, and print how it ended. partial: as of
    `Request`."""
    button = responder.to_confirm
    if button is None:
        return InvocationOutcome.OK
    dispatcher = app.dispatcher
    outcome = await dispatcher.press(_invocation(tenant, actor), button, responder)
    if button.name == SPEND:
        return outcome
    second = second_of(responder.cards[-1]) if outcome is InvocationOutcome.OK else None
    if second is not None:
        if not partial:
            responder.note("Nothing was drawn: --yes does not press that button. --partial does.")
            return InvocationOutcome.FAILED
        outcome = await dispatcher.press(_invocation(tenant, actor), second, responder)
    if outcome is InvocationOutcome.OK:
        return await _ended(app, tenant, responder, button.key)
    return outcome


async def _ended(app: App, tenant: TenantId, responder: TerminalResponder, key: str) -> InvocationOutcome:
    """Print how a proposal ended, and save its files."""
    card = await app.executor.outcome(tenant, key)
    stored = await app.services.proposals.get(tenant, key)
    named = ((stored and stored.result) or {}).get("files") or ()
    parts = ListingParts(app.services.pages)
    files = tuple([file for one in named for file in await parts.files(tenant, one)])
    if responder.reader.card(card) != responder.cards[-1]:
        responder.cards.pop()  # only said that it is under way
        await responder.answer(Reply(card, files))
    return InvocationOutcome.OK if card.tone not in ("danger", "warning") else InvocationOutcome.FAILED


def _invocation(tenant: TenantId, actor: Actor) -> Invocation:
    return Invocation(
        id=uuid4().hex[:12],
        actor=actor,
        # A terminal is no place of the tenant: nothing can be delivered there later.
        place=Destination(tenant, ""),
        received_at=time.time(),
        locale=machine_locale(os.environ),
    )
