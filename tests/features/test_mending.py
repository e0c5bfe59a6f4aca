"""No loop: an error that names an option leads to a form in which that option can be changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.forms import modal
from bot.cards.events.events import LIKE_ACTION, REPLY_ACTION, REPOST_ACTION
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Command
from bot.core.commands.forms import form_for
from bot.core.commands.menus import Menu
from bot.features.catalogue import catalogue
from bot.features.shared.listing_files import FILE, FILE_HERE
from tests.features.edge import Screen, ref_of
from tests.features.harness import BotHarness, open_house, with_accounts
from tests.features.test_asking import TWEET, arrive

ALL = catalogue()
OPTIONS = [(command, p.name) for command in ALL for p in command.parameters]
TWO = Menu((Choice("@acme", "acme"), Choice("@acme_news", "acme_news")), question="Which?")


@pytest.mark.parametrize(("command", "name"), OPTIONS, ids=[f"{c.name} {name}" for c, name in OPTIONS])
def test_the_form_of_a_command_has_the_option_at_fault_whatever_else_was_given(
    command: Command[Any], name: str
) -> None:
    values = {p.name: ("x" * 5_000,) for p in command.parameters}
    menus = {p.name: TWO for p in command.parameters if p.menu}
    action = ActionRef("form.command", "k")
    form = form_for(command, values, action, menus=menus, about=name)
    assert name in [item.name for item in form.inputs]
    shown = [one["component"] for one in modal(form)["components"] if "component" in one]
    (field,) = (one for one in shown if one["custom_id"] == name)
    assert len(field.get("value", "")) <= 4_000


# --- buttons ---------------------------------------------------------------------------------

NAMED = {
    "tweet.propose": {"account"},
    LIKE_ACTION: {"account"},
    REPOST_ACTION: {"account"},
    REPLY_ACTION: {"text", "account"},
    "event.quote": {"text", "account"},
    "posted.reply": {"text", "account"},
    "draft.post": {"account"},
    "pending.edit": {"text", "account"},
    "relay.missed": {"newest"},
    "draw.backup": {"replaces"},
    FILE: {"format"},
    FILE_HERE: {"format", "rows"},
    "extract.export": set(),  # a choice with a usual value
    "extract.filters": {"min_followers"},
}
"""What the errors of each action with a form name. A new one belongs here."""


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """Two connected accounts, a relayed tweet in #alerts, and a route that a person paused."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as house:
        await house.done("relay add channel:#alerts account:nasa name:space")
        await house.app.relay.start()
        await arrive(house, 1, tweet=TWEET, author={"username": "nasa"})
        yield house
        await house.app.relay.stop(1.0)


def test_every_action_with_a_form_is_here(two: BotHarness) -> None:
    declared = two.app.dispatcher.catalogue.actions
    assert {action.name for action in declared if action.form is not None} == set(NAMED)


async def _opened(house: BotHarness, name: str) -> Screen:
    message = house.wall.posted[0][1]
    match name:
        case "tweet.propose":
            return await house.press(await house.say('tweet score "Hello"'), "Post…")
        case "draft.post":
            return await house.press(await house.done('draft save "Hello"'), "Post…")
        case "event.quote":
            return await house.press(await house.press(message, "More…"), "Quote")
        case "posted.reply":
            posted = await house.confirm(await house.say('tweet post "Hello" account:acme'))
            return await house.press(posted, "Reply")
        case "pending.edit":
            return await house.press(await house.say('tweet post "Hello" account:acme'), "Edit")
        case "list.file":
            await house.done('draft save "Hello"')
            return await house.press(await house.say("draft list"), "All as a file…")
        case "list.filehere":
            await house.done("setup spending 25")
            return await house.press(await house.say("user followers @nasa"), "All as a file…")
        case _:
            label = {LIKE_ACTION: "Like", REPOST_ACTION: "Repost", REPLY_ACTION: "Draft a reply"}[name]
            return await house.press(message, label)


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (n, o)
        for n, options in NAMED.items()
        for o in sorted(options)
        # The filters are tried in tests/features/test_extract.py.
        if n not in ("relay.missed", "draw.backup", "extract.filters")
    ],
)
async def test_the_form_that_change_it_opens_has_what_the_error_names(
    two: BotHarness, name: str, option: str
) -> None:
    opened = await _opened(two, name)
    right = {"text": "Well done", "account": "acme", "format": "csv", "rows": "30"}
    wrong = {"text": "y" * 300, "account": "nobody", "format": "pdf", "rows": "many"}
    asked = [item.name for item in opened.form.inputs]
    given = {one: right[one] for one in asked} | {option: wrong[option]}
    refused = await two.press(opened.form.action, values=given)
    assert refused.failure.about == option
    again = (await two.press(refused.failure, "Change it")).form
    assert again.about == option
    assert {item.name: item.value for item in again.inputs} == given
    proposed = await two.press(again.action, values={one: right[one] for one in asked})
    assert proposed.reply.files if name == FILE else ref_of(proposed.card, "Confirm")
