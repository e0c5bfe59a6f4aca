"""The pseudo-locale: English templates with accents, two fifths longer, between brackets. Pure."""

from __future__ import annotations

from typing import Final

from bot.core.messages.templates import as_template, spans_of

OPENING: Final = "⟦"
CLOSING: Final = "⟧"
_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "áƀćđéƒĝĥíĵķĺḿńóṕɋŕšţúṽŵẋýžÁƁĆĐÉƑĜĤÍĴĶĹḾŃÓṔɊŔŠŢÚṼŴẊÝŽ"
_ACCENTS: Final = str.maketrans(_PLAIN, _ACCENTED)
_LONGER: Final = 0.4
_FILLING: Final = "~"


def pseudo(template: str) -> str:
    """The template in the pseudo-locale: its places, and what stands between backticks, as they were."""
    words: list[str] = []
    length = 0
    for span in spans_of(template):
        inside = ""
        for piece in span.pieces:
            if piece.named:
                inside += f"{{{piece.text}}}"
                continue
            length += len(piece.text)
            inside += as_template(piece.text if span.code else piece.text.translate(_ACCENTS))
        words.append(f"`{inside}`" if span.code else inside)
    filling = _FILLING * round(length * _LONGER)
    return "".join((OPENING, *words, filling, CLOSING))
