"""`audit recent|export|verify`: who did what here, as a chain that can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Block, Card, File, Text, Tone, line
from bot.core.commands.declaring import Effect, Group, NoArgs, Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.presets import Rights, command, listing_command
from bot.core.commands.subjects import SubjectRef
from bot.core.errors import NotFound, UsageError
from bot.core.messages.message import msg
from bot.features.audit.cards import checked_card, exported_card, nothing_recorded, records_table
from bot.features.services import CommandCall
from bot.features.shared.exports import MOST_BYTES
from bot.features.shared.roots import ADMIN
from bot.storage.writes.audit import AuditRecord, lines_of

_READING: Final = Rights(Effect.READ, Permission.MANAGE, Audience.PRIVATE, needs_key=False)
# What stands behind the records of a file: the head.
_ROOM: Final = MOST_BYTES - 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecentArgs:
    """Of whom."""

    by: Annotated[
        SubjectRef | None, Option("What this person did alone (mention or user:ID)", max_length=120)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExportArgs:
    """From where on."""

    first: Annotated[
        int | None, Option("The number of the record to begin with; the newest if left out", ge=1)
    ] = None


async def recent(call: CommandCall, args: AuditRecentArgs, cursor: str, size: int) -> PageRows[AuditRecord]:
    """A page of records, the newest first."""
    audit, who = call.services.audit, None
    if args.by is not None:
        if args.by.kind != "user":
            raise UsageError(msg("Name a person."), option="by", example="audit recent by:user:123456")
        key = await audit.people.find(call.tenant, args.by.id)
        if key is None:
            return PageRows(())
        who = key.pseudonym
    before = int(cursor) if cursor else None
    rows = await audit.page(call.tenant, before=before, most=size + 1, who=who)
    shown = rows[:size]
    return PageRows(shown, str(shown[-1].number) if len(rows) > size else "")


async def draw(_call: CommandCall, _args: AuditRecentArgs, rows: PageRows[AuditRecord]) -> tuple[Block, ...]:
    """A table of them."""
    return (records_table([(one.body, one.person, one.details, one.about) for one in rows.items]),)


RECENT: Final = Listing(
    title=lambda _args: msg("What was done here"),
    fetch=recent,
    identity=lambda one: str(one.number),
    draw=draw,
    empty=lambda _args: line(nothing_recorded()),
    size=15,
    columns=(
        Column("number", lambda one: one.number),
        Column("at", lambda one: one.body["at"]),
        Column("who", lambda one: one.person),
        Column("name", lambda one: one.name),
        Column("event", lambda one: one.body["event"]),
        Column("command", lambda one: one.body.get("command")),
        Column("outcome", lambda one: one.body.get("outcome")),
        Column("credits", lambda one: one.body.get("credits")),
        Column("surface", lambda one: one.body.get("surface")),
        Column("channel", lambda one: one.body.get("channel")),
        Column("action", lambda one: one.body.get("action")),
        Column("hash", lambda one: one.hash),
    ),
)


async def export(call: CommandCall, args: AuditExportArgs) -> Reply:
    """The chain itself, as a file that can be checked elsewhere: as many records as a file here holds."""
    audit = call.services.audit
    newest = await audit.page(call.tenant, before=None, most=1)
    if not newest:
        raise NotFound(nothing_recorded(), remedy=msg("`audit recent` shows it."))
    records: list[tuple[int, str, str]] = []
    size = 0
    after = args.first - 1 if args.first is not None else await audit.fitting(call.tenant, _ROOM)
    async for one in audit.texts(call.tenant, after):
        size += len(lines_of([one]))
        if size > _ROOM:
            break
        records.append(one)
    if not records:
        raise NotFound(
            msg("There is no record {number} yet.", number=args.first or 0),
            remedy=msg("The newest is {number}.", number=newest[0].number),
        )
    first, (last, _, head) = records[0][0], records[-1]
    name = f"audit-{call.tenant.platform}-{call.tenant.workspace}-{first}-{last}.jsonl"
    content = lines_of(records).encode()
    return Reply(exported_card(first, last, head), files=(File(name, "application/jsonl", content),))


async def verify(call: CommandCall, _args: NoArgs) -> Reply:
    """Follow the whole chain."""
    check = await call.services.audit.checked(call.tenant)
    if not check.count and not check.faults:
        return Reply(Card(msg("No record yet"), (Text(line(nothing_recorded())),), Tone.INFO))
    return Reply(checked_card(check))


AUDIT: Final = Group(
    "audit",
    "Who did what here, as a record that can be checked",
    (
        listing_command(
            "audit recent",
            RECENT,
            _READING,
            "List what was decided, changed, read for credits and refused",
            "audit recent",
            "audit recent by:user:123456",
        ),
        command(
            "audit export",
            export,
            _READING,
            "Give the record as a file with hashes, to be kept elsewhere",
            "audit export",
        ),
        command(
            "audit verify",
            verify,
            _READING,
            "Check that nothing in the record was changed or left out",
            "audit verify",
        ),
    ),
    default="recent",
    under=ADMIN,
)
