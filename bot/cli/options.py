"""Options that several commands of `xquik-bot` share, and the values that they take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The settings file; config.toml in this directory if left out."),
]


class Role(StrEnum):
    """What a process of the bot does."""

    ALL = "all"
    WEB = "web"
    RELAY = "relay"
    DISCORD = "discord"
    SLACK = "slack"


class AsFile(StrEnum):
    """The formats of a list (`bot.tabular.formats.TableFormat`, which would be slow to import here)."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    XLSX = "xlsx"


class AsRole(StrEnum):
    """Whom `exec` acts as."""

    MEMBER = "member"
    ADMIN = "admin"
