"""What each SQLSTATE of PostgreSQL means for whoever asked: every class of its appendix, on purpose.

`Rerun`: the transaction met another one; run again it goes through. `Away`: not now: out of room, going
down, a limit of time reached; nothing was changed, and asking later is the remedy. `OURS`: the statement,
its values or the tables are at fault, and trying again would only fail again.
The class of the exception says nothing: psycopg has 25006, 25P03 and 25P04 as internal errors, and all
others here as operational ones.
Source: postgresql.org/docs/18/errcodes-appendix.html.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias

import msgspec


class Away(msgspec.Struct, frozen=True):
    """Not now. detail: why, for whoever runs the bot."""

    detail: str


class Verdict(Enum):
    """The two that need no words."""

    RERUN = "rerun"
    OURS = "ours"


Meaning: TypeAlias = Away | Verdict
RERUN: Final = Verdict.RERUN
OURS: Final = Verdict.OURS

_LOST = Away("the connection to the database was lost")
_REFUSED = Away("the database refuses the user or the password of storage.url")
_DOWN = Away("the database is shutting down")
_TOO_LONG = Away("a time limit of the database was reached (an idle or long transaction)")
_FAILED = Away("the database had an internal error")

# The first two characters of a state.
CLASSES: Final[dict[str, Meaning]] = {
    "00": OURS,  # successful completion
    "01": OURS,  # warning
    "02": OURS,  # no data
    "03": OURS,  # SQL statement not yet complete
    "08": _LOST,
    "09": OURS,  # triggered action
    "0A": OURS,  # feature not supported
    "0B": OURS,  # invalid transaction initiation
    "0F": OURS,  # locator
    "0L": OURS,  # invalid grantor
    "0P": OURS,  # invalid role
    "0Z": OURS,  # diagnostics
    "10": OURS,  # XQuery
    "20": OURS,  # case not found
    "21": OURS,  # cardinality
    "22": OURS,  # data
    "23": OURS,  # integrity constraint
    "24": OURS,  # invalid cursor state
    "25": OURS,  # invalid transaction state
    "26": OURS,  # invalid statement name
    "27": OURS,  # triggered data change
    "28": _REFUSED,
    "2B": OURS,  # dependent privileges
    "2D": OURS,  # invalid transaction termination
    "2F": OURS,  # SQL routine
    "34": OURS,  # invalid cursor name
    "38": OURS,  # external routine
    "39": OURS,  # external routine invocation
    "3B": OURS,  # savepoint
    "3D": Away("the database that storage.url names does not exist"),
    "3F": OURS,  # invalid schema name
    "40": RERUN,  # transaction rollback
    "42": OURS,  # syntax, access rule
    "44": OURS,  # WITH CHECK OPTION
    "53": Away("the database is out of resources"),
    "54": OURS,  # program limit
    "55": OURS,  # object not in prerequisite state
    "57": Away("the database was interrupted by its operator"),
    "58": _FAILED,
    "72": RERUN,  # snapshot too old
    "F0": _FAILED,  # configuration file
    "HV": OURS,  # foreign data
    "P0": OURS,  # PL/pgSQL
    "XX": Away("the database is damaged"),
}

# States that mean something else than their class.
STATES: Final[dict[str, Meaning]] = {
    "25006": Away("the database is read-only"),
    "25P03": _TOO_LONG,
    "25P04": _TOO_LONG,
    # The transaction was rolled back for what is in it.
    "40002": OURS,
    # Whether the statement was carried out is not known, so nothing may be run again behind it.
    "40003": _LOST,
    "42501": Away("the database user of storage.url lacks a permission"),
    "53100": Away("the disk of the database is full"),
    "53300": Away("the database has too many connections"),
    "55006": Away("something needed in the database is in use by others"),
    "55P03": Away("a lock was not granted within the database's lock_timeout"),
    "57014": Away("a statement was cancelled, or took longer than the database's statement_timeout"),
    "57P01": _DOWN,
    "57P02": _DOWN,
    "57P03": Away("the database is starting up or shutting down"),
    "57P04": Away("the database that storage.url names no longer exists"),
    "57P05": _TOO_LONG,
    "XX000": _FAILED,
}

# The server ends a session with these while it waits for the client, so what the client was about to ask
# for, a commit too, has not begun.
BEFORE_ASKED: Final = frozenset({"25P03", "57P05"})


def meaning(state: str) -> Meaning:
    """What a SQLSTATE means; one of a class that PostgreSQL does not have is taken as ours, so that it is
    seen."""
    return STATES.get(state) or CLASSES.get(state[:2], OURS)
