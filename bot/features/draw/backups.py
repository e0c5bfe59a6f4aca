"""The button "Next backup": it asks whom the backup replaces, and moves it up into that place, once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button, Card, Choice, Form, Input, InputKind
from bot.core.commands.declaring import Action
from bot.core.commands.local_numbers import written
from bot.core.errors import Conflict, NotFound, UsageError
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.text.numerals import TwoReadings, whole_number
from bot.core.text.shortening import cut
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.results import next_backup_card
from bot.features.draw.cards.succession import PrizeHolder, holders
from bot.features.services import CommandCall
from bot.features.shared.numbers import number_of
from bot.storage.places.local_numbers import Numbered
from bot.xquik.models import DrawDetail

BACKUP_ACTION: Final = "draw.backup"
_FIELD: Final = "replaces"
_LABEL: Final = msg("Who is replaced?")
# Seconds for the answer of Xquik before the form is opened: platforms open none later than three.
_SOON: Final = 1.5
_LISTED: Final = 10


def backup_button(draw: str, moved: int) -> Button:
    """The button that moves the next backup up. moved: how many have moved up already."""
    return Button(msg("Next backup"), action=ActionRef(BACKUP_ACTION, f"{moved}-{draw}"))


async def _asked(call: CommandCall, key: str, state: Mapping[str, Any]) -> Form | None:
    """Whom the next backup replaces; None where nobody holds a place."""
    draw, moved = _named(state)
    try:
        async with asyncio.timeout(_SOON):
            detail, moves = await _standing(call, draw)
    except TimeoutError:
        return _form(key, msg("The next backup moves up"), ())
    _check_next(detail, moves, moved)
    places = holders(detail, moves)
    title = msg("@{name} moves up", name=detail.backups[moved].author_username)
    return _form(key, title, places) if places else None


def _form(key: str, title: str, places: tuple[PrizeHolder, ...]) -> Form:
    choices = tuple(Choice(f"{one.number}. @{one.username}", one.place) for one in places)
    asked = Input(
        _FIELD,
        _LABEL,
        InputKind.CHOICE if choices else InputKind.TEXT,
        value=choices[0].value if len(choices) == 1 else "",
        hint=msg("Who did not answer: @username, or the number of a winner"),
        choices=choices,
        max_length=80,
    )
    note = msg("The backup takes that person's place. It is announced in the channel and kept with the draw.")
    return Form(title, ActionRef(BACKUP_ACTION, key), (asked,), submit=msg("Move up"), note=note)


async def backup_pressed(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Reply:
    """The next backup moves up, once: a second press of the same button changes nothing."""
    draw, moved = _named(state)
    detail, moves = await _standing(call, draw)
    _check_next(detail, moves, moved)
    before = _meant(values.get(_FIELD, ""), holders(detail, moves))
    place = before.place if before else None
    taken = call.services.backups.move_up
    if not await taken(call.tenant, detail.draw.id, moved + 1, call.invocation.actor, place):
        _, moves = await _standing(call, draw)
        _check_next(detail, moves, moved)
        raise Conflict(
            msg("@{name} has been replaced already.", name=before.username if before else "?"),
            remedy=msg("Press Next backup again and choose somebody else."),
        )
    left = len(detail.backups) - moved - 1
    number = await number_of(call, Numbered.DRAW, detail.draw.id)
    named = detail.draw.id if number is None else written(number)
    card = next_backup_card(named, detail.backups[moved], before, moved + 1, left)
    buttons = (backup_button(detail.draw.id, moved + 1),) if left else ()
    return Reply(Card(card.title, card.blocks, card.tone, buttons))


def _named(state: Mapping[str, Any]) -> tuple[str, int]:
    """The draw of a button, and how many backups had moved up when it was made."""
    count, _, draw = str(state["key"]).partition("-")
    if not draw or not (count.isascii() and count.isdigit()):
        raise NotFound(
            msg("This button belongs to no draw."),
            remedy=msg("`draw show` shows a draw, with its buttons; `draw list` shows them all."),
        )
    return draw, int(count)


async def _standing(call: CommandCall, draw: str) -> tuple[DrawDetail, tuple[Move, ...]]:
    xquik = await call.xquik()
    detail = await xquik.draws.show(draw)
    return detail, await call.services.backups.moved(call.tenant, detail.draw.id)


def _check_next(detail: DrawDetail, moves: Sequence[Move], moved: int) -> None:
    """Conflict or NotFound unless the backup after `moved` others is the next."""
    if moved >= len(detail.backups) or moved > len(moves):
        raise NotFound(
            msg("This draw has no further backup."), remedy=msg("Run a new draw for more winners.")
        )
    if any(move.position == moved + 1 for move in moves):
        raise Conflict(
            msg(
                "@{name} has already moved up: the button was pressed before.",
                name=detail.backups[moved].author_username,
            ),
            remedy=msg("Use the button below the newest backup."),
        )


def _meant(given: str, places: tuple[PrizeHolder, ...]) -> PrizeHolder | None:
    """The place that was chosen, or typed where a form could not offer it; None where there is none."""
    if not places:
        return None
    said = given.strip()
    exact = [one for one in places if one.place == said]
    bare = said.removeprefix("@").casefold()
    found = exact or [one for one in places if bare and one.username.casefold() == bare]
    found = found or [one for one in places if one.number == _number(said.removeprefix("#"))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            msg(
                "@{name} holds {count} places; say which one: {numbers}.",
                name=found[0].username,
                count=len(found),
                numbers=Joined(tuple(one.number for one in found), JoinedBy.OR),
            ),
            option=_FIELD,
            remedy=msg("Give the number of the place."),
        )
    there = first_few([f"{one.number}. @{one.username}" for one in places], _LISTED)
    raise UsageError(
        msg("{name} holds no place in this draw.", name=repr(cut(said, 30)))
        if said
        else msg("Say who is replaced."),
        option=_FIELD,
        remedy=msg("Choose one of {places}.", places=there),
    )


def _number(text: str) -> int | None:
    try:
        return whole_number(text)
    except (TwoReadings, ValueError):
        return None


BACKUP = Action(
    BACKUP_ACTION,
    backup_pressed,
    Permission.SPEND,
    Audience.CHANNEL,
    form=_asked,
    stored=False,
    command="draw run",
)
