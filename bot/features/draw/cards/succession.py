"""Who holds the places of a draw, once backups have moved up. Pure.

A place is named by its list and its number there, from 1: `w2` is the second winner, `b1` the first backup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.x.draw_moves import Move
from bot.xquik.models import DrawDetail, Winner


@dataclass(frozen=True, slots=True)
class PrizeHolder:
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


def _of_backup(detail: DrawDetail, number: int, moves: Sequence[Move]) -> str:
    move = next((one for one in moves if one.position == number), None)
    if move is None:
        return "waits"
    before = person_at(detail, move.replaces)
    up = f"in place of @{before.author_username}" if before else "moved up"
    after = _replaced(detail, f"b{number}", moves)
    return f"{up}; {after}" if after else up


def _replaced(detail: DrawDetail, place: str, moves: Sequence[Move]) -> str:
    move = next((one for one in moves if one.replaces == place), None)
    after = person_at(detail, f"b{move.position}") if move else None
    return f"replaced by @{after.author_username}" if after else ""


def _places(detail: DrawDetail) -> list[tuple[str, Winner]]:
    return [
        *((f"w{number}", one) for number, one in enumerate(detail.main_winners, 1)),
        *((f"b{number}", one) for number, one in enumerate(detail.backups, 1)),
    ]
