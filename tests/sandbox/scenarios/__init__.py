"""For each operation, requests that earn its success and each refusal it can give: a file a resource."""

from __future__ import annotations

from . import (
    account,
    analyses,
    communities,
    drafts,
    draws,
    events,
    extractions,
    inbox,
    lists,
    media,
    monitors,
    post_monitors,
    spaces,
    styles,
    support,
    trends,
    tweets,
    users,
    webhooks,
    writes,
)
from .scenario import ACCOUNT, GIVEAWAY, URL, Scenario, Scenarios, keyed

__all__ = ["ACCOUNT", "GIVEAWAY", "SCENARIOS", "URL", "keyed"]

_RESOURCES = (
    account,
    analyses,
    communities,
    drafts,
    draws,
    events,
    inbox,
    extractions,
    lists,
    media,
    monitors,
    post_monitors,
    spaces,
    styles,
    support,
    trends,
    tweets,
    users,
    webhooks,
    writes,
)


def _together(*parts: Scenarios) -> dict[str, Scenario]:
    """All of them; ValueError for an operation that two files have."""
    found: dict[str, Scenario] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            raise ValueError(f"two files have scenarios of {sorted(twice)}")
        found |= part
    return found


SCENARIOS = _together(*(resource.SCENARIOS for resource in _RESOURCES))
