"""Writes docs/coverage.md: each operation of Xquik's API, with its command or why there is none.

    .venv/bin/python scripts/renew_coverage.py            # `make docs` runs it
    .venv/bin/python scripts/renew_coverage.py --check    # exit code 1 where the page is out of date

Operations come from the tables in `tests/facts`, commands from their declarations (`Command.operations`).
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "coverage.md"
FACTS = ROOT / "tests" / "facts"
UNCOVERED = ROOT / "tests" / "architecture" / "uncovered.txt"

_SESSION: Final = "for browser sessions alone"
_DASHBOARD: Final = "takes a password of X: in the dashboard alone"
_WALLET: Final = "wallets without an account; a place has a key of its own"
_SAME: Final = "`monitor list` shows the same fields"
_NO_JOB: Final = "in the SDK alone; no job of community and social teams"

REASONS: Final[Mapping[str, str]] = {
    "GET /api-keys": _SESSION,
    "POST /api-keys": _SESSION,
    "DELETE /api-keys/{id}": _SESSION,
    "POST /credits/quick-topup": "charges a card: for browser sessions alone",
    "GET /trends": "the same as `GET /x/trends`",
    "GET /monitors/{id}": _SAME,
    # Not in the user's documents.
    "GET /monitors/keywords/{id}": _SAME,
    "GET /monitors/posts/{id}": _SAME,
    "GET /credits/topup/redirect": "sends a browser elsewhere",
    "POST /guest-wallets": _WALLET,
    "GET /guest-wallets/status": _WALLET,
    "POST /guest-wallets/topups": _WALLET,
    "GET /x/account-connection-attempts/{id}": _DASHBOARD,
    "POST /x/account-connection-challenges/{id}/submit": _DASHBOARD,
    "POST /x/accounts": _DASHBOARD,
    "POST /x/accounts/bulk-retry": _SESSION,
    "POST /x/accounts/{id}/reauth": _DASHBOARD,
    "POST /webhooks/telegram": "for Telegram",
    "GET /x/users/{id}/follower-ids": "the people of `user followers`, without their names",
    "GET /x/users/{id}/following-ids": "the people of `user following`, without their names",
    "GET /x/tweets/{id}/retweeter-ids": "the people of `tweet retweeters`, without their names",
    "GET /x/users/{id}/subscriptions": "whom an account pays: no job of community and social teams",
    **dict.fromkeys(
        (
            "GET /x/community-notes/contributors/{alias}",
            "GET /x/community-notes/contributors/{alias}/deleted-notes",
            "GET /x/community-notes/contributors/{alias}/notes",
            "GET /x/jobs/locations",
            "GET /x/jobs/search",
            "GET /x/jobs/{id}",
            "GET /x/sports/{league}/games",
            "GET /x/sports/{league}/games/{id}",
            "GET /x/sports/{league}/games/{id}/audience",
            "GET /x/sports/{league}/games/{id}/box-score",
            "GET /x/sports/{league}/games/{id}/plays",
            "GET /x/hashflags",
        ),
        _NO_JOB,
    ),
}
"""Why an operation has no command."""

INSIDE: Final[Mapping[str, str]] = {
    "POST /webhooks": "`setup key` registers the webhook",
    "DELETE /webhooks/{id}": "`setup forget` removes it",
    "PATCH /webhooks/{id}": "follows when the bot's public address changes",
    "GET /events/stream": "the relay reads it where `relay.ingest` says so",
}
"""What the bot performs by itself, without a command that is about it."""

_UNCOVERED: Final = "not in chat yet"
_HEADER = """<!-- Made by `make docs` from bot/features and tests/facts. Do not edit. -->

# Coverage

Every operation of Xquik's API that its sources know, and the commands that perform it. **S**: in the
first documents, of early 2026; **A**: in the published specification of August 2026; **N**: in the
vendor's newest SDK.
"""


@dataclass
class Coverage:
    """One operation. sources: "S", "A", "N"; commands: their names."""

    operation: str
    sources: str = ""
    commands: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What is said of it: commands, what the bot does with it, or why there is no command."""
        if self.commands:
            return ", ".join(f"`{name}`" for name in self.commands)
        return INSIDE.get(self.operation) or REASONS.get(self.operation) or _UNCOVERED

    @property
    def status(self) -> str:
        """ "command", "inside", "reason" or "missing"."""
        if self.commands:
            return "command"
        return "inside" if self.operation in INSIDE else "reason" if self.operation in REASONS else "missing"


def unnamed(operation: str) -> str:
    """A method and path without the names of its places, which differ between sources."""
    return re.sub(r"\{\w+\}", "{}", operation)


def _facts(name: str) -> Any:
    return json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


def operations() -> dict[str, Coverage]:
    """Every operation of every source, by its name without the names of places."""
    found: dict[str, Coverage] = {}
    document = [f"{one['method']} {one['path']}" for one in _facts("xquik_api")["operations"].values()]
    # The newest source first: it gives the names of places.
    for mark, names in (
        ("N", _facts("xquik_sdk")["operations"]),
        ("A", document),
        ("S", _facts("xquik_documents")["operations"]),
    ):
        for name in names:
            one = found.setdefault(unnamed(name), Coverage(name))
            one.sources = mark + one.sources
    return found


def covered() -> list[Coverage]:
    """The same with the commands that perform them, in the order of their paths. LookupError for an operation
    that a command names and no source knows."""
    from bot.features.catalogue import catalogue

    found = operations()
    for command in catalogue():
        for operation in command.operations:
            found[unnamed(operation)].commands.append(command.name)
    return sorted(found.values(), key=lambda one: (one.operation.split()[1], one.operation))


def page(rows: Iterable[Coverage]) -> str:
    """The page, as Markdown."""
    groups: dict[str, list[Coverage]] = defaultdict(list)
    for row in rows:
        parts = row.operation.split()[1].split("/")
        groups["/".join(parts[:3] if parts[1] == "x" else parts[:2])].append(row)
    lines = [_HEADER, *_summary([row for group in groups.values() for row in group])]
    for name, group in groups.items():
        lines += [f"\n## {name}\n", "| operation | in | command, or why none |", "|---|---|---|"]
        lines += [f"| `{row.operation}` | {' '.join(row.sources)} | {row.told} |" for row in group]
    return "\n".join(lines) + "\n"


def _summary(rows: list[Coverage]) -> list[str]:
    lines = ["| in | operations | with a command | performed inside | left out for a reason | not yet |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for mark, words in (("S", "S"), ("A", "A"), ("N", "N"), ("", "any")):
        of_source = [row for row in rows if mark in row.sources]
        counts = [
            sum(row.status == status for row in of_source)
            for status in ("command", "inside", "reason", "missing")
        ]
        lines.append(f"| {words} | {len(of_source)} | " + " | ".join(str(count) for count in counts) + " |")
    return lines


def main() -> None:
    """Write the page, or check it."""
    sys.path.insert(0, str(ROOT))
    made = page(covered())
    if "--check" in sys.argv[1:]:
        sys.exit(
            0 if PAGE.read_text(encoding="utf-8") == made else "docs/coverage.md is out of date: make docs"
        )
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
