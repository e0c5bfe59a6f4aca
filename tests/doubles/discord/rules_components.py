"""The published limits of message components and modals, as pure checks that return problems.

Sources: Discord's component reference, as summarised in the project's platform notes. Kinds are
Discord's numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tests.doubles.discord.errors import Problem

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
SELECTS = frozenset({3, 5, 6, 7, 8})

MAX_COMPONENTS = 40
MAX_TEXT = 4000
_TOP_V2 = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
_IN_CONTAINER = _TOP_V2 - {CONTAINER}
_IN_LABEL = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}

Component = dict[str, Any]


def walk(components: list[Component], path: str = "components") -> Iterator[tuple[str, Component]]:
    """Every component with its path, parents first, accessories and label contents included."""
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        yield here, component
        yield from walk(component.get("components") or [], f"{here}.components")
        for key in ("accessory", "component"):
            if isinstance(child := component.get(key), dict):
                yield f"{here}.{key}", child


def check_message_components(
    components: list[Component], *, v2: bool, files: Collection[str]
) -> Iterator[Problem]:
    """Problems of a message's components. `files` are the names that `attachment://` may refer to."""
    everything = list(walk(components))
    allowed = _TOP_V2 if v2 else {ROW}
    for index, component in enumerate(components):
        if component.get("type") not in allowed:
            hint = "" if v2 else " without the Components V2 flag"
            yield Problem(f"components.{index}.type", f"kind {component.get('type')} not allowed here{hint}")
    if v2:
        if len(everything) > MAX_COMPONENTS:
            yield Problem("components", f"{len(everything)} components, at most {MAX_COMPONENTS}")
        length = sum(len(c.get("content") or "") for _, c in everything if c.get("type") == TEXT)
        if length > MAX_TEXT:
            yield Problem("components", f"{length} characters of text, at most {MAX_TEXT}")
    elif len(components) > 5:
        yield Problem("components", f"{len(components)} action rows, at most 5")
    yield from _unique_ids(everything)
    for path, component in everything:
        yield from _check_one(path, component, files)


def check_modal(data: dict[str, Any]) -> Iterator[Problem]:
    """Problems of a modal: title 1–45, custom_id 1–100, 1–5 components, each a label, a text or a
    row with one input.
    """
    yield from _length("title", data.get("title"), 1, 45)
    yield from _length("custom_id", data.get("custom_id"), 1, 100)
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        yield Problem("components", f"{len(components)} components in a modal, must be 1–5")
    everything = list(walk(components))
    yield from _unique_ids(everything)
    for index, component in enumerate(components):
        here = f"components.{index}"
        if component.get("type") not in (ROW, TEXT, LABEL):
            yield Problem(f"{here}.type", f"kind {component.get('type')} not allowed in a modal")
        elif component["type"] == ROW:
            inner = component.get("components") or []
            if len(inner) != 1 or inner[0].get("type") != TEXT_INPUT:
                yield Problem(here, "a row of a modal holds exactly one text input")
            else:
                yield from _length(f"{here}.components.0.label", inner[0].get("label"), 1, 45)
    for path, component in everything:
        if component.get("type") != ROW:
            yield from _check_one(path, component, ())


def _check_one(path: str, component: Component, files: Collection[str]) -> Iterator[Problem]:
    kind = component.get("type")
    if kind == ROW:
        yield from _row(path, component)
    elif kind == BUTTON:
        yield from _button(path, component)
    elif kind in SELECTS:
        yield from _select(path, component)
    elif kind == TEXT_INPUT:
        yield from _text_input(path, component)
    elif kind == SECTION:
        yield from _section(path, component)
    elif kind == TEXT:
        yield from _length(f"{path}.content", component.get("content"), 1, MAX_TEXT)
    elif kind in (THUMBNAIL, GALLERY, FILE):
        yield from _pictures(path, component, files)
    elif kind == CONTAINER:
        yield from _container(path, component)
    elif kind == LABEL:
        yield from _label(path, component)
    elif kind in (FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX):
        yield from _length(f"{path}.custom_id", component.get("custom_id"), 1, 100)
        if kind in (RADIO_GROUP, CHECKBOX_GROUP):
            count = len(component.get("options") or [])
            yield from _between(f"{path}.options", count, 2 if kind == RADIO_GROUP else 1, 10)
    elif kind != SEPARATOR:
        yield Problem(f"{path}.type", f"unknown component kind {kind}")


def _row(path: str, row: Component) -> Iterator[Problem]:
    inner = row.get("components") or []
    kinds = [c.get("type") for c in inner]
    if all(k == BUTTON for k in kinds):
        yield from _between(f"{path}.components", len(inner), 1, 5)
    elif len(inner) != 1 or kinds[0] not in SELECTS:
        yield Problem(f"{path}.components", "a row holds 1–5 buttons or exactly one select")


def _button(path: str, button: Component) -> Iterator[Problem]:
    style = button.get("style")
    if not button.get("label") and not button.get("emoji") and style != 6:
        yield Problem(path, "a button needs a label or an emoji")
    if button.get("label"):
        yield from _length(f"{path}.label", button["label"], 1, 80)
    if style == 5:
        yield from _length(f"{path}.url", button.get("url"), 1, 512)
        if not str(button.get("url", "")).startswith(("http://", "https://", "discord://")):
            yield Problem(f"{path}.url", "scheme must be http, https or discord")
        if button.get("custom_id"):
            yield Problem(f"{path}.custom_id", "a link button has no custom_id")
    elif style in (1, 2, 3, 4):
        yield from _length(f"{path}.custom_id", button.get("custom_id"), 1, 100)
        if button.get("url"):
            yield Problem(f"{path}.url", "only a link button has a url")
    elif style != 6:
        yield Problem(f"{path}.style", f"unknown style {style}")


def _select(path: str, select: Component) -> Iterator[Problem]:
    yield from _length(f"{path}.custom_id", select.get("custom_id"), 1, 100)
    if select.get("placeholder"):
        yield from _length(f"{path}.placeholder", select["placeholder"], 0, 150)
    low, high = select.get("min_values"), select.get("max_values")
    yield from _between(f"{path}.min_values", 1 if low is None else low, 0, 25)
    yield from _between(f"{path}.max_values", 1 if high is None else high, 1, 25)
    if select.get("type") != STRING_SELECT:
        return
    options = select.get("options") or []
    yield from _between(f"{path}.options", len(options), 1, 25)
    values = [o.get("value") for o in options]
    if len(set(values)) != len(values):
        yield Problem(f"{path}.options", "option values must be unique")
    if high is not None and high > len(options):
        yield Problem(f"{path}.max_values", f"{high} of {len(options)} options")
    for index, option in enumerate(options):
        yield from _length(f"{path}.options.{index}.label", option.get("label"), 1, 100)
        yield from _length(f"{path}.options.{index}.value", option.get("value"), 1, 100)
        if option.get("description") is not None:
            yield from _length(f"{path}.options.{index}.description", option["description"], 1, 100)


def _text_input(path: str, field: Component) -> Iterator[Problem]:
    yield from _length(f"{path}.custom_id", field.get("custom_id"), 1, 100)
    yield from _length(f"{path}.value", field.get("value") or "", 0, 4000)
    yield from _length(f"{path}.placeholder", field.get("placeholder") or "", 0, 100)
    low, high = field.get("min_length") or 0, field.get("max_length")
    yield from _between(f"{path}.min_length", low, 0, 4000)
    if high is not None:
        yield from _between(f"{path}.max_length", high, max(1, low), 4000)
        if len(field.get("value") or "") > high:
            yield Problem(f"{path}.value", f"longer than its own max_length {high}")
    if field.get("style") not in (1, 2):
        yield Problem(f"{path}.style", f"unknown style {field.get('style')}")


def _section(path: str, section: Component) -> Iterator[Problem]:
    texts = section.get("components") or []
    yield from _between(f"{path}.components", len(texts), 1, 3)
    if any(t.get("type") != TEXT for t in texts):
        yield Problem(f"{path}.components", "a section holds texts only")
    if (section.get("accessory") or {}).get("type") not in (BUTTON, THUMBNAIL):
        yield Problem(f"{path}.accessory", "a section needs a button or a thumbnail as accessory")


def _pictures(path: str, component: Component, files: Collection[str]) -> Iterator[Problem]:
    kind = component["type"]
    if kind == GALLERY:
        items = component.get("items") or []
        yield from _between(f"{path}.items", len(items), 1, 10)
        pictures = [(f"{path}.items.{i}", item, item.get("media")) for i, item in enumerate(items)]
    elif kind == FILE:
        pictures = [(path, component, component.get("file"))]
    else:
        pictures = [(path, component, component.get("media"))]
    for here, holder, media in pictures:
        url = (media or {}).get("url") or ""
        yield from _length(f"{here}.media.url", url, 1, 2048)
        if holder.get("description") is not None:
            yield from _length(f"{here}.description", holder["description"], 1, 1024)
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in files:
                yield Problem(f"{here}.media.url", f"no file of this message is called {url[13:]!r}")
        elif kind == FILE or not url.startswith(("http://", "https://")):
            yield Problem(f"{here}.media.url", f"unsupported url {url[:60]!r}")


def _container(path: str, container: Component) -> Iterator[Problem]:
    inner = container.get("components") or []
    if not inner:
        yield Problem(f"{path}.components", "a container needs at least one component")
    for index, component in enumerate(inner):
        if component.get("type") not in _IN_CONTAINER:
            yield Problem(
                f"{path}.components.{index}.type",
                f"kind {component.get('type')} not allowed in a container",
            )
    colour = container.get("accent_color")
    if colour is not None:
        yield from _between(f"{path}.accent_color", colour, 0, 0xFFFFFF)


def _label(path: str, label: Component) -> Iterator[Problem]:
    yield from _length(f"{path}.label", label.get("label"), 1, 45)
    if label.get("description") is not None:
        yield from _length(f"{path}.description", label["description"], 1, 100)
    if (label.get("component") or {}).get("type") not in _IN_LABEL:
        yield Problem(f"{path}.component", "a label holds one input")


def _unique_ids(everything: list[tuple[str, Component]]) -> Iterator[Problem]:
    for key in ("custom_id", "id"):
        seen: set[Any] = set()
        for path, component in everything:
            value = component.get(key)
            if value in (None, 0):
                continue  # id 0 asks the server to number the component
            if value in seen:
                yield Problem(f"{path}.{key}", f"duplicate {key} {value!r}")
            seen.add(value)


def _length(path: str, value: Any, low: int, high: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "this field is required")
    elif not low <= len(value) <= high:
        yield Problem(path, f"must be {low}–{high} characters, has {len(value)}")


def _between(path: str, value: int, low: int, high: int) -> Iterator[Problem]:
    if not low <= value <= high:
        yield Problem(path, f"must be {low}–{high}, is {value}")
