"""Faults that can be ordered: a status, a delay, a cut connection, an answer that gets lost.

A rule is a table (TOML) or an object (JSON)::

    [[fault]]
    method = "POST"          # any method when left out
    path = "/x/tweets*"      # glob on the path below /api/v1; "*" when left out
    status = 503             # answer this instead of performing the request …
    code = "x_transient_error"
    message = "Try again."
    retry_after = 2          # … with this Retry-After, in seconds
    safe_to_retry = true     # … saying that nothing was sent to X, or that it may have been
    delay = 1.5              # seconds to wait first (alone: the request is then performed)
    cut = true               # close the connection without an answer, nothing performed
    answer_lost = true       # perform the request, then close the connection without an answer
    empty = ["winners"]      # perform it, and answer these lists of the JSON answer empty
    without = ["winners"]    # perform it, and leave these fields out of the JSON answer
    after = 1                # let this many matching requests pass first
    times = 2                # then act on this many; for ever when left out
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec


class FaultRule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ordered fault; see the module for each field."""

    method: str = "*"
    path: str = "*"
    status: int | None = None
    code: str | None = None
    message: str | None = None
    retry_after: int | None = None
    safe_to_retry: bool | None = None
    delay: float = 0.0
    cut: bool = False
    answer_lost: bool = False
    empty: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    after: int = 0
    times: int | None = None

    def __post_init__(self) -> None:
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must be from 400 to 599")
        rewritten = bool(self.empty or self.without)
        if (self.status is not None) + self.cut + self.answer_lost + rewritten > 1:
            raise ValueError("choose one of status, cut, answer_lost, and empty with without")

    def covers(self, method: str, path: str) -> bool:
        return self.method.upper() in {"*", method} and fnmatchcase(path, self.path)


class Faults:
    """The rules in force. The first rule that covers a request and still acts decides it."""

    def __init__(self, rules: Sequence[FaultRule] = ()) -> None:
        self._rules: list[FaultRule] = []
        self._matched: list[int] = []
        self.add(rules)

    @classmethod
    def read(cls, path: Path) -> Faults:
        """Rules from a ``.toml`` or ``.json`` file; ``ValueError`` says what is wrong with it."""
        try:
            text = path.read_text(encoding="utf-8")
            raw: Any = tomllib.loads(text) if path.suffix == ".toml" else msgspec.json.decode(text)
        except (OSError, msgspec.DecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: {error}") from error
        return cls(rules_from(raw))

    def add(self, rules: Sequence[FaultRule]) -> None:
        self._rules.extend(rules)
        self._matched.extend(0 for _ in rules)

    def clear(self) -> None:
        self._rules.clear()
        self._matched.clear()

    def match(self, method: str, path: str) -> FaultRule | None:
        """The rule that acts on this request, counting it against each rule it reaches."""
        for index, rule in enumerate(self._rules):
            if not rule.covers(method, path):
                continue
            self._matched[index] += 1
            number = self._matched[index] - rule.after
            if number >= 1 and (rule.times is None or number <= rule.times):
                return rule
        return None

    def listing(self) -> list[dict[str, Any]]:
        """The rules with how many requests each has met."""
        return [
            {**msgspec.to_builtins(rule), "matched": matched}
            for rule, matched in zip(self._rules, self._matched, strict=True)
        ]


def rules_from(raw: Any) -> list[FaultRule]:
    """Rules from a list, one rule, or ``{"fault": [...]}``; ``ValueError`` names the field at fault."""
    if isinstance(raw, dict) and "fault" in raw:
        raw = raw["fault"]
    try:
        return msgspec.convert(raw if isinstance(raw, list) else [raw], list[FaultRule])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
