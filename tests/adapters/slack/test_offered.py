"""Fields of forms whose values are known are selects that ask for their options; nothing typed is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import pytest

from adapters.slack import limits
from adapters.slack.forms import filled_in
from adapters.slack.offered import PREFIX, answer, asked, suggested
from bot.core.access import Permission
from bot.core.chat.cards import Choice, Input, InputKind, Suggested
from bot.core.chat.invocation import Call
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Catalogue, Group, Option
from bot.storage.engine.database import Database
from tests.adapters.scripted_commands import ScriptedCommands, command
from tests.adapters.slack.harness import SlackHarness, running
from tests.doubles.slack import SlackServer, View
from tests.doubles.slack.blockkit import check_view
from tests.doubles.slack.gestures import fill_in

HOSTILE = (
    Choice("İstanbul <!channel> *bold* " + "x" * 200, "istanbul"),
    Choice("two\nlines\u202e", "lines"),
    Choice("", "nameless"),
    Choice("Too long", "v" * (limits.OPTION_VALUE + 1)),
    Choice("Nothing", ""),
    Choice("Again", "istanbul"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickArgs:
    """One option of each way."""

    one: Annotated[str, Option("One of them", suggest="things", max_length=80)]
    some: Annotated[tuple[str, ...], Option("Some of them", suggest="things")] = ()
    sorts: Annotated[tuple[Literal["full", "half"], ...], Option("Sorts")] = ()
    long: Annotated[tuple[str, ...], Option("Long ones", suggest="things", max_length=500)] = ()
    places: Annotated[tuple[ChannelRef, ...], Option("Channels")] = ()
    where: Annotated[ChannelRef | None, Option("A channel")] = None


Source = Callable[[Call[Any], str], Awaitable[tuple[Choice, ...]]]


def made(source: Source) -> Callable[[ScriptedCommands], Catalogue]:
    def catalogue(stage: ScriptedCommands) -> Catalogue:
        pick = command(stage, "pick one", PickArgs)
        spend = replace(command(stage, "pick paid", PickArgs), needs=Permission.SPEND)
        return Catalogue((Group("pick", "Picking", (pick, spend)),), suggestions={"things": source})

    return catalogue


async def things(_call: Call[Any], typed: str) -> tuple[Choice, ...]:
    many = tuple(Choice(f"Thing {n}", f"thing-{n}") for n in range(200))
    return HOSTILE if not typed else tuple(one for one in many if typed in one.value)


@pytest.fixture
async def house(server: SlackServer, storage: Database) -> AsyncIterator[SlackHarness]:
    async with running(server, storage, commands=made(things)) as opened:
        yield opened


def elements(view: View) -> dict[str, dict[str, Any]]:
    return {one["block_id"]: one["element"] for one in view.blocks if one["type"] == "input"}


async def offers(house: SlackHarness, view: View, name: str, typed: str = "") -> list[dict[str, Any]]:
    ix = await house.ws.suggest(view, elements(view)[name]["action_id"], house.ann, typed)
    return list(ix.options)


async def test_a_form_has_a_picker_for_every_option_whose_values_are_known(house: SlackHarness) -> None:
    view = await (await house.slash("pick one")).wait_for_view()
    assert {name: one["type"] for name, one in elements(view).items()} == {
        "one": "external_select",
        "some": "multi_external_select",
        "sorts": "multi_external_select",
        "long": "plain_text_input",
        "places": "multi_conversations_select",
        "where": "conversations_select",
    }
    assert "default_to_current_conversation" not in elements(view)["where"]


async def test_what_is_offered_fits_and_says_what_it_is(house: SlackHarness) -> None:
    view = await (await house.slash("pick one")).wait_for_view()
    options = await offers(house, view, "one")
    assert [one["value"] for one in options] == ["istanbul", "lines", "nameless"]
    labels = [one["text"]["text"] for one in options]
    assert labels[0].startswith("İstanbul <!channel> *bold*") and len(labels[0]) <= limits.OPTION_TEXT
    assert labels[1:] == ["two lines", "nameless"]
    assert all(
        one["text"] == {"type": "plain_text", "text": one["text"]["text"], "emoji": False} for one in options
    )
    assert len(await offers(house, view, "one", "thing")) == limits.OPTIONS


@pytest.mark.parametrize("typed", ["42", "#3", "güneş", "قمر", "新しい", "खोज करें"])
async def test_what_was_typed_can_be_chosen_too(house: SlackHarness, typed: str) -> None:
    view = await (await house.slash("pick one")).wait_for_view()
    last = (await offers(house, view, "one", typed))[-1]
    assert last["value"] == typed
    item = (await offers(house, view, "some", f"{typed}, x"))[-1]
    await house.ws.submit_view(view, {"one": last, "some": [item], "places": ["C0001"]})
    await house.server.wait_for(lambda: bool(house.stage.seen))
    given = house.stage.seen[-1][1]
    assert (given.one, given.some) == (typed, (f"{typed}, x",))
    assert [one.id for one in given.places] == ["C0001"]


async def test_where_all_values_are_known_nothing_else_is_offered(house: SlackHarness) -> None:
    view = await (await house.slash("pick one")).wait_for_view()
    assert [one["value"] for one in await offers(house, view, "sorts")] == ["full", "half"]
    assert [one["value"] for one in await offers(house, view, "sorts", "ha")] == ["half"]
    assert await offers(house, view, "sorts", "other") == []


async def test_what_was_given_in_the_line_stands_in_the_form(house: SlackHarness) -> None:
    view = await (await house.slash('pick one some:"a, b",c sorts:half')).wait_for_view()
    found = elements(view)
    assert [one["value"] for one in found["some"]["initial_options"]] == ['"a, b"', "c"]
    assert [one["value"] for one in found["sorts"]["initial_options"]] == ["half"]
    await house.ws.submit_view(view, {"one": (await offers(house, view, "one"))[0]})
    await house.server.wait_for(lambda: bool(house.stage.seen))
    assert house.stage.seen[-1][1].some == ("a, b", "c")


async def test_nothing_is_offered_to_who_may_not_run_it(house: SlackHarness) -> None:
    view = await (await house.slash("pick one")).wait_for_view()
    element = elements(view)["one"]
    element["action_id"] = element["action_id"].replace("pick one", "pick paid")
    assert await offers(house, view, "one") == []
    element["action_id"] = f"{PREFIX}pick gone:one"
    assert await offers(house, view, "one", "x") == []


@pytest.mark.parametrize("trouble", ["slow", "broken"])
async def test_slack_is_answered_in_time_whatever_the_source_does(
    server: SlackServer, storage: Database, trouble: str
) -> None:
    async def source(_call: Call[Any], _typed: str) -> tuple[Choice, ...]:
        if trouble == "broken":
            raise RuntimeError("a mistake")
        await asyncio.sleep(60)
        return ()

    async with running(server, storage, commands=made(source)) as house:
        view = await (await house.slash("pick one")).wait_for_view()
        begun = time.monotonic()
        assert [one["value"] for one in await offers(house, view, "one", "typed")] == ["typed"]
        assert time.monotonic() - begun < 3.0


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize("value", ["", "a", "a, b", '"x, y", z', '"broken', "v" * 151, "ay,güneş"])
def test_a_value_is_shown_or_typed_and_never_lost(value: str, many: bool) -> None:
    field = Input(
        "n", "N", InputKind.TEXT, value=value, many=many, suggested=Suggested(("pick", "one"), "some")
    )
    element = suggested(field)
    if element is None:
        assert len(value) > limits.OPTION_VALUE or (many and value == '"broken')
        return
    shown = element.get("initial_options") or [element[key] for key in ("initial_option",) if key in element]
    text = ", ".join(one["value"] for one in shown)
    assert text.replace(" ", "") == value.replace(" ", "")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [
        {"type": "input", "block_id": "n", "label": {"type": "plain_text", "text": "N"}, "element": element}
    ], "submit": {"type": "plain_text", "text": "Go"}}  # fmt: skip
    assert check_view(view) == []


def test_an_element_names_its_option() -> None:
    known = made(things)(ScriptedCommands())
    found = asked(known, f"{PREFIX}pick one:some")
    assert found is not None and (found.path, found.parameter.name) == (("pick", "one"), "some")
    for wrong in ("", PREFIX, f"{PREFIX}pick one", f"{PREFIX}pick one:none", "other:pick one:some"):
        assert asked(known, wrong) is None, wrong
    assert [one["value"] for one in answer([], "a b", found.parameter)] == ['"a b"']


async def echoed(call: Call[Any], _typed: str) -> tuple[Choice, ...]:
    """What stands in the other fields."""
    return tuple(Choice(f"{name}: {text}", text) for name, (text,) in call.given.items())


async def test_what_stands_in_the_other_fields_is_told(server: SlackServer, storage: Database) -> None:
    async with running(server, storage, commands=made(echoed)) as house:
        view = await (await house.slash('pick one some:"a, b",güneş sorts:half')).wait_for_view()
        begun = [one["text"]["text"] for one in await offers(house, view, "one")]
        assert begun == ['some: "a, b", güneş', "sorts: half"]
        fill_in(view, {"one": {"text": {"type": "plain_text", "text": "月"}, "value": "月"}, "some": []})
        assert [one["value"] for one in await offers(house, view, "some")] == ["月", "half"]


@pytest.mark.parametrize("view", [None, "view", {}, {"blocks": None, "state": None}, {"state": {}}])
def test_what_is_no_view_has_nothing_filled_in(view: object) -> None:
    assert filled_in(view) == {}
