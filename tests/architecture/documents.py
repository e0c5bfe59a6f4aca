"""Our documents as a reader meets them: what is named in them, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What changed is told in the words of its time.
_OF_ITS_TIME = {"CHANGELOG.md"}
DOCUMENTS = tuple(
    path.relative_to(ROOT).as_posix()
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if path.name not in _OF_ITS_TIME
)
FOLDERS = ("bot", "adapters", "tests", "docs", "benchmarks", "scripts", "deploy", "findings")
_PATH = re.compile(rf"(?<![\w./:-])(?:{'|'.join(FOLDERS)})/(?:[\w./*-]|<\w+>)*")
_FILE = re.compile(r"`([\w-]+\.(?:py|toml|sh|md|js|css|html|lock|yml|yaml))`")
_DOTTED = re.compile(r"`((?:bot|adapters)(?:\.\w+)+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Document:
    """name: its path from the root."""

    name: str
    text: str

    @classmethod
    def read(cls, name: str) -> Document:
        """The document of that name."""
        return cls(name, (ROOT / name).read_text(encoding="utf-8"))

    def section(self, heading: str) -> str:
        """What stands below a heading, up to the next one."""
        _, found, rest = self.text.partition(f"\n{heading}\n")
        assert found, f"{self.name} has no {heading!r}"
        return re.split(r"^#{2,} ", rest, maxsplit=1, flags=re.MULTILINE)[0]

    def wrong_paths(self) -> Iterator[str]:
        """Paths that lead to nothing. `<group>` stands for any name; a bare file is in a folder that its
        paragraph names, or one of whose files its paragraph names, or beside the document, or at the root."""
        for paragraph in self.text.split("\n\n"):
            named = [found.rstrip("./") for found in _PATH.findall(paragraph)]
            yield from (path for path in named if not _found(path))
            folders = [ROOT, (ROOT / self.name).parent]
            for path in named:
                for found in _found(path):
                    folders += [found, found.parent]
            for file in _FILE.findall(paragraph):
                if not any((folder / file).is_file() for folder in folders):
                    yield file

    def wrong_names(self) -> Iterator[str]:
        """Dotted names of modules, or of what stands in one, that nothing has."""
        for dotted in _DOTTED.findall(self.text):
            if not _defined(dotted):
                yield dotted

    def wrong_links(self) -> Iterator[str]:
        """Links to a file, or to a heading in one, that is not there."""
        for link in _LINK.findall(_FENCED.sub("", self.text)):
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            target = (ROOT / self.name).parent / file if file else ROOT / self.name
            if not target.exists() or (anchor and anchor not in _anchors(target)):
                yield link


def _found(path: str) -> list[Path]:
    return sorted(ROOT.glob(re.sub(r"<\w+>", "*", path)))


def _defined(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:length])
        source = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if not source.is_file():
            continue
        rest = parts[length:]
        return not rest or (
            len(rest) <= 2
            and all(re.search(rf"\b{name}\b", source.read_text(encoding="utf-8")) for name in rest)
        )
    return False


def _anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = _HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
