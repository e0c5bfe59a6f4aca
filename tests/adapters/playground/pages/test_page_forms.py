"""Forms of the page: which field is marked, and what is counted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.adapters.playground.browser import Chat, needs_browser

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_field_the_error_is_about_is_marked_and_no_other(ada: Chat) -> None:
    await ada.run("tweet post")
    dialog = ada.page.get_by_role("dialog", name="tweet post")
    text, account = dialog.get_by_label("Text"), dialog.get_by_label("Account")
    await text.fill("The text of this account")
    await account.fill("not valid name!!")
    await account.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("account:")
    await expect(account).to_have_attribute("aria-invalid", "true")
    await expect(account).to_be_focused()
    assert await text.get_attribute("aria-invalid") is None


async def test_a_refused_channel_name_marks_the_name(ada: Chat) -> None:
    await ada.page.get_by_role("button", name="Create a channel").click()
    await ada.page.get_by_label("Topic").fill("Something")
    await ada.page.get_by_label("Name").fill("???")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")


async def test_a_text_is_counted_and_its_limit_is_named_only_when_it_comes_near(ada: Chat) -> None:
    await ada.run("tweet post")
    dialog = ada.page.get_by_role("dialog", name="tweet post")
    count = dialog.locator(".input-count")
    await expect(count).to_have_text("")
    await dialog.get_by_label("Text").fill("a" * 100)
    await expect(count).to_have_text("100 characters")
    await dialog.get_by_label("Text").fill("a" * 270)
    await expect(count).to_have_text("270 of 280 characters")


async def test_a_choice_in_a_message_acts_at_once_and_the_message_says_so(ada: Chat) -> None:
    await ada.run("credits choose")
    menu = ada.page.get_by_label("Act as").last
    await expect(menu).to_have_value("xquik")
    await menu.select_option("nasa")
    await expect(ada.page.get_by_text("@nasa").first).to_be_visible()
    await expect(ada.page.get_by_label("Act as").last).to_have_value("nasa")


async def test_a_form_has_every_option_and_offers_what_is_known(ada: Chat) -> None:
    await ada.run("draw run")
    dialog = ada.page.get_by_role("dialog", name="Draw run")
    await expect(dialog).to_be_visible()
    names = await dialog.locator("[name]").evaluate_all("found => found.map(one => one.name)")
    declared = await ada.page.evaluate(
        "async () => (await (await fetch('api/state')).json()).commands.find(g => g.name === 'draw')"
        ".commands.find(c => c.path[1] === 'run').options.map(o => o.name)"
    )
    assert sorted(names) == sorted(declared)


async def test_a_field_offers_what_the_server_knows_while_it_is_filled_in(ada: Chat) -> None:
    await ada.run("tweet post")
    account = ada.page.get_by_role("dialog").get_by_label("Account")
    offered = ada.page.locator("datalist option")
    await account.focus()
    await expect(offered.first).to_be_attached()
    await account.fill("nasa_h")
    await expect(offered).to_have_count(1)
    assert await offered.first.get_attribute("value") == "nasa_hubble"


async def test_what_may_stay_unsaid_is_neither_yes_nor_no_until_it_is_chosen(ada: Chat) -> None:
    field = {"name": "n", "label": "N", "kind": "boolean", "required": False, "value": "", "hint": ""}
    form = {
        "title": "Maybe",
        "note": "",
        "submit": "Send",
        "inputs": [field, field | {"name": "m", "value": "no"}],
    }
    await ada.page.evaluate(
        """async (form) => {
            const { openForm } = await import(new URL("static/js/forms.js", document.baseURI).href);
            openForm(form, async (values) => { window.sent = values; return null; });
        }""",
        form,
    )
    dialog = ada.page.get_by_role("dialog", name="Maybe")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    assert await ada.page.evaluate("window.sent") == {"n": "", "m": "false"}


_ROWS = """async () => {
  const { openForm } = await import(new URL("static/js/forms.js", document.baseURI).href);
  const field = (name, more) => ({ name, label: name, kind: "text", required: false, value: "", hint: "",
    choices: [], max_length: 500, many: false, suggested: null, tall: false, ...more });
  const form = { title: "Fields", note: "", submit: "Run", inputs: [
    field("short", { max_length: 80 }),
    field("pattern", { tall: true, value: "ay tutulması" }),
    field("words", { tall: true, many: true, value: "月食, चाँद" }),
    field("known", { tall: true, suggested: { path: ["a"], option: "b" } }),
  ] };
  const dialog = openForm(form, async () => null);
  const found = [...dialog.querySelectorAll("input, textarea")].map((one) =>
    [one.name, one.tagName, one.getBoundingClientRect().height, one.value]);
  dialog.close();
  return found;
}"""


async def test_the_field_of_a_long_option_is_several_lines_tall(ada: Chat) -> None:
    short, pattern, words, known = await ada.page.evaluate(_ROWS)
    assert (short[1], pattern[1], words[1]) == ("INPUT", "TEXTAREA", "TEXTAREA")
    assert min(pattern[2], words[2]) > 1.8 * short[2]
    assert (pattern[3], words[3]) == ("ay tutulması", "月食, चाँद")
    assert known[1] == "INPUT", "a list of known values hangs on a field of one line alone"


async def test_numbers_are_read_by_the_bot_as_people_write_them(ada: Chat) -> None:
    field = {"name": "rows", "label": "Rows", "kind": "integer", "required": True, "value": "", "hint": ""}
    for typed in ("5k", "1,500", "١٥٠٠", "3万"):
        await ada.page.evaluate(
            """async (form) => {
                const { openForm } = await import(new URL("static/js/forms.js", document.baseURI).href);
                openForm(form, async (values) => { window.sent = values; return null; });
            }""",
            {"title": "Numbers", "note": "", "submit": "Send", "inputs": [field]},
        )
        dialog = ada.page.get_by_role("dialog", name="Numbers")
        await dialog.get_by_label("Rows").fill(typed)
        await dialog.get_by_role("button", name="Send").click()
        await expect(dialog).to_have_count(0)
        assert await ada.page.evaluate("window.sent") == {"rows": typed}
