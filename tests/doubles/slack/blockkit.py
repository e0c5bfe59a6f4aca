"""Rules of Block Kit blocks, messages and views (source: Slack's block and view references, and a limit on
the text of one message that Slack enforces and does not document)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from typing import Any

from . import elements, reading
from .checks import ANY_TEXT, ID, Check, Json
from .richtext import rich_text

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
HEADER = 150
SECTION_TEXT = 3000
FIELD = 2000
FIELDS = 10
ACTIONS = 25
CONTEXT = 10
INPUT_TEXT = 2000
IMAGE_TITLE = 2000
MARKDOWN = 12_000
TITLE = 24
PRIVATE_METADATA = 3000
MESSAGE_TEXT = 13_000
"""Characters of text in all blocks of one message; above it Slack answers ``msg_blocks_too_long``."""
TABLE_ROWS, TABLE_CELLS = 100, 20
DATA_ROWS = 101
"""Rows of a data_table with its heads, as first published; later pages say 201, and twice the characters."""
DATA_TEXT = 10_000
"""Characters in the cells of all data tables of a message together."""


def _section(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "text", "fields", "accessory", "expand"))
    if block.get("text") is None and block.get("fields") is None:
        check.fail(at, "must provide either text or fields")
    check.text(f"{at}/text", block.get("text"), SECTION_TEXT, ANY_TEXT)
    fields = block.get("fields")
    if fields is not None and check.count(f"{at}/fields", fields, FIELDS):
        for i, field in enumerate(fields):
            check.text(f"{at}/fields/{i}", field, FIELD, ANY_TEXT)
    if block.get("accessory") is not None:
        elements.element(check, f"{at}/accessory", block["accessory"], "section")
    check.boolean(at, block, "expand")


def _header(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "text", "level"), ("text",))
    check.text(f"{at}/text", block.get("text"), HEADER)


def _divider(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id"))


def _image(check: Check, at: str, block: Json) -> None:
    elements.image(check, at, block, ("block_id", "title"))
    check.text(f"{at}/title", block.get("title"), IMAGE_TITLE)


def _actions(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "elements"), ("elements",))
    if check.count(f"{at}/elements", block.get("elements"), ACTIONS):
        for i, element in enumerate(block["elements"]):
            elements.element(check, f"{at}/elements/{i}", element, "actions")


def _context(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "elements"), ("elements",))
    if not check.count(f"{at}/elements", block.get("elements"), CONTEXT):
        return
    for i, element in enumerate(block["elements"]):
        where = f"{at}/elements/{i}"
        if isinstance(element, dict) and element.get("type") == "image":
            elements.image(check, where, element)
        else:
            check.text(where, element, SECTION_TEXT, ANY_TEXT)


def _input(check: Check, at: str, block: Json) -> None:
    allowed = ("type", "block_id", "label", "element", "dispatch_action", "hint", "optional")
    check.keys(at, block, allowed, ("label", "element"))
    check.text(f"{at}/label", block.get("label"), INPUT_TEXT)
    check.text(f"{at}/hint", block.get("hint"), INPUT_TEXT)
    check.boolean(at, block, "optional", "dispatch_action")
    if block.get("element") is not None:
        elements.element(check, f"{at}/element", block["element"], "input")


def _markdown(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "text"), ("text",))
    check.string(f"{at}/text", block.get("text"), MARKDOWN, 1)


def _rich(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "elements"), ("elements",))
    rich_text(check, at, block)


def _video(check: Check, at: str, block: Json) -> None:
    required = ("alt_text", "title", "thumbnail_url", "video_url")
    optional = ("author_name", "description", "provider_icon_url", "provider_name", "title_url")
    check.keys(at, block, ("type", "block_id", *required, *optional), required)
    check.text(f"{at}/title", block.get("title"), 199)
    check.text(f"{at}/description", block.get("description"), 199)
    for name in ("thumbnail_url", "video_url", "provider_icon_url", "title_url"):
        check.url(f"{at}/{name}", block.get(name))


def _table(check: Check, at: str, block: Json) -> None:
    check.keys(at, block, ("type", "block_id", "rows", "column_settings"), ("rows",))
    if not check.count(f"{at}/rows", block.get("rows"), TABLE_ROWS):
        return
    for r, row in enumerate(block["rows"]):
        if not check.count(f"{at}/rows/{r}", row, TABLE_CELLS):
            continue
        for c, cell in enumerate(row):
            where = f"{at}/rows/{r}/{c}"
            if isinstance(cell, dict) and cell.get("type") == "rich_text":
                rich_text(check, where, cell)
            elif not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "raw_number"):
                check.fail(where, "must be a raw_text or rich_text cell")


def _data_table(check: Check, at: str, block: Json) -> None:
    optional = ("block_id", "page_size", "row_header_column_index")
    check.keys(at, block, ("type", "rows", "caption", *optional), ("rows", "caption"))
    check.string(f"{at}/caption", block.get("caption"), 40_000, 1)
    for name, least, most in (("page_size", 1, 100), ("row_header_column_index", 0, TABLE_CELLS - 1)):
        given = block.get(name, least)
        if type(given) is not int or not least <= given <= most:
            check.fail(f"{at}/{name}", f"must be an integer between {least} and {most}")
    if not check.count(f"{at}/rows", block.get("rows"), DATA_ROWS, 2):
        return
    for r, row in enumerate(block["rows"]):
        if not check.count(f"{at}/rows/{r}", row, TABLE_CELLS):
            continue
        if len(row) != len(block["rows"][0]):
            check.fail(f"{at}/rows/{r}", "all rows must have the same number of cells")
        for c, cell in enumerate(row):
            _data_cell(check, f"{at}/rows/{r}/{c}", cell, head=r == 0)


def _data_cell(check: Check, at: str, cell: Any, *, head: bool) -> None:
    if not check.is_object(at, cell):
        return
    match cell.get("type"):
        case "rich_text" if not head:
            check.keys(at, cell, ("type", "block_id", "elements"), ("elements",))
            check.count(f"{at}/elements", cell.get("elements"), 10_000)
            rich_text(check, at, cell)
        case "raw_text":
            check.keys(at, cell, ("type", "text"), ("text",))
            check.string(f"{at}/text", cell.get("text"), 40_000, 1)
        case "raw_number":
            check.keys(at, cell, ("type", "text", "value"), ("text", "value"))
            check.string(f"{at}/text", cell.get("text"), 40_000, 1)
            if type(cell.get("value")) not in (int, float):
                check.fail(f"{at}/value", "must provide a number")
        case _:
            check.fail(at, "failed to match any allowed schemas")


BLOCKS: dict[str, Callable[[Check, str, Json], None]] = {
    "section": _section, "header": _header, "divider": _divider, "image": _image, "actions": _actions,
    "context": _context, "input": _input, "markdown": _markdown, "rich_text": _rich, "video": _video,
    "table": _table, "data_table": _data_table,
}  # fmt: skip

SURFACES: dict[str, frozenset[str]] = {
    "message": frozenset(BLOCKS),
    "modal": frozenset(BLOCKS) - {"markdown", "table", "data_table"},
    "home": frozenset(BLOCKS) - {"markdown", "table", "data_table"},
}


def unknown_blocks(blocks: Any, unknown: Collection[str], at: str = "/blocks") -> list[str]:
    """Problems of blocks of types that a workspace does not know."""
    check = Check()
    for i, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, dict) and block.get("type") in unknown:
            check.fail(f"{at}/{i}/type", f"unsupported type: {block['type']}")
    return check.problems


def check_blocks(blocks: Any, surface: str, at: str = "/blocks") -> list[str]:
    """Problems of a message's or a view's blocks; ``surface`` is message, modal or home."""
    check = Check()
    if not check.count(at, blocks, MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS, 0):
        return check.problems
    for i, block in enumerate(blocks):
        where = f"{at}/{i}"
        if not check.is_object(where, block):
            continue
        kind = str(block.get("type"))
        if kind not in SURFACES[surface]:
            check.fail(where, f"unsupported type: {kind}")
            continue
        check.string(f"{where}/block_id", block.get("block_id"), ID)
        BLOCKS[kind](check, where, block)
        _unique(check, where, [e.get("action_id") for e in reading.walk(block)], "action_id")
    _unique(check, at, [b.get("block_id") for b in blocks if isinstance(b, dict)], "block_id")
    if sum(isinstance(b, dict) and b.get("type") == "table" for b in blocks) > 1:
        check.fail(at, "only one table is allowed in a message")
    tables = [b.get("rows") for b in blocks if isinstance(b, dict) and b.get("type") == "data_table"]
    if (length := reading.text_length(tables)) > DATA_TEXT:
        check.fail(at, f"{length} characters in tables, no more than {DATA_TEXT} allowed")
    return check.problems


def _unique(check: Check, at: str, ids: Collection[Any], name: str) -> None:
    given = [i for i in ids if i]
    for repeated in sorted({str(i) for i in given if given.count(i) > 1}):
        check.fail(at, f"`{name}`: `{repeated}` already exists")


def check_view(view: Any) -> list[str]:
    """Problems of a view given to views.open, push, update or publish, or in a ``response_action``."""
    check = Check()
    if not check.is_object("/view", view):
        return check.problems
    kind = view.get("type")
    if kind not in ("modal", "home"):
        check.fail("/view/type", "must be one of: home, modal")
        return check.problems
    common = ("type", "blocks", "private_metadata", "callback_id", "external_id")
    modal = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    check.keys("/view", view, common + (modal if kind == "modal" else ()), ("blocks",))
    if kind == "modal":
        _modal(check, view)
    check.string("/view/private_metadata", view.get("private_metadata"), PRIVATE_METADATA)
    check.string("/view/callback_id", view.get("callback_id"), ID)
    check.string("/view/external_id", view.get("external_id"), ID)
    if view.get("blocks") is not None:
        check.problems += check_blocks(view["blocks"], kind, "/view/blocks")
    if sum(bool(node.get("focus_on_load")) for node in reading.walk(view)) > 1:
        check.fail("/view", "only one element may have focus_on_load")
    return check.problems


def _modal(check: Check, view: Json) -> None:
    if view.get("title") is None:
        check.fail("/view", "missing required field: title")
    for name in ("title", "submit", "close"):
        check.text(f"/view/{name}", view.get(name), TITLE)
    check.boolean("/view", view, "clear_on_close", "notify_on_close", "submit_disabled")
    inputs = any(isinstance(b, dict) and b.get("type") == "input" for b in view.get("blocks") or [])
    if inputs and view.get("submit") is None:
        check.fail("/view", "missing required field: submit")


def with_ids(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id, as Slack fills them
    in."""
    stamped: list[Json] = copy.deepcopy(blocks)
    for block in stamped:
        block["block_id"] = block.get("block_id") or new_id()
        if block.get("type") not in ("actions", "section", "input"):
            continue
        for element in (*block.get("elements", []), block.get("accessory"), block.get("element")):
            if element and element.get("type") in elements.RULES:
                element["action_id"] = element.get("action_id") or new_id()
    return stamped
