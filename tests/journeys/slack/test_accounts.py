"""Two connected X accounts in Slack: asked for in a form, chosen in the preview, said in the outcome."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.doubles.slack import Message
from tests.journeys.run.events import THERE, emit, tweet
from tests.journeys.slack.place import Place, button, living

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


async def _two(shared: Place) -> tuple[Place, Message]:
    """A workspace whose customer has two X accounts, with one relayed tweet in #alerts."""
    key = await shared.vendors.new_key()
    await shared.vendors.control("accounts", key=key, username="acme_news")
    place = await shared.elsewhere(key)
    await place.watch()
    await (await place.run("relay add channel:#alerts account:nasa")).wait_for_ephemeral()
    await emit(shared.vendors, key, tweet(1, id=THERE))
    (message,) = await place.alerts.wait_for_messages(1, 10)
    return place, message


def _select(blocks: Any) -> dict[str, Any]:
    (found,) = (
        element
        for block in blocks
        for element in (*block.get("elements", []), block.get("element") or {})
        if element.get("type") == "static_select"
    )
    return dict(found)


def _values(select: dict[str, Any]) -> list[str]:
    return [option["value"] for option in select["options"]]


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("Like", "Liked on X"), ("Repost", "Reposted on X"), ("Draft a reply", "Replied on X")],
)
async def test_a_button_asks_for_the_account_and_the_preview_can_change_it(
    shared: Place, label: str, outcome: str
) -> None:
    place, message = await _two(shared)
    view = await (await place.press(message, label)).wait_for_view()
    asked = _select(view.blocks)
    first, second = _values(asked)
    assert second == "acme_news" and "initial_option" not in asked
    text = {"text": "Well done"} if label == "Draft a reply" else {}
    preview = await (await place.ws.submit_view(view, {**text, "account": first})).wait_for_message()
    assert f"@{first}" in preview.visible_text
    old, select = button(preview, "Confirm"), _select(preview.blocks)
    assert select["initial_option"]["value"] == first
    await place.ws.press(preview, select["action_id"], place.ann, second)
    await place.server.changes.until(
        lambda: _select(preview.blocks)["initial_option"]["value"] == second, 8.0, "the other account"
    )
    assert f"@{second}" in preview.visible_text
    assert button(preview, "Confirm") != old
    await place.press(preview, "Confirm")
    await place.server.changes.until(lambda: outcome in preview.visible_text, 8.0, outcome)
    assert "@acme_news" in preview.visible_text
    assert place.server.violations == []


async def test_a_line_asks_for_the_account_and_a_default_is_set_for_a_channel(shared: Place) -> None:
    place, _ = await _two(shared)
    view = await (await place.run('tweet post "Hello"')).wait_for_view()
    assert "acme_news" in _values(_select(view.blocks))
    answer = await (await place.run("account use acme_news channel:#alerts")).wait_for_ephemeral()
    assert "Default account set" in answer.visible_text
    preview = await place.posted('tweet post "Hello"')
    assert "@acme_news (the default of this channel)" in preview.visible_text
    named = await place.posted('tweet post "Hello" account:acme_news', where=place.general)
    assert "@acme_news" in named.visible_text
    elsewhere = await place.run('tweet post "Hello"', where=place.general)
    assert await elsewhere.wait_for_view()
