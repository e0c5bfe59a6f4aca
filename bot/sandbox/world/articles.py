"""Articles of the fixed world: long texts, each shown by a tweet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COMET_ID = "1893700000000000001"
"""The tweet by @esa that shows an article."""


@dataclass(frozen=True, slots=True)
class ArticleOfX:
    """Blocks as the API shows them: a type and what belongs to it."""

    id: str
    title: str
    preview: str
    blocks: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        """All of it without marks."""
        return "\n\n".join(block["text"] for block in self.blocks if block.get("text"))

    @property
    def markdown(self) -> str:
        """All of it as Markdown."""
        return "\n\n".join(filter(None, map(_marked, self.blocks)))


def _marked(block: dict[str, Any]) -> str:
    text = str(block.get("text", ""))
    match block["type"]:
        case "header-two":
            return f"## {text}"
        case "unordered-list-item":
            return f"- {text}"
        case "blockquote":
            return f"> {text}"
        case "divider":
            return "---"
        case "tweet":
            return f"https://x.com/i/status/{block['tweetId']}"
        case _:
            return text


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


_STEPS = (
    "On the first evening it is a smudge, and three people argue whether it is a mistake of the lens.",
    "On the second it has moved by a finger's breadth, and nobody argues any more.",
    "On the third the orbit has an error bar that fits into a country, on the fourth into a city.",
    "Then the spectra arrive, and what was a smudge has water, dust and a temper.",
)
_COMET = ArticleOfX(
    id="1893700000000000002",
    title="How to read a comet",
    preview="Four evenings, one smudge, and what a tail says about the first million years.",
    blocks=(
        _paragraph("A comet is a letter that was sealed before there were planets. Reading it takes time."),
        {"type": "header-two", "text": "Four evenings"},
        *({"type": "unordered-list-item", "text": step} for step in _STEPS),
        {"type": "header-two", "text": "What the tail says"},
        *(
            _paragraph(
                f"{number}. A tail points away from the Sun, not behind the comet: it is blown, not dragged. "
                "Dust curves, gas does not, so one comet has two tails, and the angle between them tells how "
                "fast the wind from the Sun is. We measured it twice an hour for as long as the nights were "
                "dark, and twice a night the wind turned."
            )
            for number in range(1, 9)
        ),
        {"type": "blockquote", "text": "Nothing about it was in a hurry. @everyone **Neither were we.**"},
        {"type": "tweet", "tweetId": "1893500000000000001"},
        {"type": "divider"},
        _paragraph("The data are open. Take them, and find what we have missed."),
    ),
)

ARTICLES = {COMET_ID: _COMET}
"""By the tweet that shows it."""
