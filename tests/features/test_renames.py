"""Commands after an account was renamed on X: the new username everywhere, and the old one leads to it."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import rows_of, words
from tests.features.harness import HERE, BotHarness

RENAMED = [
    ("nasa", "NASA_hq"),
    ("cafe_luna", "luna"),
    ("istanbul", "Ankara06"),
    ("zwz", "z_w_z"),
    ("a1", "b2"),
]


async def _renamed(house: BotHarness, before: str, after: str) -> None:
    await house.control("names", body={"username": before, "renamed": after, "quietly": True})


@pytest.mark.parametrize(("before", "after"), RENAMED)
async def test_a_monitor_is_found_by_the_username_that_its_account_had(
    house: BotHarness, before: str, after: str
) -> None:
    await house.done(f"monitor add {before}")
    await house.done(f"relay add channel:#alerts account:{before} name:r")
    await _renamed(house, before, after)
    listed = await house.say("monitor list")
    assert f"@{after}" in words(listed.card)
    for verb in ("pause", "remove"):
        done = await house.say(f"monitor {verb} {before}")
        assert done.outcome is InvocationOutcome.OK and f"@{after}" in words(done.card)
    assert rows_of((await house.say("monitor list")).card) == []


async def test_every_list_and_page_shows_the_new_username(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa,esa name:r")
    await house.say("relay mute nasa channel:#alerts")
    await _renamed(house, "nasa", "nasa_hq")
    await house.say("setup status")  # looks at the monitors
    for line in ("relay list", "relay show r", "relay mutes", "monitor list"):
        said = words((await house.say(line)).card)
        assert "@nasa_hq" in said and "@nasa" not in said.replace("@nasa_hq", ""), line
    undone = await house.say("relay unmute NASA_hq channel:#alerts")
    assert undone.outcome is InvocationOutcome.OK


async def test_who_types_the_former_username_is_told_and_means_who_has_it_now(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:r")
    await _renamed(house, "nasa", "nasa_hq")
    await house.say("monitor list")
    hint = "@nasa is now @nasa_hq, so @nasa may be somebody else."
    added = await house.say("relay add channel:#alerts account:nasa name:other watch:no")
    assert hint in words(added.card)
    edited = await house.say("relay edit r account:nasa,esa watch:no")
    assert hint in words(edited.card)
    kept = await house.app.services.relay.routes.named(HERE, "r")
    assert kept is not None and kept.accounts == ("nasa", "esa")
    again = await house.say("relay edit other account:nasa_hq")
    assert hint not in words(again.card)
    route = await house.app.services.relay.routes.named(HERE, "other")
    assert route is not None and [one.name for one in route.known] == ["nasa_hq"]


async def test_naming_the_same_accounts_again_changes_nothing(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:r")
    await _renamed(house, "nasa", "nasa_hq")
    await house.say("monitor list")
    same = await house.say("relay edit r account:nasa_hq")
    assert "Nothing to change" in words(same.card)


async def test_a_route_whose_account_was_renamed_is_watched_and_asks_for_no_second_monitor(
    house: BotHarness,
) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:r")
    await _renamed(house, "nasa", "nasa_hq")
    changed = await house.say("relay edit r events:tweet.new,space.started")
    assert changed.outcome is InvocationOutcome.OK and "not watched" not in words(changed.card)
    assert len(rows_of((await house.say("monitor list")).card)) == 1
    (monitor,) = await (await house.app.services.xquik.of(HERE)).monitors.list()
    assert monitor.username == "nasa_hq" and "space.started" in monitor.event_types


async def test_a_confirmation_that_waited_through_a_rename_keeps_the_account(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:r")
    proposed = await house.say("relay edit r account:nasa,esa")
    await _renamed(house, "nasa", "nasa_hq")
    await house.say("monitor list")
    await house.confirm(proposed)
    route = await house.app.services.relay.routes.named(HERE, "r")
    assert route is not None and route.accounts == ("nasa_hq", "esa")
