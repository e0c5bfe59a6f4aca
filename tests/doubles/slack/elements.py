"""Rules of interactive block elements (source: Slack's block element reference).

Each type names the properties it may carry, those it must, where it may stand, and its own extra check.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .checks import ANY_TEXT, ID, PLACEHOLDER, Check, Json

BUTTON_TEXT = 75
BUTTON_VALUE = 2000
ALT_TEXT = 2000
INPUT_LENGTH = 3000

COMMON = ("type", "action_id")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Rule:
    allowed: tuple[str, ...]
    required: tuple[str, ...]
    places: frozenset[str]
    check: Callable[[Check, str, Json], None]


def _nothing(check: Check, at: str, element: Json) -> None:
    """No rule beyond those of every element."""


def _button(check: Check, at: str, element: Json) -> None:
    check.text(f"{at}/text", element.get("text"), BUTTON_TEXT)
    check.string(f"{at}/value", element.get("value"), BUTTON_VALUE)
    check.url(f"{at}/url", element.get("url"))
    check.one_of(f"{at}/style", element.get("style"), ("primary", "danger"))
    check.string(f"{at}/accessibility_label", element.get("accessibility_label"), BUTTON_TEXT)


def _chosen_exists(check: Check, at: str, element: Json) -> None:
    """Initial options must be among those offered, exactly."""
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group.get("options", []) if isinstance(group, dict) else []
    chosen = element.get("initial_options") or []
    if element.get("initial_option") is not None:
        chosen = [element["initial_option"]]
    if any(option not in offered for option in chosen):
        check.fail(at, "initial option must match one of the options provided")


def _ticks(check: Check, at: str, element: Json) -> None:
    check.options(f"{at}/options", element.get("options"), 10, ANY_TEXT)
    _chosen_exists(check, at, element)


def _overflow(check: Check, at: str, element: Json) -> None:
    check.options(f"{at}/options", element.get("options"), 5, url=True)


def _static_select(check: Check, at: str, element: Json) -> None:
    if (element.get("options") is None) == (element.get("option_groups") is None):
        check.fail(at, "must provide exactly one of options and option_groups")
    elif element.get("options") is not None:
        check.options(f"{at}/options", element["options"])
    else:
        check.option_groups(f"{at}/option_groups", element["option_groups"])
    _chosen_exists(check, at, element)
    _selection_limit(check, at, element)


def _selection_limit(check: Check, at: str, element: Json) -> None:
    limit = element.get("max_selected_items")
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        check.fail(f"{at}/max_selected_items", "must be an integer of at least 1")


def _date(check: Check, at: str, element: Json) -> None:
    value = element.get("initial_date")
    if value is not None and not _DATE.fullmatch(str(value)):
        check.fail(f"{at}/initial_date", "must match YYYY-MM-DD")


def _time(check: Check, at: str, element: Json) -> None:
    value = element.get("initial_time")
    if value is not None and not _TIME.fullmatch(str(value)):
        check.fail(f"{at}/initial_time", "must match HH:mm")


def _text_input(check: Check, at: str, element: Json) -> None:
    check.string(f"{at}/initial_value", element.get("initial_value"), INPUT_LENGTH)
    low, high = element.get("min_length"), element.get("max_length")
    for name, value, floor in (("min_length", low, 0), ("max_length", high, 1)):
        if value is not None and not (isinstance(value, int) and floor <= value <= INPUT_LENGTH):
            check.fail(f"{at}/{name}", f"must be an integer between {floor} and {INPUT_LENGTH}")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        check.fail(at, "min_length must not exceed max_length")


def _number(check: Check, at: str, element: Json) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.fail(f"{at}/is_decimal_allowed", "must provide a boolean")
    for name in ("initial_value", "min_value", "max_value"):
        if name in element and not isinstance(element[name], str):
            check.fail(f"{at}/{name}", "must provide a string")


def _files(check: Check, at: str, element: Json) -> None:
    limit = element.get("max_files", 10)
    if not isinstance(limit, int) or not 1 <= limit <= 10:
        check.fail(f"{at}/max_files", "must be an integer between 1 and 10")


def image(check: Check, at: str, element: Json, extra: tuple[str, ...] = ()) -> None:
    """An image element, or the image part of an image block (``extra`` names its other properties)."""
    check.keys(at, element, ("type", "image_url", "slack_file", "alt_text", *extra), ("alt_text",))
    if (element.get("image_url") is None) == (element.get("slack_file") is None):
        check.fail(at, "must provide exactly one of image_url and slack_file")
    check.url(f"{at}/image_url", element.get("image_url"))
    check.string(f"{at}/alt_text", element.get("alt_text"), ALT_TEXT, 1)


EVERYWHERE = frozenset({"section", "actions", "input"})
NO_INPUT = frozenset({"section", "actions"})
INPUT = frozenset({"input"})

_FIELD = ("placeholder", "focus_on_load")
_SELECT = (*_FIELD, "confirm")
_MULTI = (*_SELECT, "max_selected_items")
_OFFER = ("options", "option_groups")
_TYPED = (*_FIELD, "initial_value", "dispatch_action_config")
_CONVERSATIONS = ("default_to_current_conversation", "filter")


def _rule(
    check: Callable[[Check, str, Json], None],
    *allowed: str,
    required: tuple[str, ...] = (),
    places: frozenset[str] = EVERYWHERE,
) -> Rule:
    return Rule((*COMMON, *allowed), required, places, check)


RULES: dict[str, Rule] = {
    "button": _rule(
        _button,
        "text",
        "url",
        "value",
        "style",
        "confirm",
        "accessibility_label",
        required=("text",),
        places=NO_INPUT,
    ),
    "overflow": _rule(_overflow, "options", "confirm", required=("options",), places=NO_INPUT),
    "checkboxes": _rule(
        _ticks, "options", "initial_options", "confirm", "focus_on_load", required=("options",)
    ),
    "radio_buttons": _rule(
        _ticks, "options", "initial_option", "confirm", "focus_on_load", required=("options",)
    ),
    "datepicker": _rule(_date, *_SELECT, "initial_date"),
    "timepicker": _rule(_time, *_SELECT, "initial_time", "timezone"),
    "datetimepicker": _rule(
        _nothing, "initial_date_time", "confirm", "focus_on_load", places=frozenset({"actions", "input"})
    ),
    "static_select": _rule(_static_select, *_SELECT, *_OFFER, "initial_option"),
    "multi_static_select": _rule(_static_select, *_MULTI, *_OFFER, "initial_options"),
    "external_select": _rule(_nothing, *_SELECT, "initial_option", "min_query_length"),
    "multi_external_select": _rule(_selection_limit, *_MULTI, "initial_options", "min_query_length"),
    "users_select": _rule(_nothing, *_SELECT, "initial_user"),
    "multi_users_select": _rule(_selection_limit, *_MULTI, "initial_users"),
    "channels_select": _rule(_nothing, *_SELECT, "initial_channel", "response_url_enabled"),
    "multi_channels_select": _rule(_selection_limit, *_MULTI, "initial_channels"),
    "conversations_select": _rule(
        _nothing, *_SELECT, *_CONVERSATIONS, "initial_conversation", "response_url_enabled"
    ),
    "multi_conversations_select": _rule(_selection_limit, *_MULTI, *_CONVERSATIONS, "initial_conversations"),
    "plain_text_input": _rule(_text_input, *_TYPED, "multiline", "min_length", "max_length", places=INPUT),
    "email_text_input": _rule(_nothing, *_TYPED, places=INPUT),
    "url_text_input": _rule(_nothing, *_TYPED, places=INPUT),
    "number_input": _rule(
        _number,
        *_TYPED,
        "is_decimal_allowed",
        "min_value",
        "max_value",
        required=("is_decimal_allowed",),
        places=INPUT,
    ),
    "rich_text_input": _rule(_nothing, *_TYPED, places=INPUT),
    "file_input": _rule(_files, "filetypes", "max_files", places=INPUT),
}


def element(check: Check, at: str, value: Any, place: str) -> None:
    """An element in an actions block, as a section's accessory, or as an input block's element."""
    if not check.is_object(at, value):
        return
    if value.get("type") == "image" and place == "section":
        image(check, at, value)
        return
    rule = RULES.get(str(value.get("type")))
    if rule is None or place not in rule.places:
        check.fail(at, f"unsupported type: {value.get('type')}")
        return
    check.keys(at, value, rule.allowed, rule.required)
    check.string(f"{at}/action_id", value.get("action_id"), ID, 1)
    check.text(f"{at}/placeholder", value.get("placeholder"), PLACEHOLDER)
    check.confirm(f"{at}/confirm", value.get("confirm"))
    check.boolean(at, value, "focus_on_load", "multiline", "response_url_enabled")
    rule.check(check, at, value)
