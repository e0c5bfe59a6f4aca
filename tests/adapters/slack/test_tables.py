"""Tables in Slack: as tables where they are taken, as lists at once where they are not."""

from __future__ import annotations

from functools import partial

import pytest

from adapters.slack import limits
from adapters.slack.inline import Json, weight
from adapters.slack.render import blocks, overflow
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Button,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Gallery,
    Line,
    Link,
    Media,
    Priority,
    Table,
    Timestamp,
)
from bot.core.chat.delivery_results import Delivered, Unknown
from bot.core.chat.ids import Destination, MessageRef
from bot.core.messages.message import msg
from bot.i18n.rules import English
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import TENANT, SlackHarness, running
from tests.contracts.cards import HOSTILE_TEXTS, PHOTO, X
from tests.doubles.slack import Message, SlackServer, check_blocks

TO = Destination(TENANT, "C0001")
HEADS = ("Account", "Name", "Followers")


def row(name: str, followers: int) -> tuple[Line, ...]:
    return (Link(f"@{name}", f"https://x.com/{name}"),), (name.title(),), (msg("{n}", n=followers),)


class Dotted(English):
    """A language that groups with dots."""

    def number(self, value: float) -> str:
        return f"{value:,}".replace(",", ".")


PEOPLE = Card("Followers of @acme", (Table(HEADS, (row("nasa", 97_412_003), row("esa", 1_203)), total=40),))


def table_in(made: list[Json]) -> Json:
    [found] = [block for block in made if block["type"] == "data_table"]
    return found


def said(card: Card, reader: Translator = ENGLISH_TRANSLATOR) -> Json:
    made = blocks(reader.card(card), tables=True)
    assert check_blocks(made, "message") == []
    return table_in(made)


def is_list(message: Message) -> bool:
    return {block["type"] for block in message.blocks} == {"header", "rich_text", "context"}


def is_table(message: Message) -> bool:
    return "data_table" in {block["type"] for block in message.blocks}


# --- what is drawn ---------------------------------------------------------------------------------


def test_figures_keep_their_value_and_are_said_in_the_language_and_links_stay_links() -> None:
    table = said(PEOPLE, Translator("en", Dotted()))
    assert table["caption"] == "Followers of @acme"
    assert table["page_size"] == 2
    assert [cell["text"] for cell in table["rows"][0]] == list(HEADS)
    account, name, followers = table["rows"][1]
    assert account["elements"][0]["elements"] == [
        {"type": "link", "url": "https://x.com/nasa", "text": "@nasa"}
    ]
    assert name == {"type": "raw_text", "text": "Nasa"}
    assert followers == {"type": "raw_number", "value": 97_412_003, "text": "97.412.003"}


def test_moments_and_channels_stay_what_they_are_and_an_empty_cell_is_a_dash() -> None:
    table = said(
        Card("T", (Table(("A", "", "C"), (((ChannelMention("C0001"),), (Timestamp(0.0),), ()), ((), ()))),))
    )
    assert [cell["text"] for cell in table["rows"][0]] == ["A", "–", "C"]
    kinds = [cell["elements"][0]["elements"][0]["type"] for cell in table["rows"][1][:2]]
    assert kinds == ["channel", "date"]
    assert [cell["text"] for cell in table["rows"][2]] == ["–", "–", "–"]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**60])
def test_a_figure_that_no_json_number_holds_is_text(value: float) -> None:
    table = said(Card("T", (Table(("A", "B"), ((("a",), (msg("{n}", n=value),)),)),)))
    assert table["rows"][1][1]["type"] == "raw_text"


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_cells_and_heads_keep_the_rules_and_their_words(text: str) -> None:
    card = Card(text, (Table((text, "b"), (((text,), (Code(text),)), ((Link(text, X),), ("x",)))),))
    assert check_blocks(blocks(card, tables=True), "message") == []


@pytest.mark.parametrize("cell", ["*bold*", "`code`", ":tada:", "> quote", "two\nlines", "~gone~"])
def test_what_could_be_read_as_notation_goes_where_nothing_is_read(cell: str) -> None:
    [_, [first, _]] = said(Card("T", (Table(("A", "B"), (((cell,), ("x",)),)),)))["rows"]
    assert first["type"] == "rich_text"
    assert first["elements"][0]["elements"] == [{"type": "text", "text": cell}]


@pytest.mark.parametrize("surplus", [0, 1])
def test_rows_and_columns_hold_at_the_edge_and_are_said_or_listed_one_past_it(surplus: int) -> None:
    many = Card("T", (Table(("A", "B"), ((("a",), ("b",)),) * (limits.TABLE_ROWS + surplus)),))
    made = blocks(many, tables=True)
    assert check_blocks(made, "message") == []
    assert len(table_in(made)["rows"]) == limits.TABLE_ROWS + 1
    assert ("1 more" in str(made)) is bool(surplus)
    width = limits.TABLE_COLUMNS + surplus
    wide = blocks(Card("T", (Table(("A",) * width, ((("a",),) * width,)),)), tables=True)
    assert check_blocks(wide, "message") == []
    assert any(block["type"] == "data_table" for block in wide) is not bool(surplus)


def test_all_tables_of_a_message_share_the_characters_that_slack_takes() -> None:
    rows = tuple(((f"{n:03d}" * 20,), ("y" * 40,)) for n in range(100))
    made = blocks(Card("T", (Table(("A", "B"), rows), Table(("A", "B"), rows))), tables=True)
    assert check_blocks(made, "message") == []
    assert sum(weight(block["rows"]) for block in made if block["type"] == "data_table") <= limits.TABLE_TEXT
    assert str(made).count(" more'") == 2


@pytest.mark.parametrize(
    "table",
    [
        Table(("Only",), ((("a",),),)),
        Table((), ((("a",), ("b",)),)),
        Table(("A", "B"), ((("a",), ("b",), ("c",)),)),
        Table(("A", "B"), ((("a",), ("w" * (limits.TABLE_CELL + 1),)),)),
    ],
    ids=["one column", "no heads", "a longer row", "a paragraph"],
)
def test_what_reads_badly_as_a_table_is_a_list(table: Table) -> None:
    assert [one["type"] for one in blocks(Card("T", (table,)), tables=True)] == ["header", "rich_text"]


def test_a_table_of_a_card_to_decide_by_has_its_file_where_the_list_would_be_cut() -> None:
    rows = tuple(((f"row {n}",), ("x",)) for n in range(limits.LIST_ITEMS + 1))
    fields = Fields((Field("Costs", ("5 credits",)),), priority=Priority.ESSENTIAL)
    card = Card("Sure?", (fields, Table(("A", "B"), rows)), buttons=(Button("Yes", ActionRef("a.b", "k")),))
    assert [file.name for file in overflow(card)] == ["preview.txt"]


# --- where Slack does not take them ------------------------------------------------------------------


async def test_a_table_is_posted_and_edited_as_one(house: SlackHarness) -> None:
    posted = await house.platform.messenger.post(TO, PEOPLE, "k1")
    [message] = house.channel.messages
    assert posted == Delivered(message.ts)
    assert is_table(message)
    assert "@nasa  Nasa  97,412,003" in message.visible_text
    assert "… 38 more" in message.visible_text
    assert "@nasa (https://x.com/nasa) · Nasa · 97,412,003" in message.text
    await house.platform.messenger.edit(MessageRef(TO, message.ts), PEOPLE)
    assert is_table(message)


async def test_a_workspace_without_tables_gets_lists_at_once_and_is_not_asked_again(
    house: SlackHarness,
) -> None:
    house.server.unknown_blocks = {"data_table"}
    for key in ("k1", "k2"):
        await house.platform.messenger.post(TO, PEOPLE, key)
    first, second = house.channel.messages
    assert is_list(first)
    assert first.visible_text == second.visible_text
    assert first.metadata is not None
    assert len(house.server.calls("chat.postMessage")) == 3
    await house.platform.messenger.edit(MessageRef(TO, first.ts), PEOPLE)
    assert len(house.server.calls("chat.update")) == 1


async def test_it_is_asked_again_an_hour_later(storage: Database) -> None:
    now = 0.0
    async with SlackServer() as server, running(server, storage, ticks=lambda: now) as house:
        server.unknown_blocks = {"data_table"}
        await house.platform.messenger.post(TO, PEOPLE, "k1")
        server.unknown_blocks = set()
        now = limits.REFUSED_TABLES_SECONDS - 1
        await house.platform.messenger.post(TO, PEOPLE, "k2")
        now = limits.REFUSED_TABLES_SECONDS + 1
        await house.platform.messenger.post(TO, PEOPLE, "k3")
        assert [is_table(message) for message in house.channel.messages] == [False, False, True]


async def test_one_workspace_says_nothing_about_another(storage: Database) -> None:
    async with SlackServer() as server, running(server, storage) as house:
        tables = house.platform.messenger._tables
        tables.of("T0002").refuse()
        await house.platform.messenger.post(TO, PEOPLE, "k1")
        assert is_table(house.channel.messages[0])


async def test_fault_with_one_tables_rows_is_not_held_against_the_next(house: SlackHarness) -> None:
    told = ["[ERROR] must be more than 0 characters [json-pointer:/blocks/1/rows/1/0/text]"]
    house.server.fail_next("chat.postMessage", error="invalid_blocks", messages=told)
    await house.platform.messenger.post(TO, PEOPLE, "k1")
    await house.platform.messenger.post(TO, PEOPLE, "k2")
    assert [is_table(message) for message in house.channel.messages] == [False, True]


async def test_a_message_that_is_too_long_is_not_held_against_the_next(house: SlackHarness) -> None:
    house.server.fail_next("chat.postMessage", error="msg_blocks_too_long")
    await house.platform.messenger.post(TO, PEOPLE, "k1")
    await house.platform.messenger.post(TO, PEOPLE, "k2")
    assert [is_table(message) for message in house.channel.messages] == [False, True]


async def test_a_picture_at_fault_is_not_held_against_tables(house: SlackHarness) -> None:
    card = Card("Both", (*PEOPLE.blocks, Gallery((Media(PHOTO, "A rocket"),))))
    house.server.fail_next("chat.postMessage", error="invalid_blocks", times=2)
    await house.platform.messenger.post(TO, card, "k1")
    await house.platform.messenger.post(TO, card, "k2")
    first, second = house.channel.messages
    assert "image" not in {block["type"] for block in first.blocks}
    assert is_table(second)


async def test_an_answer_that_may_have_been_posted_is_not_repeated_but_the_next_has_no_table(
    house: SlackHarness,
) -> None:
    house.server.fail_next("chat.postMessage", error="internal_error")
    assert await house.platform.messenger.post(TO, PEOPLE, "k1") == Unknown("internal_error")
    assert len(house.server.calls("chat.postMessage")) == 1
    await house.platform.messenger.post(TO, PEOPLE, "k2")
    assert is_list(house.channel.messages[-1])


@pytest.mark.parametrize("known", [True, False])
async def test_private_answers_and_presses_hold_tables_or_lists_and_come_once(
    house: SlackHarness, known: bool
) -> None:
    house.server.unknown_blocks = set() if known else {"data_table"}
    house.stage.card = Card(
        PEOPLE.title, PEOPLE.blocks, buttons=(Button("Next", ActionRef("thing.again", "k1")),)
    )
    private = await (await house.slash("thing say x")).wait_for_ephemeral()
    assert private.via == "response_url"
    assert is_table(private) is known
    house.stage.replace = True
    await house.ws.press(private, "x1:thing.again:k1", house.ann)
    await house.server.wait_for(partial(getattr, private, "edits"))
    assert is_table(private) is known
    assert "@nasa" in private.visible_text
    assert len(house.ws.ephemerals) == 1
    public = await (await house.slash("thing post")).wait_for_message()
    assert is_table(public) is known
    assert len(house.channel.messages) == 1


async def test_a_message_that_was_none_before_is_changed_to_a_list_where_tables_are_not_taken(
    house: SlackHarness,
) -> None:
    await house.platform.messenger.post(TO, Card("Reading…"), "k1")
    [message] = house.channel.messages
    house.server.unknown_blocks = {"data_table"}
    assert await house.platform.messenger.edit(MessageRef(TO, message.ts), PEOPLE) == Delivered(message.ts)
    assert is_list(message)
    assert len(house.server.calls("chat.update")) == 2


async def test_an_ephemeral_answer_is_a_list_where_tables_are_not_taken(house: SlackHarness) -> None:
    house.server.unknown_blocks = {"data_table"}
    house.server.fail_next("response_url", status=404, body="used_url", times=2)
    house.stage.card = PEOPLE
    answer = await (await house.slash("thing say x")).wait_for_ephemeral()
    assert answer.via == "chat.postEphemeral"
    assert is_list(answer)
    assert len(house.ws.ephemerals) == 1


async def test_a_person_told_directly_gets_a_list_where_tables_are_not_taken(house: SlackHarness) -> None:
    house.server.unknown_blocks = {"data_table"}
    await house.platform.messenger.tell(TENANT, "U1", PEOPLE, "k1")
    [message] = house.ann.dms
    assert is_list(message)
