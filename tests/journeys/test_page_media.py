"""Pictures on the page of the demo: attached to a form, shown in the preview, posted after Confirm, and
gone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from playwright.async_api import expect

from tests.adapters.playground.browser import needs_browser
from tests.journeys.test_demo import Page, demo, free_port
from tests.journeys.test_page_actions import SECONDS, _card, _run, opened
from tests.media import GIF, mp4, png

HOST = "application/octet-stream"


def stored(data: Path, table: str) -> int:
    """Rows of a table of the demo."""
    with sqlite3.connect(f"file:{data / 'data' / 'bot.db'}?mode=ro", uri=True) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@needs_browser
async def test_pictures_are_attached_shown_confirmed_and_posted(tmp_path: Path) -> None:
    pictures = {"moon.png": png(40, 30), "sun.gif": GIF}
    for name, content in pictures.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.png").write_bytes(b"only called a picture")
    async with opened(tmp_path) as tab:
        await _run(tab, "tweet post")
        dialog = tab.get_by_role("dialog", name="Tweet Post")
        await dialog.get_by_label("Text").fill("Two pictures")
        files = dialog.locator("input[type=file]")
        await files.set_input_files([tmp_path / "moon.png", tmp_path / "notes.png"])
        await dialog.get_by_role("button", name="Run").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("notes.png is not such a file")
        await files.set_input_files([tmp_path / name for name in pictures])
        await dialog.get_by_role("button", name="Run").click()
        preview = _card(tab, "Post this on X?")
        await expect(preview).to_contain_text("moon.png (PNG, 1 KB)", timeout=SECONDS)
        await expect(preview).to_contain_text("20 credits to upload, 32 to post")
        shown = preview.locator(".file-picture img")
        await expect(shown).to_have_count(2)
        width = "image => image.decode().then(() => image.naturalWidth)"
        assert [await one.evaluate(width) for one in await shown.all()] == [40, 1], "the pictures themselves"
        assert stored(tmp_path, "media_parts") >= 2
        await preview.get_by_role("button", name="Confirm").click()
        await expect(_card(tab, "Posted on X")).to_contain_text("Charged: 52 credits.", timeout=SECONDS)
        assert stored(tmp_path, "media_handoff") == 3


async def upload(page: Page, content: bytes, **changed: str) -> tuple[int, dict[str, str]]:
    """What the page's own script sends. changed: headers, or person and name."""
    query = {"person": page.person, "channel": "general", "name": "moon.png"}
    query |= {name: value for name, value in changed.items() if name in query}
    headers = {"x-csrf": page.csrf, "origin": str(page.client.base_url).rstrip("/"), "content-type": HOST}
    headers |= {name.replace("_", "-"): value for name, value in changed.items() if name not in query}
    answer = await page.client.post("/api/upload", params=query, content=content, headers=headers)
    return answer.status_code, answer.json()


async def test_a_file_is_taken_from_the_page_alone_and_from_who_may_post(tmp_path: Path) -> None:
    async with demo(tmp_path / "data", free_port()) as page:
        assert (await upload(page, png(), x_csrf="0" * 64))[0] == 403
        assert (await upload(page, png(), origin="https://evil.example"))[0] == 403
        assert (await upload(page, png(), content_type="application/json"))[0] == 415
        assert (await upload(page, png(), content_type="multipart/form-data"))[0] == 415
        assert (await upload(page, b"x" * (16 << 20)))[0] == 413
        people = (await page.open())["people"]
        member = next(one["id"] for one in people if not one["admin"])
        status, said = await upload(page, png(), person=member)
        assert (status, "publish" in said["message"].lower()) == (422, True), said
        for content, word in (
            (b"", "empty"),
            (b"<svg/>", "no"),
            (png()[:-9], "cut off"),
            (mp4()[:-3], "cut off"),
        ):
            status, said = await upload(page, content, name="../../etc/<b>moon.png")
            assert (
                status == 422 and word in said["message"] and "/" not in said["message"].partition(" is ")[0]
            )
        assert stored(tmp_path, "media_files") == stored(tmp_path, "media_parts") == 0
        status, made = await upload(page, png())
        assert status == 201 and made["value"].startswith("attached:")
        card = await page.type(f"media upload media:{made['value']}", "Upload this")
        page.person = member
        assert "moon.png (PNG" in str(card.blocks)
        # Nobody else can use what was attached.
        await page.type(f"media upload media:{made['value']}", "You may not do that here")
