"""What an installed package has; and that messages name no file of the repository, and no `make`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.apply_file import read_document
from bot.cli.examples import Example, example
from bot.settings import load
from tests.cli.program import xquik_bot

ROOT = Path(__file__).resolve().parents[2]
# What stands in the repository alone.
ABSENT = re.compile(
    r"\bdocs/|\bmake (?:docs|demo|test|setup|check|lock|fuzz)\b|config\.example\.toml|README|CONTRIBUTING|"
    r"requirements[\w-]*\.(?:lock|txt)|\btests/|\bscripts/|Makefile|compose\.yaml|\.venv\b"
)
# Texts that go into the repository itself, or name where things are to whoever builds there.
OF_THE_REPOSITORY = {
    ("bot/cli/declared.py", "docs/reference"),
    ("bot/cli/examples.py", "config.example.toml"),
    ("bot/cli/room_page.py", "make docs"),
    ("bot/cli/room_page.py", "docs/adding-a-command.md"),
    ("bot/features/help/cards/reference.py", "make docs"),
}


def _texts(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def test_no_message_names_what_only_the_repository_has() -> None:
    found = set()
    for package in ("bot", "adapters"):
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            found |= {
                (name, text)
                for text in _texts(path)
                if (hit := ABSENT.search(text))
                and not any(name == where and part in text for where, part in OF_THE_REPOSITORY)
                and hit
            }
    assert found == set()


@pytest.mark.parametrize(
    "text", ["see docs/relay.md", "Run make docs.", "config.example.toml has it", "look into README.md"]
)
def test_such_texts_would_be_found(text: str) -> None:
    assert ABSENT.search(text)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is installed."""
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = directory.glob("*.whl")
    return path


def test_the_package_has_its_examples_pages_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "bot/cli/examples/config.example.toml",
        "bot/cli/examples/apply.md",
        "bot/py.typed",
        "bot/web/operator/templates/overview.html",
        "adapters/playground/static/index.html",
        "adapters/playground/static/js/kept.js",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_examples_are_printed_where_only_the_package_is(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    for kind in Example:
        program = f"from bot.cli.examples import *; print(example(Example({kind.value!r})), end='')"
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, 'installed'); {program}"],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert done.stdout == example(kind)


def test_the_image_is_built_with_what_the_package_takes() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    image = (ROOT / "Dockerfile").read_text()
    sent = (ROOT / ".dockerignore").read_text().splitlines()
    for source in wanted["force-include"]:
        assert source in image
        assert f"!{source}" in sent, "the build of the image does not get it"


def test_an_example_is_a_file_that_works(tmp_path: Path) -> None:
    for kind in ("settings", "tenants"):
        ended = xquik_bot(tmp_path, "example", kind)
        assert ended.code == 0
        (tmp_path / f"{kind}.toml").write_text(ended.out)
    assert xquik_bot(tmp_path, "example").out == (tmp_path / "settings.toml").read_text()
    load(tmp_path / "settings.toml", environ={})
    text = re.sub(
        r"^(api_key_env|secret_env|hook_id) = .*$", "", (tmp_path / "tenants.toml").read_text(), flags=re.M
    )
    (tmp_path / "tenants.toml").write_text(text)
    (tenant,) = read_document(tmp_path / "tenants.toml")
    assert [route.name for route in tenant.part.route] == ["launches"]


def test_the_command_of_the_error_makes_it_for_its_owner_alone(tmp_path: Path) -> None:
    missing = xquik_bot(tmp_path, "export", "--config", "config.toml")
    line = re.search(r"\((umask .*?)\)", missing.err)
    assert missing.code == 2 and line is not None
    command = line[1].replace("xquik-bot", f'{sys.executable} -c "from bot.cli import main; main()"')
    subprocess.run(command, shell=True, check=True, cwd=tmp_path, timeout=60)
    assert (tmp_path / "config.toml").stat().st_mode & 0o777 == 0o600
    load(tmp_path / "config.toml", environ={})
