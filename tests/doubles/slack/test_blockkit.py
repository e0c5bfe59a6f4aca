"""The Block Kit rules: at each limit nothing is wrong, one past it something is."""

from __future__ import annotations

import pytest

from tests.doubles.slack import check_blocks, check_view
from tests.doubles.slack.model import Json
from tests.doubles.slack.samples import actions, button, modal, plain, section, select, text_input


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: list[list[Json]], **more: object) -> Json:
    return {"type": "data_table", "caption": "People", "rows": rows, **more}


@pytest.mark.parametrize(
    ("block", "rule"),
    [
        ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "must be one of: plain_text"),
        (section("x" * 3001), "less than 3001"),
        (section(""), "more than 0"),
        ({"type": "section"}, "text or fields"),
        ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items"),
        ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
        (section(surprise=1), "invalid additional property: surprise"),
        (section(block_id="x" * 256), "less than 256"),
        (actions(), "no fewer than 1"),
        (actions(*(button(f"b{i}") for i in range(26))), "no more than 25 items"),
        (actions(button("same"), button("same")), "already exists"),
        (actions(button("x" * 256)), "less than 256"),
        (actions(button(value="x" * 2001)), "less than 2001"),
        (actions(button(url="https://x.com/" + "x" * 3000)), "less than 3001"),
        (actions(button(style="loud")), "danger, primary"),
        (actions(select(101)), "no more than 100 items"),
        (actions(select(placeholder=plain("x" * 151))), "less than 151"),
        (actions(select(options=[{"text": plain("x"), "value": "x" * 151}])), "less than 151"),
        (actions(select(options=[{"text": plain("x" * 76), "value": "x"}])), "less than 76"),
        (actions(text_input()["element"]), "unsupported type: plain_text_input"),
        ({"type": "image", "image_url": "https://x.com/a.png"}, "missing required field: alt_text"),
        ({"type": "image", "alt_text": "x"}, "exactly one of image_url"),
        ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items"),
        ({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "unsupported type: text"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "x", "style": {"loud": True}}]}]}, "additional property: loud"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "text", "text": "x"}]}]}, "must be a rich_text_section"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "usergroup", "usergroup_id": "@writers"}]}]}, "the id of a user group"),
        ({"type": "marquee"}, "unsupported type: marquee"),
        (table([]), "no fewer than 2"),
        (table([[raw("head")]]), "no fewer than 2"),
        (table([[raw("x")]] * 102), "no more than 101 items"),
        (table([[raw("x")] * 21] * 2), "no more than 20 items"),
        (table([[raw("x")], [raw("x"), raw("x")]]), "same number of cells"),
        (table([[raw("x")], [raw("")]]), "more than 0"),
        (table([[{"type": "rich_text", "elements": []}], [raw("x")]]), "any allowed schemas"),
        (table([[raw("x")], [{"type": "rich_text", "elements": []}]]), "no fewer than 1"),
        (table([[raw("x")], [{"type": "raw_number", "text": "1", "value": "1"}]]), "must provide a number"),
        (table([[raw("x")], [raw("x")]], caption=""), "more than 0"),
        (table([[raw("x")], [raw("x")]], page_size=101), "between 1 and 100"),
        (table([[raw("x")], [raw("x" * 10_000)]]), "10001 characters in tables"),
    ],
)  # fmt: skip
def test_a_block_one_past_a_limit_is_a_problem(block: Json, rule: str) -> None:
    assert any(rule in problem for problem in check_blocks([block], "message"))


def test_blocks_at_their_limits_are_fine() -> None:
    link = {"type": "link", "url": "https://x.com", "text": "x"}
    rich = [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}, link]},
            {"type": "rich_text_list", "style": "ordered", "indent": 8, "elements": [
                {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "tada"}]}]}]  # fmt: skip
    blocks = [
        {"type": "header", "text": plain("x" * 150)},
        section("x" * 3000, fields=[plain("x" * 2000)] * 10, accessory=button(value="x" * 2000)),
        {"type": "image", "image_url": "https://x.com/a.png", "alt_text": "x" * 2000},
        actions(*(button(f"{i:0255}", "x" * 75) for i in range(24)), select(100)),
        {"type": "rich_text", "elements": rich},
        *({"type": "divider"} for _ in range(45)),
    ]
    assert check_blocks(blocks, "message") == []
    assert any("no more than 50" in p for p in check_blocks([*blocks, {"type": "divider"}], "message"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": plain("x" * 25)}, "less than 25"),
        ({"submit": plain("x" * 25)}, "less than 25"),
        ({"submit": None}, "missing required field: submit"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items"),
        ({"blocks": [text_input("same"), text_input("same")]}, "already exists"),
        ({"blocks": [{**text_input(), "label": plain("x" * 2001)}]}, "less than 2001"),
        ({"blocks": [text_input(max_length=3001)]}, "between 1 and 3000"),
    ],
)
def test_a_view_one_past_a_limit_is_a_problem(change: Json, rule: str) -> None:
    view = modal(text_input())
    assert check_view(view) == []
    assert any(rule in problem for problem in check_view(view | change))


def test_a_table_at_its_limits_is_fine_and_stands_in_messages_alone() -> None:
    link = {"type": "link", "url": "https://x.com", "text": "x"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    number = {"type": "raw_number", "value": 1.5, "text": "1,5"}
    rows: list[list[Json]] = [[raw("x")] * 20, [rich, number, *[raw("x")] * 18], *[[raw("x")] * 20] * 99]
    block = table(rows, page_size=100, row_header_column_index=19)
    assert check_blocks([block, table([[raw("x")], [raw("y")]])], "message") == []
    for surface in ("modal", "home"):
        assert any("unsupported type" in problem for problem in check_blocks([block], surface))
