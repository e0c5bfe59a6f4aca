"""A card as words alone: the `text` that goes with every message, for notifications, screen readers
and the last attempt when Slack takes no blocks."""

from __future__ import annotations

from typing import assert_never

from adapters.slack import limits
from adapters.slack.escape import clean, escape, shortened
from adapters.slack.pings import ping_words
from adapters.slack.runs import moment, plain
from bot.core.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Fields,
    Gallery,
    Line,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
)


def fallback(card: Card, limit: int = limits.FALLBACK_TEXT) -> str:
    """The groups it notifies and the card in words, `& < >` escaped, at most `limit` characters before
    the escaping."""
    parts = [card.title, *(line for block in card.blocks for line in lines(block)), *_buttons(card.buttons)]
    words = escape(shortened(clean("\n".join(part for part in parts if part.strip())), limit))
    return "\n".join(filter(None, (ping_words(card), words or "(no text)")))


def lines(block: Block) -> list[str]:
    """A block in words, not escaped."""
    match block:
        case Text():
            return [plain(block.line)]
        case Quote():
            when = moment(block.at) if block.at is not None else ""
            return [block.author, block.text, " ".join(filter(None, (when, block.url)))]
        case Fields():
            return [f"{item.name}: {plain(item.value)}" for item in block.items]
        case Table():
            hidden = max(0, (block.total or 0) - len(block.rows))
            rows = [f"• {_cells(row)}" for row in block.rows]
            return [*rows, f"… {hidden:,} more"] if hidden else rows
        case Gallery():
            return [f"{item.alt} {item.url}" for item in block.items]
        case Picture():
            return [f"{block.alt} {block.url}"]
        case Progress():
            return [f"{block.label} {block.done:,} of {block.total:,}"]
        case Buttons():
            return _buttons(block.buttons)
        case _:
            assert_never(block)


def _cells(row: tuple[Line, ...]) -> str:
    return " · ".join(filter(None, (plain(cell) for cell in row)))


def _buttons(buttons: tuple[Button, ...]) -> list[str]:
    """Links are worth naming in words; buttons that act are not."""
    return [f"{button.label}: {button.url}" for button in buttons if button.url]
