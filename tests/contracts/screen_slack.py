"""Slack's screen: Block Kit, read by the rules of the Slack double."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from adapters.slack import limits
from adapters.slack.inline import weight
from adapters.slack.render import overflow
from adapters.slack.sending import bodies, manner
from bot.core.chat.cards import Card, File
from tests.contracts.screens import Drawn, only_words
from tests.doubles.slack import check_blocks, reading

_GROUP = re.compile(r"<!subteam\^(\w+)>")
_MARKS = re.compile(r"[*_~`<>]")


def _read(node: Any) -> Any:
    """The blocks with the escapes of mrkdwn undone: there alone they are read."""
    if isinstance(node, list):
        return [_read(item) for item in node]
    if not isinstance(node, dict):
        return node
    read = {key: _read(value) for key, value in node.items()}
    if node.get("type") == "mrkdwn":
        read["text"] = node["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return read


def _emphasis(card: Card) -> list[str]:
    """What is drawn otherwise than written where a message is words alone: posted, and edited in."""
    posted, edited = next(bodies(card)), next(bodies(card, parsed=True))
    read = [posted] if manner(card)["mrkdwn"] else []
    return [m for one in (*read, edited) if not one["blocks"] for m in reading.emphasis(one["text"])]


class SlackScreen:
    """See `screens.Screen`."""

    name = "slack"
    group = "S0TEAM"
    notifies = True
    limits: ClassVar[Mapping[str, int]] = {
        "title": limits.HEADER,
        "text": limits.MESSAGE_TEXT,
        "label": limits.BUTTON_TEXT,
        "buttons": limits.ACTIONS,
        "pictures": limits.PICTURES,
        "alt": limits.ALT_TEXT,
        "button address": limits.URL,
        "picture address": limits.URL,
        "rows": limits.TABLE_ROWS,
        "fields": limits.LIST_ITEMS,
        "remark": limits.CONTEXT_TEXT,
        "parts": limits.MESSAGE_BLOCKS,
    }

    def draw(self, card: Card) -> Drawn:
        body = next(bodies(card))
        made, words = body["blocks"], body["text"]
        problems = check_blocks(made, "message")
        if weight(made) > limits.MESSAGE_TEXT:
            problems = [*problems, "more text than a message takes"]
        nodes = list(reading.walk(made))
        alts = [str(node["alt_text"]) for node in nodes if "alt_text" in node]
        markup = [node["text"] for node in nodes if node.get("type") == "mrkdwn"] if only_words(card) else []
        return Drawn(
            "\n".join([reading.visible_text(words, _read(made)), *alts]),
            words,
            frozenset(url for url, _ in reading.links(words, made, [])),
            tuple(node["text"]["text"] for node in nodes if node.get("type") == "button"),
            tuple(_GROUP.sub(r"\1", ping) for ping in reading.pings(words, made, [])),
            (*(mark for text in markup for mark in _MARKS.findall(text)), *_emphasis(card)),
            tuple(str(problem) for problem in problems),
        )

    def files(self, card: Card) -> tuple[File, ...]:
        return overflow(card)
