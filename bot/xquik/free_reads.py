"""Which reads of Xquik cost nothing. Pure.

Every other read is taken as paid, so that one that nobody thought of is never asked twice for one answer.
Source: the documentation and the SDK of November 2026.
"""

from __future__ import annotations

from typing import Final

FREE_READS: Final = (
    *("/account", "/credits", "/credits/topup/status"),
    *("/x/accounts", "/x/accounts/{}", "/x/account-connection-attempts/{}", "/x/write-actions/{}"),
    *("/drafts", "/drafts/{}", "/radar"),
    *("/styles", "/styles/{}", "/styles/compare"),
    *("/monitors", "/monitors/{}", "/monitors/keywords", "/monitors/keywords/{}"),
    *("/monitors/posts", "/monitors/posts/{}", "/monitors/posts/{}/metrics"),
    *("/events", "/events/{}", "/webhooks", "/webhooks/{}/deliveries"),
    *("/draws", "/draws/{}", "/draws/{}/export"),
    *("/extractions", "/extractions/{}", "/extractions/{}/export"),
    *("/support/tickets", "/support/tickets/{}", "/support/attachments/{}"),
)
"""Paths, with {} for one part that may be anything."""

_PARTS: Final = tuple(tuple(path.split("/")) for path in FREE_READS)


def is_free(path: str) -> bool:
    """Whether looking there costs nothing. path: as it is sent, its ids percent-encoded."""
    parts = path.split("/")
    return any(
        len(known) == len(parts) and all(a in ("{}", b) for a, b in zip(known, parts, strict=True))
        for known in _PARTS
    )
