"""A card as words alone: the `text` that goes with every message, for notifications, screen readers
and the last attempt when Slack takes no blocks."""

from __future__ import annotations

from adapters.slack import limits
from adapters.slack.escape import clean, escape, shortened
from adapters.slack.pings import ping_words
from bot.core.chat.cards import Card, priority_of
from bot.core.chat.missing import NO_TEXT, Missing, missing
from bot.core.chat.room import allot
from bot.core.chat.words import block_words, button_words, shows
from bot.core.messages.speaking import say
from bot.core.text.graphemes import boundary
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

_LEAST = 60


@in_its_language
def fallback(card: Card, limit: int = limits.FALLBACK_TEXT) -> str:
    """The groups it notifies and the card in words, `& < >` escaped, at most `limit` characters before
    the escaping; what is cut is counted, and is nothing that a decision rests on while there is room."""
    blocks = [block for block in card.blocks if shows(block)]
    texts = [clean("\n".join(filter(None, block_words(block)))) for block in blocks]
    title, links = clean(card.title), clean("\n".join(button_words(card.buttons)))
    around = [shortened(title, limit // 4), shortened(links, limit // 4)]
    room = limit - sum(len(one) + 1 for one in around) - len(texts)
    given = allot([len(text) for text in texts], [priority_of(block) for block in blocks], room, _LEAST)
    shown = (_within(text, share) for text, share in zip(texts, given, strict=True))
    words = "\n".join(part for part in (around[0], *shown, around[1]) if not blank(part))
    return "\n".join(filter(None, (ping_words(card), escape(words) or escape(say(NO_TEXT)))))


def _within(text: str, room: int) -> str:
    """As much of it as there is room for, and how many characters are missing."""
    if len(text) <= room:
        return text
    said = say(missing(len(text), Missing.CHARACTERS))
    shown = text[: boundary(text, max(0, room - len(said) - 1))].rstrip()
    said = say(missing(len(text) - len(shown), Missing.CHARACTERS))
    return f"{shown}\n{said}" if shown else said if len(said) <= room else ""
