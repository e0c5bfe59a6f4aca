"""The site of the documentation: each page has its place in the navigation, links lead to pages, and what a
page would load from elsewhere is found. `make docs-site` builds it, and opens it in Chromium."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.documents import ROOT

NAVIGATION = re.findall(
    r"^ +- (?:.+: )?([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE
)


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = _script("site_pages")


def test_each_page_has_one_place_in_the_navigation() -> None:
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(NAVIGATION) == sorted([*pages, *PAGES.PAGES.values()])


def test_each_decision_is_listed() -> None:
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs/decisions/index.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))


@pytest.mark.parametrize(
    ("link", "stands", "source", "led"),
    [
        (
            "[a](docs/storage.md#migrations)",
            "CONTRIBUTING.md",
            "contributing.md",
            "[a](storage.md#migrations)",
        ),
        ("[a](../CONTRIBUTING.md#a)", "docs/develop.md", "develop.md", "[a](contributing.md#a)"),
        ("[a](../../CHANGELOG.md)", "docs/admin/backup.md", "admin/backup.md", "[a](../changelog.md)"),
        ("[a](routes.md)", "docs/admin/apply.md", "admin/apply.md", "[a](routes.md)"),
        ("[a](https://a.example/b.md)", "docs/relay.md", "relay.md", "[a](https://a.example/b.md)"),
    ],
)
def test_a_link_leads_to_the_page(link: str, stands: str, source: str, led: str) -> None:
    assert PAGES.linked(link, stands, source) == led


def test_what_is_loaded_from_elsewhere_is_found(tmp_path: Path) -> None:
    loads = (
        '<script src="https://a.example/a.js"></script>',
        '<link rel="stylesheet" href="//a.example/a.css">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img src="https://a.example/a.png">',
        '<img srcset="/a.png 1x, https://a.example/b.png 2x">',
        '<p style="background: url(https://a.example/c.png)">',
    )
    for number, one in enumerate(loads):
        (tmp_path / f"{number}.html").write_text(one)
    (tmp_path / "a.css").write_text(
        '@import "https://a.example/d.css"; a { src: url("https://a.example/e") }'
    )
    (tmp_path / "b.html").write_text(
        '<a href="https://a.example">a</a> <script src="/a.js"></script> <link rel="canonical" href="https://a.example">'
        '<img src="data:image/png;base64,AA"> <link rel="stylesheet" href="../a.css">'
    )
    found = _script("check_site").loaded_from_elsewhere(tmp_path)
    assert [one.split(": ")[0] for one in found] == [
        *(f"{number}.html" for number in range(6)),
        "a.css",
        "a.css",
    ]
