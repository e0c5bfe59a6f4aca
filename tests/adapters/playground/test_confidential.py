"""What is confidential is on the open pages of its person alone; whoever looks later finds neither it nor its
buttons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.playground.echo import shown
from bot.features.catalogue import catalogue as whole_catalogue
from tests.adapters.playground.commands import catalogue as page_catalogue
from tests.adapters.playground.harness import Visitor, open_house
from tests.adapters.playground.test_stream import page
from tests.contracts.contract_commands import ContractCommands, catalogue


async def test_a_page_that_is_loaded_again_has_neither_it_nor_its_buttons(tmp_path: Path) -> None:
    stage = ContractCommands()
    async with (
        open_house(tmp_path / "bot.db", commands=catalogue(stage)) as house,
        Visitor(house) as ada,
        page(house, "ada") as opened,
        page(house, "ben") as other,
    ):
        await ada.say("try secret")
        asked = await opened.next("message")
        while "card" not in asked:
            asked = await opened.next("message")
        assert asked["card"]["title"] == "Read it?" and asked["private"]
        confirm = asked["card"]["buttons"][0]["action"]
        kept = await ada.until_card("Not kept")
        assert kept["id"] == asked["id"] and kept["card"]["buttons"] == []
        assert "Run the command again" in str(kept["card"]) and "buttons are gone" in str(kept["card"])
        assert confirm not in str(kept), "nobody is told how to press what they do not see"
        # The page that was open all the time shows the question, and can answer it.
        await ada.post("press", {"action": confirm, "message": kept["id"]})
        shown = await opened.next("message")
        assert "row 10" in str(shown["card"]) and shown["id"] == asked["id"]
        onwards = shown["card"]["buttons"][0]["action"]
        await ada.say("try shout")
        assert "It is done." in str(await other.next("message")), "the first that ben is told"
        (loaded,) = [one for one in await ada.cards() if one["id"] == asked["id"]]
        assert loaded["card"]["title"] == "Not kept" and "row" not in str(loaded["card"])
        assert loaded["card"]["buttons"] == [], "a paid page that is not in view"
        assert onwards not in str(loaded)
        again = await ada.post("press", {"action": confirm, "message": kept["id"]})
        assert again.status_code == 409, "the question is answered"
        await ada.post("press", {"action": onwards, "message": loaded["id"]})
        while "row 11" not in str(shown.get("card")):
            shown = await opened.next("message")
    assert stage.fetched == ["", "row 10"]


async def test_a_stream_that_begins_again_brings_no_buttons(tmp_path: Path) -> None:
    stage = ContractCommands()
    async with open_house(tmp_path / "bot.db", commands=catalogue(stage)) as house, Visitor(house) as ada:
        await ada.say("try secret")
        kept = await ada.until_card("Not kept")
        async with page(house, "ada", since=kept["id"] - 1) as late:
            told = await late.next("message")
            assert told["id"] == kept["id"] and told["card"]["buttons"] == [] and "shown" not in told


async def test_the_menu_of_what_is_not_kept_says_so(tmp_path: Path) -> None:
    stage = ContractCommands()
    ours = page_catalogue()
    offered = replace(ours, groups=(*ours.groups, *catalogue(stage).groups))
    async with open_house(tmp_path / "bot.db", commands=offered) as house, Visitor(house) as ada:
        await ada.say("try secret")
        kept = await ada.until_card("Not kept")
        key = offered.message_actions[0][0].key
        answer = await ada.post("act", {"message": kept["id"], "action": key})
        assert answer.status_code == 409 and answer.json()["error"] == "withheld"
        assert "not kept" in answer.json()["message"] and "no link" not in answer.json()["message"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("dm send @nasa zq7 text", "dm send •••"),
        ("DM Send @nasa zq7 text", "dm send •••"),
        ("more dm send @nasa zq7 text", "dm send •••"),
        ("dm sned @nasa zq7 text", "dm •••"),
        ("dm history @nasa", "dm history @nasa"),
        ("dm", "dm"),
        ("tweet post zq7 text", "tweet post zq7 text"),
    ],
)
def test_a_line_with_what_is_written_to_one_person_is_kept_without_it(typed: str, kept: str) -> None:
    assert shown(whole_catalogue(), typed) == kept
