"""Texts in the scripts and the markup of web pages that people may read, and that are no messages
(`bot.i18n.page_messages`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from babel.messages.jslexer import Token, unquote_string

from bot.i18n.page_messages import TEXT, is_call, tokens_of
from tests.architecture.plain_texts import MARK, PlainText, reads_like_words

# What is given to these is for the browser: selectors, names of events and elements, keys.
_EXEMPT_CALLS: Final = frozenset(
    {"querySelector", "querySelectorAll", "matchMedia", "addEventListener", "Error"}
)
# What people read or hear of an element, besides its text.
_READ: Final = frozenset({"aria-label", "aria-description", "alt", "placeholder", "title"})
_INSERTED: Final = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_CLASS: Final = re.compile(r"\.([a-z][a-z0-9-]*)")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_MARK: Final = MARK.replace("#", "//")
_EQUAL: Final = ("==", "!=")
_STORED: Final = re.compile(r"[a-z]+\.")  # the beginning of a key: `history.${person}`
# The keys of a keyboard, as browsers call them.
_KEYS: Final = frozenset({"Tab", "Enter", "Escape"})
# The blocks and inlines of a card, by the names of their types.
_TYPES: Final = frozenset(
    {"Text", "Quote", "Fields", "Table", "Gallery", "Picture", "Progress", "Buttons", "Picker"}
)
_INLINES: Final = frozenset({"Bold", "Code", "Link", "Timestamp"})
_NAMES: Final = frozenset({*_KEYS, *_TYPES, *_INLINES, "noopener noreferrer"})


def css_classes(folder: Path) -> frozenset[str]:
    """Every class that the style sheets below a folder name."""
    return frozenset(
        found for path in folder.rglob("*.css") for found in _CLASS.findall(path.read_text(encoding="utf-8"))
    )


def texts_in_script(script: str, name: str, classes: frozenset[str] = frozenset()) -> Iterator[PlainText]:
    """The texts of a script that read like words for people and are no messages. classes: of style sheets."""
    tokens, lines = tokens_of(script), script.splitlines()
    for at, token in enumerate(tokens):
        if token.type not in ("string", "template_string") or _set_aside(tokens, at):
            continue
        if _MARK in lines[token.lineno - 1]:
            continue
        for text in _pieces(token):
            words = text.split()
            known = set(words) <= classes or text in _NAMES or _STORED.fullmatch(text)
            if reads_like_words(text) and not known:
                yield PlainText(f"{name}:{token.lineno}", text)


def _pieces(token: Token) -> list[str]:
    """What is written in a token, without what is inserted into it."""
    if token.type == "string":
        return [unquote_string(token.value)]
    return _INSERTED.split(token.value.strip("`"))


def _set_aside(tokens: list[Token], at: int) -> bool:
    """Whether the literal is compared, or given to a call that says it or that is the browser's."""
    compared = tokens[at - 2].value in _EQUAL and tokens[at - 1].value == "="  # === are two tokens
    if compared or tokens[at + 1].value in _EQUAL or tokens[at - 1].value in ("from", "case"):
        return True
    depth = 0
    while at > 1:
        at -= 1
        value = tokens[at].value if tokens[at].type == "operator" else ""
        if value in ("}", ")", "]"):
            depth += 1
        elif value in ("{", "(", "["):
            if depth == 0:
                called = tokens[at - 1].value.rpartition(".")[2]
                return value == "(" and (is_call(tokens, at - 1) or called in _EXEMPT_CALLS)
            depth -= 1
    return False


def texts_in_markup(markup: str, name: str) -> Iterator[PlainText]:
    """The same of a page: what `translate="no"` marks is a name, or is not to be translated."""
    reader = _Markup(name)
    reader.feed(markup)
    reader.close()
    return iter(reader.found)


class _Markup(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.found: list[PlainText] = []
        self._name = name
        self._around: list[bool] = []  # of each open element: whether its text is a message, or a name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        said = (given.get("data-msg") or "").split()
        named = given.get("translate") == "no"
        for attribute in _READ & given.keys() - set(said):
            if not named and _LETTERS.search(given[attribute] or ""):
                self._note(given[attribute] or "")
        if tag not in ("meta", "link", "img", "input", "br", "wbr"):
            self._around.append(named or TEXT in said or tag == "script")

    def handle_endtag(self, tag: str) -> None:
        self._around.pop()

    def handle_data(self, data: str) -> None:
        if _LETTERS.search(data) and not any(self._around):
            self._note(data.strip())

    def _note(self, text: str) -> None:
        self.found.append(PlainText(f"{self._name}:{self.getpos()[0]}", text))
