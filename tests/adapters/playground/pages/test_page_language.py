"""What the page says of its own follows the language of its reader: in the pseudo-locale no English is left,
and nothing is cut, on a phone and on a desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Card,
    Choice,
    File,
    Gallery,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.chat.ids import Destination
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import NOW, TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = (390, 1100)
GENERAL = Destination(TENANT, "general")


def _card(pictures: str) -> Card:
    """Every part of a card in which the page says something of its own; what is ours in it has no letters."""
    kinds = ("photo", "video", "gif", *["photo"] * 9)
    shown = tuple(Media(f"{pictures}/{n}.svg", "", kind) for n, kind in enumerate(kinds))
    blocks = (
        Text(line("2 ", Timestamp(NOW, relative=True))),
        Quote("3" * 1_000, "@4", url="https://x.com/a", author_url="https://x.com/4"),
        Progress(5, 7_000),
        Gallery(shown, more_url=f"{pictures}/1.svg"),
        Picture("", ""),
        Table(("6",), ((("7",),),), total=2_000),
        Picker(ActionRef("test.choose", "c"), "8", (Choice("9", "9"),)),
    )
    return Card("1", blocks, Tone.WARNING)


# Every text and spoken name of the page, but for what others wrote, names, commands and times of the clock.
TEXTS = """() => {
  const apart = '[translate="no"], script, noscript, time, code, .author, .channel-name, .person-name, .zone,'
    + '.room-name, .place-name, .hint-name, .choice-word, .example, .dialog-head h2, .unfinished b,'
    + '.quote-author, .input label, .card:not(.warning) .card-title';
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(apart)) found.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      if (!node.hasAttribute(name) || node.closest('[translate="no"], time, title')) continue;
      found.push(node.getAttribute(name));
    }
  }
  return found.map((text) => text.trim()).filter(Boolean);
}"""
# What shows less than all of its text; what scrolls, and what is for screen readers alone, does not count.
CUT = """() => [...document.querySelectorAll("body *")].filter((node) => {
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (box.width && box.right > innerWidth + 1 && !node.closest(".hint-options, .sidebar")) return true;
    return node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1 && node.textContent.trim()
      && ["hidden", "clip"].includes(style.overflowX)
      && !node.matches(".avatar, .example, .unfinished-words");
  }).map((node) => `${node.className}: ${node.textContent.trim().slice(0, 60)}`)"""
_WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = set(
    _WORD.findall("""Xquik Bot Playground Ada Ben general alerts giveaways social help draw run trends show
    media get slow tweet post credits choose hostile setup key me language winners unique channel must_follow
    account least_followers text later region yes no relay add nasa pictures.invalid all https com status UTC
    Tokyo Europe Berlin kB byte MB en XA APP csv Draw run Downloading Tweets""")
)


async def _english(ada: Chat) -> set[str]:
    """The English words that the page says."""
    texts: list[str] = await ada.page.evaluate(TEXTS)
    whole = "".join(texts)
    assert whole.count(OPENING) == whole.count(CLOSING)
    return {word for text in texts for word in _WORD.findall(text)} - NAMES


async def _check(ada: Chat, width: int, state: str) -> None:
    await ada.shoot(f"language-{width}-{state}")
    assert await _english(ada) == set(), state
    assert await ada.page.evaluate("document.documentElement.scrollWidth") <= width, state
    assert await ada.page.evaluate(CUT) == [], state


def _options(width: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 860}, "locale": PSEUDO}


@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_of_the_page_is_english_or_cut(
    browser: Browser, house: PlaygroundHarness, width: int
) -> None:
    async with chat(browser, house, live=_live(), **_options(width)) as ada:
        page = ada.page
        assert await page.locator("html").get_attribute("lang") == PSEUDO
        await _check(ada, width, "opening")
        if width < 600:
            await page.locator("#drawer-open").click()
            await _check(ada, width, "drawer")
            await page.locator("#drawer-close").click()
        await ada.box.press_sequentially("draw ")
        await _check(ada, width, "menu")
        await ada.box.press_sequentially("run unique:")
        await _check(ada, width, "hint")
        await ada.box.press_sequentially("yes winners:")
        await _check(ada, width, "hint-number")
        await ada.box.fill("")

        files = (File("9.csv", "text/csv", b"1" * 4_000),)
        await house.playground.board.post("general", _card(house.services.pictures), files=files)
        await expect(ada.card("1")).to_be_visible()
        await _check(ada, width, "card")
        await ada.card("1").locator(".tile").first.click()
        await _check(ada, width, "pictures")
        await page.keyboard.press("Escape")

        await ada.run("draw run winners:3")
        await expect(page.locator("dialog")).to_be_visible()
        await page.locator("dialog .button.primary").click()
        await _check(ada, width, "form")
        await page.locator("dialog input").first.fill("1")
        await page.keyboard.press("Escape")
        await expect(page.locator(".unfinished-row")).to_be_visible()
        await _check(ada, width, "unfinished")

        await ada.run("media slow")
        await expect(page.locator(".working-words")).to_be_visible()
        await _check(ada, width, "working")
        house.services.gate.set()
        await expect(page.locator(".working-words")).to_have_count(0)
        if width < 600:
            await page.locator("#drawer-open").click()
        await page.locator("#add-channel").click()
        await _check(ada, width, "channel")
        await page.keyboard.press("Escape")
        await page.locator("#directs .channel").click()
        await expect(page.locator("#room-name")).to_have_text("Xquik Bot")
        await _check(ada, width, "direct")
        assert ada.trouble == []


def _live() -> re.Pattern[str]:
    """What the page says when it is connected, in the pseudo-locale."""
    return re.compile("⟦Ĺíṽé")


async def test_english_asks_for_nothing_and_shows_at_once(browser: Browser, house: PlaygroundHarness) -> None:
    """Without the state, which does not come here, the page stands in English."""
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.route("**/api/state*", lambda route: route.abort())
    await page.goto(house.origin + "/", wait_until="domcontentloaded")
    await expect(page.locator("#skip")).to_have_text("Skip to the command box")
    await expect(page.locator("legend")).to_be_visible()
    await context.close()


async def test_the_page_speaks_the_language_that_a_command_has_set_and_keeps_it(
    browser: Browser, house: PlaygroundHarness
) -> None:
    async with chat(browser, house) as ada:
        legend = ada.page.locator("legend")
        await expect(legend).to_have_text("You are")
        await ada.run(f"me language {PSEUDO}")
        await expect(legend).to_have_text(re.compile(OPENING))
        await expect(ada.page.locator("#link-state")).to_have_text(_live())
        await ada.page.route("**/api/state*", lambda route: route.abort())
        await ada.page.reload(wait_until="domcontentloaded")
        await expect(legend).to_have_text(re.compile(OPENING))
        await expect(legend).to_be_visible()
        await ada.page.unroute("**/api/state*")
        await expect(ada.page.locator("#link-state")).to_have_text(_live())
        await ada.run("me language en")
        await expect(legend).to_have_text("You are")


async def test_another_person_of_the_page_has_a_language_of_their_own(
    browser: Browser, house: PlaygroundHarness
) -> None:
    await house.services.languages.put(TENANT, "ben", PSEUDO)
    async with chat(browser, house) as ada:
        legend = ada.page.locator("legend")
        await ada.page.get_by_label("Ben").check(force=True)
        await expect(legend).to_have_text(re.compile(OPENING))
        await ada.page.get_by_label("Ada").check(force=True)
        await expect(legend).to_have_text("You are")


INSERTED = """async () => {
  const language = await import(new URL("static/js/language.js", document.baseURI).href);
  const { msg, nmsg, pmsg, speak, spread } = language;
  const before = msg("{{x}} {who}", { who: "{who} {{ $& constructor" });
  const forms = { one: "j {n}", few: "k {n}", many: "w {n}", other: "i {n}" };
  speak("pl", { "{n} a": forms, "of a button\\u0004Run": "Biegnij" });
  const numbers = [1, 3, 12345].map((n) => nmsg("{n} a", "{n} b", { n }));
  const told = [pmsg("of a button", "Run"), pmsg("of another", "Run")];
  return [before, msg("constructor"), ...numbers, ...told, spread("a {b}c", { b: 1 }).join("|")];
}"""


async def test_what_is_inserted_into_a_message_is_never_read_as_one(
    browser: Browser, house: PlaygroundHarness
) -> None:
    async with chat(browser, house) as ada:
        said = await ada.page.evaluate(INSERTED)
    assert said == [
        *("{x} {who} {{ $& constructor", "constructor", "j 1", "k 3", "w 12\N{NO-BREAK SPACE}345"),
        *("Biegnij", "Run", "a |1|c"),
    ]
