"""Titles of radar items: each source has 2,197 of its own, and uses all of them before one comes again."""

from __future__ import annotations

import zlib
from typing import Final

# A title is made of one word of each row. Thirteen in each, so that 1,021 steps through all of them.
_PARTS: Final[dict[str, tuple[str, str, str, str]]] = {
    "github": (
        "{}-{}: {}",
        "pocket tiny quiet paper copper salty brisk lazy lunar mossy nimble plain swift",
        "router queue parser ledger canvas kettle lantern compass ferry anvil beacon satchel loom",
        "one file, no dependencies|terminal charts|a cache that explains itself|SQLite with sync|"
        "diffs for spreadsheets|maps without servers|logs you can read|backups that are tested|"
        "a keyboard-first editor|fonts from handwriting|offline voice notes|a build tool for books|"
        "queues without a broker",
    ),
    "google_trends": (
        "{} {} {}",
        "Lisbon Osaka Nairobi Bergen Quito Izmir Perth Leipzig Cork Austin Pune Lyon Tampere",
        "marathon eclipse ferry festival library airport derby market "
        "tram observatory bridge orchestra harbour",
        "results|tickets|timetable|live stream|opening hours|route map|weather|strike|reopening|"
        "volunteers|prices|photos|guide",
    ),
    "hacker_news": (
        "{} {} {}",
        "Mapping Rewriting Debugging Measuring Restoring Simulating Renting Retiring Automating Teaching "
        "Auditing Compressing Untangling",
        "every bench|our cron jobs|a dial-up BBS|the office lift|a weather station|ten-year-old backups|"
        "the city's bus feed|a hand-made keyboard|our print server|an old chess engine|the payroll script|"
        "a lighthouse camera|the museum kiosk",
        "in my town|over a weekend|without a database|in 300 lines|from memory|for my neighbours|"
        "on a night train|with a stopwatch|before the audit|on a calculator|by candlelight|for a bet|"
        "after the flood",
    ),
    "polymarket": (
        "Will {} {} {}?",
        "Paris Oslo Toronto Madrid Ankara Tokyo Lima Vienna Dublin Cairo Seoul Prague Athens",
        "see snow|host a summit|open its new metro line|elect a new mayor|ban scooters|win the cup|"
        "break its heat record|finish the bridge|lower its fares|move the zoo|reopen the opera|"
        "extend the tram|hold a referendum",
        "before December|before spring|this year|within 60 days|by the solstice|before the election|"
        "this month|before Easter|by the end of the season|next year|within a week|before the budget|"
        "by midsummer",
    ),
    "reddit": (
        "What {} {} {}?",
        "small purchase|odd habit|old recipe|borrowed book|free tool|wrong turn|bad haircut|long walk|"
        "lost key|cheap ticket|new word|first bread|strange neighbour",
        "changed|saved|ruined|improved|started|ended|shaped|rescued|inspired|interrupted|slowed|cheered up|"
        "turned around",
        "your week|your commute|a family dinner|your savings|your garden|a holiday|your studies|"
        "a friendship|your Sunday|your kitchen|your winter|a birthday|your team",
    ),
    "trustmrr": (
        "{} {} for {}",
        "Invoice Calendar Inventory Newsletter Screenshot Translation Payroll Booking Survey Contract "
        "Podcast Reminder Receipt",
        "robot desk engine studio inbox planner tracker helper kit hub button notebook dashboard",
        "dentists bakeries choirs florists museums plumbers climbers tutors vets printers potters "
        "caterers archivists",
    ),
    "wikipedia": (
        "{} of {} in {}",
        "History|Architecture|Etymology|Timeline|Geology|Economics|Folklore|Botany|Cartography|Restoration|"
        "Acoustics|Demography|Engineering",
        "lighthouses|canals|auroras|salt mines|bell towers|railway ferries|tea houses|sundials|windmills|"
        "botanical gardens|observatories|suspension bridges|night markets",
        "Portugal Iceland Japan Kenya Chile Türkiye Norway India Peru Estonia Canada Vietnam Morocco",
    ),
}
_EACH: Final = 13
_ALL: Final = _EACH**3
_STEP: Final = 1_021


def _words(row: str) -> list[str]:
    return row.split("|") if "|" in row else row.split()


_ROWS: Final = {
    source: (shape, _words(first), _words(second), _words(third))
    for source, (shape, first, second, third) in _PARTS.items()
}


def title(source: str, place: int, seed: int) -> str:
    """The title at a place of a source's endless list. 2,197 neighbouring places have as many titles."""
    shape, first, second, third = _ROWS[source]
    at = (place * _STEP + zlib.crc32(f"{seed}:{source}".encode())) % _ALL
    high, low = divmod(at, _EACH * _EACH)
    middle, last = divmod(low, _EACH)
    return shape.format(first[high], second[middle], third[last])
