"""What the client sends when a component is used or a modal is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.doubles.discord.options import NotOffered, Resolved
from tests.doubles.discord.rules_components import (
    BUTTON,
    CHECKBOX,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
)

Json = dict[str, Any]
_PICKED_FROM_LIST = frozenset({STRING_SELECT, RADIO_GROUP, 22})


def press(component: Json, values: Sequence[Any], resolved: Resolved) -> Json:
    """The data of a component interaction."""
    if component.get("disabled"):
        raise NotOffered(f"component {component['custom_id']!r} is disabled")
    data = {
        "custom_id": component["custom_id"],
        "component_type": component["type"],
        "id": component.get("id", 0),
    }
    if component["type"] == BUTTON:
        if values:
            raise NotOffered("a button takes no values")
        return data
    _check_picked(component, list(values))
    picked = [v if isinstance(v, str) else resolved.any(v) for v in values]
    return data | {"values": picked} | resolved.payload()


def fill(modal: Json, values: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """The components of a modal as they are sent back, with the values filled in.

    Text fields take a str, selects and groups a list (or a str for one), checkboxes a bool, uploads
    a list of files.
    """
    unused = set(values)
    sent: list[Json] = []
    for index, component in enumerate(modal["components"], start=1):
        if component["type"] == ROW:
            inner = [_field(field, values, resolved, unused) for field in component["components"]]
            sent.append({"type": ROW, "id": index, "components": inner})
        elif component["type"] == LABEL:
            field = _field(component["component"], values, resolved, unused)
            sent.append({"type": LABEL, "id": index, "component": field})
        else:
            sent.append({"type": component["type"], "id": index})
    if unused:
        raise NotOffered(f"the modal has no fields {sorted(unused)}")
    return sent


def _field(field: Json, values: Mapping[str, Any], resolved: Resolved, unused: set[str]) -> Json:
    name, kind = field["custom_id"], field["type"]
    unused.discard(name)
    sent = {"type": kind, "id": field.get("id") or 0, "custom_id": name}
    if kind == TEXT_INPUT:
        return sent | {"value": _text(field, values.get(name, field.get("value") or ""))}
    if kind == CHECKBOX:
        return sent | {"value": bool(values.get(name, field.get("default") or False))}
    given = values.get(name)
    picked = (
        _defaults(field) if given is None else [given] if isinstance(given, (str, tuple)) else list(given)
    )
    if kind in _PICKED_FROM_LIST:
        _check_picked(field, picked)
    elif not picked and field.get("required", True):
        raise NotOffered(f"field {name!r} is required")
    if kind == RADIO_GROUP:
        return sent | {"value": picked[0] if picked else None}
    if kind == FILE_UPLOAD or kind in SELECTS - {STRING_SELECT}:
        picked = [p if isinstance(p, str) else resolved.any(p) for p in picked]
    return sent | {"values": picked}


def _text(field: Json, text: Any) -> str:
    if not isinstance(text, str):
        raise NotOffered(f"field {field['custom_id']!r} does not take {text!r}")
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    if not text and field.get("required", True):
        raise NotOffered(f"field {field['custom_id']!r} is required")
    if text and not low <= len(text) <= high:
        raise NotOffered(f"field {field['custom_id']!r} takes {low}–{high} characters, not {len(text)}")
    return text


def _defaults(field: Json) -> list[str]:
    return [o["value"] for o in field.get("options") or [] if o.get("default")]


def _check_picked(component: Json, values: list[Any]) -> None:
    name = component["custom_id"]
    optional = component.get("required") is False
    low, high = component.get("min_values"), component.get("max_values")
    low, high = 1 if low is None else low, 1 if high is None else high
    if not (low <= len(values) <= high or (optional and not values)):
        raise NotOffered(f"{name!r} takes {low}–{high} values, not {len(values)}")
    if component["type"] in _PICKED_FROM_LIST:
        offered = [o["value"] for o in component.get("options") or []]
        if wrong := [v for v in values if v not in offered]:
            raise NotOffered(f"{name!r} does not offer {wrong}, only {offered}")
