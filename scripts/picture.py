"""Makes docs/playground.png, the picture in the README: a demo, some lines typed into it, and Chromium.

    .venv/bin/python scripts/picture.py                          # with the emoji font of the system
    .venv/bin/python scripts/picture.py --emoji NotoColorEmoji.ttf

Debian has that font in fonts-noto-color-emoji. Without one that draws emoji nothing is written: the text of
the giveaway ends with one, and the README must not show a box in its place.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from bot.app.demo import start_demo

ROOT = Path(__file__).parents[1]
EXECUTABLE = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]
PICTURE = ROOT / "docs" / "playground.png"
LINES = {
    "monitor add nasa": "Confirm",
    "relay add channel:alerts account:nasa": "Route added",
    "draw run https://x.com/xquik/status/1893456789012345678 winners:3 backups:2": "Run this draw?",
}
# How many colours an emoji has on a canvas: a box in its place has one.
COLOURS = """() => {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  pen.font = '40px sans-serif';
  pen.fillText('\\u{1F381}', 10, 60);
  const seen = new Set();
  const data = pen.getImageData(0, 0, 100, 100).data;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return seen.size;
}"""


def with_font(directory: Path, font: Path) -> None:
    """Let what starts from now on find a font besides those of the system."""
    config = directory / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{font.resolve().parent}</dir><cachedir>{directory / 'cache'}</cachedir></fontconfig>"
    )
    os.environ["FONTCONFIG_FILE"] = str(config)


async def shoot(directory: Path) -> None:
    """The picture, from a demo of its own."""
    demo = await start_demo(0, directory / "demo", lambda _: None)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
            page = await browser.new_page(viewport={"width": 1280, "height": 916}, reduced_motion="reduce")
            await page.goto(demo.address)
            if await page.evaluate(COLOURS) < 3:
                raise SystemExit(
                    "No font here draws emoji: install fonts-noto-color-emoji, or name one with --emoji."
                )
            await expect(page.locator("#link-state")).to_have_text("Live")
            for line in LINES:
                await page.locator("#command").fill(line)
                await page.keyboard.press("Escape")
                await page.keyboard.press("Enter")
                await page.wait_for_timeout(1500)
                if line.startswith("monitor"):
                    await page.get_by_role("button", name="Confirm").last.click()
                    await page.wait_for_timeout(1500)
            await expect(page.get_by_role("heading", name="Run this draw?")).to_be_visible()
            await page.wait_for_timeout(1000)
            await page.screenshot(path=PICTURE)
            await browser.close()
    finally:
        await demo.stop()


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emoji", type=Path, help="a font file that draws emoji")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.emoji is not None:
            with_font(Path(name), given.emoji)
        asyncio.run(shoot(Path(name)))
    print(PICTURE)


if __name__ == "__main__":
    main()
