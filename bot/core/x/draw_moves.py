"""The backups of a draw that moved up."""

from __future__ import annotations

import msgspec


class Move(msgspec.Struct, frozen=True):
    """A backup that moved up. position: which of the backups, from 1. replaces: the place it took
    (`bot.features.draw.cards.succession`), None where nobody said it. by, by_name: who moved it up, by_name
    "" where that was not kept. at: epoch seconds."""

    position: int
    replaces: str | None
    by: str
    by_name: str
    at: float
