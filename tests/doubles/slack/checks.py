"""Collecting breaches of Block Kit rules, and the objects that blocks and elements share.

Source of the limits: Slack's reference for composition objects. Problems read as Slack's do:
``[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/1/text/text]``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

Json = dict[str, Any]

OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
OPTION_GROUPS = 100
URL = 3000
ID = 255
PLACEHOLDER = 150
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


class Check:
    """One pass over a message or a view; ``problems`` is what Slack would list."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def fail(self, at: str, rule: str) -> None:
        self.problems.append(f"[ERROR] {rule} [json-pointer:{at}]")

    def is_object(self, at: str, value: Any) -> bool:
        if isinstance(value, dict):
            return True
        self.fail(at, "must provide an object")
        return False

    def keys(self, at: str, value: Json, allowed: Collection[str], required: Iterable[str] = ()) -> None:
        for key in required:
            if value.get(key) is None:
                self.fail(at, f"missing required field: {key}")
        for key in value:
            if key not in allowed:
                self.fail(at, f"invalid additional property: {key}")

    def string(self, at: str, value: Any, maximum: int, minimum: int = 0) -> bool:
        if value is None:
            return True
        if not isinstance(value, str):
            self.fail(at, "must provide a string")
        elif len(value) > maximum:
            self.fail(at, f"must be less than {maximum + 1} characters")
        elif len(value) < minimum:
            self.fail(at, f"must be more than {minimum - 1} characters")
        else:
            return True
        return False

    def boolean(self, at: str, holder: Json, *names: str) -> None:
        for name in names:
            if name in holder and not isinstance(holder[name], bool):
                self.fail(f"{at}/{name}", "must provide a boolean")

    def count(self, at: str, value: Any, maximum: int, minimum: int = 1) -> bool:
        if not isinstance(value, list):
            self.fail(at, "must provide an array")
            return False
        if len(value) > maximum:
            self.fail(at, f"no more than {maximum} items allowed")
        if len(value) < minimum:
            self.fail(at, f"no fewer than {minimum} items allowed")
        return True

    def one_of(self, at: str, value: Any, choices: Collection[str]) -> None:
        if value is not None and value not in choices:
            self.fail(at, f"must be one of: {', '.join(sorted(choices))}")

    def text(
        self, at: str, value: Any, maximum: int, kinds: Collection[str] = PLAIN, *, minimum: int = 1
    ) -> None:
        """A text object, where there is one."""
        if value is None or not self.is_object(at, value):
            return
        if value.get("type") not in kinds:
            self.fail(f"{at}/type", f"must be one of: {', '.join(kinds)}")
        extra = "emoji" if value.get("type") == "plain_text" else "verbatim"
        self.keys(at, value, ("type", "text", extra), ("text",))
        self.boolean(at, value, "emoji", "verbatim")
        self.string(f"{at}/text", value.get("text"), maximum, minimum)

    def url(self, at: str, value: Any) -> None:
        if value is None or not self.string(at, value, URL, 1):
            return
        if "://" not in value and not value.startswith("mailto:"):
            self.fail(at, "must be a valid URL")

    def option(self, at: str, value: Any, kinds: Collection[str], *, url: bool = False) -> None:
        if not self.is_object(at, value):
            return
        allowed = ("text", "value", "description") + (("url",) if url else ())
        self.keys(at, value, allowed, ("text", "value"))
        self.text(f"{at}/text", value.get("text"), OPTION_TEXT, kinds)
        self.string(f"{at}/value", value.get("value"), OPTION_VALUE, 1)
        self.text(f"{at}/description", value.get("description"), OPTION_TEXT, kinds)
        self.url(f"{at}/url", value.get("url"))

    def options(
        self,
        at: str,
        value: Any,
        maximum: int = OPTIONS,
        kinds: Collection[str] = PLAIN,
        *,
        minimum: int = 1,
        url: bool = False,
    ) -> None:
        if self.count(at, value, maximum, minimum):
            for i, option in enumerate(value):
                self.option(f"{at}/{i}", option, kinds, url=url)

    def option_groups(self, at: str, value: Any) -> None:
        if not self.count(at, value, OPTION_GROUPS):
            return
        for i, group in enumerate(value):
            if self.is_object(f"{at}/{i}", group):
                self.keys(f"{at}/{i}", group, ("label", "options"), ("label", "options"))
                self.text(f"{at}/{i}/label", group.get("label"), OPTION_TEXT)
                self.options(f"{at}/{i}/options", group.get("options"), minimum=0)

    def confirm(self, at: str, value: Any) -> None:
        if value is None or not self.is_object(at, value):
            return
        self.keys(at, value, (*CONFIRM, "style"), ("title", "text", "confirm", "deny"))
        for name, maximum in CONFIRM.items():
            kinds = ANY_TEXT if name == "text" else PLAIN
            self.text(f"{at}/{name}", value.get(name), maximum, kinds)
        self.one_of(f"{at}/style", value.get("style"), ("primary", "danger"))
