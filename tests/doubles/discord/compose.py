"""Making and editing messages from request bodies, for channels, interactions and follow-ups alike."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors
from tests.doubles.discord.errors import Problem
from tests.doubles.discord.mentions import pings
from tests.doubles.discord.messages import Attachment, Message
from tests.doubles.discord.rules_components import walk
from tests.doubles.discord.rules_messages import (
    SETTABLE,
    Flag,
    check_flags,
    check_message,
    check_uploads,
)

if TYPE_CHECKING:
    from tests.doubles.discord.world import Channel, User, World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    content: bytes
    content_type: str


def new_message(
    channel: Channel,
    author: User,
    body: Json,
    uploads: Mapping[int, Upload],
    *,
    interaction: bool = False,
) -> Message:
    """A checked message, not yet stored anywhere. Raises `ApiError` for every broken limit."""
    flags = body.get("flags") or 0
    check_flags(flags, interaction=interaction)
    attachments = _attachments(channel, body, uploads, ())
    _check(body, flags, attachments)
    reference = _reference(channel, body.get("message_reference"))
    replied = channel.message(int(reference["message_id"])) if reference else None
    allowed = body.get("allowed_mentions")
    components = body.get("components") or []
    content = body.get("content") or ""
    nonce = body.get("nonce")
    return Message(
        channel.world.next_id(),
        channel,
        author,
        content=content,
        embeds=_embeds(body.get("embeds") or []),
        components=_stored(components, attachments),
        attachments=attachments,
        flags=flags,
        nonce=None if nonce is None else str(nonce),
        kind=19 if replied else 0,
        message_reference=reference,
        pings=pings(content, components, allowed, replied_to=replied.author.id if replied else None),
    )


def edit_message(message: Message, body: Json, uploads: Mapping[int, Upload]) -> None:
    """Apply a PATCH: keys that are absent stay, the merged result must be a valid message."""
    attachments = _attachments(message.channel, body, uploads, message.attachments)
    keeps = int(Flag.EPHEMERAL | Flag.CROSSPOSTED | Flag.HAS_THREAD | Flag.LOADING | Flag.COMPONENTS_V2)
    flags = message.flags
    if body.get("flags") is not None:
        # Bots send back what they read; only the settable bits change, and Components V2
        # can never be taken off.
        flags = (message.flags & keeps) | (body["flags"] & int(SETTABLE))
    merged = {
        "content": body.get("content", message.content),
        "embeds": body.get("embeds", message.embeds),
        "components": body.get("components") or [],
        "allowed_mentions": body.get("allowed_mentions"),
        "nonce": None,
    }
    kept_components = message.components if "components" not in body else []
    _check(merged, flags, attachments, kept=bool(kept_components))
    message.revise()
    message.flags = flags & ~int(Flag.LOADING)
    message.content = merged["content"] or ""
    message.embeds = _embeds(merged["embeds"] or [])
    message.attachments = attachments
    message.components = kept_components or _stored(merged["components"], attachments)
    message.pings |= pings(message.content, message.components, body.get("allowed_mentions"))


def _check(body: Json, flags: int, attachments: list[Attachment], *, kept: bool = False) -> None:
    check_message(body, flags=flags, files=[a.filename for a in attachments], kept_components=kept)


def _reference(channel: Channel, reference: Json | None) -> Json | None:
    if reference is None:
        return None
    if channel.message(int(reference["message_id"])) is None:
        if reference.get("fail_if_not_exists") is False:
            return None
        raise errors.ApiError(
            400, 50035, "Invalid Form Body", problems=[Problem("message_reference", "Unknown message")]
        )
    guild = {"guild_id": str(channel.guild.id)} if channel.guild else {}
    return {
        "type": 0,
        "channel_id": str(channel.id),
        "message_id": str(reference["message_id"]),
        **guild,
    }


def _attachments(
    channel: Channel, body: Json, uploads: Mapping[int, Upload], existing: list[Attachment] | tuple[()]
) -> list[Attachment]:
    check_uploads([len(u.content) for u in uploads.values()])
    described = body.get("attachments")
    if described is None:
        return [*existing, *(_store(channel, u, None, None) for u in uploads.values())]
    kept = {a.id: a for a in existing}
    result: list[Attachment] = []
    for index, entry in enumerate(described):
        number = int(entry["id"])
        if number in kept:
            result.append(kept[number])
        elif number in uploads:
            result.append(_store(channel, uploads[number], entry.get("filename"), entry.get("description")))
        else:
            raise errors.invalid_form(Problem(f"attachments.{index}.id", f"no file {number} in this request"))
    named = {int(entry["id"]) for entry in described}
    return [*result, *(_store(channel, u, None, None) for n, u in uploads.items() if n not in named)]


def _store(channel: Channel, upload: Upload, filename: str | None, description: str | None) -> Attachment:
    return store_attachment(channel.world, channel.id, upload, filename=filename, description=description)


def store_attachment(
    world: World,
    channel_id: int,
    upload: Upload,
    *,
    filename: str | None = None,
    description: str | None = None,
) -> Attachment:
    """Keep a file and give it an address that this server answers."""
    number, name = world.next_id(), filename or upload.filename
    world.files[number] = upload.content
    url = f"{world.address}/attachments/{channel_id}/{number}/{name}"
    return Attachment(number, name, upload.content, url, description, upload.content_type)


def _embeds(embeds: list[Json]) -> list[Json]:
    return [{"type": "rich", **embed} for embed in embeds]


def _stored(components: list[Json], attachments: list[Attachment]) -> list[Json]:
    """Components as Discord keeps them: numbered, defaults filled in, `attachment://` resolved to
    an address.
    """
    stored = copy.deepcopy(components)
    taken = {c["id"] for _, c in walk(stored) if c.get("id")}
    free = (n for n in range(1, 10_000) if n not in taken)
    for _, component in walk(stored):
        component["id"] = component.get("id") or next(free)
        for holder in [component, *(component.get("items") or [])]:
            for key in ("media", "file"):
                if isinstance(media := holder.get(key), dict):
                    _resolve(component, media, attachments)
    return stored


def _resolve(component: Json, media: Json, attachments: list[Attachment]) -> None:
    media.setdefault("id", str(component["id"]))
    media.setdefault("proxy_url", media["url"])
    name = media["url"].removeprefix("attachment://")
    found = next((a for a in attachments if a.filename == name), None)
    if found is None or name == media["url"]:
        return
    media |= {"url": found.url, "proxy_url": found.url, "attachment_id": str(found.id)}
    media["content_type"] = found.content_type
    if "file" in component:
        component |= {"name": found.filename, "size": len(found.content)}
