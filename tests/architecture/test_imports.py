"""The contracts of `[tool.importlinter]` in pyproject.toml hold, and they would notice a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def _lint(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _LINT], cwd=directory, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_import_keeps_the_contracts() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout[result.stdout.find("Broken contracts") :] + result.stderr


_BREACHES = {
    "bot.core.breach_of_layers": "import bot.storage.engine.database",
    "bot.core.breach_of_purity": "import httpx",
    "bot.storage.breach_of_layers": "import bot.relay",
    "bot.features.breach_of_tables": "import bot.storage.relay.routes",
    "bot.web.breach_of_tables": "from bot.storage.relay import overview",
    "bot.features.breach_of_approval": "from bot.xquik import writes",
    "bot.features.breach_of_platforms": "import discord",
    "bot.relay.breach_of_settings": "from bot.settings import Settings",
    "bot.relay.breach_of_transport": "def later() -> None:\n    import httpx",
    "bot.cards.breach_of_models": "import bot.xquik.transport.client",
    "bot.core.text.breach_of_rooms": "import bot.core.chat.cards",
    "bot.storage.engine.breach_of_rooms": "import bot.storage.relay.routes",
    "bot.relay.sending.breach_of_rooms": "import bot.relay.routing.router",
    "bot.xquik.transport.breach_of_rooms": "import bot.xquik.resources.reads",
    "bot.features.draw.breach_of_features": "import bot.features.media.commands",
    "bot.features.shared.breach_of_rooms": "import bot.features.draw.results",
    "bot.features.draw.cards.breach_of_cards": "import bot.storage.places.grants",
    "bot.sandbox.breach_of_independence": "import bot.core.chat.ids",
    "bot.cli.breach_of_independence": "import bot.sandbox.records",
    "adapters.playground.breach_of_ports": "import bot.storage.places.playground",
    "adapters.playground.breach_of_siblings": "import adapters.terminal",
}


@pytest.fixture(scope="module")
def noticed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the code with one module for each breach."""
    copy = tmp_path_factory.mktemp("breaches")
    for package in ("bot", "adapters"):
        ignored = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for module, statement in _BREACHES.items():
        path = copy.joinpath(*module.split(".")).with_suffix(".py")
        path.write_text(f'"""A breach."""\n\n{statement}\n')
    result = _lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout[result.stdout.find("Broken contracts") :]


@pytest.mark.parametrize("module", _BREACHES)
def test_a_breach_is_noticed(noticed: str, module: str) -> None:
    assert f"{module} " in noticed.replace("\n", " \n")
