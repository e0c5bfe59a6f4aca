"""The page that says how much room the commands leave of what Discord and Slack take."""

from __future__ import annotations

from pathlib import PurePath

from bot.core.commands.declaring import Catalogue

_HEADER = "<!-- Made by `make docs` from the declarations in bot/features. Do not edit. -->\n\n"
_ABOUT = """# Room for commands

What the declared commands use of the limits of Discord and Slack. A test fails where one is passed;
[what to do with a full group]({guide}).
"""
_GUIDE = "docs/adding-a-command.md"


def room_page(catalogue: Catalogue) -> str:
    """The page, as Markdown."""
    from adapters.slack.command_room import manifest_rooms
    from adapters.slack.manifest import manifest

    rooms = manifest_rooms(manifest(catalogue))
    about = _ABOUT.format(guide=f"../{PurePath(_GUIDE).name}#a-full-group")
    lines = [_HEADER + about, *_discord(catalogue), "\n## Slack\n"]
    lines.append("All commands are one slash command there, so only its usage hint grows with them.\n")
    lines.append("| limit | used | most | left |\n|---|---:|---:|---:|")
    lines.extend(f"| {one.what} | {one.used:,} | {one.most:,} | {one.most - one.used:,} |" for one in rooms)
    return "\n".join(lines) + "\n"


def _discord(catalogue: Catalogue) -> list[str]:
    from adapters.discord import limits
    from adapters.discord.command_room import root_rooms
    from adapters.discord.tree import command_tree

    tree = command_tree(catalogue)
    rooms = root_rooms(tree)
    entries = len(tree) - len(rooms)
    lines = [
        "## Discord\n",
        f"{len(rooms)} roots of {limits.ROOTS}, {entries} entries in the menu of messages of "
        f"{limits.MENU_ENTRIES}. Characters are those of names, descriptions and choices, each in its "
        "longest translation; of options and choices the most in one place are counted. What is left is room "
        "for translations that are so much longer than the texts there.\n",
        f"| root | characters of {limits.ROOT_CHARACTERS:,} | left | longer "
        f"| commands of {limits.SUBCOMMANDS} | options of {limits.COMMAND_OPTIONS} "
        f"| choices of {limits.COMMAND_CHOICES} |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in rooms:
        left = limits.ROOT_CHARACTERS - one.characters
        counts = f"{one.below} | {one.options} | {one.choices}"
        longer = f"{one.longer:.0%}" if one.longer < 1 else "any"
        lines.append(f"| `/{one.name}` | {one.characters:,} | {left:,} | {longer} | {counts} |")
    return lines
