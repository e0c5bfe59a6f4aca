"""The lists of the bot, page by page: all of what there is can be seen, and nobody sees more by turning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Tone
from bot.core.chat.ids import Destination
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.route import Route
from tests.features.edge import Screen, buttons, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness


async def routes(house: BotHarness, count: int, channel: str = "c2") -> list[str]:
    """So many routes, by name."""
    await house.app.services.tenants.ensure(HERE)
    names = [f"route-{number:02}" for number in range(count)]
    for number, name in enumerate(reversed(names)):
        route = Route(f"r{number:02}", name, Destination(HERE, channel), accounts=(f"account{number}",))
        await house.app.services.relay.routes.add(route, house.clock())
    return names


async def walked(house: BotHarness, first: Screen, actor: Actor = ADMIN) -> list[Screen]:
    """All pages, from the first on."""
    pages = [first]
    while any(one.label == "Next" for one in buttons(pages[-1].card)):
        pages.append(await house.press(pages[-1], "Next", actor=actor))
        assert pages[-1].reply.replace
    return pages


async def test_sixty_routes_are_seen_whole_by_name(house: BotHarness) -> None:
    names = await routes(house, 60)
    pages = await walked(house, await house.say("relay list"))
    assert [row[0] for page in pages for row in rows_of(page.card)] == names
    assert "Rows 1–8 of 60." in words(pages[0].card) and "Rows 57–60 of 60." in words(pages[-1].card)
    assert len(pages) == 8
    assert [one.label for one in buttons(pages[-1].card)] == ["Back", "All as a file…"]


async def test_a_route_that_goes_meanwhile_moves_no_other_off_the_pages(house: BotHarness) -> None:
    names = await routes(house, 20)
    first = await house.say("relay list")
    await house.say(f"relay remove {names[0]}")
    await house.done("relay add alerts name:a-new-one watch:no")
    second = await house.press(first, "Next")
    assert [row[0] for row in rows_of(second.card)] == names[8:16]


async def test_the_pages_go_on_after_a_restart(house: BotHarness) -> None:
    names = await routes(house, 20)
    first = await house.say("relay list")
    await house.reopen()
    second = await house.press(first, "Next")
    assert [row[0] for row in rows_of(second.card)] == names[8:16]


async def test_without_view_pages_have_the_names_of_this_channel_alone(house: BotHarness) -> None:
    names = await routes(house, 10)
    pages = await walked(house, await house.say("relay list", MEMBER), MEMBER)
    assert {page.card.title for page in pages} == {"Routes of this channel"}
    assert [row for page in pages for row in rows_of(page.card)] == [[name] for name in names]
    assert "account" not in "".join(words(page.card) for page in pages)
    assert "No route sends here." in words((await house.say("relay list", MEMBER, channel="c1")).card)


async def test_who_lost_view_sees_names_on_the_next_page(house: BotHarness) -> None:
    names = await routes(house, 10)
    first = await house.say("relay list", TEAM)
    await house.say("policy revoke view to:members")
    second = await house.press(first, "Next", actor=TEAM)
    assert rows_of(second.card) == [[name] for name in names[8:]]
    assert "account" not in words(second.card)


async def test_nobody_turns_the_page_of_another_person_or_place(house: BotHarness) -> None:
    await routes(house, 10)
    next_page = ref_of((await house.say("relay list", TEAM)).card, "Next")
    assert (await house.press(next_page, actor=ADMIN)).outcome is InvocationOutcome.NOT_PERMITTED
    elsewhere = await house.press(next_page, actor=TEAM, tenant=ELSEWHERE)
    assert elsewhere.failure.title == "This has expired"


async def test_thirty_monitors_are_seen_whole_with_what_they_cost_in_sum(house: BotHarness) -> None:
    xquik = await house.app.services.xquik.of(HERE)
    for number in range(30):
        await xquik.keyword_monitors.create(f"launch {29 - number:02}", ["tweet.new"])
    pages = await walked(house, await house.say("monitor list", TEAM), TEAM)
    watched = [row[1] for page in pages for row in rows_of(page.card)]
    assert watched == [f"launch {number:02}" for number in range(30)] and len(pages) == 2
    assert all("30 active monitors" in words(page.card) for page in pages)


async def test_the_summary_of_the_relay_stays_on_its_first_page(house: BotHarness) -> None:
    names = await routes(house, 20)
    pages = await walked(house, await house.say("relay status"))
    assert ["Last received" in words(page.card) for page in pages] == [True, False, False, False]
    said = [line for page in pages for line in words(page.card).splitlines() if ": on" in line]
    assert [name for name in names if not any(name in line for line in said)] == []
    back = await house.press(pages[1], "Back")
    assert "Last received" in words(back.card)


async def test_the_first_page_of_the_relay_names_who_is_in_trouble_further_on(house: BotHarness) -> None:
    names = await routes(house, 20)
    store = house.app.services.relay.routes
    stopped = await store.named(HERE, names[-1])
    assert stopped is not None
    await store.pause(replace(stopped), "the channel was archived", house.clock())
    first = await house.say("relay status")
    assert f"also in trouble: {names[-1]}" in words(first.card) and first.card.tone is Tone.WARNING
    last = (await walked(house, first))[-1]
    assert "the channel was archived" in words(last.card) and last.card.tone is Tone.WARNING


async def test_draws_are_turned_too(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 1_000_000})
    for _ in range(16):
        await house.done(f"draw run {TWEET}")
    pages = await walked(house, await house.say("draw list"))
    assert [row[0] for page in pages for row in rows_of(page.card)] == [f"#{n}" for n in range(16, 0, -1)]
    assert [len(rows_of(page.card)) for page in pages] == [15, 1]


@pytest.mark.parametrize(("status", "code"), [(410, "expired"), (400, "invalid_cursor")])
async def test_a_page_that_xquik_has_forgotten_offers_the_first(
    house: BotHarness, status: int, code: str
) -> None:
    for number in range(12):
        await house.say(f'draft save "Number {number}"')
    first = await house.say("draft list")
    await house.fault(path="/drafts", method="GET", status=status, code=code, times=1)
    over = await house.press(first, "Next")
    assert [one.label for one in buttons(over.failure)] == ["First page"]
    begun = await house.press(ref_of(over.failure, "First page"))
    assert begun.reply.replace and begun.card.blocks == first.card.blocks


async def test_where_nothing_can_be_pressed_the_list_is_whole(house: BotHarness) -> None:
    names = await routes(house, 60)
    invocation = house.invocation(ADMIN, HERE)
    screen = Screen(invocation.place, presses=False)
    await house.app.dispatcher.run_text(invocation, "relay list", screen)
    assert [row[0] for row in rows_of(screen.card)] == names
    # What `exec --file` presses.
    assert [one.label for one in buttons(screen.card)] == ["All as a file…"]


async def test_buttons_of_before_say_that_they_have_expired(house: BotHarness) -> None:
    for name in ("radar.page", "draft.page"):
        old = await house.press(ActionRef(name, "k" * 22))
        assert old.failure.title == "This has expired" and "older version" in words(old.failure)
