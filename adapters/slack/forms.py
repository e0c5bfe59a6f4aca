"""Forms as modal views, and what people entered back as values.

The view remembers what it belongs to in `private_metadata`: the action, the place, and the
response_url of what opened it, so that answers reach people also in channels the bot is not in.
Source: docs.slack.dev/reference/views, …/reference/block-kit/block-elements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from types import NoneType
from typing import Final

import msgspec

from adapters.slack import limits
from adapters.slack.blocks import note
from adapters.slack.escape import one_line, shortened
from adapters.slack.inline import CHANNEL_ID, Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.offered import suggested
from adapters.slack.render import blocks as card_blocks
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card, Form, Input, InputKind
from bot.core.messages.message import msg
from bot.core.messages.speaking import say
from bot.core.text.graphemes import boundary
from bot.i18n.speaking import in_its_language

FORM = "xquik_form"
PLAIN_VIEW = "xquik_notice"
VALUE = "value"
FILE_TYPES: Final = ("png", "jpg", "jpeg", "gif", "webp", "avif", "mp4")
_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]{0,200})?>", re.ASCII)
_YES_NO = {"true": "yes", "yes": "yes", "on": "yes", "false": "no", "no": "no", "off": "no"}


class Opened(msgspec.Struct, frozen=True):
    """What a submitted view belongs to."""

    action: ActionRef
    interaction: SlackInteraction


@in_its_language
def view(form: Form, interaction: SlackInteraction, *, files: bool = True) -> Json:
    """The modal for a form. files: whether it has fields for files; where not, they take links.

    A value longer than a field holds is not asked for again where there is anything else to ask: what was
    typed is kept, and a cut text would replace it.
    """
    made: list[Json] = [note(shortened(form.note, limits.CONTEXT_TEXT))] if form.note else []
    # What was attached before stays with the form's state; it is asked for anew where it was at fault.
    inputs = [item for item in form.inputs if not _attached(item) or item.name == form.about]
    whole = [item for item in inputs if len(item.value) <= limits.INPUT_TEXT]
    made += [_input(item if files else _linked(item)) for item in whole or inputs]
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": words(one_line(form.title, limits.VIEW_TITLE) or say(msg("Form"))),
        "submit": words(one_line(form.submit, limits.VIEW_BUTTON) or say(msg("Submit"))),
        "close": words(say(msg("Cancel"))),
        "private_metadata": remember(form.action, interaction),
        "blocks": made,
    }


@in_its_language
def notice(card: Card) -> Json:
    """A modal that only tells something."""
    return {
        "type": "modal",
        "callback_id": PLAIN_VIEW,
        "title": words(one_line(card.title, limits.VIEW_TITLE) or "Xquik"),  # no message: a name
        "close": words(say(msg("Close"))),
        "blocks": card_blocks(card, most=limits.VIEW_BLOCKS),
    }


def loading() -> Json:
    """What stands in a modal until the form is there."""
    return {
        "type": "modal",
        "callback_id": PLAIN_VIEW,
        "title": words(one_line(say(msg("One moment")), limits.VIEW_TITLE)),
        "close": words(one_line(say(msg("Close")), limits.VIEW_BUTTON)),
        "blocks": [note(say(msg("Getting the form ready…")))],
    }


def remember(action: ActionRef, interaction: SlackInteraction) -> str:
    """The private metadata of a view."""
    kept = {
        "a": str(action),
        "c": interaction.channel,
        "t": interaction.thread,
        "m": interaction.message,
        "e": interaction.ephemeral,
        "u": interaction.response_url,
        "at": interaction.issued_at,
    }
    text = json.dumps({name: value for name, value in kept.items() if value}, separators=(",", ":"))
    if len(text) > limits.PRIVATE_METADATA:  # an address longer than any that Slack has sent so far
        kept.pop("u")
        text = json.dumps(kept, separators=(",", ":"))
    return text


# What `remember` keeps beside the action, by its kind.
_KEPT: Final[Mapping[str, tuple[type, ...]]] = dict.fromkeys("ctmu", (str, NoneType)) | {
    "e": (bool, NoneType),
    "at": (int, float, NoneType),
}


def recall(metadata: str, interaction: SlackInteraction) -> Opened | None:
    """What a submitted view belongs to; `interaction`: of the submission. None when it is not ours."""
    try:
        kept = json.loads(metadata)
        action = ActionRef.parse(kept["a"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if action is None or not all(isinstance(kept.get(name), kind) for name, kind in _KEPT.items()):
        return None
    placed = replace(
        interaction,
        channel=kept.get("c") or "",
        thread=kept.get("t"),
        message=kept.get("m"),
        ephemeral=bool(kept.get("e")),
        response_url=kept.get("u") or "",
        issued_at=kept.get("at") or interaction.issued_at,
    )
    return Opened(action, placed)


def values(state: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What was entered, by the name of the input; "" for what was left empty."""
    return {name: _entered(element) for name, elements in state.items() for element in elements.values()}


def filled_in(view: object) -> dict[str, str]:
    """What stands in a view that is still open, by the name of the input: what was entered, else what the
    field began with. Nothing for what is no view of ours."""
    if not isinstance(view, Mapping):
        return {}
    begun = {
        block["block_id"]: _entered(
            {key.replace("initial_", "selected_", 1): one for key, one in block["element"].items()}
            | {"value": block["element"].get("initial_value")}
        )
        for block in view.get("blocks") or ()
        if block.get("type") == "input"
    }
    return begun | values((view.get("state") or {}).get("values") or {})


def _entered(element: Json) -> str:
    option = element.get("selected_option")
    if isinstance(option, dict):
        return str(option.get("value", ""))
    options = element.get("selected_options")
    if isinstance(options, list):
        return ", ".join(str(one.get("value", "")) for one in options)
    person = element.get("selected_user")
    if isinstance(person, str):
        return f"<@{person}>"
    several = element.get("selected_conversations")
    if isinstance(several, list):
        return ", ".join(map(str, several))
    value = element.get("selected_conversation") or element.get("value")
    return value if isinstance(value, str) else ""


def words(text: str) -> Json:
    """A plain_text object without emoji shortcodes."""
    return {"type": "plain_text", "text": text, "emoji": False}


def takes_files(form: Form) -> bool:
    """Whether it has a field for files."""
    return any(item.kind is InputKind.MEDIA for item in form.inputs)


def _attached(item: Input) -> bool:
    return item.kind is InputKind.MEDIA and bool(item.value)


def _linked(item: Input) -> Input:
    """A field for files as one for links."""
    if item.kind is not InputKind.MEDIA:
        return item
    hint = say(msg("A link. To attach files here, the app needs the scope {scope}.", scope="files:read"))
    return replace(item, kind=InputKind.TEXT, hint=hint)


def _input(item: Input) -> Json:
    block: Json = {
        "type": "input",
        "block_id": item.name,
        "label": words(one_line(item.label, limits.INPUT_LABEL) or item.name),
        "element": {"action_id": VALUE} | element_of(item),
        "optional": not item.required,
    }
    hint = " ".join(filter(None, (item.hint, _warning(item))))
    return block | ({"hint": words(shortened(hint, limits.INPUT_HINT))} if hint else {})


def _warning(item: Input) -> str:
    if item.kind is InputKind.SECRET:
        return say(
            msg("Slack shows what you type here: make sure that nobody is looking over your shoulder.")
        )
    if len(item.value) > limits.INPUT_TEXT:
        held = limits.INPUT_TEXT
        return say(msg("A Slack form holds {most} characters; the end of the text was cut off.", most=held))
    return ""


def element_of(item: Input) -> Json:
    """What a field is filled in with."""
    if (picker := suggested(item)) is not None:
        return picker
    match item.kind:
        case InputKind.MEDIA:
            most = (item.most or 1) if item.many else 1
            return {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": most}
        case InputKind.BOOLEAN:
            return _select(replace(item, value=_YES_NO.get(item.value.casefold(), "")), yes_no())
        case InputKind.CHOICE if _selectable(item):
            return _select(item, tuple((choice.label, choice.value) for choice in item.choices))
        case InputKind.SUBJECT if (person := _person(item)) is not None:
            return {"type": "users_select"} | ({"initial_user": person} if person else {})
        case InputKind.CHANNEL if (given := _channels(item)) is not None:
            return _channel(item, given)
        case _:
            return _text(item)  # numbers too: 10k and 30d are some, and Slack's own field takes neither


def yes_no() -> tuple[tuple[str, str], ...]:
    """What stands for a yes and a no, each with its value."""
    return (say(msg("Yes")), "yes"), (say(msg("No")), "no")


def _text(item: Input) -> Json:
    longest = min(item.max_length or limits.INPUT_TEXT, limits.INPUT_TEXT)
    made: Json = {"type": "plain_text_input", "max_length": max(1, longest)}
    made["multiline"] = item.tall
    if item.value and item.kind is not InputKind.SECRET:
        made["initial_value"] = item.value[: boundary(item.value, longest)]
    return made


def _selectable(item: Input) -> bool:
    """Whether Slack's select can hold the choices; a text field takes them otherwise."""
    fits = all(0 < len(choice.value) <= limits.OPTION_VALUE for choice in item.choices)
    return 0 < len(item.choices) <= limits.OPTIONS and fits


def _select(item: Input, choices: tuple[tuple[str, str], ...]) -> Json:
    options = [
        {"text": words(one_line(label, limits.OPTION_TEXT) or value), "value": value}
        for label, value in choices
    ]
    chosen = [one for one in options if one["value"] == item.value]
    return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _person(item: Input) -> str | None:
    """The id of the person who was given, "" for nobody; None where a picker of people would lose it."""
    given = _PERSON.fullmatch(item.value.strip())
    return given[1] if given else None if item.value.strip() else ""


def _channels(item: Input) -> list[str] | None:
    """The ids of the channels that were given; None where one of them is no id, and a picker would lose
    it."""
    given = [text for text in (item.value.split(",") if item.many else [item.value]) if text.strip()]
    ids = [re.search(CHANNEL_ID.pattern, text) for text in given]
    return None if None in ids else [found[0] for found in ids if found]


def _channel(item: Input, given: list[str]) -> Json:
    """A picker of channels, at first those given. One that is needed begins with where the person is."""
    made: Json = {
        "type": "multi_conversations_select" if item.many else "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if given:
        return made | ({"initial_conversations": given} if item.many else {"initial_conversation": given[0]})
    return made | ({"default_to_current_conversation": True} if item.required else {})
