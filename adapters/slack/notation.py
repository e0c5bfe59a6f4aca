"""Slack's own notation turned back into what the person saw, before the core gets a text.

In the text of a slash command `& < >` are escaped and what Slack recognised stands in angle brackets; in a
form nothing is, but emoji are names there too. Only what Slack wrote is undone: a person who types
`&lt;@U1&gt;` or `<@U1>` finds exactly that on X. Options that name a channel or a group keep its id.
Source: docs.slack.dev/messaging/formatting-message-text, …/implementing-slash-commands.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from adapters.slack.emoji_names import with_characters
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Values
from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.tasks import cancelled

# At most so many people, channels and groups of one text are looked up, and for so long: a form that the
# text may lead to has to open within three seconds.
LOOKED_UP = 10
SECONDS = 1.0

_TOKEN = re.compile(r"<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")
_LETTERS = re.compile(r"&(amp|lt|gt);")
_PERSON = re.compile(r"@([UW][A-Z0-9]{1,30})", re.ASCII)
_CHANNEL = re.compile(r"#([CGD][A-Z0-9]{1,30})", re.ASCII)
_GROUP = re.compile(r"!subteam\^(S[A-Z0-9]{1,30})", re.ASCII)
_EVERYBODY = ("!here", "!channel", "!everyone")
_WRITTEN = ("mailto:", "tel:")


class WorkspaceNames(Protocol):
    """What things of a workspace are called; None where Slack does not tell."""

    async def person(self, tenant: TenantId, user: str) -> str | None: ...
    async def channel(self, tenant: TenantId, channel: str) -> str | None: ...
    async def group(self, tenant: TenantId, group: str) -> str | None: ...


async def values_seen(
    command: Command[Any], values: Values, names: WorkspaceNames, tenant: TenantId
) -> dict[str, tuple[str, ...]]:
    """The values of a slash command, as they were cut from its escaped text, as the person saw them."""
    if not any(mark in given for items in values.values() for given in items for mark in "<&:"):
        return {name: tuple(items) for name, items in values.items()}
    kinds = {parameter.name: parameter for parameter in command.parameters}
    seen = [given for name, items in values.items() if _is_text(kinds[name]) for given in items]
    told = await _looked_up(seen, names, tenant)
    return {
        name: tuple(_seen(given, told) if _is_text(kinds[name]) else unescaped(given) for given in items)
        for name, items in values.items()
    }


def entered(values: Mapping[str, str]) -> dict[str, str]:
    """What was entered into the text fields of a form."""
    return {name: with_characters(value) for name, value in values.items()}


def unescaped(text: str) -> str:
    """`& < >` again; once, so that what looks like an escape in what was typed stays."""
    return _LETTERS.sub(lambda match: {"amp": "&", "lt": "<", "gt": ">"}[match[1]], text)


def _is_text(parameter: Parameter) -> bool:
    return parameter.kind is OptionKind.STRING and not parameter.verbatim


async def _looked_up(texts: Iterable[str], names: WorkspaceNames, tenant: TenantId) -> dict[str, str]:
    """Names by what stands for them, of those that Slack did not name itself and tells in time."""
    unnamed = [match[1] for text in texts for match in _TOKEN.finditer(text) if not match[2]]
    told: dict[str, str] = {}

    async def ask(target: str) -> None:
        name = await _name(target, names, tenant)
        if name:
            told[target] = name

    wanted = list(dict.fromkeys(unnamed))[:LOOKED_UP]
    if wanted:
        asked = [asyncio.create_task(ask(target)) for target in wanted]
        await cancelled(asked, grace=SECONDS)
    return told


async def _name(target: str, names: WorkspaceNames, tenant: TenantId) -> str | None:
    if match := _PERSON.fullmatch(target):
        name = await names.person(tenant, match[1])
        return name and f"@{name}"
    if match := _CHANNEL.fullmatch(target):
        name = await names.channel(tenant, match[1])
        return name and f"#{name}"
    if match := _GROUP.fullmatch(target):
        name = await names.group(tenant, match[1])
        return name and f"@{name}"
    return None


def _seen(text: str, told: Mapping[str, str]) -> str:
    parts: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts += [with_characters(unescaped(text[end : match.start()])), unescaped(_shown(match, told))]
        end = match.end()
    return "".join((*parts, with_characters(unescaped(text[end:]))))


def _shown(match: re.Match[str], told: Mapping[str, str]) -> str:
    """What Slack's composer showed for one token; the token itself where that cannot be known."""
    target, label = match[1], match[2] or ""
    if target.startswith(("http://", "https://")):
        return target
    if target.startswith(_WRITTEN):
        return label or target.partition(":")[2]
    if target in _EVERYBODY:
        return f"@{target[1:]}"
    if target.startswith("!date^"):
        return label or match[0]
    if label and target.startswith(("@", "!")):
        return f"@{label.removeprefix('@')}"
    if label and target.startswith("#"):
        return f"#{label.removeprefix('#')}"
    return told.get(target, match[0])
