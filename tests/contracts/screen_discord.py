"""Discord's screen: components, read by the rules of the Discord double."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from adapters.discord import limits
from adapters.discord.bare import bare
from adapters.discord.plain import CONTENT, plain
from adapters.discord.render import render
from bot.core.chat.cards import Card, File, Shape
from tests.adapters.discord.markdown import doings, shown
from tests.contracts.screens import Drawn, only_words
from tests.doubles.discord.mentions import Pings, pings
from tests.doubles.discord.rules_components import check_message_components, walk

# A backslash hides what comes after it.
_HIDDEN = re.compile(r"\\[^0-9A-Za-z\s]")
_MASKED = re.compile(r"\[(?:[^\[\]])*\]\((https?://[^)\s]+)\)")
_BARE = re.compile(r"(?<!\()\b(?:https?|discord|steam)://[^\s)>]+", re.IGNORECASE)
# Our own blocks and spans of code show what stands in them.
_FENCE = re.compile(r"```\n[^`]*\n```")
_CODE = re.compile(r"`[^`\n]*`")
_MENTIONED = re.compile(r"UserMention\(user='(\d+)'")
_PICTURES, _BUTTON, _TEXT = 12, 2, 10


def followed(markdown: str) -> set[str]:
    """The addresses that a text makes links of."""
    active = _CODE.sub("", _HIDDEN.sub("", _FENCE.sub("", markdown)))
    masked = set(_MASKED.findall(active))
    return masked | set(_BARE.findall(_MASKED.sub("", active)))


def notifies(given: Pings) -> tuple[str, ...]:
    """Roles by their id; whoever else, in the words of the double."""
    others = replace(given, roles=frozenset())
    return (*sorted(str(role) for role in given.roles), *([str(others)] if others else []))


def read(
    components: list[dict[str, Any]],
    fallback: str = "",
    own: frozenset[int] = frozenset(),
    *,
    content: str = "",
) -> Drawn:
    """What a person sees of a message. Pings are read as if it were sent without `allowed_mentions`;
    own: people whom a card of ours mentions, and whom only `allowed_mentions` keeps undisturbed.
    content: the text of a message that is not made of components."""
    everything = [component for _, component in walk(components)]
    texts = [content, *(c["content"] for c in everything if c["type"] == _TEXT)]
    alts = [i.get("description", "") for c in everything if c["type"] == _PICTURES for i in c["items"]]
    buttons = [c for c in everything if c["type"] == _BUTTON]
    labels = [c["label"] for c in buttons]
    links = {url for text in texts for url in followed(text)} | {c["url"] for c in buttons if "url" in c}
    notified = pings(content, components, None) | pings(fallback, [], None)
    notified = replace(notified, users=notified.users - own)
    return Drawn(
        "\n".join([*(shown(text) for text in texts), *alts, *labels]),
        fallback,
        frozenset(links),
        tuple(c["label"] for c in buttons if not c.get("disabled")),
        notifies(notified),
    )


class DiscordScreen:
    """See `screens.Screen`."""

    name = "discord"
    group = "1234567890123456780"
    notifies = True
    limits: ClassVar[Mapping[str, int]] = {
        "title": limits.TITLE,
        "text": limits.TEXT,
        "label": limits.BUTTON_LABEL,
        "buttons": limits.ROW_BUTTONS * limits.BUTTON_ROWS,
        "pictures": limits.GALLERY_ITEMS,
        "alt": limits.ALT_TEXT,
        "button address": limits.LINK_URL,
        "picture address": limits.MEDIA_URL,
        "parts": limits.COMPONENTS,
    }

    def draw(self, card: Card) -> Drawn:
        content, components = "", []
        files: tuple[File, ...] = ()
        if card.shape is Shape.BARE:
            made = bare(card, mark="key1")
            content, components = made.content, made.components
        else:
            rendered = render(card, mark="key1")
            components, files = rendered.components, rendered.files
        v2 = card.shape is not Shape.BARE
        problems = [
            str(p) for p in check_message_components(components, v2=v2, files=[file.name for file in files])
        ]
        texts = [content, *(c["content"] for _, c in walk(components) if c["type"] == _TEXT)]
        if sum(limits.size(text) for text in texts) > limits.TEXT:
            problems.append("more text than a message takes")
        fallback = plain(card)
        if limits.size(fallback) > CONTENT:
            problems.append("a longer fallback than a message takes")
        words = [re.sub(r"(?m)^(?:### |-# )", "", text) for text in texts] if only_words(card) else []
        markup = tuple(doing for text in words for doing in doings(text))
        own = frozenset(int(user) for user in _MENTIONED.findall(repr(card)))
        if limits.size(content) > limits.CONTENT:
            problems.append("a longer content than a message takes")
        return replace(
            read(components, fallback, own, content=content), markup=markup, violations=tuple(problems)
        )

    def files(self, card: Card) -> tuple[File, ...]:
        return render(card, mark="key1").files
