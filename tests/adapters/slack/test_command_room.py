"""The limits of Slack on an app's manifest are held over the declarations."""

from __future__ import annotations

import pytest

from adapters.slack.command_room import manifest_rooms
from adapters.slack.manifest import manifest
from bot.core.commands.declaring import Catalogue, Group
from bot.features.catalogue import catalogue


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_commands_that_are_declared_fit_slack(mode: str) -> None:
    rooms = manifest_rooms(manifest(catalogue(), mode=mode, public_url="https://bot.example"))
    assert [one for one in rooms if one.used > one.most] == []
    assert all(one.used > 0 for one in rooms)


def test_more_groups_than_a_usage_hint_holds_cut_it_and_nothing_else() -> None:
    groups = tuple(Group(f"group{number:03}", "Things", ()) for number in range(200))
    rooms = {one.what: one for one in manifest_rooms(manifest(Catalogue(groups)))}
    assert (rooms["usage hint"].used, rooms["usage hint"].most) == (1_000, 1_000)
    assert rooms["slash commands"].used == 1


def test_what_is_too_much_is_seen() -> None:
    made = manifest(catalogue())
    made["features"]["shortcuts"] *= 6
    rooms = {one.what: one for one in manifest_rooms(made)}
    assert rooms["shortcuts"].used > rooms["shortcuts"].most
