"""The pieces of code in documents are those of the files they name, and a list fits into one package."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("renew_snippets", ROOT / "scripts" / "renew_snippets.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


SCRIPT = _script()
PIECES = [
    pytest.param(found[2], found[3], found[4], id=found[3])
    for path in SCRIPT.DOCUMENTS
    for found in SCRIPT.SHOWN.finditer(path.read_text(encoding="utf-8"))
]


def test_every_piece_of_python_names_its_file() -> None:
    for path in SCRIPT.DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert len(SCRIPT.SHOWN.findall(text)) == text.count("```python\n") > 0


@pytest.mark.parametrize(("file", "name", "shown"), PIECES)
def test_a_piece_stands_in_its_file_as_it_is_shown(file: str, name: str, shown: str) -> None:
    assert SCRIPT.piece(file, name) == shown, "run make docs and commit it"
    # An entry of a dictionary is no statement.
    compile(f"{{{shown}}}" if name.startswith('"') else shown, file, "exec")


@pytest.mark.parametrize(("file", "name", "shown"), PIECES)
def test_a_piece_is_typed_whole_where_it_stands(file: str, name: str, shown: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert file.partition("/")[0] in settings["files"]


def test_what_is_not_there_is_named() -> None:
    for name in ("nobody", "USER.nobody", 'command("user nobody")', '"nobody"'):
        with pytest.raises(LookupError, match=r"bot/features/user/commands\.py has no "):
            SCRIPT.piece("bot/features/user/commands.py", name)


def test_a_stale_piece_is_renewed_and_the_text_around_it_kept() -> None:
    said = "`bot/features/user/commands.py`: `show`\n\n```python\nold\n```\n"
    fresh = SCRIPT.renewed(f"Before.\n\n{said}\nAfter.\n")
    assert fresh.startswith("Before.\n\n`bot/") and fresh.endswith("```\n\nAfter.\n")
    assert "async def show(" in fresh and "old" not in fresh
    assert SCRIPT.renewed(fresh) == fresh


def test_the_pieces_of_a_list_are_at_most_sixty_lines() -> None:
    """Beside the client's method, the model and the sandbox's answer, which are others' packages."""
    text = (ROOT / "docs" / "adding-a-command.md").read_text(encoding="utf-8")
    listed = text.partition("\n## A list: `user followers`\n")[2].partition("\n## ")[0]
    shown = [found[4] for found in SCRIPT.SHOWN.finditer(listed) if found[2].startswith("bot/features/")]
    assert 0 < sum(len(one.splitlines()) for one in shown) <= 60
