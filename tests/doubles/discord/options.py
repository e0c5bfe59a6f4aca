"""The options of a slash command as the client sends them, checked against the registered
declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.doubles.discord import payloads
from tests.doubles.discord.compose import Upload, store_attachment
from tests.doubles.discord.messages import Attachment
from tests.doubles.discord.rules_commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    SUBCOMMAND_GROUP,
    USER,
)
from tests.doubles.discord.world import Channel, Member, Role, World

if TYPE_CHECKING:
    from tests.doubles.discord.world import User

Json = dict[str, Any]
_PLAIN: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}
_OBJECTS: dict[int, tuple[type, ...]] = {
    USER: (Member,),
    ROLE: (Role,),
    MENTIONABLE: (Member, Role),
    CHANNEL: (Channel,),
    ATTACHMENT: (Attachment, tuple),  # or (name, bytes), not uploaded yet
}


class NotOffered(ValueError):
    """Discord's client would not let a person do this."""


class Resolved:
    """The objects that ids in the data refer to, as they accompany it."""

    def __init__(self, world: World, channel: Channel) -> None:
        self._world = world
        self._channel = channel
        self._found: dict[str, dict[str, Json]] = {}

    def payload(self) -> Json:
        return {"resolved": self._found} if self._found else {}

    def member(self, member: Member) -> str:
        self._add("members", member.id, payloads.member(member, channel=self._channel))
        return self._add("users", member.id, payloads.user(member.user))

    def user(self, user: User) -> str:
        return self._add("users", user.id, payloads.user(user))

    def role(self, role: Role) -> str:
        return self._add("roles", role.id, payloads.role(role))

    def channel(self, channel: Channel) -> str:
        return self._add("channels", channel.id, payloads.channel(channel) | {"permissions": "0"})

    def file(self, file: tuple[str, bytes] | Attachment) -> str:
        if not isinstance(file, Attachment):
            name, content = file
            file = store_attachment(
                self._world, self._channel.id, Upload(name, content, "application/octet-stream")
            )
        data = payloads.attachment(file) | {"ephemeral": True}
        # As Discord says it: on its own host, signed, whatever serves it here.
        path = urlsplit(data["url"]).path
        data["url"] = f"https://cdn.discordapp.com{path}?ex=6a0&is=6a1&hm=00ff"
        return self._add("attachments", file.id, data)

    def any(self, value: Any) -> str:
        """A member, role, channel or file, whichever it is."""
        if isinstance(value, Member):
            return self.member(value)
        if isinstance(value, Role):
            return self.role(value)
        if isinstance(value, Channel):
            return self.channel(value)
        if isinstance(value, (Attachment, tuple)):
            return self.file(value)
        raise NotOffered(f"{value!r} is no member, role, channel or file")

    def _add(self, kind: str, id: int, data: Json) -> str:
        self._found.setdefault(kind, {})[str(id)] = data
        return str(id)


def path_options(root: Json, rest: list[str], leaf_options: Callable[[Json], list[Json]]) -> list[Json]:
    """Options nested as subcommands are: `leaf_options` gives those of the last one."""
    nested = [o for o in root.get("options") or [] if o["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP)]
    if not rest:
        if nested:
            raise NotOffered(f"{root['name']!r} needs a subcommand: {[o['name'] for o in nested]}")
        return leaf_options(root)
    name, *further = rest
    found = next((o for o in nested if o["name"] == name), None)
    if found is None:
        raise NotOffered(f"no subcommand {name!r} of {root['name']!r}: {[o['name'] for o in nested]}")
    return [{"type": found["type"], "name": name, "options": path_options(found, further, leaf_options)}]


def bind(
    leaf: Json, given: Mapping[str, Any], resolved: Resolved, *, focused: tuple[str, str] | None = None
) -> list[Json]:
    """The options in the order typed. With `focused` (autocomplete), required options may still be
    missing.
    """
    declared = {o["name"]: o for o in leaf.get("options") or []}
    if unknown := set(given) - set(declared):
        raise NotOffered(f"{leaf['name']!r} has no options {sorted(unknown)}, only {sorted(declared)}")
    missing = [o["name"] for o in declared.values() if o.get("required") and o["name"] not in given]
    if missing and focused is None:
        raise NotOffered(f"{leaf['name']!r} misses the required options {missing}")
    bound = [_option(declared[name], value, resolved) for name, value in given.items()]
    if focused is not None:
        name, typed = focused
        if not declared.get(name, {}).get("autocomplete"):
            raise NotOffered(f"option {name!r} of {leaf['name']!r} has no autocomplete")
        # What stands in the field so far, unchecked and as text, numbers too.
        bound.append({"type": declared[name]["type"], "name": name, "value": typed, "focused": True})
    return bound


def _option(option: Json, value: Any, resolved: Resolved) -> Json:
    return {"type": option["type"], "name": option["name"], "value": _value(option, value, resolved)}


def _value(option: Json, value: Any, resolved: Resolved) -> Any:
    kind, name = option["type"], option["name"]
    if (expected := _PLAIN.get(kind)) is not None:
        if not isinstance(value, expected) or (kind != BOOLEAN and isinstance(value, bool)):
            raise NotOffered(f"option {name!r} does not take {value!r}")
        _check_range(option, value)
        return value
    if (expected := _OBJECTS.get(kind)) is not None:
        if not isinstance(value, expected):
            raise NotOffered(f"option {name!r} does not take {value!r}")
        kinds = option.get("channel_types")
        if isinstance(value, Channel) and kinds and value.kind not in kinds:
            raise NotOffered(f"option {name!r} takes channels of types {kinds}, not {value.kind!r}")
        return resolved.any(value)
    raise NotOffered(f"option {name!r} has an unknown type {kind}")


def _check_range(option: Json, value: Any) -> None:
    name = option["name"]
    choices = option.get("choices")
    if choices and value not in [c["value"] for c in choices]:
        raise NotOffered(f"option {name!r}: {value!r} is none of {[c['value'] for c in choices]}")
    measure = len(value) if isinstance(value, str) else value
    low = option.get("min_length" if isinstance(value, str) else "min_value")
    high = option.get("max_length" if isinstance(value, str) else "max_value")
    if isinstance(value, str) and len(value) > 6000:
        raise NotOffered(f"option {name!r}: longer than 6,000 characters")
    if (low is not None and measure < low) or (high is not None and measure > high):
        raise NotOffered(f"option {name!r}: {value!r} is not within {low}–{high}")
