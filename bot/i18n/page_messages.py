"""The messages of a web page: what its scripts say, and what stands in its markup.

In a script, as `static/js/language.js` of the playground says them:

    msg("Command in {channel}", { channel })    nmsg("{n} reply", "{n} replies", { n: replies.length })
    pmsg("the button", "Run")                   spread("Not sent: {title}", { title: element })

In markup, `data-msg` names what of an element is a message, its text or some of its attributes, and
`data-context` says where it stands, as of `pmsg`:

    <button aria-label="Run the command" data-msg="aria-label"></button>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from babel.messages.jslexer import Token, tokenize, unquote_string

from bot.core.messages.templates import names_in
from bot.i18n.extracted import Extracted, NoLiteral, OtherPlaces

# Where the id, the plural and the context of a call stand.
SCRIPT_CALLS: Final = {
    "msg": (0, None, None),
    "spread": (0, None, None),
    "nmsg": (0, 1, None),
    "pmsg": (1, None, 0),
}
TEXT: Final = "text"
_COMMENTS: Final = frozenset({"linecomment", "multilinecomment"})
_OPENING: Final = "([{"
_CLOSING: Final = ")]}"


def page_messages(folder: Path, name: str = "") -> list[Extracted]:
    """Every message of the scripts and pages below a folder, in the order of the files. name: what the folder
    is called in `Extracted.path`. NoLiteral and OtherPlaces name a call that is none."""
    found: list[Extracted] = []
    for suffix, read in ((".html", in_markup), (".js", in_script)):
        for path in sorted(folder.rglob(f"*{suffix}")):
            found += read(path.read_text(encoding="utf-8"), f"{name}{path.relative_to(folder).as_posix()}")
    return found


def tokens_of(script: str) -> list[Token]:
    """The tokens of a script, without its comments."""
    return [token for token in tokenize(script, jsx=False) if token.type not in _COMMENTS]


def in_script(script: str, name: str) -> Iterator[Extracted]:
    """The messages of a script."""
    tokens = tokens_of(script)
    for at, token in enumerate(tokens):
        if token.type == "template_string" and any(f"{call}(" in token.value for call in SCRIPT_CALLS):
            raise NoLiteral(f"{name}:{token.lineno}: say a message outside of ``")
        if is_call(tokens, at):
            yield _call(tokens, at, name)


def is_call(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token at that place says a message."""
    if tokens[at].value not in SCRIPT_CALLS or tokens[at].type != "name" or tokens[at + 1].value != "(":
        return False
    return at == 0 or tokens[at - 1].value != "function"


def _call(tokens: Sequence[Token], at: int, name: str) -> Extracted:
    called, number = tokens[at].value, tokens[at].lineno
    positions = SCRIPT_CALLS[called]
    after = at + 2
    literals: list[str] = []
    for _ in range(sum(position is not None for position in positions)):
        if tokens[after].type != "string" or tokens[after + 1].value not in (",", ")"):
            raise NoLiteral(f"{name}:{number}: {called}() needs its template as a literal")
        literals.append(unquote_string(tokens[after].value))
        after += 2
    given = _keys(tokens, after, f"{name}:{number}") if tokens[after - 1].value == "," else frozenset()
    template, plural, context = ("" if position is None else literals[position] for position in positions)
    for one in filter(None, (template, plural)):
        if names_in(one) != given:
            raise OtherPlaces(f"{name}:{number}: {one!r} is given {', '.join(sorted(given)) or 'nothing'}")
    return Extracted(template, plural, context, name, number)


def _keys(tokens: Sequence[Token], at: int, where: str) -> frozenset[str]:
    """The keys of an object that is written there."""
    if tokens[at].value != "{":
        raise NoLiteral(f"{where}: the values of a message are an object that is written there")
    keys: set[str] = set()
    depth = 1
    while depth:
        at += 1
        token = tokens[at]
        if token.type == "operator":
            depth += (token.value in _OPENING) - (token.value in _CLOSING)
            if token.value == "." and tokens[at - 1].value in ("{", ",") and depth == 1:
                raise NoLiteral(f"{where}: the values of a message are named one by one")
        elif depth == 1 and tokens[at - 1].value in ("{", ","):
            keys.add(token.value)
    return frozenset(keys)


def in_markup(markup: str, name: str) -> Iterator[Extracted]:
    """The messages of a page."""
    reader = _Markup(name)
    reader.feed(markup)
    reader.close()
    return iter(reader.found)


@dataclass
class _Open:
    """An element whose text is a message."""

    tag: str
    context: str
    number: int
    text: list[str] = field(default_factory=list)


class _Markup(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.found: list[Extracted] = []
        self._name = name
        self._open: _Open | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        number = self.getpos()[0]
        if self._open is not None:
            raise NoLiteral(f"{self._name}:{number}: an element whose text is a message has no others in it")
        given = dict(attrs)
        context = given.get("data-context") or ""
        for part in (given.get("data-msg") or "").split():
            if part == TEXT:
                self._open = _Open(tag, context, number)
            elif text := given.get(part):
                self.found.append(Extracted(text, "", context, self._name, number))
            else:
                raise NoLiteral(f"{self._name}:{number}: <{tag}> has no {part}")

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is not None and self._open.tag == tag:
            one, self._open = self._open, None
            self.found.append(Extracted("".join(one.text), "", one.context, self._name, one.number))
