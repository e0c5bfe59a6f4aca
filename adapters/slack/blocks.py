"""One block of a card as blocks of Slack. Each function is given the room that is left, in
characters, and says what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from adapters.slack import limits
from adapters.slack.escape import clean, escape, is_tame, one_line, web_address
from adapters.slack.inline import Json, cut, date_run, joined, link_run, mrkdwn, runs, text_run, weight
from bot.core.chat.cards import (
    Button,
    ButtonStyle,
    Choice,
    Fields,
    Gallery,
    Line,
    Media,
    Picker,
    Progress,
    Quote,
    Table,
    Text,
)
from bot.core.chat.missing import Missing, missing
from bot.core.chat.words import kind_word
from bot.core.messages.message import Message, msg, nmsg
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank

# Room kept for the words that say what was cut, and in which file it is.
NOTE = 100
WHOLE = 10_000_000
"""Room for anything."""
_BAR = 20
_ALL: Final = msg("All of them")
_SENSITIVE: Final = msg("Marked as sensitive: shown as links.")


def rich(*sections: Json) -> Json:
    """A rich_text block."""
    return {"type": "rich_text", "elements": list(sections)}


def section(elements: Sequence[Json], kind: str = "rich_text_section") -> Json:
    """One part of a rich_text block: a paragraph, or a quote."""
    return {"type": kind, "elements": list(elements)}


def note(text: str) -> Json:
    """A small grey line of ours."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}


def text(block: Text, room: int, where: str = "") -> list[Json]:
    """A paragraph; a side remark as a context line where mrkdwn can show it exactly. where: which file
    has all of it."""
    if block.subtle:
        words = mrkdwn(block.line)
        if words and len(words) <= min(room, limits.CONTEXT_TEXT):
            shown = {"type": "mrkdwn", "text": words, "verbatim": True}
            return [{"type": "context", "elements": [shown]}] if not blank(words) else []
    elements = counted(runs(block.line), room, where)
    return [rich(section(elements))] if _shows(elements) else []


def counted(elements: list[Json], room: int, where: str = "") -> list[Json]:
    """The elements, or what fits of them and how many characters do not."""
    size = weight(elements)
    if size <= room:
        return elements
    kept = cut(elements, room - NOTE)
    left = size - sum(len(one.get("text", "")) for one in kept) + sum(_ellipses(kept))
    said = say(missing(left, Missing.CHARACTERS, where))
    return [*kept, text_run(f"\n{said}" if kept else said, italic=True)] if len(said) < room else kept


def _ellipses(kept: Sequence[Json]) -> list[int]:
    """The marks of a cut are no characters of the text."""
    return [1 for one in kept[-1:] if str(one.get("text", "")).endswith("…")]


def _shows(elements: Sequence[Json]) -> bool:
    """Whether there is anything to be seen in them."""
    return any(one["type"] != "text" or not blank(one["text"]) for one in elements)


def quote(block: Quote, room: int, where: str = "") -> list[Json]:
    """Text that is not ours, under its author, with the way to the original."""
    words = clean(block.text)
    made, origin = _author(block), _origin(block)
    around = weight(made) + (weight(origin) + 1 if origin else 0)
    if around + min(len(words), NOTE) > room:
        # All that fits is how much is missing.
        made, origin, around = [], None, 0
    elements = counted([text_run(words)], room - around, where) if not blank(words) else []
    if origin is not None:
        elements += [text_run("\n"), origin] if elements else [origin]
    return [*made, rich(section(elements, "rich_text_quote"))] if elements else made


def _author(block: Quote) -> list[Json]:
    name = one_line(block.author, 200)
    if not name:
        return []
    url = web_address(block.author_url)
    words: Json = {"type": "plain_text", "text": name, "emoji": False}
    if url is not None and is_tame(name):
        label = escape(name).replace("|", "¦")
        words = {"type": "mrkdwn", "text": f"<{escape(url)}|{label}>", "verbatim": True}
    elements = [words]
    avatar = web_address(block.avatar_url)
    if avatar is not None:
        elements.insert(0, {"type": "image", "image_url": avatar, "alt_text": name})
    return [{"type": "context", "elements": elements}]


def _origin(block: Quote) -> Json | None:
    if block.at is not None:
        return date_run(block.at, zone=block.zone, url=block.url)
    url = web_address(block.url)
    if url is None:
        return None
    host = urlsplit(url).hostname or ""
    return link_run(say(msg("Open on X") if host in ("x.com", "twitter.com") else msg("Open")), url)


def fields(block: Fields, room: int, where: str = "") -> list[Json]:
    """Names in bold with their values, one on a line, which reads well on a phone."""
    lines = [[text_run(f"{item.name}:", bold=True), text_run(" "), *runs(item.value)] for item in block.items]
    kept, left = _fitting(lines, room, where)
    made = [rich(section(joined(kept)))] if kept else []
    return [*made, note(say(missing(left, Missing.ANYTHING, where)))] if left else made


def table(block: Table, room: int, where: str = "") -> list[Json]:
    """Rows as a list: the first column in front, the others by name. Wide tables do not wrap on
    phones, and lists do."""
    lines = [_row(block, row) for row in block.rows]
    kept, left = _fitting(lines, room, where)
    hidden = left + max(0, (block.total or 0) - len(block.rows))
    made: list[Json] = []
    if kept:
        items = [section(item) for item in kept]
        made.append(rich({"type": "rich_text_list", "style": "bullet", "elements": items}))
    if not hidden:
        return made
    return [*made, note(say(missing(hidden, Missing.ANYTHING, where if left else "")))]


def _row(block: Table, row: tuple[Line, ...]) -> list[Json]:
    made: list[Json] = []
    for index, cell in enumerate(row):
        shown = runs(cell)
        if not shown:
            continue
        if index == 0:
            made += shown
        else:
            named = len(block.columns) > 2 and index < len(block.columns)
            lead = "" if not made else " — " if index == 1 else " · "
            label = f"{block.columns[index]}: " if named else ""
            made += [text_run(lead + label), *shown] if lead or label else shown
    return made or [text_run("–")]


def _fitting(lines: Sequence[list[Json]], room: int, where: str = "") -> tuple[list[list[Json]], int]:
    """The lines that fit, and how many do not. The first is shortened rather than left out."""
    if len(lines) <= limits.LIST_ITEMS and sum(weight(item) + 1 for item in lines) - 1 <= room:
        return list(lines), 0
    room -= NOTE
    kept: list[list[Json]] = []
    for item in lines[: limits.LIST_ITEMS]:
        size = weight(item) + 1
        if size > room:
            if not kept and room > NOTE:
                kept.append(counted(item, room, where))
            break
        kept.append(item)
        room -= size
    return kept, len(lines) - len(kept)


def gallery(block: Gallery, room: int, where: str = "", *, pictures: bool) -> list[Json]:
    """Pictures under each other; videos, and everything sensitive, as links."""
    shown = block.items[: limits.PICTURES]
    hidden = len(block.items) - len(shown)
    made: list[Json] = []
    links: list[list[Json]] = []
    for item in shown:
        url = web_address(item.url)
        if pictures and url and item.kind == "photo" and not block.sensitive:
            made.append(image(url, item.alt))
        else:
            links.append(_media_link(item))
    if links:
        if block.sensitive:
            made.append(note(say(_SENSITIVE)))
            room -= len(say(_SENSITIVE))
        kept, cut_off = _fitting(links, room - len(say(_ALL)))
        hidden += cut_off
        if kept:
            made.append(rich(section(joined(kept))))
    more = web_address(block.more_url)
    words = say(missing(hidden, Missing.ANYTHING, where) if hidden else _ALL)
    if more is not None:
        made.append(rich(section([link_run(words, more)])))
    elif hidden:
        made.append(note(words))
    return made


def _media_link(item: Media) -> list[Json]:
    icon = {"video": "▶ ", "gif": "▶ "}.get(item.kind, "🖼 ")
    return [text_run(icon), link_run(one_line(item.alt, 200) or kind_word(item), item.url)]


def image(url: str, alt: str) -> Json:
    """A picture, with words for those who cannot see it."""
    return {
        "type": "image",
        "image_url": url,
        "alt_text": one_line(alt, limits.ALT_TEXT) or say(msg("A picture")),
    }


def picture(url: str, alt: str, *, pictures: bool) -> list[Json]:
    """One large picture, or the way to it."""
    address = web_address(url)
    if address and pictures:
        return [image(address, alt)]
    return [rich(section([link_run(one_line(alt, 200) or say(msg("Picture")), url)]))]


def progress(block: Progress, room: int) -> list[Json]:
    """A bar of characters, the share, and the label."""
    share = min(1.0, max(0.0, block.done / block.total)) if block.total > 0 else 0.0
    filled = round(share * _BAR)
    bar = "█" * filled + "░" * (_BAR - filled)
    counts = say(msg("{done} of {total}", done=block.done, total=block.total))
    words = f" {share:.0%} ({counts}) {block.label}".rstrip()
    return [rich(section(cut([text_run(bar, code=True), text_run(words)], max(room, _BAR))))]


def buttons(given: Sequence[Button], first: int = 0) -> list[Json]:
    """Rows of buttons. A disabled one is left out: Slack has none. Addresses that are too long are said.

    first: how many url buttons the message has already, since each needs an action_id of its own.
    The same action twice in a message gets a suffix, which `listeners` takes off again.
    """
    elements: list[Json] = []
    seen: dict[str, int] = {}
    for number, button in enumerate(given, first):
        made = _button(button, number, seen)
        if made is not None:
            elements.append(made)
    step = limits.ACTIONS
    rows: list[Json] = [
        {"type": "actions", "elements": elements[start : start + step]}
        for start in range(0, len(elements), step)
    ]
    long = sum(len(button.url or "") > limits.URL for button in given)
    return [*rows, note(say(_too_long(long)))] if long else rows


def _too_long(count: int) -> Message:
    return nmsg("… {n} more link, too long for Slack", "… {n} more links, too long for Slack", n=count)


def picker(block: Picker, number: int) -> list[Json]:
    """A menu in a row of its own. number: tells its row from others of the same action; Slack keeps what
    was chosen in a row for as long as that has the same id."""
    usable = _usable(block.choices)
    usable.sort(key=lambda choice: choice.value != block.value)
    shown = usable[: limits.OPTIONS]
    if not shown:
        return []
    options = [_option(choice) for choice in _usable(block.choices) if choice in shown]
    chosen = [one for one in options if one["value"] == block.value]
    action = str(block.action)
    menu: Json = {"type": "static_select", "action_id": action, "options": options}
    if label := one_line(block.label, limits.PLACEHOLDER):
        menu["placeholder"] = {"type": "plain_text", "text": label, "emoji": False}
    if chosen:
        menu["initial_option"] = chosen[0]
    row: Json = {"type": "actions", "block_id": f"{action}.{number}", "elements": [menu]}
    left = len(block.choices) - len(options)
    return [row, note(say(missing(left, Missing.CHOICES)))] if left else [row]


def _usable(choices: Sequence[Choice]) -> list[Choice]:
    """Those that Slack takes; of two with the same value the first."""
    unique = {choice.value: choice for choice in reversed(choices)}
    return [c for c in choices if 0 < len(c.value) <= limits.OPTION_VALUE and unique[c.value] is c]


def _option(choice: Choice) -> Json:
    label = one_line(choice.label, limits.OPTION_TEXT) or choice.value[: limits.OPTION_TEXT]
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": choice.value}


def _button(button: Button, number: int, seen: dict[str, int]) -> Json | None:
    if button.disabled:
        return None
    label = one_line(button.label, limits.BUTTON_TEXT) or "…"
    made: Json = {"type": "button", "text": {"type": "plain_text", "text": label, "emoji": False}}
    if button.action is None:
        url = web_address(button.url)
        return None if url is None else made | {"action_id": f"url:{number}", "url": url}
    action = str(button.action)
    seen[action] = seen.get(action, 0) + 1
    made["action_id"] = action if seen[action] == 1 else f"{action}~{seen[action]}"
    if button.style is not ButtonStyle.SECONDARY:
        made["style"] = button.style.value
    return made
