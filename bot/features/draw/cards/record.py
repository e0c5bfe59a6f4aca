"""What goes with every export of a draw: its rules, its times, who asked, and whom backups replaced.

Xquik's own file holds the rows alone. The record is in the kind of file that was asked for, as far as that
can be written by hand: a table for tables, JSON for JSON, else text. Its times are those of the place, by ISO
8601. It is in the language of who asked for it; the names of fields are English where programs read them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from bot.cards.draws import entrants, tweet_url
from bot.cards.figures import epoch
from bot.core.chat.cards import File
from bot.core.commands.local_numbers import written
from bot.core.messages.message import ENGLISH, LanguageRules, Message, msg, said
from bot.core.text.shortening import cut, printable
from bot.core.times.zone_words import moment_iso, zone_name
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.results import Evidence
from bot.features.draw.cards.succession import backup_standings, person_at, winner_standings
from bot.xquik.models import DrawDetail, Winner

Rows: TypeAlias = list[tuple[Message, str]]

_UNKNOWN: Final = msg("not known: this draw was not run by this bot here")
_NOT_KNOWN: Final = msg("not known")
_RULE: Final = msg("Rule")
_WINNER: Final = msg("Winner")
_BACKUP: Final = msg("Backup")
_MOVED_UP: Final = msg("Moved up")
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
    rules: LanguageRules = ENGLISH,
) -> File:
    """The record of a draw. format: of the export that it goes with; name: of the file, without ending;
    number: what the place calls the draw; zone: that of the place, "" for UTC; rules: of the language."""
    kind = _KINDS.get(format, _TEXT)
    rows = [(title, _value(value, rules)) for title, value in record(detail, moves, evidence, number, zone)]
    content = _WRITERS[kind](rows, rules)
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
    rows: Rows = [(msg("Draw"), draw.id), (msg("Tweet"), tweet_url(draw) or _NOT_KNOWN)]
    if number is not None:
        rows.insert(0, (msg("Number"), written(number)))
    rows += _of(evidence, zone)
    rows += [
        (msg("Drawn"), _time(epoch(draw.drawn_at or draw.created_at), zone)),
        (msg("Timezone"), zone_name(zone)),
        (msg("Entries inspected"), str(draw.total_entries)),
        (msg("Valid entries"), str(draw.valid_entries)),
    ]
    if draw.tweet_reply_count is not None:
        rows.append((msg("Replies to the tweet"), str(draw.tweet_reply_count)))
    rows += _people(_WINNER, detail.main_winners, winner_standings(detail, moves))
    rows += _people(_BACKUP, detail.backups, backup_standings(detail, moves))
    rows += [(_MOVED_UP, _move(detail, one, zone)) for one in moves]
    return rows


def _value(text: str, rules: LanguageRules) -> str:
    """What stands in a field: in the language, on one line."""
    words = said(text, rules) if isinstance(text, Message) else text
    return cut(printable(" ".join(words.split())), _LONGEST)


def _of(evidence: Evidence | None, zone: str) -> Rows:
    if evidence is None:
        return [(msg("Rules"), _UNKNOWN), (msg("Requested by"), _UNKNOWN)]
    return [
        (msg("Winners asked for"), str(evidence.winners)),
        (msg("Backups asked for"), str(evidence.backups)),
        *((_RULE, rule) for rule in evidence.filters or (entrants(()),)),
        (msg("Requested by"), _person(evidence.requester, evidence.requester_id)),
        (msg("Requested"), _time(evidence.asked_at, zone)),
        (msg("Confirmed by"), _person(evidence.confirmer, evidence.confirmer_id)),
        (msg("Confirmed"), _time(evidence.confirmed_at, zone)),
        (msg("Credits charged (estimate)"), str(evidence.credits)),
    ]


def _person(name: str, identity: str) -> Message:
    return msg("{name} (id {identity})", name=name, identity=identity)


def _people(title: Message, people: tuple[Winner, ...], standings: tuple[str, ...]) -> Rows:
    rows: Rows = []
    for one, standing in zip(people, standings, strict=True):
        row = msg(
            "{position}. @{name} (entry {entry})",
            position=str(one.position),
            name=one.author_username,
            entry=one.tweet_id or "–",
        )
        rows.append((title, msg("{row}, {standing}", row=row, standing=standing) if standing else row))
    return rows


def _move(detail: DrawDetail, move: Move, zone: str) -> Message:
    up, before = person_at(detail, f"b{move.position}"), person_at(detail, move.replaces)
    who = f"@{up.author_username}" if up else msg("backup {number}", number=move.position)
    by = _person(move.by_name, move.by) if move.by_name else msg("id {identity}", identity=move.by)
    when = _time(move.at, zone)
    if before is None:
        return msg("{who}, by {by}, {when}", who=who, by=by, when=when)
    return msg(
        "{who} in place of @{before}, by {by}, {when}",
        who=who,
        before=before.author_username,
        by=by,
        when=when,
    )


def _time(at: float | None, zone: str) -> str:
    return _NOT_KNOWN if at is None else moment_iso(at, zone)


def _csv(rows: Rows, _rules: LanguageRules) -> str:
    out = io.StringIO()
    safe = [(str(name), f"'{value}" if value.startswith(_FORMULA) else value) for name, value in rows]
    csv.writer(out, lineterminator="\r\n").writerows([("field", "value"), *safe])
    return out.getvalue()


def _json(rows: Rows, _rules: LanguageRules) -> str:
    """Each name once, with the list of its values where it may have several."""
    found: dict[str, Any] = {}
    for name, value in rows:
        if name in _SEVERAL:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _markdown(rows: Rows, rules: LanguageRules) -> str:
    head = f"| {said(msg('Field'), rules)} | {said(msg('Value'), rules)} |"
    body = (f"| {said(name, rules)} | {_cell(value)} |" for name, value in rows)
    return "\n".join((head, "| --- | --- |", *body)) + "\n"


def _cell(text: str) -> str:
    """A value that no Markdown is read in: names of people may hold any."""
    return "".join(f"\\{char}" if char in _MARKUP else char for char in text)


def _text(rows: Rows, rules: LanguageRules) -> str:
    return "".join(f"{said(name, rules)}: {value}\n" for name, value in rows)


_MARKUP: Final = frozenset("\\|`*_[]<>#!~&")
_SEVERAL: Final = frozenset({_RULE, _WINNER, _BACKUP, _MOVED_UP})
_WRITERS: Final = {_CSV: _csv, _JSON: _json, _MARKDOWN: _markdown, _TEXT: _text}
