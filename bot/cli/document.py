"""What `exec --json` prints: one document, described in docs/exec.md."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.core.chat import card_json
from bot.core.chat.cards import Card

# What is a number through and through, as cards write it: 1,234, 12 or 0.02. Longer ones are ids, which stay
# texts.
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,14})(?:\.\d{1,6})?", re.ASCII)


def document(outcome: str, cards: Sequence[Card], files: Sequence[Path], *, sandbox: bool) -> str:
    """The document as one line. outcome: of `bot.core.commands.outcomes`; files: what was written."""
    return json.dumps(
        {
            "outcome": outcome,
            "sandbox": sandbox,
            "cards": [_with_numbers(card_json.to_data(card)) for card in cards],
            "files": [{"name": file.name, "path": str(file), "bytes": file.stat().st_size} for file in files],
        },
        ensure_ascii=False,
    )


def _with_numbers(node: Any) -> Any:
    """The data of a card, with numbers for the values of fields and tables that are nothing else."""
    if isinstance(node, list):
        return [_with_numbers(one) for one in node]
    if not isinstance(node, dict):
        return node
    match node.get("type"):
        case "Field":
            return node | {"value": _value(node["name"], node["value"])}
        case "Table":
            rows = [
                [_value(*pair) for pair in zip(node["columns"], row, strict=False)] for row in node["rows"]
            ]
            return node | {"rows": rows}
        case _:
            return {key: _with_numbers(one) for key, one in node.items()}


def _value(name: Any, value: Any) -> Any:
    """A line that is one number as that number, unless it is the name of something: ids are texts."""
    if isinstance(value, list) and len(value) == 1 and (figure := _figure(value[0])) is not None:
        return [figure]
    alone = isinstance(value, list) and len(value) == 1 and isinstance(value[0], str)
    # A name that is a message is data of its own.
    named_id = isinstance(name, str) and name.casefold() == "id"
    if not alone or named_id or not _NUMBER.fullmatch(value[0]):
        return value
    plain = value[0].replace(",", "")
    return [float(plain) if "." in plain else int(plain)]


def _figure(node: Any) -> int | float | None:
    """The number of a message that is nothing else: each language writes it in its own way."""
    if not isinstance(node, dict) or node.get("type") != "Message" or node.get("id") != "{number}":
        return None
    number = node.get("arguments", {}).get("number")
    return number if isinstance(number, int | float) else None
