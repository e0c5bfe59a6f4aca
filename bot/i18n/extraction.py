"""Writes `bot/i18n/catalogues/messages.pot`: every message of the bot, for translators and for the tests.

    python -m bot.i18n.extraction            # `make messages`

Messages are what stands literally in `msg`, `nmsg` and `pmsg` (`bot.core.messages.message`), and what is
declared: the summary of a command and of a group, the description of an option and the labels of its choices,
and what is said of each error code of Xquik. Of web pages: `bot.i18n.page_messages`.

No lines and no dates are written, so that the file changes with the texts alone.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.i18n.extracted import Extracted, NoLiteral
from bot.i18n.page_messages import page_messages

ROOT: Final = Path(__file__).resolve().parents[2]
POT: Final = ROOT / "bot" / "i18n" / "catalogues" / "messages.pot"
SOURCES: Final = ("bot", "adapters")
# Web pages, whose scripts and markup have messages too.
PAGES: Final = ("adapters/playground/static/",)
# Not of the bot that people talk to.
APART: Final = ("bot/sandbox/", "bot/cli/")
# Where the id, the plural and the context of a call stand.
CALLS: Final = {"msg": (0, None, None), "nmsg": (0, 1, None), "pmsg": (1, None, 0)}
# Where a declaration has its text: the position, and the name as a keyword.
DECLARED: Final = {
    "Option": (0, "description"),
    "command": (3, "summary"),
    "listing_command": (3, "summary"),
    "account_option": (0, "description"),
    "Group": (1, "summary"),
    "Root": (1, "summary"),
}
_HEADER: Final = "# The messages of xquik-bot. Written by `make messages`; translations stand beside it."


def all_messages(root: Path = ROOT) -> list[Extracted]:
    """Every message of the bot, in the order of the files. NoLiteral names a call without a literal."""
    found: list[Extracted] = []
    for source in SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(APART):
                found += in_module(path.read_text(encoding="utf-8"), name)
    for page in PAGES:
        found += page_messages(root / page, page)
    return found


def in_module(text: str, name: str) -> Iterator[Extracted]:
    """The messages of one module."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = called_name(node)
        if called in CALLS and name != "bot/core/messages/message.py":
            literals = [
                "" if position is None else _literal(node, position, name) for position in CALLS[called]
            ]
            yield Extracted(literals[0], literals[1], literals[2], name, node.lineno)
        for declared in declared_texts(node):
            yield Extracted(declared.value, "", "", name, declared.lineno)


def called_name(node: ast.Call) -> str:
    """What is called, without the module it is called of."""
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that stands in the code."""

    value: str
    lineno: int
    node: ast.Constant


def declared_texts(node: ast.Call) -> Iterator[Literal]:
    """The texts that a declaration has at its fixed places."""
    called = called_name(node)
    if called == "group" and node.args and isinstance(node.args[-1], ast.Dict):  # rows of advice
        given = [text for row in node.args[-1].values if isinstance(row, ast.Tuple) for text in row.elts]
    elif called in DECLARED:
        given = _declared(node, called)
    else:
        return
    for one in given:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield Literal(one.value, one.lineno, one)


def _declared(node: ast.Call, called: str) -> list[ast.expr]:
    position, keyword = DECLARED[called]
    given = [*node.args[position : position + 1], *(k.value for k in node.keywords if k.arg == keyword)]
    if called == "Option":
        labels = [k.value for k in node.keywords if k.arg == "choices" and isinstance(k.value, ast.Dict)]
        given += [key for one in labels if isinstance(one, ast.Dict) for key in one.keys if key is not None]
    return given


def template_file(messages: Iterable[Extracted]) -> str:
    """The .pot file of these messages, sorted."""
    catalog = Catalog(
        project="xquik-bot", version="", msgid_bugs_address="", header_comment=_HEADER, fuzzy=False
    )
    for one in messages:
        of = (one.id, one.plural) if one.plural else one.id
        catalog.add(of, context=one.context or None, locations=[(one.path, 0)])
    written = io.BytesIO()
    write_po(written, catalog, width=100, sort_output=True, include_lineno=False)
    kept = (
        line
        for line in written.getvalue().decode("utf-8").splitlines(keepends=True)
        if not line.startswith(
            ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator')
        )
    )
    return "".join(kept)


def _literal(node: ast.Call, position: int, name: str) -> str:
    given = node.args[position] if len(node.args) > position else None
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    raise NoLiteral(f"{name}:{node.lineno}: {called_name(node)}() needs its template as a literal")


def main() -> None:
    """See the module."""
    messages = all_messages()
    POT.write_text(template_file(messages), encoding="utf-8")
    sys.stdout.write(f"{POT.relative_to(ROOT)}: {len({(m.id, m.context) for m in messages})} messages\n")


if __name__ == "__main__":
    main()
