"""What the documents name exists: paths, modules, links, settings, figures, programs, tables, kinds."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from unittest.mock import MagicMock

import pytest
import typer
import typer.core
import typer.main
from prometheus_client.metrics import MetricWrapperBase
from pydantic import BaseModel

from bot.app.performing import performers_of
from bot.cli.main import app
from bot.observability.figures import BotMetrics
from bot.settings import Settings
from bot.storage import migrate
from bot.storage.tables import metadata
from tests.architecture.documents import DOCUMENTS, ROOT, Document

# The reader's own file; and files of the bot that look like modules.
_NOT_OURS = {"config.toml"}
_FILES = {"bot.db", "bot.db.relay", "bot.db.turn", "bot.db.turn.door"}
# What a decision did away with is named in it.
_GONE = {"docs/decisions/0019-rooms.md": {"bot/commands", "bot/presenters"}}
# Where it is in an installed package.
_INSTALLED = {("tests/deploy/test_installed.py", "bot/cli/examples/apply.md")}
VERSIONS = ROOT / "bot" / "storage" / "migrations" / "versions"


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return Document.read(request.param)


def test_its_paths_lead_somewhere(document: Document) -> None:
    assert set(document.wrong_paths()) - _NOT_OURS - _GONE.get(document.name, set()) == set()


def test_its_modules_and_what_is_named_in_them_exist(document: Document) -> None:
    assert set(document.wrong_names()) - _FILES == set()


def test_its_links_lead_somewhere(document: Document) -> None:
    assert list(document.wrong_links()) == []


def test_documents_that_the_code_names_exist() -> None:
    """Whoever reads the code has this repository and nothing else."""
    known = {Path(name).name for name in (*DOCUMENTS, "CHANGELOG.md")}
    named = {
        (path.relative_to(ROOT).as_posix(), found)
        for folder in ("bot", "adapters", "benchmarks", "tests", "deploy", "findings")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sh", ".yml", ".toml", ".ini", ".js", ".css"}
        and "architecture" not in path.parts
        for found in re.findall(r"(?<![\w/.*-])(?:[\w.-]+/)*[\w-]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert {
        (path, found)
        for path, found in named
        if not (ROOT / found).is_file() and ("/" in found or found not in known)
    } - _INSTALLED == set()


def test_what_leads_nowhere_is_found() -> None:
    text = (
        "`bot/relay/company.py`, `bot/relay/routing/router.py`, `quota.py`, `sharing.py`\n\n`quota.py`\n\n"
        "`bot.core.access.Permission`, `bot.core.access.Nobody`, `bot.presenters.cards`\n\n"
        "`bot/features/<group>/commands.py`, `bot/features/<group>/nothing.py` https://a.example/docs/none\n\n"
        "[a](glossary.md), [b](glossary.md#glossary), [c](glossary.md#none), [d](none.md), [e](https://a.example)"
    )
    made_up = Document("docs/made-up.md", text)
    wrong = ["bot/relay/company.py", "sharing.py", "quota.py", "bot/features/<group>/nothing.py"]
    assert list(made_up.wrong_paths()) == wrong
    assert list(made_up.wrong_names()) == ["bot.core.access.Nobody", "bot.presenters.cards"]
    assert list(made_up.wrong_links()) == ["glossary.md#none", "none.md"]


def _settings() -> dict[str, set[str]]:
    """The settings of each section."""
    return {
        name: set(field.annotation.model_fields)
        for name, field in Settings.model_fields.items()
        if inspect.isclass(field.annotation) and issubclass(field.annotation, BaseModel)
    }


def test_its_settings_exist(document: Document) -> None:
    sections = _settings()
    assert {"web", "relay", "storage"} <= set(sections)
    span = re.compile(rf"`({'|'.join(sections)})\.(\w+)(?: = [^`]*)?`")
    variable = re.compile(rf"XQUIK_BOT_({'|'.join(sections)})__([A-Z_]+)", re.IGNORECASE)
    named = [
        *span.findall(document.text),
        *((a.lower(), b.lower().removesuffix("_file")) for a, b in variable.findall(document.text)),
    ]
    assert [f"{section}.{name}" for section, name in named if name not in sections[section]] == []


def test_its_figures_exist(document: Document) -> None:
    metrics = [one for one in vars(BotMetrics()).values() if isinstance(one, MetricWrapperBase)]
    known = {f"{one._name}{end}" for one in metrics for end in ("", "_total", "_bucket", "_sum", "_count")}
    assert set(re.findall(r"`(xquik_bot_\w+)", document.text)) - known == set()


def test_its_make_targets_exist(document: Document) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:`|^ {4})(?:[A-Z]+=\S+ )?make ([a-z-]+)", document.text, re.MULTILINE)
    assert set(named) - set(targets) == set()


_PROGRAM = re.compile(
    r"(?:`|bin/|^ {4,}|&& )xquik-bot ([a-z-]+)(?: ([a-z]+)(?![\w.-]))?((?: (?!&&|>)[^`\n]+)?)", re.MULTILINE
)


def test_its_programs_exist(document: Document) -> None:
    program = typer.main.get_command(app)
    assert isinstance(program, typer.core.TyperGroup)
    for name, below, rest in _PROGRAM.findall(document.text):
        assert name in program.commands
        known = getattr(program.commands[name], "commands", None)
        assert known is None or below in known
        command = program.commands[name] if known is None else known[below]
        options = {option for parameter in command.params for option in parameter.opts}
        typed = re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", f" {below}{rest}")
        assert set(re.findall(r"(?<= )--[a-z-]+", typed)) - options - {"--help"} == set(), (name, rest)


def test_the_table_of_what_is_kept_has_the_tables_there_are_and_no_other() -> None:
    told = Document.read("docs/storage.md").section("## What is kept, and for how long")
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", told, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(metadata.tables)


def test_the_revisions_are_numbered_without_a_gap_up_to_the_one_that_is_asked_for() -> None:
    revisions = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert revisions[-1] == migrate.HEAD


def test_no_number_stands_for_the_next_revision() -> None:
    assert re.findall(r"--rev-id \d+", Document.read("docs/storage.md").text) == []


def test_the_kinds_of_writes_are_those_that_somebody_performs() -> None:
    text = Document.read("docs/writes.md").section("## From the command to the outcome")
    told = re.search(r"a kind \(([^)]+)\)", text)
    assert told is not None
    # What they are made with is used when they perform, and not before.
    performed = performers_of(*(MagicMock() for _ in range(3)))
    assert re.findall(r"`([\w.]+)`", told[1]) == list(performed)
