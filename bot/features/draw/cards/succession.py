"""Who holds the places of a draw, once backups have moved up. Pure.

A place is named by its list and its number there, from 1: `w2` is the second winner, `b1` the first backup.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.core.messages.message import Message, msg
from bot.core.x.draw_moves import Move
from bot.xquik.models import DrawDetail, Winner


class PrizeHolder(msgspec.Struct, frozen=True):
    """Somebody who holds a place. number: of the place, as the result shows it."""

    place: str
    number: int
    username: str


def holders(detail: DrawDetail, moves: Sequence[Move]) -> tuple[PrizeHolder, ...]:
    """Those whose place the next backup can take: winners, and backups that have moved up, but for who was
    replaced already."""
    up = {f"b{move.position}" for move in moves}
    gone = {move.replaces for move in moves}
    return tuple(
        PrizeHolder(place, person.position, person.author_username)
        for place, person in _places(detail)
        if place not in gone and (place.startswith("w") or place in up)
    )


def person_at(detail: DrawDetail, place: str | None) -> Winner | None:
    """Who was drawn for a place; None where the answer names nobody there."""
    return next((person for name, person in _places(detail) if name == place), None)


def winner_standings(detail: DrawDetail, moves: Sequence[Move]) -> tuple[str, ...]:
    """How each winner stands, in words: "" where nothing changed."""
    return tuple(_replaced(detail, f"w{number}", moves) for number, _ in enumerate(detail.main_winners, 1))


def backup_standings(detail: DrawDetail, moves: Sequence[Move]) -> tuple[str, ...]:
    """How each backup stands, in words: "" where none has moved up."""
    if not moves:
        return ("",) * len(detail.backups)
    return tuple(_of_backup(detail, number, moves) for number, _ in enumerate(detail.backups, 1))


def _of_backup(detail: DrawDetail, number: int, moves: Sequence[Move]) -> Message:
    move = next((one for one in moves if one.position == number), None)
    if move is None:
        return msg("waits")
    before, after = person_at(detail, move.replaces), _replacing(detail, f"b{number}", moves)
    if before is None:
        if after is None:
            return msg("moved up")
        return msg("moved up; replaced by @{after}", after=after.author_username)
    if after is None:
        return msg("in place of @{before}", before=before.author_username)
    return msg(
        "in place of @{before}; replaced by @{after}",
        before=before.author_username,
        after=after.author_username,
    )


def _replaced(detail: DrawDetail, place: str, moves: Sequence[Move]) -> str:
    after = _replacing(detail, place, moves)
    return msg("replaced by @{after}", after=after.author_username) if after else ""


def _replacing(detail: DrawDetail, place: str, moves: Sequence[Move]) -> Winner | None:
    """Who has the place now; None where nobody took it, or the answer does not name them."""
    move = next((one for one in moves if one.replaces == place), None)
    return person_at(detail, f"b{move.position}") if move else None


def _places(detail: DrawDetail) -> list[tuple[str, Winner]]:
    return [
        *((f"w{number}", one) for number, one in enumerate(detail.main_winners, 1)),
        *((f"b{number}", one) for number, one in enumerate(detail.backups, 1)),
    ]
