"""The reference of all commands as Markdown, made from their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.help import default_words, kind_words
from bot.core.access import Permission
from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Catalogue, Command, Effect, Group

_HEADER = "<!-- Made by `make docs` from the declarations in bot/features. Do not edit. -->\n\n"
_EFFECTS = {
    Effect.READ: "changes nothing",
    Effect.SPEND: "",
    Effect.PUBLISH: "changes X, after Confirm",
    Effect.SETTINGS: "changes settings",
}
_AUDIENCES = {
    Audience.PRIVATE: "only you see the answer",
    Audience.CONFIDENTIAL: "asks first; only you see the answer, and it is kept nowhere",
    Audience.CHANNEL: "the channel sees the answer",
}


def reference_pages(catalogue: Catalogue) -> dict[str, str]:
    """File name → text."""
    lines = [_HEADER + "# Commands\n"]
    lines.append(
        "In Discord a command is written `/draw run …`, in Slack `/xquik draw run …`, on the playground "
        'and with `xquik-bot exec` without either. Values are `name:value`, `name:"two words"` or '
        "`--name value`; the main value (marked ●) needs no name.\n"
    )
    lines.append(
        "A tweet is given by its id or its link: on x.com or twitter.com in any form, or on a mirror such as "
        "fixupx.com, also inside a sentence. An account is `nasa`, `@nasa` or a link. A link or an `@name` "
        "without any command offers what can be done with it.\n"
    )
    for group in catalogue.groups:
        lines.append(f"- [{group.name}](#{group.name}): {group.summary}")
    menu = {offer.path: action.name for action, offer in catalogue.message_actions}
    for group in catalogue.groups:
        lines.extend(_group(group, menu))
    return {"commands.md": "\n".join(lines) + "\n"}


def _group(group: Group, menu: Mapping[tuple[str, ...], str]) -> list[str]:
    lines = [f"\n## {group.name}\n", f"{group.summary}."]
    if group.under is not None:
        lines.append(f"In Discord these commands are found under `/{group.under.name} {group.name}`.")
    if group.default:
        lines.append(f"`{group.name}` alone means `{group.name} {group.default}`.")
    for command in group.commands:
        lines.extend(_command(command, menu.get(command.path, "")))
    return lines


def _command(command: Command[Any], menu: str) -> list[str]:
    """menu: what the menus of messages call it, "" for one that is not in them."""
    needs = ", ".join(p.names()[0] for p in Permission if p in command.needs)
    cost = "free" if command.cost.free else f"costs {command.cost.words}"
    facts = (
        f"Needs: {needs or 'no permission'}",
        _EFFECTS[command.effect],
        cost,
        _AUDIENCES[command.audience],
    )
    lines = [
        f"\n### `{command.name}`\n",
        f"{command.summary}.\n",
        " · ".join(part for part in facts if part) + "\n",
    ]
    if menu:
        lines.append(f"In the menu of a message that links to a tweet: **{menu}**.\n")
    if command.parameters:
        lines.append("| option | takes | meaning |\n|---|---|---|")
        for parameter in command.parameters:
            mark = " ●" if parameter.main else ""
            required = "required" if parameter.required else default_words(parameter) or "optional"
            takes = f"{kind_words(parameter)}; {required}".replace("|", "\\|")
            lines.append(f"| `{parameter.name}`{mark} | {takes} | {parameter.description} |")
        lines.append("")
    lines.extend(f"{note}\n" for note in command.notes)
    lines.extend(f"    {example}" for example in command.examples)
    return lines
