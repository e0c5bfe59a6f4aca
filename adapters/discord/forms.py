"""Forms as Discord modals, and what comes back from them.

Discord has no hidden input: a secret is a short text field, seen while it is typed by the person
alone, and never shown again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never

from adapters.discord import limits
from adapters.discord.escape import clean, within
from adapters.discord.kinds import OFFERED_CHANNELS, Component, Type
from bot.core.chat.cards import Form, Input, InputKind
from bot.core.messages.message import msg
from bot.core.messages.speaking import say
from bot.core.text.graphemes import boundary
from bot.core.x.media_refs import attached_at
from bot.i18n.speaking import in_its_language

_SHORT, _PARAGRAPH = 1, 2
_MENTION = re.compile(r"<@!?(&?)(\d{5,25})>", re.ASCII)
_TRUE = ("true", "yes", "y", "on", "1")


@in_its_language
def modal(form: Form) -> dict[str, Any]:
    """The data of a callback that opens the form.

    A value longer than a field can show is not asked for again: what was typed is kept with the
    form's state, and a cut text would replace it. Where that very field is to be changed it is shown cut,
    and says so.
    """
    shown = [_cut(one) if one.name == form.about else one for one in form.inputs]
    # What was attached before stays with the form's state; it is asked for anew where it was at fault.
    shown = [
        one for one in shown if not (one.kind is InputKind.MEDIA and one.value and one.name != form.about)
    ]
    inputs = [one for one in shown if limits.size(one.value) <= limits.INPUT_VALUE] or form.inputs
    components = [_label(one) for one in inputs[: limits.MODAL_COMPONENTS]]
    if form.note and len(components) < limits.MODAL_COMPONENTS:
        components.insert(0, {"type": Type.TEXT, "content": within(form.note, 500)})
    return {
        "title": _plain(form.title, limits.MODAL_TITLE) or say(msg("Form")),
        "custom_id": str(form.action),
        "components": components,
    }


def _cut(one: Input) -> Input:
    """The field with as much of its value as a form holds."""
    if limits.size(one.value) <= limits.INPUT_VALUE:
        return one
    said = say(msg("A form holds {most} characters; the end of yours was cut off.", most=limits.INPUT_VALUE))
    cut = one.value[: limits.INPUT_VALUE]
    # Each character takes at least one of what it is too long by.
    cut = cut[: boundary(cut, len(cut) - (limits.size(cut) - limits.INPUT_VALUE))]
    return replace(one, value=cut, hint=said)


def submitted(data: Mapping[str, Any]) -> dict[str, str]:
    """The values of a submitted modal by input name. A channel is `<#id|name>`; nothing chosen is ""."""
    resolved = data.get("resolved") or {}
    return {field["custom_id"]: _value(field, resolved) for field in _fields(data.get("components") or [])}


def channel_text(channel: str, resolved: Mapping[str, Any]) -> str:
    """A chosen channel in the notation of `bot.core.commands.binding`, with its name where Discord tells
    it."""
    name = str((resolved.get(channel) or {}).get("name") or "")
    usable = "".join(c for c in name if c not in "<>|\n")
    return f"<#{channel}|{usable}>"


def mention_text(subject: str, resolved: Mapping[str, Any]) -> str:
    """A chosen person or role in the notation of `bot.core.commands.subjects`."""
    return f"<@&{subject}>" if subject in (resolved.get("roles") or {}) else f"<@{subject}>"


def attachment_text(attachment: str, resolved: Mapping[str, Any]) -> str:
    """A file that was attached, as `bot.core.x.media_refs` names it: by where Discord keeps it."""
    found = (resolved.get("attachments") or {}).get(attachment) or {}
    return attached_at(str(found.get("url") or ""))


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        inner = component.get("component")
        for field in [inner] if inner else component.get("components") or []:
            if "custom_id" in field:
                yield field


def _value(field: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    if "value" in field:
        return str(field["value"] or "")
    values = [str(value) for value in field.get("values") or ()]
    if field.get("type") == Type.CHANNEL_SELECT:
        values = [channel_text(value, resolved.get("channels") or {}) for value in values]
    if field.get("type") == Type.MENTIONABLE_SELECT:
        values = [mention_text(value, resolved) for value in values]
    if field.get("type") == Type.FILE_UPLOAD:
        return " ".join(attachment_text(value, resolved) for value in values)
    return ", ".join(values)


def _label(one: Input) -> Component:
    label: Component = {
        "type": Type.LABEL,
        "label": _plain(one.label, limits.MODAL_LABEL) or _plain(one.name, limits.MODAL_LABEL),
        "component": _component(one),
    }
    hint = _plain(one.hint, limits.MODAL_DESCRIPTION)
    return label | {"description": hint} if hint else label


def _component(one: Input) -> Component:
    match one.kind:
        case InputKind.TEXT | InputKind.INTEGER | InputKind.SECRET:
            return _text(one, _PARAGRAPH if one.tall else _SHORT)
        case InputKind.PARAGRAPH:
            return _text(one, _PARAGRAPH)
        case InputKind.BOOLEAN:
            return _select(one, [(say(msg("Yes")), "yes"), (say(msg("No")), "no")], _yes_or_no(one.value))
        case InputKind.CHOICE:
            options = [(choice.label, choice.value) for choice in one.choices]
            fits = len(options) <= limits.SELECT_OPTIONS
            longest = max((len(value) for _, value in options), default=0)
            if not options or not fits or longest > limits.OPTION_VALUE:
                return _text(one, _SHORT)
            return _select(one, options, one.value)
        case InputKind.CHANNEL:
            return _channel(one) if _channel_ids(one) is not None else _text(one, _SHORT)
        case InputKind.SUBJECT:
            return _mentionable(one) if not one.suggested else _text(one, _SHORT)
        case InputKind.MEDIA:
            return _files(one)
        case _:
            assert_never(one.kind)


def _files(one: Input) -> Component:
    """Files to choose on the person's own machine."""
    return {
        "type": Type.FILE_UPLOAD,
        "custom_id": one.name,
        "required": one.required,
        "min_values": 1 if one.required else 0,
        "max_values": (one.most or 1) if one.many else 1,
    }


def _text(one: Input, style: int) -> Component:
    longest = min(one.max_length or limits.INPUT_VALUE, limits.INPUT_VALUE)
    field: Component = {
        "type": Type.INPUT,
        "custom_id": one.name,
        "style": style,
        "required": one.required,
        "max_length": longest,
    }
    # A secret is never sent back to where it came from.
    if one.value and one.kind is not InputKind.SECRET and len(one.value) <= longest:
        field["value"] = one.value
    return field


def _select(one: Input, options: Sequence[tuple[str, str]], chosen: str) -> Component:
    folded = chosen.casefold()
    return {
        "type": Type.SELECT,
        "custom_id": one.name,
        "required": one.required,
        "min_values": 1 if one.required else 0,
        "max_values": 1,
        "options": [
            {
                "label": _plain(label, limits.OPTION_LABEL) or value,
                "value": value,
                "default": bool(folded) and folded in (value.casefold(), label.casefold()),
            }
            for label, value in options
        ],
    }


def _channel(one: Input) -> Component:
    field: Component = {
        "type": Type.CHANNEL_SELECT,
        "custom_id": one.name,
        "required": one.required,
        "min_values": 1 if one.required else 0,
        "max_values": limits.CHANNELS if one.many else 1,
        "channel_types": list(OFFERED_CHANNELS),
    }
    if given := _channel_ids(one):
        field["default_values"] = [{"id": channel, "type": "channel"} for channel in given]
    return field


def _mentionable(one: Input) -> Component:
    """A picker of people and roles; a text where something else was given, which it would lose."""
    given = _MENTION.fullmatch(one.value.strip())
    if one.value.strip() and not given:
        return _text(one, _SHORT)
    field: Component = {
        "type": Type.MENTIONABLE_SELECT,
        "custom_id": one.name,
        "required": one.required,
        "min_values": 1 if one.required else 0,
        "max_values": 1,
    }
    if given:
        field["default_values"] = [{"id": given[2], "type": "role" if given[1] else "user"}]
    return field


def _channel_ids(one: Input) -> list[str] | None:
    """The channels that were given; None where a picker cannot show all of them, and would lose what was
    typed."""
    given = [text.strip() for text in one.value.split(",")] if one.many else [one.value]
    ids = [text.removeprefix("<#").partition("|")[0].removesuffix(">") for text in given if text]
    return ids if all(map(str.isdecimal, ids)) and len(ids) <= limits.CHANNELS else None


def _yes_or_no(value: str) -> str:
    if not value:
        return ""
    return "yes" if value.casefold() in _TRUE else "no"


def _plain(text: str, limit: int) -> str:
    """A line without markup, as labels are: they are not parsed."""
    return limits.clip(" ".join(clean(text).split()), limit)
