"""One cookie of a request, as it stands.

Ours are letters, digits and a few signs, so nothing is ever unquoted: what the standard library does for
that takes a time that grows with the square of what anybody sent.
"""

from __future__ import annotations

from collections.abc import Iterable


def cookie(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    """The value of the last cookie of that name; "" when there is none. headers: as ASGI gives them."""
    sent = b"".join(b";" + value for field, value in headers if field == b"cookie").replace(b"; ", b";")
    before = f";{name}=".encode()
    at = sent.rfind(before)
    return "" if at < 0 else sent[at + len(before) :].partition(b";")[0].strip(b" \t").decode("latin-1")
