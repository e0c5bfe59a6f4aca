"""`xquik-bot example`: whole files to begin with, also where only the package is installed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

# In an installed package; the repository, from which they are taken, has them elsewhere.
_INSTALLED: Final = Path(__file__).parent / "examples"
_REPOSITORY: Final = Path(__file__).parents[2]
_FENCE: Final = "```"


class Example(StrEnum):
    """Which file."""

    SETTINGS = "settings"
    TENANTS = "tenants"


def example(kind: Example) -> str:
    """The settings file, with every key explained; or the file of `apply`, as docs/admin/apply.md has it."""
    if kind is Example.SETTINGS:
        return _read("config.example.toml")
    _, _, rest = _read("apply.md", "docs", "admin").partition(f"{_FENCE}toml\n[[tenant]]")
    return f"[[tenant]]{rest.partition(_FENCE)[0]}"


def _read(name: str, *directories: str) -> str:
    installed = _INSTALLED / name
    path = installed if installed.exists() else _REPOSITORY.joinpath(*directories, name)
    return path.read_text(encoding="utf-8")
