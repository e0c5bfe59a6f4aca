"""Which language a browser asks for. Pure."""

from __future__ import annotations

import re

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def first_language(accepted: str) -> str:
    """The one that it asks for first, as BCP 47; "en" where it asks for none. accepted: the header
    Accept-Language."""
    first = accepted.partition(",")[0].partition(";")[0].strip()
    return first if _LOCALE.fullmatch(first) else "en"
