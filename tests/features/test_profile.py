"""`profile show|edit`: what a connected account says of itself."""

from __future__ import annotations

import pytest

from tests.features.edge import field_of, words
from tests.features.harness import BotHarness


async def test_what_changes_stands_beside_what_there_is(house: BotHarness) -> None:
    before = words((await house.say("profile show")).card)
    proposed = await house.say('profile edit description:"Rockets, mostly" url:https://example.com')
    assert proposed.card.title == "Change this profile on X?"
    assert "Before:" in words(proposed.card) and "After:" in words(proposed.card)
    assert field_of(proposed.card, "Description") == "Rockets, mostly"
    assert field_of(proposed.card, "Website") == "https://example.com (before: empty)"
    done = await house.confirm(proposed)
    assert done.title == "Profile changed on X" and done.buttons[0].label == "Open on X"
    after = words((await house.say("profile show")).card)
    assert after != before and "Rockets, mostly" in after and "https://example.com" in after


async def test_an_edit_of_the_preview_is_checked_as_well(house: BotHarness) -> None:
    proposed = await house.say("profile edit location:Orbit")
    form = await house.press(proposed, "Edit")
    refused = await house.submit(form, location="🚀" * 16)
    assert "32 characters; the limit is 30" in words(refused.failure)
    changed = await house.submit(form, location="🚀" * 15)
    assert field_of(changed.card, "Location").startswith("🚀" * 15 + " (before: ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("profile edit account:xquik_demo", "No change was given"),
        ("profile edit url:javascript:alert(1)", "no address of a website"),
        ("profile edit url:http://127.0.0.1/", "no address of a website"),
        (f"profile edit name:{'🚀' * 26}", "52 characters; the limit is 50"),
    ],
)
async def test_what_x_would_not_take_is_refused_before_the_preview(
    house: BotHarness, line: str, said: str
) -> None:
    assert said in words((await house.say(line)).failure)
    assert not (await house.state())["writes"]


async def test_what_stood_there_before_is_shown_beside_it(house: BotHarness) -> None:
    await house.confirm(await house.say("profile edit location:Moon"))
    proposed = await house.say("profile edit location:Orbit name:Rockets")
    assert field_of(proposed.card, "Location") == "Orbit (before: Moon)"
    assert "Rockets (before: " in field_of(proposed.card, "Name")
    done = await house.confirm(proposed)
    assert "Orbit (before: Moon)" in words(done)
    assert "Orbit" in words((await house.say("profile show")).card)


async def test_a_field_is_emptied_where_that_is_said(house: BotHarness) -> None:
    await house.confirm(await house.say("profile edit location:Moon description:Rocks"))
    proposed = await house.say("profile edit empty:location,description")
    assert field_of(proposed.card, "Location") == "empty (before: Moon)"
    form = await house.press(proposed, "Edit")
    changed = await house.submit(form, location="", description="")
    assert "empty" in field_of(changed.card, "Location"), "an edit takes nothing of that back"
    await house.confirm(changed)
    shown = words((await house.say("profile show")).card)
    assert "Moon" not in shown and "Rocks" not in shown
    both = await house.say("profile edit location:Moon empty:location")
    assert "both set and emptied" in words(both.failure)
