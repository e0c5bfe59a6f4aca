"""The same part of an adapter has the same file name in each. What one has not got stands here, with why."""

from __future__ import annotations

from pathlib import Path

import pytest

ADAPTERS = Path(__file__).resolve().parents[2] / "adapters"
PARTS = (
    "platform.py",
    "interactions.py",
    "interaction.py",
    "responder.py",
    "messenger.py",
    "forms.py",
    "render.py",
    "blocks.py",
    "inline.py",
    "escape.py",
    "errors.py",
    "limits.py",
    "settings.py",
    "check.py",
)
_IN_THE_BROWSER = "the page draws cards and forms itself"
_ONE_COMMAND = "one command is typed and printed: bot/cli/conversation.py"
LACKS = {
    "playground": {
        "forms.py": _IN_THE_BROWSER,
        "render.py": _IN_THE_BROWSER,
        "blocks.py": _IN_THE_BROWSER,
        "inline.py": _IN_THE_BROWSER,
        "escape.py": "the page sets texts as texts, and nothing is markup there",
        "errors.py": "a message goes into our own database",
        "check.py": "nothing stands outside",
    },
    "terminal": {
        "platform.py": _ONE_COMMAND,
        "interactions.py": _ONE_COMMAND,
        "interaction.py": _ONE_COMMAND,
        "errors.py": "a terminal refuses nothing",
        "limits.py": "a terminal has none",
        "settings.py": "there is nothing to set",
        "check.py": "nothing stands outside",
    },
}
_NAMES = sorted(path.name for path in ADAPTERS.iterdir() if (path / "__init__.py").exists())


def test_the_adapters_are_those_of_the_table() -> None:
    assert _NAMES == ["discord", "playground", "slack", "terminal"]


@pytest.mark.parametrize("adapter", _NAMES)
def test_each_part_has_the_same_file_name_in_every_adapter(adapter: str) -> None:
    there = {part for part in PARTS if (ADAPTERS / adapter / part).exists()}
    assert there == set(PARTS) - set(LACKS.get(adapter, ()))


@pytest.mark.parametrize("part", ["render.js", "blocks.js", "inline.js", "forms.js"])
def test_what_the_page_draws_itself_has_the_same_names(part: str) -> None:
    assert (ADAPTERS / "playground" / "static" / "js" / part).exists()
