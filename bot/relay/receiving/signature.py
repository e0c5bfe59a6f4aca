"""Whether a delivery was signed by Xquik, over the bytes as they came. Pure.

X-Xquik-Timestamp (epoch milliseconds), X-Xquik-Nonce (32 lower-case hex digits) and
X-Xquik-Signature ("sha256=" + 64 hex digits of HMAC-SHA256(secret, "timestamp.nonce.body")).
Source: the vendor's AsyncAPI document, securitySchemes and message headers.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import msgspec

# How far a timestamp may be from our clock, in milliseconds, either way.
WINDOW_MS = 5 * 60 * 1000

_TIMESTAMP = re.compile(rb"[0-9]{1,16}")
_NONCE = re.compile(rb"[0-9a-f]{32}")
_SIGNATURE = re.compile(rb"sha256=([0-9a-f]{64})")
_NAMES = (b"x-xquik-timestamp", b"x-xquik-nonce", b"x-xquik-signature")


class RejectionCause(StrEnum):
    """Why a delivery was turned away; also the label of the figure that counts them."""

    HEADERS = "headers"
    SIGNATURE = "signature"
    STALE = "stale"
    FUTURE = "future"


class Verified(msgspec.Struct, frozen=True):
    """Signed, and within the window. timestamp: epoch milliseconds."""

    timestamp: int
    nonce: str


@dataclass(frozen=True, slots=True)
class RejectedDelivery:
    """Not acceptable, now or ever. skew: where it is the time's fault, by how many seconds the timestamp
    is before our clock (behind it: negative)."""

    cause: RejectionCause
    skew: float | None = field(default=None, compare=False)


Verdict: TypeAlias = Verified | RejectedDelivery


class Sealed(msgspec.Struct, frozen=True):
    """What the headers say of a body that has not been looked at. digest: 32 bytes."""

    timestamp: bytes
    nonce: bytes
    digest: bytes


def verify(
    secrets: Sequence[bytes], headers: Iterable[tuple[bytes, bytes]], body: bytes, now_ms: float
) -> Verdict:
    """Check one delivery: `read_headers` and `check` in one."""
    sealed = read_headers(headers, now_ms)
    return sealed if isinstance(sealed, RejectedDelivery) else check(secrets, sealed, body)


def read_headers(headers: Iterable[tuple[bytes, bytes]], now_ms: float) -> Sealed | RejectedDelivery:
    """Check all that can be checked before the body is read: shapes and the time.

    headers: as ASGI gives them: lower-case names, raw values (bytes, so that nothing needs decoding
    before it is compared). now_ms: epoch milliseconds.
    """
    # White space around a value is none of it (RFC 9110, 5.5); not every parser takes it off at the end.
    found = [(name, value.strip(b" \t")) for name, value in headers if name in _NAMES]
    values = dict(found)
    if len(found) != len(_NAMES) or len(values) != len(_NAMES):  # missing, or there twice
        return RejectedDelivery(RejectionCause.HEADERS)
    timestamp, nonce, signature = (values[name] for name in _NAMES)
    shape = _SIGNATURE.fullmatch(signature)
    if not (shape and _TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        return RejectedDelivery(RejectionCause.HEADERS)
    at = int(timestamp)
    if at < now_ms - WINDOW_MS:
        return RejectedDelivery(RejectionCause.STALE, (at - now_ms) / 1000)
    if at > now_ms + WINDOW_MS:
        return RejectedDelivery(RejectionCause.FUTURE, (at - now_ms) / 1000)
    return Sealed(timestamp, nonce, bytes.fromhex(shape[1].decode("ascii")))


def check(secrets: Sequence[bytes], sealed: Sealed, body: bytes) -> Verdict:
    """Whether one of the secrets signed the body.

    secrets: every secret that is valid now; two while one is being rotated. body: the raw bytes.
    """
    message = b".".join((sealed.timestamp, sealed.nonce, body))
    # No early exit: how long it takes does not depend on which secret fits.
    fits = [hmac.compare_digest(hmac.digest(s, message, "sha256"), sealed.digest) for s in secrets]
    if not any(fits):
        return RejectedDelivery(RejectionCause.SIGNATURE)
    return Verified(int(sealed.timestamp), sealed.nonce.decode("ascii"))
