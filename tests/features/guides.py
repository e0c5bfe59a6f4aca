"""Our documents as somebody follows them: command lines to type, and the cards that are said to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.chat.cards import Card
from bot.core.chat.words import card_words
from bot.features.catalogue import catalogue
from tests.features.edge import buttons

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = catalogue()
_SPAN = re.compile(r"`([^`\n]+)`")
_LABEL = re.compile(r"\[([^\]]+)\]")


@dataclass
class Step:
    """A line that is typed, and the cards behind it: the answer, and the outcome where it asks to confirm."""

    line: str
    cards: list[str] = field(default_factory=list)


def steps(text: str) -> list[Step]:
    """The command lines of a page that stand by themselves, with the cards behind each."""
    found: list[Step] = []
    for fence, block in _blocks(text):
        if fence == "card":
            assert found, f"nothing is typed before {block!r}"
            found[-1].cards.append(block)
        elif fence is None:
            typed = [line.strip() for line in block.splitlines() if line.startswith("    ")]
            found += [Step(line) for line in typed if _is_command(line)]
    return found


def _blocks(text: str) -> Iterator[tuple[str | None, str]]:
    """The parts of a page: what follows the ``` of a fence, or None outside of fences, and the lines."""
    fence: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if not line.lstrip().startswith("```"):
            lines.append(line)
            continue
        yield fence, "\n".join(lines)
        fence, lines = (line.strip().removeprefix("```") if fence is None else None), []
    yield fence, "\n".join(lines)


def spans(text: str) -> list[str]:
    """The whole command lines in code spans: with a value, and nothing left open."""
    plain = "\n".join(block for fence, block in _blocks(text) if fence is None)
    return [one for one in _SPAN.findall(plain) if _is_command(one) and ":" in one and " " in one]


def _is_command(line: str) -> bool:
    return CATALOGUE.group(line.split(" ", 1)[0]) is not None and "…" not in line


def missing(shown: Card, said: str, channels: Mapping[str, str] | None = None) -> list[str]:
    """The lines of a card in a page that the bot's own card has not, in that order. "…" stands for anything;
    "> " marks what is quoted, "[Confirm]" a button. channels: their names by id, as a platform shows them."""
    text = " ".join(card_words(shown).split())
    for channel, name in (channels or {}).items():
        text = text.replace(f"#{channel}", f"#{name}")
    labels = {button.label for button in buttons(shown)}
    lost, at = [], 0
    for line in filter(None, map(str.strip, said.splitlines())):
        if line.startswith("["):
            lost += [label for label in _LABEL.findall(line) if label not in labels]
            continue
        pattern = ".*?".join(map(re.escape, re.split(r"\s*…\s*", line.removeprefix("> "))))
        found = re.compile(pattern).search(text, at)
        if found is None:
            lost.append(line)
        else:
            at = found.end()
    return lost
