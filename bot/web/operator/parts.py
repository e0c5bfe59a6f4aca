"""What the pages are made of: the frame around them, tables, small forms."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.ids import Destination
from bot.web.operator.html import Html, Node, document, joined, tag


def page(title: str, token: str, *content: Node, notice: str = "") -> str:
    """A page for who is signed in. token: what forms bring along."""
    links = [("/operator/", "Overview"), ("/operator/dead", "Dead letters")]
    items = [
        tag("li", tag("a", name, href=href, aria_current="page" if name == title else None))
        for href, name in links
    ]
    leave = tag(
        "form",
        hidden("form", token),
        tag("button", "Sign out", type="submit", class_="quiet"),
        method="post",
        action="/operator/logout",
    )
    told = tag("p", notice, role="status", class_="notice") if notice else None
    return document(
        title,
        tag("a", "Skip to the content", href="#main", class_="skip"),
        tag("header", tag("p", "xquik-bot operator", class_="brand"), _nav(items), leave),
        tag("main", tag("h1", title), told, *content, id="main", tabindex="-1"),
    )


def _nav(items: Sequence[Html]) -> Html:
    return tag("nav", tag("ul", *items), aria_label="Pages")


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Node]], empty: str) -> Html:
    """A table that is read as one on wide screens, and as a list of cards on narrow ones.

    The roles are said, because the narrow form would take them away.
    """
    if not rows:
        return joined(tag("h2", caption), tag("p", empty, class_="empty"))
    head = tag("tr", *(tag("th", name, scope="col", role="columnheader") for name in columns), role="row")
    body = [
        tag(
            "tr",
            *(_cell(name, cell) for name, cell in zip(columns, row, strict=True)),
            role="row",
        )
        for row in rows
    ]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", head, role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        role="table",
    )


def _cell(column: str, content: Node) -> Html:
    # In one element, which the narrow form sets beside the column's name.
    return tag("td", tag("div", content), role="cell", data_label=column)


def hidden(name: str, value: str) -> Html:
    """A field nobody sees."""
    return tag("input", type="hidden", name=name, value=value)


def place(destination: Destination) -> Html:
    """A place, in as few words as possible."""
    thread = joined(", thread ", tag("code", destination.thread)) if destination.thread else None
    where = tag("code", destination.channel) if destination.channel else "a direct message"
    return joined(tag("span", str(destination.tenant), class_="tenant"), " ", where, thread)


def counted(number: int, one: str, many: str, limit: int = 100_000) -> str:
    """A number with its noun; counting ends at a limit."""
    if number >= limit:
        return f"{limit:,} {many} or more"
    return f"{number:,} {one if number == 1 else many}"
