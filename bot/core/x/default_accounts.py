"""The X accounts that act where none is named."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """Whom a default is for. A later one wins over an earlier one."""

    PLACE = "place"
    CHANNEL = "channel"
    PERSON = "person"


class DefaultAccount(msgspec.Struct, frozen=True):
    """One default. subject: the channel's or person's id, "" for the place. account, x_user: the ids of
    the X account at Xquik and at X, None until it was first seen; username: as it was called then,
    without @. by: the person's id, or "" for a file; at: epoch seconds."""

    scope: Scope
    subject: str
    username: str
    account: str | None = None
    x_user: str | None = None
    by: str = ""
    at: float = 0.0
