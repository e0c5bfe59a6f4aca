"""Two connected X accounts in Discord: asked for in a form, chosen in the preview, said in the outcome."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.discord import Interaction, Message
from tests.doubles.discord.rules_components import STRING_SELECT, walk
from tests.journeys.discord.place import Place
from tests.journeys.run.events import THERE, emit, tweet

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _two(shared: Place) -> tuple[Place, Message]:
    """A server whose customer has two X accounts, with one relayed tweet in #alerts."""
    key = await shared.vendors.new_key()
    first = await _connect(shared, key, "acme_news")
    assert first["username"] == "acme_news"
    place = await shared.elsewhere(key)
    await place.watch()
    await (await place.run("relay add", {"channel": ("#alerts",), "account": ("nasa",)})).wait_for_answer()
    await emit(shared.vendors, key, tweet(1, id=THERE))
    (message,) = await place.alerts.wait_for_messages(1, 10)
    return place, message


async def _connect(shared: Place, key: str, username: str) -> Any:
    return await shared.vendors.control("accounts", key=key, username=username)


def _said(message: Message) -> str:
    """What a person reads, without what keeps it from being markup."""
    return message.text.replace("\\", "")


def _select(message: Message) -> dict[str, Any]:
    (found,) = (c for _, c in walk(message.components) if c.get("type") == STRING_SELECT)
    return found


def _chosen(select: dict[str, Any]) -> list[str]:
    return [option["value"] for option in select["options"] if option.get("default")]


def _fields(opened: Interaction) -> dict[str, Any]:
    assert opened.modal is not None
    inner = [label["component"] for label in opened.modal["components"] if "component" in label]
    return {field["custom_id"]: field for field in inner}


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("Like", "Liked on X"), ("Repost", "Reposted on X"), ("Draft a reply", "Replied on X")],
)
async def test_a_button_asks_for_the_account_and_the_preview_can_change_it(
    shared: Place, label: str, outcome: str
) -> None:
    place, message = await _two(shared)
    opened = await place.press(message, label)
    account = _fields(opened)["account"]
    first, second = (option["value"] for option in account["options"])
    assert second == "acme_news" and not _chosen(account)
    text = {"text": "Well done"} if "text" in _fields(opened) else {}
    await shared.server.submit_modal(opened, {**text, "account": first})
    preview = (await place.alerts.wait_for_messages(2))[1]
    assert f"@{first}" in _said(preview)
    old = preview.button("Confirm")["custom_id"]
    select = _select(preview)
    assert _chosen(select) == [first]
    await shared.server.press(preview, select["custom_id"], place.ada, [second])
    await shared.server.world.changes.wait_for(
        lambda: _chosen(_select(preview)) == [second], 8.0, "the other account"
    )
    assert f"@{second}" in _said(preview)
    assert preview.button("Confirm")["custom_id"] != old
    await place.press(preview, "Confirm")
    await shared.server.world.changes.wait_for(lambda: outcome in preview.text, 8.0, outcome)
    assert "@acme_news" in _said(preview)
    assert len(place.alerts.messages) == 2


async def test_a_slash_command_asks_for_the_account_and_a_default_is_set_for_a_channel(shared: Place) -> None:
    place, _ = await _two(shared)
    opened = await place.run("tweet post", {"text": ("Hello",)})
    assert set(_fields(opened)) == {"account"}
    set_it = {"account": ("acme_news",), "channel": ("#alerts",)}
    answer = await (await place.run("account use", set_it)).wait_for_answer()
    assert "Default account set" in answer.text
    preview = await place.posted("tweet post", {"text": ("Hello",)})
    assert "@acme_news (the default of this channel)" in _said(preview)
    elsewhere = await place.run("tweet post", {"text": ("Hello",)}, where=place.general)
    assert set(_fields(elsewhere)) == {"account"}
