"""Pages of lists on every platform: shown, turned in place, refused, and turned after a restart.

A terminal presses nothing, so it gets the whole list at once.
"""

from __future__ import annotations

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card
from bot.core.commands.pager import NEXT
from bot.storage.places.grants import Grants
from tests.contracts.harnesses import Ability, AdapterHarness, Shown, need, settled
from tests.contracts.running import RunningHarness


async def board(harness: AdapterHarness) -> Shown:
    """The first page of a list in the channel."""
    await harness.command("try board", word="pear")
    return (await harness.channel(1))[0]


async def turned(harness: AdapterHarness, message: Shown, label: str, words: str) -> Shown:
    """The same message, once it is the page with these words; there is no other."""
    await harness.press(message, label)

    async def there() -> bool:
        return words in (await harness.channel())[0].text

    await settled(there)
    (page,) = await harness.channel()
    return page


async def test_the_first_page_says_which_part_it_is(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    page = await board(harness)
    assert "pear 10" in page.text and "pear 11" not in page.text
    assert "Rows 1–10 of 25." in page.text and page.buttons == ("Next",)


async def test_pages_are_turned_in_place(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    second = await turned(harness, await board(harness), "Next", "pear 11")
    assert "Rows 11–20 of 25." in second.text and second.buttons == ("Back", "Next")
    third = await turned(harness, second, "Next", "pear 25")
    assert third.buttons == ("Back",)
    first = await turned(harness, await turned(harness, third, "Back", "pear 11"), "Back", "pear 01")
    assert first.buttons == ("Next",)


async def test_a_list_for_one_person_is_turned_too(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS, Ability.PRIVACY)
    page = await (await harness.command("try rows")).told("Rows 1–10 of 25.")
    assert page.buttons == ("Next",)
    await harness.press(page, "Next")

    async def there() -> bool:
        return harness.stage.fetched == ["", "row 10"]

    await settled(there)
    assert await harness.channel() == []


async def test_who_may_not_any_more_turns_no_page(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    assert isinstance(harness, RunningHarness)
    page = await board(harness)
    grants = Grants(harness.database())
    await grants.revoke(harness.place.tenant, "everyone", "", Permission.USE)
    await (await harness.press(page, "Next")).told("You may not")
    assert (await harness.channel())[0].text == page.text, "the list stays as it was"


async def test_pages_are_turned_after_a_restart(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    page = await board(harness)
    await harness.restart()
    second = await turned(harness, page, "Next", "pear 11")
    await harness.restart()
    assert "pear 01" in (await turned(harness, second, "Back", "pear 01")).text


async def test_an_old_page_says_that_it_has_expired(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    harness.stage.card = Card("Rows", buttons=(Button("Next", ActionRef(NEXT, "longgone")),))
    await harness.command("try shout")
    (page,) = await harness.channel(1)
    await (await harness.press(page, "Next")).told("for a day only")


async def test_where_nothing_is_pressed_the_list_is_whole(harness: AdapterHarness) -> None:
    """All free rows in one message, without a button that could not be used."""
    if harness.name != "terminal":
        harness.stage.rows = 10
    seen = await harness.command("try rows")
    page = await seen.told("Rows")
    assert all(f"row {number:02}" in page.text for number in range(1, harness.stage.rows + 1))
    assert "Next" not in page.text and page.buttons == ()
