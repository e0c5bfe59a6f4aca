"""`privacy export|delete`: what is stored of a person here, or of the whole place."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from bot.core.access import NOTHING, Permission
from bot.core.audit import AuditEntry, AuditEvent
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import File
from bot.core.commands.declaring import Action, Effect, Group, Option
from bot.core.commands.presets import Rights, command
from bot.core.errors import BotError, Expired
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.features.privacy.cards import (
    deleted_card,
    exported_card,
    place_deleted_card,
    place_question_card,
    question_card,
)
from bot.features.privacy.stored import person_lines, place_archive
from bot.features.services import CommandCall
from bot.features.shared.exports import MOST_BYTES
from bot.features.shared.permitted import require
from bot.features.shared.roots import ADMIN

DELETE_ACTION: Final = "privacy.delete"
_LIFETIME: Final = 10 * 60.0
_ME, _PLACE = "me", "place"
_EXPORT, _DELETE = "privacy export", "privacy delete"  # no message: commands
# Room for the directory of an archive.
_ROOM: Final = MOST_BYTES - 64 * 1024
# Whatever a person may here otherwise: what is stored about them is theirs.
_ONES_OWN: Final = Rights(Effect.READ, NOTHING, Audience.PRIVATE, needs_key=False)

Whose = Literal["me", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyArgs:
    """Of whom."""

    of: Annotated[
        Whose, Option("me: what is about you; place: everything here (needs manage, view)", main=True)
    ] = "me"


async def export(call: CommandCall, args: PrivacyArgs) -> Reply:
    """Everything that is stored, as a file, to who asked."""
    if args.of == _PLACE:
        await _managing(call, _EXPORT)
        reply = await _place_exported(call)
    else:
        reply = await _person_exported(call)
    await _record(call, f"{_EXPORT} {args.of}")
    return reply


async def _record(call: CommandCall, what: str) -> None:
    entry = AuditEntry(AuditEvent.PRIVACY, call.tenant.platform, what, "ok")
    actor, audit = call.invocation.actor, call.services.audit
    await audit.append(await audit.prepared(call.tenant, actor.id, actor.display_name, entry))


async def _managing(call: CommandCall, command: str) -> None:
    deed = Deed(Permission.MANAGE | Permission.VIEW, command)
    await require(call, deed)


async def _person_exported(call: CommandCall) -> Reply:
    content, rows, cut = bytearray(), 0, dict[str, None]()
    async for table, line in person_lines(call.services, call.tenant, call.invocation.actor.id):
        if len(content) + len(line) > MOST_BYTES:
            cut[table] = None
            continue
        content += line
        rows += 1
    file = File("stored-about-me.jsonl", "application/jsonl", bytes(content))
    return Reply(exported_card(rows, (*cut,), place=False), files=(file,))


async def _place_exported(call: CommandCall) -> Reply:
    packed = io.BytesIO()
    archived = await place_archive(call.services.personal, call.tenant, packed, most=_ROOM)
    name = f"stored-{call.tenant.platform}-{call.tenant.workspace}.zip"
    file = File(name, "application/zip", packed.getvalue())
    return Reply(exported_card(archived.rows, archived.cut, place=True), files=(file,))


async def delete(call: CommandCall, args: PrivacyArgs) -> Reply:
    """Ask first: what goes, what stays and why."""
    actor = call.invocation.actor.id
    if args.of == _PLACE:
        await _managing(call, _DELETE)
    state = {"of": args.of, "person": actor}
    key = await call.services.states.keep(call.tenant, DELETE_ACTION, state, lifetime=_LIFETIME, person=actor)
    confirm = ActionRef(DELETE_ACTION, key)
    if args.of == _PLACE:
        under_way, session = await _unfinished(call)
        return Reply(place_question_card(confirm, under_way=under_way, session=session))
    found = await call.services.personal.look(call.tenant, actor)
    waiting = await call.services.running.waiting_of(call.tenant, actor, call.services.clock())
    return Reply(question_card(found.deleted, found.blanked, found.stays, confirm, waiting))


async def deleted(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Delete it, for who asked."""
    actor = call.invocation.actor.id
    if state.get("person") != actor:
        raise Expired(msg("Somebody else was asked this."), remedy=msg("Run `privacy delete` yourself."))
    if state.get("of") == _PLACE:
        await _managing(call, _DELETE)
        await _unregistered(call)
        under_way, session = await _unfinished(call)
        await call.services.tenants.erase(call.tenant)
        return Reply(place_deleted_card(under_way=under_way, session=session), replace=True)
    # Under the key that goes with the rest: that somebody was deleted stays, and not who.
    await _record(call, f"{_DELETE} {_ME}")
    void = await call.services.withdrawals.of_person(call.tenant, actor)
    found = await call.services.personal.forget(call.tenant, actor)
    return Reply(deleted_card(found.deleted + void, found.blanked, found.stays, void), replace=True)


async def _unfinished(call: CommandCall) -> tuple[int, str | None]:
    """How many writes are under way, and the session of a checkout that is open."""
    begun = await call.services.topups.open_of(call.tenant)
    return await call.services.running.under_way(call.tenant), None if begun is None else begun.session


async def _unregistered(call: CommandCall) -> None:
    """Take the webhook back, where Xquik answers: without its place it would bring events to nobody."""
    if not await call.services.keys.has_key(call.tenant):
        return
    try:
        await call.services.registrar.unregister(call.tenant, (await call.xquik()).webhooks)
    except BotError:
        return


PRIVACY: Final = Group(
    "privacy",
    "What is stored about you here, and how it is deleted",
    (
        command(
            _EXPORT,
            export,
            _ONES_OWN,
            "Give you what is stored about you, or of the place, as a file",
            "privacy export",
            "privacy export of:place",
        ),
        command(
            _DELETE,
            delete,
            _ONES_OWN,
            "Delete what is stored about you, or of the place; asks first",
            "privacy delete",
            "privacy delete of:place",
        ),
    ),
    default="export",
    under=ADMIN,
)
PRIVACY_ACTIONS: Final = (Action(DELETE_ACTION, deleted, NOTHING, needs_key=False),)
