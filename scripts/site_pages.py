"""A hook of MkDocs: CONTRIBUTING, CHANGELOG and SECURITY, which stand at the root, are pages of the site too.

Links between them and docs/ are written for the repository, and led to the pages here.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
}
_LINK = re.compile(r"\]\(([\w./-]+\.md)(#[\w-]+)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the files of the root."""
    from mkdocs.structure.files import File

    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The text with its links as they lead in the site."""
    source = page.file.src_uri
    of_root = {there: here for here, there in PAGES.items()}
    stands = of_root.get(source, f"docs/{source}")
    return linked(markdown, stands, source)


def linked(markdown: str, stands: str, source: str) -> str:
    """The links of a text that stands there in the repository, for a page of that path in the site."""

    def led(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(stands), found[1]))
        page = PAGES.get(target) or target.removeprefix("docs/")
        return f"]({posixpath.relpath(page, posixpath.dirname(source) or '.')}{found[2] or ''})"

    return _LINK.sub(led, markdown)
