"""HTML that is escaped unless it was made here: names, reasons and ids are written by strangers."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeAlias

from bot.observability.cleaning import one_line

_VOID = frozenset({"input", "link", "meta", "br"})
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Html(str):
    """Text that is HTML already. Made by the functions of this module alone."""

    __slots__ = ()


Node: TypeAlias = "str | Html | None"


def tag(name: str, /, *children: Node, **attributes: str | int | bool | None) -> Html:
    """An element. Text is escaped; None is left out. An attribute that is True stands alone, one that is
    None or False is left out; `class_`, `for_` and `aria_label` lose or turn their underscores."""
    opening = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{opening}>")
    return Html(f"<{name}{opening}>{joined(*children)}</{name}>")


def joined(*children: Node) -> Html:
    """Several nodes, one after another."""
    return Html("".join(child if isinstance(child, Html) else escaped(child) for child in children if child))


def escaped(text: str) -> Html:
    """Text as HTML shows it; control and bidirectional characters are written out."""
    return Html(html.escape(one_line(text)))


def document(title: str, *body: Node) -> str:
    """A whole page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} · xquik-bot"),
        tag("link", rel="stylesheet", href="/operator/style.css"),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', *body), lang='en')}\n"


def moment(at: float, now: float) -> Html:
    """A time as its age, with the moment itself in its title. at, now: epoch seconds."""
    exact = datetime.fromtimestamp(at, UTC)
    machine = exact.strftime("%Y-%m-%dT%H:%M:%SZ")
    return tag(
        "time", f"{age(now - at)} ago", datetime=machine, title=exact.strftime("%Y-%m-%d %H:%M:%S UTC")
    )


def age(seconds: float) -> str:
    """Seconds in the two largest units that say something."""
    whole = max(0, round(seconds))
    units = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    for (name, size), (smaller, small) in pairwise(units):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    spelled = name.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(spelled):
        raise ValueError(f"{name!r} is no attribute")
    return f" {spelled}" if value is True else f' {spelled}="{escaped(str(value))}"'
