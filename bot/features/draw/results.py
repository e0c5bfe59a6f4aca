"""`draw show|export` and the buttons of a result: who won, by which rules, and who was replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeAlias

from bot.cards.draws import filter_words
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Button, Card, File, Text, line
from bot.core.commands.declaring import Action, Option
from bot.core.commands.local_numbers import written
from bot.core.commands.permits import standing
from bot.core.commands.price_list import DRAW as DRAW_COST
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import cut
from bot.core.x.draw_moves import Move
from bot.features.draw.backups import BACKUP, BACKUP_ACTION, backup_button
from bot.features.draw.cards.record import record_file
from bot.features.draw.cards.results import Evidence, draw_card
from bot.features.services import CommandCall
from bot.features.shared.exports import FormatOption, fitting
from bot.features.shared.numbers import hinting, item_meant, not_here, number_of
from bot.i18n.readers import Readers
from bot.proposals.previews import target_of
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.models import DrawDetail, ExportFile

EXPORT_ACTION = "draw.export"
# What an id at Xquik can be: a word like “latest” may be one, #0 is none.
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)


DrawOption: TypeAlias = Annotated[
    str,
    Option("The number of the draw, like #3, or its id", main=True, max_length=80, suggest="draws"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawIdArgs:
    """Which draw."""

    draw: DrawOption


async def show(call: CommandCall, args: DrawIdArgs) -> Reply:
    """A past draw with its winners, its rules, who asked and who was replaced."""
    draw = await _meant(call, args.draw)
    async with hinting(call, Numbered.DRAW, args.draw, draw):
        detail, moves, evidence = await _known(call, draw)
    number = await number_of(call, Numbered.DRAW, detail.draw.id)
    card = draw_result_card(detail, moves, evidence, number=number)
    may = (await standing(call.services.grants, call.invocation)).may
    needed = {EXPORT_ACTION: EXPORT.deed, BACKUP_ACTION: BACKUP.deed}
    shown = [one for one in card.buttons if one.action is None or may(needed[one.action.name])]
    return Reply(replace(card, buttons=tuple(shown)))


async def _meant(call: CommandCall, given: str) -> str:
    """The id of the draw that is named; NotFound for a number that no draw has here."""
    draw = await item_meant(call, Numbered.DRAW, given)
    if draw is None or not _ID.fullmatch(draw):
        raise not_here(Numbered.DRAW, given, msg("There is no draw {draw} here.", draw=cut(given, 40)))
    return draw


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportArgs:
    """Which draw, and how."""

    draw: DrawOption
    format: FormatOption = "csv"
    rows: Annotated[Literal["winners", "entries"], Option("Winners only, or every entry")] = "winners"


async def export(call: CommandCall, args: ExportArgs) -> Reply:
    """A draw as a file, with its record."""
    draw = await _meant(call, args.draw)
    async with hinting(call, Numbered.DRAW, args.draw, draw):
        return await _files(call, draw, args.format, args.rows)


def _instead(format: str, rows: str) -> Message:
    """What to do where the file is too large."""
    if format != "xlsx":
        return msg("Take xlsx, which is packed.")
    if rows != "winners":
        return msg("Export only the winners; every entry is in the Xquik dashboard.")
    return msg("The draw is in the Xquik dashboard.")


async def _files(call: CommandCall, draw: str, format: str, rows: str) -> Reply:
    xquik = await call.xquik()
    with fitting(_instead(format, rows)):
        exported = await xquik.draws.export(draw, format, rows)
    detail, moves, evidence = await _known(call, draw)
    number = await number_of(call, Numbered.DRAW, detail.draw.id)
    named = draw if number is None else f"{number}-{draw}"
    name = re.sub(r"[^A-Za-z0-9_-]", "_", f"draw-{named}-record")[:100]
    zone = await call.services.timezones.place(call.tenant)
    asking = call.invocation
    reader = await Readers(call.services.languages).person(call.tenant, asking.actor.id, asking.locale)
    kept = record_file(
        detail, moves, evidence, format=format, name=name, number=number, zone=zone, rules=reader.rules
    )
    called = draw if number is None else written(number)
    title = (
        msg("Draw {draw}: entries", draw=called)
        if rows == "entries"
        else msg("Draw {draw}: winners", draw=called)
    )
    return Reply(Card(title, (_CONTENTS,)), files=(_as_file(exported, number), kept))


_CONTENTS = Text(
    line(
        msg("Two files: the rows, and the record with the rules, the times, who asked and who was replaced.")
    ),
    subtle=True,
)


def _as_file(exported: ExportFile, number: int | None) -> File:
    name = exported.name
    if number is not None:
        name = f"draw-{number}-{name.removeprefix('draw-')}"
    return File(name, exported.content_type, exported.content)


async def _known(call: CommandCall, draw: str) -> tuple[DrawDetail, tuple[Move, ...], Evidence | None]:
    """A draw, the backups that have moved up, and what was confirmed here, if it was."""
    xquik = await call.xquik()
    detail = await xquik.draws.show(draw)
    moves = await call.services.backups.moved(call.tenant, detail.draw.id)
    asked = await call.services.proposals.of_draw(call.tenant, detail.draw.id)
    return detail, moves, draw_evidence(asked, detail) if asked else None


# --- the result, and its buttons -------------------------------------------------------------


def draw_evidence(asked: StoredProposal, detail: DrawDetail) -> Evidence:
    """What a draw that was confirmed here is judged by."""
    payload = asked.payload
    return Evidence(
        tweet=target_of(asked.preview),
        filters=filter_words(payload),
        winners=payload.get("winnerCount") or 1,
        backups=payload.get("backupCount") or 0,
        requester=asked.requester_name,
        requester_id=asked.requester,
        confirmer=asked.decided_by_name or asked.requester_name,
        confirmer_id=asked.decided_by or asked.requester,
        asked_at=asked.created_at,
        confirmed_at=asked.claimed_at,
        credits=DRAW_COST.of(detail.draw.total_entries),
    )


def draw_result_card(
    detail: DrawDetail,
    moves: Sequence[Move] = (),
    evidence: Evidence | None = None,
    *,
    number: int | None = None,
) -> Card:
    """A result with its buttons. moves: the backups that have moved up already. number: what the place
    calls it.

    The keys of the buttons are the draw's own id: what they reach is looked up with the tenant's
    own Xquik key, so another tenant's draw is not found.
    """
    draw = detail.draw.id
    buttons: list[Button] = []
    if re.fullmatch(r"[A-Za-z0-9_-]{1,50}", draw):
        if detail.main_winners:
            buttons.append(Button(msg("Export winners"), action=ActionRef(EXPORT_ACTION, draw)))
        if len(detail.backups) > len(moves):
            buttons.append(backup_button(draw, len(moves)))
    return draw_card(detail, tuple(buttons), moves=moves, evidence=evidence, number=number)


async def export_pressed(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The winners as a file with the record, to the person who pressed."""
    return await _files(call, str(state["key"]), "csv", "winners")


EXPORT = Action(EXPORT_ACTION, export_pressed, Permission.VIEW, stored=False, command="draw export")
