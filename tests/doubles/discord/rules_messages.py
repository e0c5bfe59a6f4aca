"""The published limits of a message, as a pure check of what the message would be after the request."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import IntFlag
from typing import Any

from tests.doubles.discord.errors import Problem, empty_message, invalid_form, too_large
from tests.doubles.discord.rules_components import check_message_components

MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_TEXT = 6000
MAX_FILES = 10
MAX_UPLOAD = 10 * 1024 * 1024  # bytes, of one request, for a server without boosts
MAX_NONCE = 25


class Flag(IntFlag):
    """Message flags."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


SETTABLE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2


def check_message(
    body: dict[str, Any], *, flags: int, files: Collection[str], kept_components: bool = False
) -> None:
    """Raise an `ApiError` if a message of this body, with these resulting flags and file names, may
    not exist.

    `kept_components`: an edit leaves the (already checked) components as they are.
    """
    problems: list[Problem] = []
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components = body.get("components") or []
    v2 = bool(flags & Flag.COMPONENTS_V2)
    if v2:
        for name in ("content", "embeds", "poll"):
            if body.get(name):
                problems.append(Problem(name, "cannot be used with the Components V2 flag"))
    if len(content) > MAX_CONTENT:
        problems.append(Problem("content", f"must be {MAX_CONTENT} or fewer in length, has {len(content)}"))
    problems += _check_embeds(embeds)
    problems += check_message_components(components, v2=v2, files=files)
    problems += _check_mentions(body.get("allowed_mentions"))
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > MAX_NONCE:
        problems.append(Problem("nonce", f"must be {MAX_NONCE} or fewer in length, has {len(nonce)}"))
    if len(files) > MAX_FILES:
        problems.append(Problem("attachments", f"{len(files)} files, at most {MAX_FILES}"))
    if problems:
        raise invalid_form(*problems)
    if not (
        content
        or embeds
        or components
        or kept_components
        or files
        or body.get("sticker_ids")
        or body.get("poll")
    ):
        raise empty_message()


def check_uploads(sizes: Collection[int]) -> None:
    if sum(sizes) > MAX_UPLOAD:
        raise too_large()


def check_flags(flags: int, *, interaction: bool) -> None:
    """Flags that a bot may ask for; EPHEMERAL only where there is an interaction."""
    allowed = SETTABLE | (Flag.EPHEMERAL if interaction else 0)
    if flags & ~int(allowed):
        raise invalid_form(Problem("flags", f"flags {flags & ~int(allowed)} cannot be set here"))


def _check_embeds(embeds: list[dict[str, Any]]) -> Iterator[Problem]:
    if len(embeds) > MAX_EMBEDS:
        yield Problem("embeds", f"{len(embeds)} embeds, at most {MAX_EMBEDS}")
    total = 0
    for index, embed in enumerate(embeds):
        fields = embed.get("fields") or []
        texts: list[tuple[str, str, int]] = [
            ("title", embed.get("title") or "", 256),
            ("description", embed.get("description") or "", 4096),
            ("footer.text", (embed.get("footer") or {}).get("text") or "", 2048),
            ("author.name", (embed.get("author") or {}).get("name") or "", 256),
        ]
        for number, field in enumerate(fields):
            for key, limit in (("name", 256), ("value", 1024)):
                texts.append((f"fields.{number}.{key}", field.get(key) or "", limit))
                if not field.get(key):
                    yield Problem(f"embeds.{index}.fields.{number}.{key}", "this field is required")
        if len(fields) > 25:
            yield Problem(f"embeds.{index}.fields", f"{len(fields)} fields, at most 25")
        for path, text, limit in texts:
            total += len(text)
            if len(text) > limit:
                yield Problem(
                    f"embeds.{index}.{path}", f"must be {limit} or fewer in length, has {len(text)}"
                )
    if total > MAX_EMBED_TEXT:
        yield Problem("embeds", f"{total} characters over all embeds, at most {MAX_EMBED_TEXT}")


def _check_mentions(allowed: dict[str, Any] | None) -> Iterator[Problem]:
    if not allowed:
        return
    parse = allowed.get("parse") or []
    if wrong := [one for one in parse if one not in ("users", "roles", "everyone")]:
        yield Problem("allowed_mentions.parse", f"unknown kinds {wrong}")
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if listed and kind in parse:
            yield Problem(f"allowed_mentions.{kind}", f"mutually exclusive with parse: {kind}")
        if len(listed) > 100:
            yield Problem(f"allowed_mentions.{kind}", f"{len(listed)} entries, at most 100")
        if len(set(map(str, listed))) != len(listed):
            yield Problem(f"allowed_mentions.{kind}", "entries must be unique")
        if wrong := [one for one in listed if not str(one).isdecimal()]:
            yield Problem(f"allowed_mentions.{kind}", f"{wrong} are not snowflakes")
