"""The command line: `xquik-bot`."""

from bot.cli.main import main

__all__ = ["main"]
