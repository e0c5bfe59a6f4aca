"""Cards in words alone, without any markup: for files, notifications and screen readers. Pure."""

from __future__ import annotations

from typing import assert_never

from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    ChannelMention,
    Code,
    Fields,
    Gallery,
    Inline,
    Line,
    Link,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
    Timestamp,
    UserMention,
)
from bot.core.chat.missing import Missing, missing
from bot.core.messages.message import ENGLISH, msg
from bot.core.messages.speaking import rules, say, spoken_line
from bot.core.text.invisible import blank
from bot.core.times.zone_words import moment_words


def moment(at: float, zone: str = "") -> str:
    """A moment where no client can translate it, with the zone it is said in: UTC where none is given.
    at: epoch seconds."""
    if rules() is ENGLISH:
        return moment_words(at, zone or "UTC")
    return rules().moment(Timestamp(at, zone=zone))


def kind_word(media: Media) -> str:
    """What a picture without words of its own is called."""
    match media.kind:
        case "video":
            return say(msg("Video"))
        case "gif":
            return say(msg("Gif"))
        case _:
            return say(msg("Photo"))


def line_words(line: Line) -> str:
    """A line in words; a message that nobody has said yet is said."""
    return "".join(_inline(part) for part in spoken_line(line))


def block_words(block: Block) -> list[str]:
    """A block in words, line by line."""
    match block:
        case Text():
            return [line_words(block.line)]
        case Quote():
            when = moment(block.at, block.zone) if block.at is not None else ""
            return [block.author, block.text, " ".join(filter(None, (when, block.url)))]
        case Fields():
            return [f"{item.name}: {line_words(item.value)}" for item in block.items]
        case Table():
            hidden = max(0, (block.total or 0) - len(block.rows))
            rows = [f"• {_cells(row)}" for row in block.rows]
            return [*rows, say(missing(hidden, Missing.ANYTHING))] if hidden else rows
        case Gallery():
            return [f"{item.alt} {item.url}" for item in block.items]
        case Picture():
            return [f"{block.alt} {block.url}"]
        case Progress():
            return [f"{block.label} {say(msg('{done} of {total}', done=block.done, total=block.total))}"]
        case Buttons():
            return button_words(block.buttons)
        case Picker():
            chosen = [choice.label for choice in block.choices if choice.value == block.value]
            return [f"{block.label}: {chosen[0]}"] if chosen else []
        case _:
            assert_never(block)


def shows(block: Block) -> bool:
    """Whether anything can be seen of a block."""
    match block:
        case Gallery():
            return bool(block.items or block.more_url)
        case Buttons():
            return any(button.url or not button.disabled for button in block.buttons)
        case Picker():
            return bool(block.choices)
        case Picture() | Progress():
            return True
        case Table():
            heads = "".join(block.columns) if block.rows else ""
            return not blank("".join((heads, *block_words(block))).replace("•", ""))
        case Fields():
            return any(not blank(item.name + line_words(item.value)) for item in block.items)
        case Text() | Quote():
            return not blank("".join(block_words(block)))
        case _:
            assert_never(block)


def button_words(buttons: tuple[Button, ...]) -> list[str]:
    """Links are worth naming in words; buttons that act are not."""
    return [f"{button.label}: {button.url}" for button in buttons if button.url]


def card_words(card: Card) -> str:
    """The whole card, its blocks a line apart."""
    blocks = ("\n".join(filter(None, block_words(block))) for block in card.blocks)
    return "\n\n".join(filter(None, (card.title, *blocks, "\n".join(button_words(card.buttons)))))


def _cells(row: tuple[Line, ...]) -> str:
    return " · ".join(filter(None, (line_words(cell) for cell in row)))


def _inline(part: Inline) -> str:
    match part:
        case str():
            return part
        case Bold() | Code():
            return part.text
        case Link():
            same = part.text in ("", part.url)
            return part.url if same else f"{part.text} ({part.url})"
        case UserMention():
            return f"@{part.name or part.user}"
        case ChannelMention():
            return f"#{(part.name or part.channel).removeprefix('#')}"
        case Timestamp():
            return moment(part.at, part.zone)
        case _:
            assert_never(part)
