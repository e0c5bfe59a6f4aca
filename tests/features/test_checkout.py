"""The page of a checkout: opened without a key, paid or left there, and never by a page from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

from tests.features.edge import words
from tests.features.harness import HERE, BotHarness


async def _begun(house: BotHarness) -> str:
    card = await house.confirm(await house.say("credits topup 10"))
    return next(button.url for button in card.buttons if button.label == "Open the checkout") or ""


async def test_a_checkout_is_opened_and_paid_without_a_key(house: BotHarness) -> None:
    url, before = await _begun(house), await house.credits()
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(url)
        assert page.status_code == 200 and "66,660 credits for $10" in page.text and "<form" in page.text
        assert "form-action 'self'" in page.headers["content-security-policy"]
        paid = await browser.post(f"{page.url}/pay", headers={"sec-fetch-site": "same-origin"})
        assert paid.status_code == 200 and "It is paid" in paid.text and "<form" not in paid.text
        again = await browser.post(f"{page.url}/pay")
        assert again.status_code == 200
    assert await house.credits() == before + 66_660, "once"
    assert "Confirm" in [one.label for one in (await house.say("credits topup 10")).card.buttons]


async def test_one_that_is_left_costs_nothing_and_another_can_be_begun(house: BotHarness) -> None:
    url, before = await _begun(house), await house.credits()
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(url)
        assert "nothing is paid" in (await browser.post(f"{page.url}/leave")).text
    assert await house.credits() == before
    assert "Confirm" in [one.label for one in (await house.say("credits topup 10")).card.buttons]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_from_elsewhere_pays_nothing(house: BotHarness, site: str) -> None:
    url, before = await _begun(house), await house.credits()
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(url)
        refused = await browser.post(f"{page.url}/pay", headers={"sec-fetch-site": site})
    assert refused.status_code == 403 and await house.credits() == before


async def test_what_was_never_begun_has_no_page_and_the_plan_has_one(house: BotHarness) -> None:
    parts = urlsplit(await _begun(house))
    origin = f"{parts.scheme}://{parts.netloc}"
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        for path in ("/billing/checkout/none", "/api/v1/credits/topup/redirect"):
            assert (await browser.get(origin + path)).status_code == 404
        assert (await browser.post(f"{origin}/billing/checkout/none/pay")).status_code == 404
        assert "plan is active" in (await browser.get(f"{origin}/billing/session")).text
    assert words((await house.say("credits", tenant=HERE)).card)
