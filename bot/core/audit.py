"""The record of a place: who did what, as a chain in which nothing can be changed or left out unseen. Pure.

A record is a JSON object. Its hash is that of its canonical text, in which the hash of the one before
stands: whoever knows a later hash can tell whether anything before it was changed. Persons stand in it by
pseudonyms, and what tells of them as ciphertext, so that the chain still holds when a person's key is
destroyed (docs/decisions/0036-record-and-privacy.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from bot.core.messages.message import Message, msg

BEGINNING: Final = "0" * 64
"""What stands as the hash before the first record."""
HASH: Final = "hash"
"""The key of a record's own hash, beside what is hashed."""
VERSION: Final = 1


class AuditEvent(StrEnum):
    """What a record is of. CONFIRMED, CANCELLED: somebody decided a proposal; OUTCOME: how that ended.
    SETTING: a change of settings. READ: something that costs credits was read. REFUSED: somebody tried what
    they may not. PRIVACY: data of a person or place was given out or deleted. APPLIED: a file of settings
    made a change."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    OUTCOME = "outcome"
    SETTING = "setting"
    READ = "read"
    REFUSED = "refused"
    PRIVACY = "privacy"
    APPLIED = "applied"


class AuditEntry(msgspec.Struct, frozen=True):
    """What is to be recorded, without who did it.

    surface: the platform, "exec" or "apply". channel: its id, "" where nobody else is. command: its words,
    without what was typed. outcome: "ok", or how it ended. credits: what was charged, or the estimate of a
    read; None where nobody knows. action: Xquik's id of the write. proposal: names a proposal without being
    its key.
    """

    event: AuditEvent
    surface: str
    command: str
    outcome: str
    channel: str = ""
    kind: str = ""
    credits: int | None = None
    action: str = ""
    proposal: str = ""

    def fields(self) -> dict[str, Any]:
        """As it stands in a record: what is empty is left out."""
        named = {name: getattr(self, name) for name in _FIELDS}
        return {name: value for name, value in named.items() if value not in ("", None)}

    def ended(self, outcome: str) -> AuditEntry:
        """The same once it is known how it ended."""
        return replace(self, outcome=outcome)


_FIELDS: Final = (
    "event", "surface", "command", "outcome", "channel", "kind", "credits", "action", "proposal",
)  # fmt: skip


def proposal_mark(key: str) -> str:
    """What tells proposals apart and is not the key of their buttons."""
    return sha256(b"xquik-bot proposal " + key.encode()).hexdigest()[:16]


def canonical(record: Mapping[str, Any]) -> str:
    """The one text of a record: sorted keys, ASCII, no spaces; its own hash is no part of it."""
    plain = {name: value for name, value in record.items() if name != HASH}
    return json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The hash of a record's canonical text, in hex."""
    return sha256(text.encode()).hexdigest()


def linked(tenant: str, number: int, at: float, before: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text of a record at its place in the chain, and its hash. at: epoch seconds."""
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    text = canonical(
        {**fields, "v": VERSION, "tenant": tenant, "number": number, "at": moment, "prev": before}
    )
    return text, digest(text)


class ChainFault(msgspec.Struct, frozen=True):
    """Where a chain does not hold. number: of the record at fault; why: in words for people."""

    number: int
    why: Message


@dataclass
class ChainCheck:
    """Follows a chain, record by record. first: the hash before the first; None: whatever that one says."""

    before: str | None = None
    number: int | None = None
    count: int = 0
    tenant: str = ""
    faults: list[ChainFault] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The hash of the last record; that before all where there is none."""
        return self.before or BEGINNING

    def follow(self, text: str, said: str) -> None:
        """The next record: its canonical text, and the hash that is said of it."""
        record = json.loads(text)
        number = int(record.get("number", 0))
        expected = None if self.number is None else self.number + 1
        if canonical(record) != text or digest(text) != said:
            self._fault(number, msg("its contents are not those that were recorded"))
        if expected is not None and number != expected:
            self._fault(number, msg("record {number} is missing", number=expected))
        if self.before is not None and record.get("prev") != self.before:
            self._fault(number, msg("it does not follow the record before it"))
        if self.tenant and record.get("tenant") != self.tenant:
            self._fault(number, msg("it is of another server or workspace"))
        self.tenant = str(record.get("tenant", ""))
        self.before, self.number = digest(text), number
        self.count += 1

    def _fault(self, number: int, why: Message) -> None:
        self.faults.append(ChainFault(number, why))


def check_lines(lines: Iterable[str], head: str = "") -> ChainCheck:
    """Follow an export: one record a line, and a last line with the head. head: the hash that was noted
    elsewhere of some record in it, "" for none. ValueError for a line that is no JSON object.

    A fault of number 0 is of the whole: a head that no record has, or a last line that tells of another.
    """
    check, seen, said = ChainCheck(), set[str](), ""
    for record in _records(lines):
        if "head" in record:
            said = str(record["head"])
            continue
        check.follow(canonical(record), str(record.get(HASH, "")))
        seen.add(check.head)
    if said and said != check.head:
        check.faults.append(ChainFault(0, msg("the newest records are missing: the last line names another")))
    if not said and check.count:
        check.faults.append(ChainFault(0, msg("the last line with the head is missing")))
    if head and head not in seen:
        check.faults.append(ChainFault(0, msg("no record has the hash {hash}", hash=f"{head[:16]}…")))
    return check


def _records(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        if line.strip():
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("a line is no JSON object")
            yield record
