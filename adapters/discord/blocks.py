"""The texts of a card's blocks as Discord markdown, whole or within a length; what is cut is said.

Tables become lists: monospaced columns break on a phone, and hold neither links nor local times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, assert_never

from adapters.discord.escape import escape, one_line, within
from adapters.discord.inline import line_text, masked_link, timestamp
from adapters.discord.limits import ELLIPSIS, size
from bot.core.cards import (
    Block,
    Bold,
    Buttons,
    Field,
    Fields,
    Gallery,
    Line,
    Media,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
)

T = TypeVar("T")
_BAR = 10
_HEADER = 200  # characters of a quote's author line


def block_text(block: Block, limit: int) -> str:
    """A block as text of at most `limit` characters. Pictures and buttons as links and labels."""
    match block:
        case Text():
            return _prefixed("-# " if block.subtle else "", block.line, limit)
        case Quote():
            return _quote(block, limit)
        case Fields(items):
            return _listed([_field(item) for item in items], limit, "fields")
        case Table():
            return _table(block, limit)
        case Gallery():
            return _gallery(block, limit)
        case Picture(url, alt):
            return _listed([masked_link(alt or "Picture", url)], limit, "pictures")
        case Progress():
            return _progress(block, limit)
        case Buttons(buttons):
            links = [masked_link(button.label, button.url) for button in buttons if button.url]
            return _listed(links, limit, "links")
        case _:
            assert_never(block)


def more(count: int, what: str) -> str:
    """What is said in place of what does not fit."""
    return f"-# … {count:,} more {what}"


def _prefixed(prefix: str, line: Line, limit: int) -> str:
    """Every line of a text begins with the prefix; an empty one stays empty."""
    whole = line_text(line)
    if not prefix or not whole:
        return line_text(line, limit)
    flat = " ".join(whole.split("\n"))
    if size(prefix) + size(flat) <= limit:
        return prefix + flat
    return prefix + " ".join(line_text(line, max(0, limit - size(prefix))).split("\n"))


def _quote(quote: Quote, limit: int) -> str:
    header = _quote_header(quote)
    if size(header) > limit:
        header = ""
    room = limit - size(header) - (1 if header else 0)
    quoted = within(quote.text, room, _as_quote) if quote.text.strip() and room > 0 else ""
    return "\n".join(part for part in (header, quoted) if part)


def _as_quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def _quote_header(quote: Quote) -> str:
    author = within(quote.author, _HEADER, one_line)
    if author and quote.author_url:
        author = masked_link(quote.author[:_HEADER], quote.author_url)
    parts = [f"**{author}**"] if author else []
    if quote.at is not None:
        parts.append(timestamp(quote.at))
    if quote.url:
        parts.append(masked_link("↗", quote.url))
    return " · ".join(parts)


def _field(field: Field) -> tuple[Field, str]:
    value = line_text(field.value) or "–"
    # A value of several lines stands below its name.
    joint = "\n" if "\n" in value else " "
    return field, f"**{one_line(field.name)}**{joint}{value}"


def _field_within(field: Field, limit: int) -> str:
    name = f"**{one_line(field.name)}** "
    room = limit - size(name)
    return name + line_text(field.value, room) if room > 0 else ""


def _listed(items: Sequence[str | tuple[Field, str]], limit: int, what: str) -> str:
    """The items on lines of their own, as many as fit, and how many do not."""
    texts = [item if isinstance(item, str) else item[1] for item in items]
    whole = "\n".join(text for text in texts if text)
    if size(whole) <= limit:
        return whole
    kept = _fitting(texts, limit, lambda left: more(left, what))
    if kept is not None:
        return kept
    first = items[0]
    return "" if isinstance(first, str) else _field_within(first[0], limit)


def _fitting(texts: Sequence[str], limit: int, note: Callable[[int], str]) -> str | None:
    """The longest beginning of the list that fits with its note; None when not even one does."""
    used, taken = 0, 0
    for index, text in enumerate(texts):
        used += size(text) + 1
        left = len(texts) - index - 1
        if used + (size(note(left)) if left else -1) > limit:
            break
        taken = index + 1
    if taken == 0:
        return None
    return "\n".join([*texts[:taken], note(len(texts) - taken)])


def _table(table: Table, limit: int) -> str:
    rows = [_row(row) for row in table.rows]
    unsaid = max(0, (table.total or 0) - len(rows))
    header = f"-# {' · '.join(one_line(name) for name in table.columns)}" if table.columns else ""
    lines = [header, *rows] if header else rows
    whole = "\n".join([*lines, more(unsaid, "rows")] if unsaid else lines)
    if size(whole) <= limit:
        return whole
    room = limit - size(header) - 1 if header else limit
    kept = _fitting(rows, room, lambda left: more(left + unsaid, "rows"))
    if kept is None:
        kept = within(more(len(rows) + unsaid, "rows"), max(0, room), str)
    return f"{header}\n{kept}" if header and room > 0 else kept


def _row(row: Sequence[Line]) -> str:
    cells = [" ".join(line_text(cell).split("\n")) or "–" for cell in row]
    if cells and len(row[0]) == 1 and isinstance(row[0][0], str) and row[0][0].strip():
        # The first cell names the row.
        cells[0] = line_text((Bold(row[0][0]),))
    return "• " + " · ".join(cells)


def _gallery(gallery: Gallery, limit: int) -> str:
    links = [media_link(item) for item in gallery.items]
    if gallery.more_url:
        links.append(masked_link("All of them", gallery.more_url))
    return _listed(links, limit, "pictures")


def media_link(media: Media) -> str:
    """A picture or video as a link."""
    return masked_link(media.alt[:80] or media.kind.capitalize(), media.url)


def _progress(progress: Progress, limit: int) -> str:
    total = max(1, progress.total)
    done = min(max(0, progress.done), total)
    filled = done * _BAR // total
    bar = f"{'▰' * filled}{'▱' * (_BAR - filled)} {done * 100 // total} %"
    counts = f" ({progress.done:,} of {progress.total:,})"
    label = f" {one_line(progress.label)}" if progress.label.strip() else ""
    for text in (bar + counts + label, bar + counts, bar):
        if size(text) <= limit:
            return text
    return ELLIPSIS if limit else ""
