"""Ways to a command that need no typing: some in the menu of a message, one in Slack's own menu.

Slash commands do not work in threads; shortcuts do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack import limits
from adapters.slack.escape import one_line
from adapters.slack.forms import VALUE, words
from adapters.slack.inline import Json
from adapters.slack.texts import texts_of
from bot.core.commands.declaring import Catalogue
from bot.core.commands.offers import Offer
from bot.core.messages.message import msg
from bot.core.messages.speaking import say
from bot.core.x.references import TweetRef, find_posts
from bot.i18n.translator import Translator

RUN = "xquik_run"
COMMAND_INPUT = "command"
OPTIONS_INPUT = "options"
PLACE_INPUT = "place"
PICK = "xquik:command"
# Before the keys of message actions.
_PREFIX = "xquik_"


def message_shortcuts(catalogue: Catalogue) -> list[Json]:
    """The message actions as the manifest declares them, in English: Slack takes no translations of it."""
    return [
        {
            "name": str(action.name),
            "type": "message",
            "callback_id": f"{_PREFIX}{action.key}",
            "description": str(action.description),
        }
        for action, _ in catalogue.message_actions
    ]


def offer_of(catalogue: Catalogue, callback_id: str) -> Offer | None:
    """What the shortcut of that id offers."""
    known = {f"{_PREFIX}{action.key}": offer for action, offer in catalogue.message_actions}
    return known.get(callback_id)


def tweets_in(message: Mapping[str, Any]) -> tuple[TweetRef, ...]:
    """The tweets that a message links to, wherever it does."""
    return find_posts(*texts_of(message))


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
