"""Texts in our sources that people may read, and that are no messages (`bot.core.messages.message`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.i18n.extraction import CALLS, ROOT, called_name, declared_texts
from tests.architecture.parsed import tree_of

# What people of a chat read. What the operator reads (`bot/cli`, `bot/web`, `bot/app`, logs) is English.
READ: Final = (
    *("bot/core", "bot/cards", "bot/features", "bot/proposals", "bot/relay", "bot/xquik", "bot/storage"),
    *("bot/tabular", "adapters"),
)
# Of the database itself, which only logs and whoever runs the bot read.
_APART: Final = (
    *("bot/storage/engine/", "bot/storage/migrations/", "bot/storage/tables/", "bot/storage/migrate.py"),
    "bot/storage/moving/",
    # What a table in the documents says of each table of the database.
    "bot/storage/retention.py",
    # What `check` prints, why the bot does not start, and how it is set up at Slack.
    *("adapters/discord/check.py", "adapters/discord/platform.py", "adapters/slack/check.py"),
    *("adapters/slack/token_check.py", "adapters/slack/manifest.py"),
    *("adapters/discord/command_room.py", "adapters/slack/command_room.py"),
    # The reference, and the words that people type instead of ours.
    *(
        "bot/features/help/cards/reference.py",
        "bot/features/help/meanings.py",
        "bot/features/help/phrases.py",
    ),
    # What documents say of the fields of templates, and invented tweets to try a template with.
    *("bot/cards/templates/fields.py", "bot/cards/templates/samples.py"),
    # What a program reads that is told no.
    "adapters/slack/web.py",
)
# What shows a text as text, and never to translators: code, patterns, addresses, names of fields.
_EXEMPT_CALLS: Final = frozenset(
    {
        *(
            "Code",
            "compile",
            "getLogger",
            "Column",
            "Table",
            "String",
            "text",
            "TypeVar",
            "ActionRef",
            "Path",
        ),
        *("ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError", "LookupError", "OSError"),
        *("warning", "info", "error", "debug", "exception", "note", "log", "create_task", "start"),
        *("split", "startswith", "endswith", "removeprefix", "removesuffix", "strip", "get", "encode"),
        *("getattr", "hasattr", "isinstance", "cast", "strftime", "as_template", "import_module"),
    }
)
# What declares a command: its path, summary and examples.
_DECLARING: Final = frozenset({"command", "listing_command"})
_EXAMPLES = re.compile(r"_?[A-Z_]*EXAMPLES?")
_WORDS = re.compile(r"[A-Za-z’']{2,}[,.;:!?…)”]* [“(]?[A-Za-z]")
_LABEL = re.compile(r"[A-Z][a-z]{2,}(?:…|\.|:| )?\Z")
_TAIL = re.compile(r"(?: [a-z]{2,}[.!?: ]*| ?[a-z]{2,}[.!?])\Z")
MARK: Final = "# no message:"
"""What stands behind a line whose texts are none, with the reason."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text that is no message. where: file and line."""

    where: str
    text: str


def modules() -> list[str]:
    """The modules whose texts people of a chat may read."""
    found = (path for folder in READ for path in sorted((ROOT / folder).rglob("*.py")))
    names = (path.relative_to(ROOT).as_posix() for path in found)
    return [name for name in names if not name.startswith(_APART)]


def plain_texts(name: str) -> list[PlainText]:
    """The texts of a module that read like words for people and are no messages."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return list(texts_in(text, name))


def texts_in(source: str, name: str) -> Iterator[PlainText]:
    """See `plain_texts`."""
    tree = tree_of(source)
    lines = source.splitlines()
    passed = _passed(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in passed:
            continue
        marked = any(MARK in line for line in lines[node.lineno - 1 : node.end_lineno])
        if reads_like_words(node.value) and not marked:
            yield PlainText(f"{name}:{node.lineno}", node.value)


def reads_like_words(text: str) -> bool:
    """Whether a literal looks like words for people: several of them, or one with a capital."""
    return bool(_WORDS.search(text) or _LABEL.match(text) or _TAIL.match(text))


def _passed(tree: ast.AST) -> set[ast.AST]:
    """The literals that are messages already, or no texts for people at all."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        for inner in _set_aside(node):
            passed.update(ast.walk(inner))
    return passed


def _set_aside(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant() as doc):
            yield doc
        case ast.Call():
            called = called_name(node)
            if called in CALLS or called in _EXEMPT_CALLS:
                yield from (one for one in node.args if not _message_inside(one))
                yield from (one.value for one in node.keywords if called in _EXEMPT_CALLS)
            if called in _DECLARING:
                yield from (one for one in node.args if isinstance(one, ast.Constant | ast.JoinedStr))
            yield from (one.value for one in node.keywords if one.arg in ("example", "command"))
            yield from (declared.node for declared in declared_texts(node))
        case ast.Assign(targets=[ast.Name(id="msg")], value=value):  # what a ValueError says
            yield value
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")], value=value):
            yield value
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _EXAMPLES.fullmatch(name):
            yield value  # lines that work, for errors
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _EXAMPLES.fullmatch(name):
            yield value
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
            yield annotation
        case ast.Compare():
            yield node
        case ast.Subscript(slice=inner):
            yield inner
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)
        case ast.match_case(pattern=pattern):
            yield pattern
        case ast.ClassDef(bases=bases, body=body) if any(
            isinstance(base, ast.Name) and base.id.endswith("Enum") for base in bases
        ):
            yield from (one for one in body if isinstance(one, ast.Assign))
        case _:
            return


def _message_inside(node: ast.AST) -> bool:
    """Whether an argument is made of more than the template: those are looked at by themselves."""
    return not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)
