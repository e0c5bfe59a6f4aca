"""`setup`: the Xquik key of a place, and the webhook that brings its events."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import SecretStr

from bot.cards.account import setup_saved_card, setup_status_card
from bot.cards.policy import policy_words
from bot.cards.routes.status import RouteOverview
from bot.cards.silences import Purse
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.asker import asker_of
from bot.core.chat.cards import Bold, Button, ButtonStyle, Card, Line, Text, Tone, line
from bot.core.commands.declaring import Action, Effect, Group, NoArgs, Option
from bot.core.commands.presets import SETTING, Rights, command
from bot.core.errors import BotError, KeyRejected, UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg
from bot.core.times.zone_words import zone_label
from bot.features.services import CommandCall
from bot.features.setup.languages import PLACE_LANGUAGE, place_language
from bot.features.setup.moving import moved_words, seen
from bot.features.setup.notices import NOTICES
from bot.features.setup.spending import SPENDING_LIMIT
from bot.features.setup.timezones import PLACE_ZONE
from bot.features.shared.grants import in_force
from bot.features.shared.mending import mending_buttons, purse_in
from bot.storage.places.contacts import ContactKind

FORGET_ACTION = "setup.forget"
FORGET_LIFETIME = 10 * 60.0
# As Xquik documents its keys: `xq_` and 64 hexadecimal digits.
_KEY = re.compile(r"xq_[0-9a-fA-F]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyArgs:
    """The key, from the form alone."""

    key: Annotated[SecretStr, Option("Your Xquik API key, from the Xquik dashboard (starts with xq_)")]


async def key(call: CommandCall, args: KeyArgs) -> Reply:
    """Try the key, store it encrypted, and register the webhook where there is a public address."""
    services = call.services
    services.keys.hear(args.key)
    if not _KEY.fullmatch(args.key.get_secret_value()):
        raise UsageError(
            msg("That is not an Xquik key: a key is xq_ followed by 64 letters a–f and digits."),
            option="key",
            remedy=msg("Copy all of it from the Xquik dashboard and run `setup key` again."),
        )
    xquik = services.connections.client(args.key, asker_of(call.invocation))
    before = await call.xquik() if await _has_key(call) else None
    try:
        account, accounts = await asyncio.gather(xquik.account.show(), xquik.x_accounts.list())
    except KeyRejected as error:
        raise await _unknown_key(call, error) from error
    # Asked before the key changes, under which this process asks for the place.
    former = None if before is None else await seen(before)
    await services.tenants.ensure(call.tenant)
    await services.keys.put(call.tenant, args.key)
    await services.contacts.put(call.tenant, ContactKind.SETUP, call.invocation.actor.id)
    hint = await services.keys.hint(call.tenant) or msg("the key")
    hook, may = await _register(call), policy_words(await in_force(call))
    moved = [] if former is None else await moved_words(call, former, await seen(xquik))
    return Reply(setup_saved_card(hint, account, accounts, hook, may, moved))


async def _unknown_key(call: CommandCall, error: KeyRejected) -> KeyRejected:
    """That Xquik does not know the key that was just entered; that which is stored is another."""
    stays = (
        msg("The key that is stored here stays in use.")
        if await _has_key(call)
        else msg("Nothing is stored.")
    )
    return KeyRejected(
        sentences(msg("Xquik does not know the key you entered; it may be misspelt or revoked."), stays),
        remedy=msg(
            "Copy all of it from the Xquik dashboard, or make a new one there, and run `setup key` again."
        ),
        code=error.code,
    )


async def _has_key(call: CommandCall) -> bool:
    return await call.services.keys.has_key(call.tenant)


async def _register(call: CommandCall) -> Line:
    """Register and test the webhook; a failure is told, and never loses the key."""
    registrar = call.services.registrar
    if registrar.by_stream_alone:
        return line(msg("they come by stream; no webhook is needed"))
    if not registrar.has_public_url:
        return line(msg("no webhook, because `web.public_url` is not set"))
    try:
        xquik = await call.xquik()
        tested = await registrar.register(call.tenant, xquik.webhooks)
    except BotError as error:
        failed = Bold(msg("the webhook is not registered:"))
        return line(failed, " ", error.detail, " ", msg("Run `setup key` again."))
    if not tested.success:
        why = tested.error or msg("status {code}", code=str(tested.status_code))
        return line(Bold(msg("the test delivery failed:")), " ", why)
    return line(msg("webhook registered and tested"))


async def status(call: CommandCall, _args: NoArgs) -> Reply:
    """What is set up, and what is missing."""
    services = call.services
    hint = await services.keys.hint(call.tenant)
    zone = await services.timezones.place(call.tenant)
    standings = await services.relay.routes.list(call.tenant)
    silences = await services.relay.silences.of(call.tenant)
    monitors: int | None = None
    purse: Purse | None = None
    trouble: BotError | None = None
    if hint is not None:
        try:
            xquik = await call.xquik()
            found, words, account = await asyncio.gather(
                xquik.monitors.list(), xquik.keyword_monitors.list(), xquik.account.show()
            )
            monitors, purse = len(found) + len(words), purse_in(account)
        except BotError as error:
            trouble = error
    return Reply(
        setup_status_card(
            hint=hint,
            hook=await services.registrar.status(call.tenant),
            monitors=monitors,
            routes=len(standings),
            timezone=zone_label(zone or "UTC", services.clock()),
            asks_above=await services.spending.threshold(call.tenant),
            language=await place_language(call),
            trouble=trouble,
            purse=purse,
            silences=silences,
            standings=[RouteOverview.of(one) for one in standings],
            buttons=await mending_buttons(call, silences),
        )
    )


async def forget(call: CommandCall, _args: NoArgs) -> Reply:
    """Ask before the key is deleted."""
    kept = await call.services.states.keep(
        call.tenant, FORGET_ACTION, {}, lifetime=FORGET_LIFETIME, person=call.invocation.actor.id
    )
    button = Button(msg("Forget the key"), action=ActionRef(FORGET_ACTION, kept), style=ButtonStyle.DANGER)
    return Reply(
        Card(
            msg("Forget the Xquik key?"),
            (
                Text(
                    line(msg("The key and the webhook secret are deleted here. Routes and permissions stay."))
                ),
                Text(
                    line(
                        msg(
                            "Monitors keep running at Xquik and keep costing credits; pause them first with "
                            "`monitor pause`."
                        )
                    )
                ),
            ),
            Tone.WARNING,
            (button,),
        ),
        asks=True,
    )


async def forgotten(call: CommandCall, _state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Delete the key."""
    registrar = call.services.registrar
    if await call.services.keys.has_key(call.tenant):
        await registrar.unregister(call.tenant, (await call.xquik()).webhooks)
    await call.services.keys.forget(call.tenant)
    done = Text(line(msg("The key is deleted."), " ", msg("`setup key` stores a new one.")))
    return Reply(Card(msg("Key forgotten"), (done,), Tone.SUCCESS), replace=True)


SETUP = Group(
    "setup",
    "The Xquik key, notices, timezone, language and spending",
    (
        command(
            "setup key",
            key,
            SETTING,
            "Enter the Xquik API key in a form; it is tested and stored encrypted",
            "setup key",
            form_first=True,
        ),
        command(
            "setup status",
            status,
            Rights(Effect.READ, Permission.MANAGE, Audience.PRIVATE, needs_key=False),
            "Show what is set up here and what is missing",
            "setup status",
            operations=("GET /account",),
        ),
        command(
            "setup forget",
            forget,
            SETTING,
            "Delete the stored key; asks first",
            "setup forget",
        ),
        NOTICES,
        PLACE_ZONE,
        SPENDING_LIMIT,
        PLACE_LANGUAGE,
    ),
    default="status",
)

SETUP_ACTIONS = (
    Action(FORGET_ACTION, forgotten, Permission.MANAGE, needs_key=False, command="setup forget"),
)
