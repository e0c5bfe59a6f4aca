#!/usr/bin/env bash
# discord.py: CommandTree takes five entries for the menu of messages (and five for that of people) and refuses the
# sixth with CommandLimitReached. Discord itself takes fifteen of each since March 2026 (its documentation of
# application commands), so a bot that has more cannot hand them over by the library's own tree.
# Expected: the limit of Discord, as for slash commands, where the library knows the 100 of today.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "discord.py==2.7.1"
"$here/venv/bin/python" - <<'PY'
import sys

import discord
from discord import app_commands

DISCORD_TAKES = 15


async def act(interaction: discord.Interaction, message: discord.Message) -> None:
    """What stands behind each entry."""


def taken() -> tuple[int, str]:
    """How many entries the tree takes, and what it says to the next."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for number in range(DISCORD_TAKES):
        try:
            tree.add_command(app_commands.ContextMenu(name=f"Action {number + 1}", callback=act))
        except app_commands.CommandLimitReached as error:
            return number, str(error)
    return DISCORD_TAKES, ""


count, said = taken()
print(f"discord.py {discord.__version__}")
print(f"expected: {DISCORD_TAKES} entries in the menu of messages")
print(f"seen: {count}, then CommandLimitReached: {said}")
sys.exit(0 if count == 5 else 1)
PY
