"""Ways to a command that need no typing: two in the menu of a message, one in Slack's own menu.

Slash commands do not work in threads; shortcuts do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack import limits
from adapters.slack.escape import one_line
from adapters.slack.forms import VALUE, words
from adapters.slack.inline import Json
from adapters.slack.texts import texts_of
from bot.core.commands.declaring import Catalogue
from bot.core.messages.message import msg
from bot.core.messages.speaking import say
from bot.core.x.references import find_posts
from bot.i18n.translator import Translator

RUN = "xquik_run"
COMMAND_INPUT = "command"
OPTIONS_INPUT = "options"
PLACE_INPUT = "place"
PICK = "xquik:command"


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
        "Show tweet",  # no message: a name that Slack keeps
        "Show the tweet that this message links to, with its figures",  # no message: a name that Slack keeps
        ("tweet", "show"),
    ),
    MessageShortcut(
        "xquik_draft_reply",
        "Draft a reply",  # no message: a name that Slack keeps
        "Write a reply to the tweet that this message links to",  # no message: a name that Slack keeps
        ("tweet", "reply"),
    ),
)


def tweet_in(message: Mapping[str, Any]) -> str | None:
    """The first link to a tweet in a message, wherever it stands there."""
    return next((post.url for text in texts_of(message) for post in find_posts(text)), None)


def run_view() -> Json:
    """The form of the global shortcut: which command, its options, and where to answer; in the language that
    is being spoken."""
    command = {
        "type": "external_select",
        "action_id": PICK,
        "min_query_length": 0,
        "placeholder": words(one_line(say(msg("Type to find one")), limits.PLACEHOLDER)),
    }
    place = {
        "type": "conversations_select",
        "action_id": VALUE,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    hint = say(
        msg(
            "What you would type after the command, like {example}. If empty, a form asks for the rest.",
            example="winners:3",
        )
    )
    options = {"type": "plain_text_input", "action_id": VALUE}
    return {
        "type": "modal",
        "callback_id": RUN,
        "title": words(one_line(say(msg("Run a command")), limits.VIEW_TITLE)),
        "submit": words(one_line(say(msg("Run")), limits.VIEW_BUTTON)),
        "close": words(one_line(say(msg("Cancel")), limits.VIEW_BUTTON)),
        "blocks": [
            _question(COMMAND_INPUT, say(msg("Command")), command),
            _question(OPTIONS_INPUT, say(msg("Options")), options) | {"hint": words(hint), "optional": True},
            _question(PLACE_INPUT, say(msg("Answer in")), place) | {"optional": True},
        ],
    }


def _question(block_id: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element}


def matching_commands(catalogue: Catalogue, typed: str, reader: Translator) -> list[Json]:
    """Options for the command picker: those that contain every word that was typed, in the language of who
    types or in English."""
    wanted = typed.casefold().split()
    found = [
        {
            "text": words(one_line(f"{command.name} – {said}", limits.OPTION_TEXT)),
            "value": command.name,
        }
        for command in catalogue
        for said in (reader.words(command.described),)
        if all(word in f"{command.name} {said} {command.described}".casefold() for word in wanted)
    ]
    return found[: limits.OPTIONS]
