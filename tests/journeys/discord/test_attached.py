"""Pictures attached in Discord: as options of a command, and in a form; shown in the preview, posted, and
gone."""

from __future__ import annotations

import pytest

from tests.journeys.discord.place import Place
from tests.media import GIF, png

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_pictures_of_a_command_are_shown_and_posted(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    pictures = {"media_file": ("moon.png", png(30, 20)), "media_file2": ("sun.gif", GIF)}
    before = await shared.vendors.writes("upload_media")
    await place.server.slash(place.guild, place.alerts, place.ada, "tweet post", {"text": "Two", **pictures})
    (preview,) = await place.alerts.wait_for_messages(1)
    assert "moon.png (PNG, 1 KB)" in preview.text and "sun.gif (GIF, 1 KB)" in preview.text
    assert "20 credits to upload, 32 to post" in preview.text
    assert {one.filename: one.content for one in preview.attachments} == dict(pictures.values())
    await place.press(preview, "Confirm")
    await place.server.world.changes.wait_for(lambda: "Posted on X" in preview.text, 10, "posted")
    assert "Charged: 52 credits." in preview.text
    assert await shared.vendors.writes("upload_media") - before == 2


async def test_a_form_takes_a_file_and_so_does_a_link(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    opened = await place.run("media upload")
    assert opened.modal is not None
    await place.server.submit_modal(opened, {"media": [("moon.png", png())]})
    (preview,) = await place.alerts.wait_for_messages(1)
    assert "Upload this to Xquik?" in preview.text and "moon.png (PNG, 1 KB)" in preview.text
    await place.press(preview, "Confirm")
    await place.server.world.changes.wait_for(lambda: "Uploaded to Xquik" in preview.text, 10, "uploaded")
    second = await place.posted("media upload", {"media": ("https://images.example.com/media/sun.png",)})
    assert "sun.png (PNG" in second.text


async def test_what_is_no_picture_is_refused_alone_and_by_name(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    files = {"media_file": ("moon.png", png()), "media_file2": ("trick.png", b"<script>alert(1)</script>")}
    asked = await place.server.slash(
        place.guild, place.alerts, place.ada, "tweet post", {"text": "Two", **files}
    )
    await asked.wait_for(lambda ix: "trick.png" in (ix.text or ""))
    assert "trick.png is not such a file, by its content." in asked.text
    assert place.alerts.messages == []
    denied = await place.server.slash(
        place.guild, place.alerts, place.ben, "media upload", {"media_file": ("moon.png", png())}
    )
    await denied.wait_for(lambda ix: "You may not do that here" in (ix.text or ""))
