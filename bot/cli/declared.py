"""What is made from the declarations: the reference, the Slack manifest, the Discord invitation."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli.room_page import room_page
from bot.core.errors import BotError
from bot.features.catalogue import catalogue
from bot.features.help.cards.reference import reference_pages


def write_reference(directory: Path | None, *, verify: bool) -> int:
    """Print the pages, write them, or (with `verify`) say whether the written ones are right."""
    pages = all_pages()
    if directory is None and not verify:
        sys.stdout.write("\n".join(pages.values()))
        return 0
    target = directory or Path("docs/reference")
    wrong = [name for name, text in pages.items() if _content(target / name) != text]
    if verify:
        if wrong:
            raise BotError(
                f"The reference is out of date: {', '.join(wrong)}.",
                remedy="Run it with --write, and commit what it wrote.",
            )
        return 0
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (target / name).write_text(text, encoding="utf-8")
    return 0


def all_pages() -> dict[str, str]:
    """The pages of docs/reference: file name → text."""
    declared = catalogue()
    return {**reference_pages(declared), "room.md": room_page(declared)}


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def print_slack_manifest(config: Path | None) -> None:
    """Print the manifest as JSON."""
    import json

    from adapters.slack.manifest import manifest
    from bot.settings import load

    settings = load(config)
    data = manifest(catalogue(), mode=settings.slack.mode, public_url=settings.web.public_url)
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


async def print_discord_invite(config: Path | None) -> int:
    """Ask Discord which application the token is of, and print its link."""
    from adapters.discord.invite import invite_url
    from bot.app.platforms.discord import discord_application_id
    from bot.settings import load

    application = await discord_application_id(load(config))
    sys.stdout.write(invite_url(application) + "\n")
    return 0
