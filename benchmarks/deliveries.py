"""Signed deliveries as Xquik sends them, made beforehand so that the load costs nothing to make."""

from __future__ import annotations

import hashlib
import hmac
import json
from random import Random

from benchmarks.seeding import TWEET

HOOK = "bench-hook"
PATH = f"/hooks/xquik/{HOOK}"
SECRET = "whsec_" + "5a" * 32


def body(number: int) -> bytes:
    """The raw bytes of one delivery, different for each number."""
    tweet = {**TWEET, "id": f"18934567{number:011}"}
    content = {
        "schemaVersion": 1,
        "streamEventId": str(number),
        "deliveryId": f"d{number}",
        "eventType": "tweet.new",
        "occurredAt": "2026-02-27T12:00:00.000Z",
        "username": "nasa",
        "data": tweet,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def headers(raw: bytes, nonce: str, at: float) -> dict[str, str]:
    """What signs the bytes. nonce: 32 hexadecimal digits; at: epoch seconds."""
    stamp = str(int(at * 1000))
    digest = hmac.new(SECRET.encode(), f"{stamp}.{nonce}.".encode() + raw, hashlib.sha256).hexdigest()
    return {
        "X-Xquik-Timestamp": stamp,
        "X-Xquik-Nonce": nonce,
        "X-Xquik-Signature": f"sha256={digest}",
        "Content-Type": "application/json",
    }


def requests(first: int, count: int, at: float, seed: int) -> list[bytes]:
    """Whole HTTP/1.1 requests, ready to be written to a socket."""
    random = Random(seed)
    made = []
    for number in range(first, first + count):
        raw = body(number)
        lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Xquik-Webhooks/1.0"]
        lines += [f"{k}: {v}" for k, v in headers(raw, f"{random.getrandbits(128):032x}", at).items()]
        lines += [f"Content-Length: {len(raw)}", "", ""]
        made.append("\r\n".join(lines).encode() + raw)
    return made
