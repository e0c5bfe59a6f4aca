"""Bytes and addresses: how requests are written and answers are read. Pure."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.xquik.transport import json_text

Query = Mapping[str, str | int | bool | None]
"""Query parameters; those that are None are left out."""


class FilePart(msgspec.Struct, frozen=True):
    """One file of a multipart body."""

    field: str
    name: str
    content_type: str
    data: bytes


def segment(value: str) -> str:
    """One path segment, percent-encoded, so that no id or name can point anywhere else."""
    if value in {"", ".", ".."} or len(value) > 256:
        raise UsageError(
            msg("That id is empty or malformed."), remedy=msg("Copy the id from the list again.")
        )
    return quote(value, safe="")


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """The one serialisation of a body: sorted, compact, ASCII, so that a repeat is byte-identical."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def multipart(fields: Mapping[str, Any], files: Sequence[FilePart], boundary: str) -> bytes:
    """A multipart body with sorted fields and a fixed boundary: byte-identical on a repeat."""
    out = bytearray()
    for name in sorted(fields):
        value = fields[name]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        out += _part_head(boundary, f'name="{name}"') + b"\r\n" + text.encode() + b"\r\n"
    for part in files:
        filename = re.sub(r"[^\w.\- ]", "_", part.name, flags=re.ASCII)[:100] or "file"
        kind = part.content_type
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind):
            kind = "application/octet-stream"
        out += _part_head(boundary, f'name="{part.field}"; filename="{filename}"')
        out += f"Content-Type: {kind}\r\n\r\n".encode() + part.data + b"\r\n"
    return bytes(out + f"--{boundary}--\r\n".encode())


def _part_head(boundary: str, disposition: str) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n"  # no message: of HTTP
    return head.encode()


def json_object(content: bytes) -> dict[str, Any] | None:
    """The JSON object of a body; {} for an empty body, None for anything else."""
    if not content.strip():
        return {}
    try:
        value = json_text.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def query_strings(query: Query) -> dict[str, str]:
    """The parameters as text: booleans as `true` and `false`, None left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in query.items()
        if value is not None
    }


def check_base_url(base_url: str) -> bool:
    """Whether it is a loopback address; ValueError when the key must not be sent there."""
    url = urlsplit(base_url)
    host = url.hostname or ""
    if not host or url.query or url.fragment or url.username or url.password:
        raise ValueError("xquik.base_url must be an address such as https://xquik.com/api/v1")
    loopback = _is_loopback(host)
    if url.scheme != "https" and not (url.scheme == "http" and loopback):
        raise ValueError("xquik.base_url must start with https:// (http:// is for loopback addresses only)")
    return loopback


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
