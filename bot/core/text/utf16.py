"""Lengths of texts in UTF-16 units, as JavaScript counts them."""

from __future__ import annotations


def utf16_units(text: str) -> int:
    """How many UTF-16 units a text has: two for a character outside the basic plane, one for any other."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
