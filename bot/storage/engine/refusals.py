"""Why no connection to PostgreSQL was made, for whoever starts the bot: the server's own sentence, and the
next step.

What libpq says may hold parts of storage.url in the wrong places: of a password with an @ that should have
been escaped, the second half is taken for the host or the database. So nothing of it is passed on but
sentences known here, and names in them only where they look like names; a host never. An unknown sentence
of the server's goes on without what is quoted in it.

Source: src/interfaces/libpq/fe-connect.c, src/backend/{postmaster,libpq,utils/init}, of PostgreSQL 18.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bot.core.errors import DatabaseUnusable

_ESCAPED: Final = "In a password write @ : / ? # % as %40 %3A %2F %3F %23 %25."
_LOGIN: Final = f"Check the user and the password in storage.url. {_ESCAPED}"
_SERVER: Final = "Start PostgreSQL, or correct the host and the port in storage.url."
_WHO: Final = (
    "See whether PostgreSQL is what answers at the host and port of storage.url, and what its log says."
)
_CERTIFICATE: Final = "Correct sslmode or sslrootcert in storage.url, or the certificate of the server."
_MANY: Final = (
    "Raise max_connections of PostgreSQL, or the CONNECTION LIMIT of this user or database; or run fewer "
    "processes of the bot. Each takes up to 30 connections."
)


class _Known(msgspec.Struct, frozen=True):
    """A sentence. pattern: of what is passed on; its group `name` is left out where it does not look like
    one. said: instead of that; None: as it was found."""

    pattern: re.Pattern[str]
    remedy: str
    said: str | None = None


def _known(pattern: str, remedy: str, said: str | None = None) -> _Known:
    return _Known(re.compile(pattern.replace("NAME", '"(?P<name>[^"]*)"')), remedy, said)


# What the server itself said stands first: of several addresses others may just not answer.
_SENTENCES: Final = (
    _known("password authentication failed(?: for user NAME)?", _LOGIN),
    _known("no password supplied", _LOGIN),
    _known(
        "(?:database NAME does not exist|no such database)",
        "Make the database (createdb), or correct its name in storage.url.",
    ),
    _known(
        "role NAME does not exist", "Make the user (createuser --pwprompt), or correct it in storage.url."
    ),
    _known("no such user", "Correct the user in storage.url, or make it known to the pooler."),
    _known("role NAME is not permitted to log in", "As a superuser: ALTER ROLE … LOGIN"),
    _known("permission denied for database(?: NAME)?", "As its owner: GRANT CONNECT ON DATABASE … TO …"),
    _known("too many connections for (?:role|database) NAME", _MANY),
    _known("too many clients already", _MANY),
    _known("remaining connection slots are reserved", _MANY),
    _known("no more connections allowed", "Raise max_client_conn of the pooler, or run fewer processes."),
    _known("not (?:currently )?accepting connections", "See why in the server's log, and try again."),
    _known(
        "no pg_hba.conf entry",
        "Let this user in in pg_hba.conf and reload PostgreSQL; if only encrypted connections are let in, "
        "add ?sslmode=require to storage.url.",
    ),
    _known(
        "the database system is (?:starting up|shutting down|in recovery mode)", "Try again when it is up."
    ),
    _known(
        "server does not support SSL, but SSL was required",
        "Turn on ssl in PostgreSQL, or take sslmode out of storage.url.",
    ),
    _known("certificate verify failed", _CERTIFICATE),
    _known("root certificate file .* does not exist", _CERTIFICATE, "the root certificate file is missing"),
    _known("does not match host name", _CERTIFICATE, "its certificate is for another host name"),
    _known(
        "invalid (?:connection|URI query) (?:option|parameter):? NAME",
        "Take it out of storage.url. Only options of PostgreSQL's own connections stand behind its ?.",
    ),
    _known(
        r"(?:invalid [a-z_]{1,40} value|bad value for [a-z_]{1,40})", "Correct that option in storage.url."
    ),
    _known(
        "invalid (?:integer|port)",
        "Correct the port and the numbers in storage.url.",
        "an option is no number",
    ),
    _known(
        "(?:failed to resolve host|could not translate host name|Name or service not known|nodename nor)",
        f"Correct the host in storage.url. {_ESCAPED}",
        "the name of the host cannot be resolved",
    ),
    _known("Connection refused", _SERVER, "nothing listens at that host and port (connection refused)"),
    _known(
        "No such file or directory", _SERVER, "there is no socket of a server (No such file or directory)"
    ),
    _known("Permission denied", _SERVER, "the socket may not be used by this user"),
    _known(
        "(?:timeout expired|timed out)",
        "Correct the host and the port in storage.url, or let the connection through the firewall.",
        "no answer in time",
    ),
    _known("(?:No route to host|Network is unreachable|Host is unreachable)", _SERVER),
    _known("server closed the connection unexpectedly", _WHO),
    _known("(?:received invalid response|expected authentication request)", _WHO, "it is no PostgreSQL"),
)
_NAME: Final = re.compile(r"[\w.-]{1,63}")
_FATAL: Final = re.compile(r"\b[A-Z]{4,}: {2}(.+)")
_QUOTES: Final = "\"'`«»„“”‘’"
_QUOTED: Final = re.compile(f"[{_QUOTES}].*[{_QUOTES}]")


def refusal(text: str) -> DatabaseUnusable | None:
    """What it means that libpq says this of a connection; None where that is not known."""
    for known in _SENTENCES:
        found = known.pattern.search(text)
        if found is not None:
            return _unusable(known.said or _without_odd_name(found), known.remedy)
    fatal = _FATAL.search(text)
    if fatal is None:
        return None
    said = _QUOTED.sub("…", fatal[1]).strip()
    return None if "@" in said else _unusable(said, None)


def _without_odd_name(found: re.Match[str]) -> str:
    name = found.groupdict().get("name")
    if name is None or _NAME.fullmatch(name):
        return found[0]
    return found[0].replace(f'"{name}"', "…")


def _unusable(said: str, remedy: str | None) -> DatabaseUnusable:
    return DatabaseUnusable(f"the database cannot be reached: {said}", remedy=remedy, code="storage")
