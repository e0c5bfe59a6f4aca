"""The templates of messages: text with `{named}` places, and backticks around what is a command or a setting.

`{{` and `}}` are braces. There are no format specifications and no conversions: how a value is said is a
matter of its type and of the reader's language. What stands in a place is never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it stands, or the name of what stands there."""

    text: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces in a row. code: they stand between backticks."""

    pieces: tuple[Piece, ...]
    code: bool = False


@lru_cache(maxsize=4096)
def spans_of(template: str) -> tuple[Span, ...]:
    """A template as read; ValueError says what is wrong with it. A backtick that none closes is text."""
    spans: list[Span] = []
    open_at: list[Piece] | None = None
    pieces: list[Piece] = []
    for piece in _pieces(template):
        if piece.named:
            pieces.append(piece)
            continue
        for index, text in enumerate(piece.text.split("`")):
            if index:
                if open_at is None:
                    open_at, pieces = pieces, []
                else:
                    spans += [Span(tuple(open_at)), Span(tuple(pieces), code=True)]
                    open_at, pieces = None, []
            if text:
                pieces.append(Piece(text))
    if open_at is not None:
        pieces = [*open_at, Piece("`"), *pieces]
    return tuple(span for span in (*spans, Span(tuple(pieces))) if span.pieces)


@lru_cache(maxsize=4096)
def pieces_of(template: str) -> tuple[Piece, ...]:
    """The pieces of a template as one text, backticks and all."""
    found: list[Piece] = []
    for span in spans_of(template):
        found += (Piece("`"), *span.pieces, Piece("`")) if span.code else span.pieces
    return tuple(found)


@lru_cache(maxsize=4096)
def names_in(template: str) -> frozenset[str]:
    """What the places of a template are called."""
    return frozenset(piece.text for span in spans_of(template) for piece in span.pieces if piece.named)


def as_template(text: str) -> str:
    """A template that says exactly this text, but for backticks."""
    return text.replace("{", "{{").replace("}", "}}")


def _pieces(template: str) -> Iterator[Piece]:
    for literal, name, spec, conversion in Formatter().parse(template):
        if literal:
            yield Piece(literal)
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            msg = f"the message {template!r} has the place {name!r}, which must be a name and nothing more"
            raise ValueError(msg)
        yield Piece(name, named=True)
