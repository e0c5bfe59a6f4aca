"""The commands that show the team's inside, with values for their options."""

from __future__ import annotations

INSIDE: dict[str, dict[str, tuple[str, ...]]] = {
    "account show": {},
    "account default": {},
    "credits show": {},
    "draw list": {},
    "draw export": {"draw": ("42",), "rows": ("entries",)},
    "media list": {},
    "monitor list": {},
    "relay show": {"route": ("alerts",)},
    "relay preview": {"account": ("nasa",)},
    "relay why": {"what": ("@nasa",)},
    "relay status": {},
    "relay mutes": {},
    "policy show": {},
}
