"""The texts of a card's blocks as Discord markdown, whole or within a length; what is cut is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

from adapters.discord.escape import begun, escape, one_line, within
from adapters.discord.inline import line_begun, line_text, masked_link, timestamp
from adapters.discord.limits import ELLIPSIS, size
from adapters.discord.tables import DrawnTable, drawn
from bot.core.chat.cards import (
    Block,
    Buttons,
    Field,
    Fields,
    Gallery,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
)
from bot.core.chat.missing import Missing, missing
from bot.core.chat.words import kind_word, shows
from bot.core.messages.message import Message, msg
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.core.text.shortening import cut

_BAR = 10
_HEADER = 200  # characters of a quote's author line


def block_text(block: Block, limit: int, where: str = "") -> str:
    """A block as text of at most `limit` characters. Pictures and buttons as links and labels.

    where: the name of the file that has what is cut, said with the count of it.
    """
    match block:
        case Text():
            return _text(block, limit, where)
        case Quote():
            return _quote(block, limit, where)
        case Fields(items):
            return _fields(items, limit, where)
        case Table():
            return _table(block, limit, where)
        case Gallery():
            return _gallery(block, limit)
        case Picture(url, alt):
            return _listed([masked_link(alt or say(msg("Picture")), url)], limit, Missing.PICTURES)
        case Progress():
            return _progress(block, limit)
        case Buttons(buttons):
            links = [masked_link(button.label, button.url) for button in buttons if button.url]
            return _listed(links, limit, Missing.LINKS)
        case Picker(_, label, choices, value):
            chosen = next((choice.label for choice in choices if choice.value == value), "")
            words = f"{one_line(label)}: {one_line(chosen)}" if chosen else ""
            return words if size(words) <= limit else ""
        case _:
            assert_never(block)


def more(count: int, what: Missing, where: str = "") -> str:
    """What is said in place of what does not fit. where: the file that has it."""
    return noted(missing(count, what, where))


def noted(said: Message) -> str:
    """A small line of ours."""
    return f"-# {say(said)}"


def counted(begin: Callable[[int], tuple[str, int]], limit: int, where: str) -> str:
    """As much as fits, and how many characters do not.

    begin: the beginning that fits in so many characters, and how many are not in it.
    """
    whole, left = begin(limit)
    if left == 0:
        return whole
    shown, left = begin(limit - size(more(begin(0)[1], Missing.CHARACTERS, where)) - 1)
    said = more(left, Missing.CHARACTERS, where)
    if size(said) > limit:
        return whole
    return f"{shown}\n{said}" if shown else said


def _text(block: Text, limit: int, where: str) -> str:
    """Every line of a text begins with the prefix; one that shows nothing stays empty."""
    prefix = "-# " if block.subtle else ""
    if not shows(block):
        return ""

    def begin(room: int) -> tuple[str, int]:
        shown, left = line_begun(block.line, max(0, room - size(prefix)))
        return (prefix + " ".join(shown.split("\n")) if prefix and shown else shown), left

    return counted(begin, limit, where)


def _quote(quote: Quote, limit: int, where: str) -> str:
    header = _quote_header(quote)
    if size(header) + 1 + size(quote.text) > limit:
        # All that fits may be how much is missing.
        least = size(more(len(quote.text), Missing.CHARACTERS, where))
        header = header if size(header) + 1 + least <= limit else ""
    room = limit - size(header) - (1 if header else 0)
    quoted = ""
    if not blank(quote.text) and room > 0:
        quoted = counted(lambda most: begun(quote.text, most, _as_quote), room, where)
    return "\n".join(part for part in (header, quoted) if part)


def _as_quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def _quote_header(quote: Quote) -> str:
    author = within(quote.author, _HEADER, one_line)
    if author and quote.author_url:
        author = masked_link(cut(quote.author, _HEADER), quote.author_url)
    parts = [f"**{author}**"] if author else []
    if quote.at is not None:
        parts.append(timestamp(quote.at))
    if quote.url:
        parts.append(masked_link("↗", quote.url))
    return " · ".join(parts)


def _field(field: Field) -> str:
    value = line_text(field.value) or "–"
    # A value of several lines stands below its name.
    joint = "\n" if "\n" in value else " "
    return f"**{one_line(field.name)}**{joint}{value}"


def _fields(items: Sequence[Field], limit: int, where: str) -> str:
    texts = [_field(item) for item in items]
    whole = "\n".join(texts)
    if size(whole) <= limit:
        return whole
    kept = _fitting(texts, limit, lambda left: more(left, Missing.FIELDS, where))
    if kept is not None:
        return kept
    first, said = items[0], more(len(items) - 1, Missing.FIELDS, where) if len(items) > 1 else ""
    name = f"**{one_line(first.name)}** "
    room = limit - size(name) - size(said) - 1
    if room <= 0:
        said = more(len(items), Missing.FIELDS, where)
        return said if size(said) <= limit else ""
    value = counted(lambda most: line_begun(first.value, max(0, most)), room, where)
    return "\n".join(part for part in (name + value, said) if part)


def _listed(texts: Sequence[str], limit: int, what: Missing) -> str:
    """The items on lines of their own, as many as fit, and how many do not."""
    whole = "\n".join(text for text in texts if text)
    if size(whole) <= limit:
        return whole
    return _fitting(texts, limit, lambda left: more(left, what)) or ""


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


def _table(table: Table, limit: int, where: str) -> str:
    """The best way to draw it that shows all rows, else the best that shows some."""
    unsaid = max(0, (table.total or 0) - len(table.rows))
    ways = []
    for way in drawn(table):
        ways.append(way)
        parts = (way.head, *way.rows, way.tail, more(unsaid, Missing.ROWS) if unsaid else "")
        whole = "\n".join(part for part in parts if part)
        if size(whole) <= limit:
            return whole
    for way in ways:
        note = partial(_rest_of, way, unsaid, where)
        kept = _fitting(way.rows, limit - size(way.head) - 1 if way.head else limit, note)
        if kept is not None:
            return f"{way.head}\n{kept}" if way.head else kept
    head = ways[-1].head
    room = limit - size(head) - 1 if head else limit
    said = within(more(len(table.rows) + unsaid, Missing.ROWS, where), max(0, room), str)
    return f"{head}\n{said}" if head and room > 0 else said


def _rest_of(way: DrawnTable, unsaid: int, where: str, left: int) -> str:
    said = more(left + unsaid, Missing.ROWS, where)
    return f"{way.tail}\n{said}" if way.tail else said


def _gallery(gallery: Gallery, limit: int) -> str:
    links = [media_link(item) for item in gallery.items]
    if gallery.more_url:
        links.append(masked_link(say(msg("All of them")), gallery.more_url))
    return _listed(links, limit, Missing.PICTURES)


def media_link(media: Media) -> str:
    """A picture or video as a link."""
    return masked_link(cut(media.alt, 80) or kind_word(media), media.url)


def _progress(progress: Progress, limit: int) -> str:
    total = max(1, progress.total)
    done = min(max(0, progress.done), total)
    filled = done * _BAR // total
    bar = f"{'▰' * filled}{'▱' * (_BAR - filled)} {done * 100 // total} %"
    counts = f" ({say(msg('{done} of {total}', done=progress.done, total=progress.total))})"
    label = f" {one_line(progress.label)}" if progress.label.strip() else ""
    for text in (bar + counts + label, bar + counts, bar):
        if size(text) <= limit:
            return text
    return ELLIPSIS if limit else ""
