"""Pictures attached to a form in Slack: fetched with the bot's token, shown in the thread, posted, and
gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.slack import Message
from tests.doubles.slack.model import File
from tests.journeys.slack.place import Place
from tests.media import GIF, png

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _grant(place: Place, allowed: bool = True) -> None:
    """Whether the workspace lets the app read files."""
    for grant in place.server.grants.values():
        if grant.workspace is place.ws:
            grant.scopes = grant.scopes | {"files:read"} if allowed else grant.scopes - {"files:read"}


def _given(*files: File) -> list[dict[str, Any]]:
    return [file.payload() for file in files]


async def _own(shared: Place) -> Place:
    if shared.plan.slack == "socket":  # one workspace
        return shared
    return await shared.elsewhere(await shared.vendors.new_key())


async def _next(place: Place, before: int) -> Message:
    """The first message in #alerts behind so many."""
    return (await place.alerts.wait_for_messages(before + 1))[before]


async def test_pictures_of_a_form_are_shown_and_posted(shared: Place) -> None:
    place = await _own(shared)
    _grant(place)
    pictures = [place.ws.add_file("moon.png", png(30, 20)), place.ws.add_file("sun.gif", GIF)]
    before, posts = await shared.vendors.writes("upload_media"), len(place.alerts.messages)
    view = await (await place.run("tweet post")).wait_for_view()
    await place.ws.submit_view(view, {"text": "Two", "media": _given(*pictures)})
    preview = await _next(place, posts)
    assert "moon.png (PNG, 1 KB)" in preview.visible_text and "sun.gif (GIF, 1 KB)" in preview.visible_text
    await place.press(preview, "Confirm")
    await place.server.wait_for(lambda: "Posted on X" in preview.visible_text)
    shown = {file.name: file.content for file in place.ws.files.values() if file.shared_in}
    assert shown == {"moon.png": png(30, 20), "sun.gif": GIF}
    assert await shared.vendors.writes("upload_media") - before == 2


async def test_without_the_scope_the_form_takes_links(shared: Place) -> None:
    place = await _own(shared)
    _grant(place, allowed=False)
    posts = len(place.alerts.messages)
    view = await (await place.run("media upload")).wait_for_view()
    (field,) = [one["element"] for one in view.blocks if one.get("block_id") == "media"]
    assert field["type"] == "plain_text_input" and "files:read" in str(view.blocks)
    await place.ws.submit_view(view, {"media": "https://images.example.com/media/moon.png"})
    preview = await _next(place, posts)
    assert "moon.png (PNG" in preview.visible_text


def _answers(place: Place) -> int:
    """How many messages there are; pictures of earlier ones may still come."""
    return sum(one.via != "files.completeUploadExternal" for one in place.alerts.messages)


async def test_what_cannot_be_taken_is_said_to_the_person_alone(shared: Place) -> None:
    place = await _own(shared)
    _grant(place)
    posts = _answers(place)
    bad = [
        (place.ws.add_file("trick.png", b"<script>"), "trick.png is not such a file, by its content."),
        (place.ws.add_file("cut.png", png()[:-9]), "cut.png is cut off or damaged."),
    ]
    elsewhere = place.ws.add_file("moon.png", png())
    elsewhere.url_private = "https://files.evil.example/moon.png"
    bad.append((elsewhere, "moon.png could not be fetched: Slack did not say where it is."))
    for file, said in bad:
        view = await (await place.run("media upload")).wait_for_view()
        sent = await place.ws.submit_view(view, {"media": _given(file)})
        assert said in (await sent.wait_for_ephemeral()).visible_text
    assert _answers(place) == posts


async def test_who_may_not_post_hands_in_nothing(shared: Place) -> None:
    place = await _own(shared)
    _grant(place)
    asked = await place.run("media upload", place.bob)
    assert "You may not do that here" in (await asked.wait_for_ephemeral()).visible_text
