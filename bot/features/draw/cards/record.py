"""What goes with every export of a draw: its rules, its times, who asked, and whom backups replaced.

Xquik's own file holds the rows alone. The record is in the kind of file that was asked for, as far as that
can be written by hand: a table for tables, JSON for JSON, else text. Its times are those of the place, by ISO
8601.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from bot.cards.draws import entrants, tweet_url
from bot.cards.figures import epoch
from bot.core.chat.cards import File
from bot.core.commands.local_numbers import written
from bot.core.text.shortening import cut, printable
from bot.core.times.zone_words import moment_iso, zone_name
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.results import Evidence
from bot.features.draw.cards.succession import backup_standings, person_at, winner_standings
from bot.xquik.models import DrawDetail, Winner

Rows = list[tuple[str, str]]

_UNKNOWN: Final = "not known: this draw was not run by this bot here"
_NO_TIME: Final = "not known"
_LONGEST: Final = 1_000
# What a spreadsheet takes for a formula (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_CSV, _JSON, _MARKDOWN, _TEXT = "csv", "json", "md", "txt"
_KINDS: Final = {
    "csv": _CSV,
    "xlsx": _CSV,
    "json": _JSON,
    "md": _MARKDOWN,
    "md-document": _MARKDOWN,
    "txt": _TEXT,
    "pdf": _TEXT,
}
_TYPES: Final = {
    _CSV: "text/csv",
    _JSON: "application/json",
    _MARKDOWN: "text/markdown",
    _TEXT: "text/plain",
}


def record_file(
    detail: DrawDetail,
    moves: Sequence[Move],
    evidence: Evidence | None,
    *,
    format: str,
    name: str,
    number: int | None = None,
    zone: str = "",
) -> File:
    """The record of a draw. format: of the export that it goes with; name: of the file, without ending;
    number: what the place calls the draw; zone: that of the place, "" for UTC."""
    kind = _KINDS.get(format, _TEXT)
    content = _WRITERS[kind](record(detail, moves, evidence, number, zone))
    return File(f"{name}.{kind}", f"{_TYPES[kind]}; charset=utf-8", content.encode())


def record(
    detail: DrawDetail,
    moves: Sequence[Move],
    evidence: Evidence | None,
    number: int | None = None,
    zone: str = "",
) -> Rows:
    """What is known of a draw, as names and values in order; a name may come more than once. Times are by
    the clock of the zone, "" for UTC."""
    draw, zone = detail.draw, zone or "UTC"
    rows: Rows = [("Draw", draw.id), ("Tweet", tweet_url(draw) or "not known")]
    if number is not None:
        rows.insert(0, ("Number", written(number)))
    rows += _of(evidence, zone)
    rows += [
        ("Drawn", _time(epoch(draw.drawn_at or draw.created_at), zone)),
        ("Timezone", zone_name(zone)),
        ("Entries inspected", str(draw.total_entries)),
        ("Valid entries", str(draw.valid_entries)),
    ]
    if draw.tweet_reply_count is not None:
        rows.append(("Replies to the tweet", str(draw.tweet_reply_count)))
    rows += _people("Winner", detail.main_winners, winner_standings(detail, moves))
    rows += _people("Backup", detail.backups, backup_standings(detail, moves))
    rows += [("Moved up", _move(detail, one, zone)) for one in moves]
    return [(name, cut(printable(" ".join(value.split())), _LONGEST)) for name, value in rows]


def _of(evidence: Evidence | None, zone: str) -> Rows:
    if evidence is None:
        return [("Rules", _UNKNOWN), ("Requested by", _UNKNOWN)]
    return [
        ("Winners asked for", str(evidence.winners)),
        ("Backups asked for", str(evidence.backups)),
        *(("Rule", rule) for rule in evidence.filters or (entrants(()),)),
        ("Requested by", f"{evidence.requester} (id {evidence.requester_id})"),
        ("Requested", _time(evidence.asked_at, zone)),
        ("Confirmed by", f"{evidence.confirmer} (id {evidence.confirmer_id})"),
        ("Confirmed", _time(evidence.confirmed_at, zone)),
        ("Credits charged (estimate)", str(evidence.credits)),
    ]


def _people(title: str, people: tuple[Winner, ...], standings: tuple[str, ...]) -> Rows:
    rows: Rows = []
    for one, standing in zip(people, standings, strict=True):
        said = f", {standing}" if standing else ""
        rows.append((title, f"{one.position}. @{one.author_username} (entry {one.tweet_id or '–'}){said}"))
    return rows


def _move(detail: DrawDetail, move: Move, zone: str) -> str:
    up, before = person_at(detail, f"b{move.position}"), person_at(detail, move.replaces)
    name = f"@{up.author_username}" if up else f"backup {move.position}"
    of = f" in place of @{before.author_username}" if before else ""
    by = f"{move.by_name} (id {move.by})" if move.by_name else f"id {move.by}"
    return f"{name}{of}, by {by}, {_time(move.at, zone)}"


def _time(at: float | None, zone: str) -> str:
    return _NO_TIME if at is None else moment_iso(at, zone)


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    safe = [(name, f"'{value}" if value.startswith(_FORMULA) else value) for name, value in rows]
    csv.writer(out, lineterminator="\r\n").writerows([("field", "value"), *safe])
    return out.getvalue()


def _json(rows: Rows) -> str:
    """Each name once, with the list of its values where it may have several."""
    found: dict[str, Any] = {}
    for name, value in rows:
        if name in _SEVERAL:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _markdown(rows: Rows) -> str:
    lines = ["| Field | Value |", "| --- | --- |", *(f"| {name} | {_cell(value)} |" for name, value in rows)]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A value that no Markdown is read in: names of people may hold any."""
    return "".join(f"\\{char}" if char in _MARKUP else char for char in text)


def _text(rows: Rows) -> str:
    return "".join(f"{name}: {value}\n" for name, value in rows)


_MARKUP: Final = frozenset("\\|`*_[]<>#!~&")
_SEVERAL: Final = frozenset({"Rule", "Winner", "Backup", "Moved up"})
_WRITERS: Final = {_CSV: _csv, _JSON: _json, _MARKDOWN: _markdown, _TEXT: _text}
