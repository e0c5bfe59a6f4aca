"""What is logged, made harmless: secrets blanked, and nothing left that a terminal would obey.

Much of a log is written by strangers (names, post texts, answers of servers, messages of
exceptions). A control character in it could rewrite what an operator sees, a line break could
forge an event, and a bidirectional mark could show text in another order than it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_SECRETS = re.compile(
    r"[xX][qQ]_[0-9A-Za-z]{8,}"  # Xquik
    r"|xox[a-z]-[0-9A-Za-z-]{8,}|xapp-[0-9A-Za-z-]{8,}"  # Slack
    r"|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}"  # Discord
    r"|(?<=/webhooks/)\d+/[\w-]{40,}"  # Discord interaction tokens in addresses
    r"|(?<=/interactions/)\d+/[\w-]{40,}"
    r"|(?<=hooks\.slack\.com/)[\w/-]{20,}"  # what answers in Slack, for half an hour
    r"|(?<=[?&]ticket=)[\w%.~-]{8,}"  # Slack's Socket Mode
    r"|(?<!\d)\d{6,40}\.\d{6,40}\.[0-9a-f]{32}"  # Slack's triggers
    r"|sha256=[0-9a-f]{64}"
    r"|[0-9A-Za-z_-]{43}=(?![\w=-])"  # Fernet, of which the vault's keys are
)
_WORD = re.compile(r"\S+")
_DATABASE = re.compile(r"\bpostgres(?:ql)?(?:\+\w+)?://[^\s:/@]*:(?=\S)")
# What our own texts say stands there.
_PLACEHOLDER = "PASSWORD"
_PASSWORD = re.compile(rf"(://[^\s:/?#@]*:)(?!{_PLACEHOLDER}@)[^\s/?#]+@")
_NAMED = re.compile(
    # In data that a library shows: {"token": "…"}, {'trigger_id': '…'}.
    r"""(["'][\w-]*(?:token|secret|password|trigger_id|response_url|authorization|api[_-]key)["']\s?:\s?["'])"""
    r"""[^"']+""",
    re.IGNORECASE,
)
_LINES = "\t\n"
_ORDERING = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_CONTROLS = re.compile(f"[\x00-\x1f\x7f-\x9f{_ORDERING}\ud800-\udfff]")
_CONTROLS_IN_LINE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_ORDERING}\ud800-\udfff]")
_DEEPEST = 6


def redact(text: str) -> str:
    """`text` with everything that looks like a secret blanked."""
    text = _SECRETS.sub("[redacted]", text)
    if '": "' in text or "': '" in text or '":"' in text:
        text = _NAMED.sub(r"\1[redacted]", text)
    if "://" in text:
        text = _WORD.sub(_without_passwords, text)
    return text


def _without_passwords(word: re.Match[str]) -> str:
    """Of addresses in a word. As database drivers read them: everything up to the last @, even what should
    have been escaped. Where that is is looked for once, not from each address."""
    text, at, after = word[0].rpartition("@")
    if "://" not in text:
        return word[0]
    database = _DATABASE.search(text)
    if database is None or text[database.end() :] == _PLACEHOLDER:
        return _PASSWORD.sub(r"\1[redacted]@", text + at) + after
    before = _PASSWORD.sub(r"\1[redacted]@", text[: database.start()])
    return f"{before}{database[0]}[redacted]{at}{after}"


def one_line(text: str) -> str:
    r"""`text` with control and bidirectional characters written out: `\n`, `\x1b`, `\u202e`."""
    return _CONTROLS.sub(_written_out, text)


def lines(text: str) -> str:
    """The same, but line breaks and tabs stay."""
    return _CONTROLS_IN_LINE.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def shown(value: object) -> str:
    """The repr of anything; a log line must not fail for an object that has none."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def cleaned(value: Any, clean: Callable[[str], str], depth: int = 0) -> Any:
    """`value` in its shape, with `clean` over every text in it, and over the repr of what is no data."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, int | float):
        return value
    if depth < _DEEPEST:
        if isinstance(value, Mapping):
            return {
                cleaned(key, clean, _DEEPEST): cleaned(one, clean, depth + 1) for key, one in value.items()
            }
        if isinstance(value, list | set | frozenset):
            return [cleaned(one, clean, depth + 1) for one in value]
        if isinstance(value, tuple):
            return tuple(cleaned(one, clean, depth + 1) for one in value)
    return clean(shown(value))
