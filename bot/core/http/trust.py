"""Whom connections trust: the certificates of the system, or of SSL_CERT_FILE and SSL_CERT_DIR."""

from __future__ import annotations

import os
import ssl
from functools import cache


def trusted() -> ssl.SSLContext:
    """The context for connections to others, one for all of them: reading it takes 50 ms of a start.

    The environment counts whenever it was set, not when a library was imported. All clients speak HTTP/1.1,
    which httpx also writes into the context that it is given.
    """
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _read(_file: str | None, _directory: str | None) -> ssl.SSLContext:
    found = ssl.create_default_context()
    found.set_alpn_protocols(["http/1.1"])
    return found
