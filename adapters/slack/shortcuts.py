"""Ways to a command that need no typing: two in the menu of a message, one in Slack's own menu.

Slash commands do not work in threads; shortcuts do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack import limits
from adapters.slack.escape import one_line
from adapters.slack.forms import VALUE, words
from adapters.slack.runs import Json
from bot.core.commands import Catalogue

RUN = "xquik_run"
COMMAND_INPUT = "command"
OPTIONS_INPUT = "options"
PLACE_INPUT = "place"
PICK = "xquik:command"

_TWEET = re.compile(r"https?://(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com/\w{1,15}/status/\d{5,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MessageShortcut:
    """An entry in the menu of every message. path: the command; option: takes the tweet's link."""

    callback_id: str
    name: str
    description: str
    path: tuple[str, ...]
    option: str = "tweet"


MESSAGE_SHORTCUTS = (
    MessageShortcut(
        "xquik_show_tweet",
        "Show tweet",
        "Show the tweet that this message links to, with its figures",
        ("tweet", "show"),
    ),
    MessageShortcut(
        "xquik_draft_reply",
        "Draft a reply",
        "Write a reply to the tweet that this message links to",
        ("tweet", "reply"),
    ),
)


def tweet_in(message: Mapping[str, Any]) -> str | None:
    """The first link to a tweet in a message: its text, blocks or attachments."""
    for text in _strings(message):
        if match := _TWEET.search(text):
            return match[0]
    return None


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)


def run_view() -> Json:
    """The form of the global shortcut: which command, its options, and where to answer."""
    command = {
        "type": "external_select",
        "action_id": PICK,
        "min_query_length": 0,
        "placeholder": words("Type to find one"),
    }
    place = {
        "type": "conversations_select",
        "action_id": VALUE,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    hint = "As after the command, like winners:3. Left empty, a form asks for the rest."
    options = {"type": "plain_text_input", "action_id": VALUE}
    return {
        "type": "modal",
        "callback_id": RUN,
        "title": words("Run a command"),
        "submit": words("Run"),
        "close": words("Cancel"),
        "blocks": [
            _question(COMMAND_INPUT, "Command", command),
            _question(OPTIONS_INPUT, "Options", options) | {"hint": words(hint), "optional": True},
            _question(PLACE_INPUT, "Answer in", place) | {"optional": True},
        ],
    }


def _question(block_id: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element}


def matching_commands(catalogue: Catalogue, typed: str) -> list[Json]:
    """Options for the command picker: those that contain every word that was typed."""
    wanted = typed.casefold().split()
    found = [
        {
            "text": words(one_line(f"{command.name} – {command.summary}", limits.OPTION_TEXT)),
            "value": command.name,
        }
        for command in catalogue
        if all(word in f"{command.name} {command.summary}".casefold() for word in wanted)
    ]
    return found[: limits.OPTIONS]
