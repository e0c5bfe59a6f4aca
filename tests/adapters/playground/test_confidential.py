"""What is confidential is on the open pages of its person alone; whoever looks later finds its buttons."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.playground.harness import Visitor, open_house
from tests.adapters.playground.test_stream import page
from tests.contracts.contract_commands import ContractCommands, catalogue


async def test_a_page_that_is_loaded_again_has_its_buttons_and_nothing_else(tmp_path: Path) -> None:
    stage = ContractCommands()
    async with open_house(tmp_path / "bot.db", commands=catalogue(stage)) as house, Visitor(house) as ada:
        async with page(house, "ada") as opened, page(house, "ben") as other:
            await ada.say("try secret")
            asked = await opened.next("message")
            while "card" not in asked:
                asked = await opened.next("message")
            assert asked["card"]["title"] == "Read it?" and asked["private"]
            kept = await ada.until_card("Not kept")
            assert kept["id"] == asked["id"]
            assert [one["label"] for one in kept["card"]["buttons"]] == ["Confirm", "Cancel"]
            confirm = kept["card"]["buttons"][0]["action"]
            await ada.post("press", {"action": confirm, "message": kept["id"]})
            shown = await opened.next("message")
            assert "row 10" in str(shown["card"]) and shown["id"] == asked["id"]
            await ada.say("try shout")
            assert "It is done." in str(await other.next("message")), "the first that ben is told"
        (loaded,) = [one for one in await ada.cards() if one["id"] == asked["id"]]
        assert loaded["card"]["title"] == "Not kept" and "row" not in str(loaded["card"])
        onwards = loaded["card"]["buttons"][0]["action"]
        async with page(house, "ada") as again:
            await ada.post("press", {"action": onwards, "message": loaded["id"]})
            assert "row 11" in str((await again.next("message"))["card"])
    assert stage.fetched == ["", "row 10"]
