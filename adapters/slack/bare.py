"""A card as a plain message: its words and addresses, without a frame, so that Slack's own preview of
an address can stand below them.

Only addresses of ours are links here; with `parse` at "none" Slack makes none of the rest. Where the
words would be read as emphasis, a new message says so (`mrkdwn`). What cannot say it (an edit, an answer
to one person) takes them as `rich_text`, which is never parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from adapters.slack import limits
from adapters.slack.escape import escape, is_tame, web_address
from adapters.slack.inline import Json, cut, joined, link_run, runs, text_run
from adapters.slack.pings import ping_runs
from bot.core.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Fields,
    Gallery,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
)
from bot.core.chat.missing import NO_TEXT
from bot.core.chat.words import block_words, shows
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language


@in_its_language
def elements(card: Card) -> list[Json]:
    """The groups it notifies, then its words; the title only where there are no others."""
    shown = (one for block in card.blocks if shows(block) for one in _lines(block))
    title = "" if blank(card.title) else card.title
    words = [part for part in (*shown, *_buttons(card.buttons)) if part] or [
        [text_run(title or say(NO_TEXT))]
    ]
    pinged = ping_runs(card)
    return cut(joined([pinged, *words] if pinged else words), limits.BARE_TEXT)


def words(made: Sequence[Json]) -> str:
    """Elements as the `text` of a message, where `& < >` are escaped and links and mentions are marked."""
    return "".join(_marked(one) for one in made)


def is_plain(made: Sequence[Json]) -> bool:
    """Whether Slack reads nothing in the words as emphasis."""
    return is_tame("".join(_unmarked(one) for one in made))


def _unmarked(run: Json) -> str:
    """What stands outside of `<…>` in the text of a message."""
    labelled = run["type"] == "link" and run["text"] != run["url"]
    return str(run["text"]) if labelled or run["type"] == "text" else " "


def _lines(block: Block) -> Iterable[list[Json]]:
    match block:
        case Text():
            return [runs(block.line)]
        case Quote():
            return [*_said(block.author, block.text), _address(block.url)]
        case Gallery():
            return [_named(item.alt, item.url) for item in block.items]
        case Picture():
            return [_named(block.alt, block.url)]
        case Fields():
            return [[text_run(f"{item.name}: "), *runs(item.value)] for item in block.items]
        case Table() | Progress():
            return _said(*block_words(block))
        case Buttons():
            return _buttons(block.buttons)
        case Picker():
            return []
        case _:
            assert_never(block)


def _said(*texts: str) -> list[list[Json]]:
    return [[text_run(text)] for text in texts if text.strip()]


def _address(url: str | None) -> list[Json]:
    address = web_address(url)
    return [] if address is None else [link_run(address, address)]


def _named(name: str, url: str | None) -> list[Json]:
    address = _address(url)
    return [text_run(f"{name}: " if address else name), *address] if name.strip() else address


def _buttons(buttons: Sequence[Button]) -> Iterator[list[Json]]:
    """Buttons that lead somewhere; one that acts needs a card."""
    return (_named(button.label, button.url) for button in buttons if web_address(button.url))


def _marked(run: Json) -> str:
    match run["type"]:
        case "link":
            address = f"<{escape(run['url'])}>"
            return address if run["text"] in ("", run["url"]) else f"{escape(run['text'])} ({address})"
        case "usergroup":
            return f"<!subteam^{run['usergroup_id']}>"
        case "channel":
            return f"<#{run['channel_id']}>"
        case "date":
            return f"<!date^{run['timestamp']}^{run['format']}|{run['fallback']}>"
        case _:
            return escape(run["text"])
