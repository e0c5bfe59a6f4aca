"""All of a listing as a file: its price is asked for first, it is read once, and what was read is given."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.access import Actor
from bot.core.chat import card_json
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Tone
from bot.core.chat.words import card_words
from bot.core.commands.declaring import Effect
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import catalogue
from bot.features.shared import listing_files
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.proposals import listing_files as reading
from bot.proposals.cards import STOP
from bot.storage.tables import deliveries
from tests.features.edge import Screen, ref_of
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, BotHarness, asks
from tests.features.listing_asked import BUTTON, FOLLOWERS, WHO, asked, ended, rows_of, spent
from tests.relay.harness import until

PATH = f"/x/users/{WHO}/followers"


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


# --- the price ---------------------------------------------------------------------------------------------


async def test_the_price_is_asked_for_before_anything_is_read(house: BotHarness) -> None:
    listed = await house.say(f"user followers @{WHO}")
    assert "Followers of @cafe_luna" in listed.card.title
    before = await house.credits()
    opened = await house.press(listed, BUTTON)
    assert [one.name for one in opened.form.inputs] == ["format", "rows"]
    assert opened.form.submit == "Make the file", "“Go on” reads on"
    preview = await house.submit(opened, format="csv", rows="")
    assert asks(preview.card)
    assert "About 3,120 profiles are read, for about 3,120 credits" in str(preview.card)
    assert await spent(house, before) == 1, "looking the account up"


async def test_what_costs_no_more_than_the_place_wants_to_be_asked_about_begins_at_once(
    sending: BotHarness,
) -> None:
    shown = await asked(sending, rows="80")
    assert not asks(shown.card) and ref_of(shown.card, "Stop").name == STOP
    await ended(sending, shown)
    await until(lambda: bool(sending.wall.files))
    assert len(rows_of(sending.wall.files[0].content)) == 80


async def test_no_more_is_read_than_what_was_confirmed(sending: BotHarness) -> None:
    """Also where a page has more rows than are left."""
    preview = await asked(sending, rows="500")
    before = await sending.credits()
    outcome = await sending.confirm(preview)
    assert await spent(sending, before) == 500
    assert "As many as were asked for are read: 500 profiles." in str(outcome)
    assert outcome.title == "Followers of @cafe_luna: 500 profiles as a file"
    assert outcome.tone is Tone.SUCCESS


@pytest.mark.parametrize(("rows", "read"), [("1.5k", "1,500"), ("1,500", "1,500"), ("٨٠", "80")])
async def test_rows_are_read_as_people_write_numbers(sending: BotHarness, rows: str, read: str) -> None:
    assert read in str((await asked(sending, rows=rows)).card)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": "pdf"}, "no such format"),
        ({"rows": "-3"}, "whole number from 1 to 100,000"),
        ({"rows": "99999999999999999999"}, "whole number from 1 to 100,000"),
        ({"rows": "200000"}, "whole number from 1 to 100,000"),
    ],
)
async def test_a_form_that_cannot_be_meant_is_refused(
    house: BotHarness, values: dict[str, str], said: str
) -> None:
    listed = await house.say(f"user followers @{WHO}")
    opened = await house.press(listed, BUTTON)
    refused = await house.submit(opened, **values)
    assert said in str(refused.failure)


# --- all of it ---------------------------------------------------------------------------------------------


async def test_all_of_it_comes_as_a_file_and_is_paid_for_once(sending: BotHarness) -> None:
    preview = await asked(sending)
    before = await sending.credits()
    outcome = await sending.confirm(preview)
    assert outcome.title == "Followers of @cafe_luna: all of it as a file"
    assert await spent(sending, before) == FOLLOWERS
    await until(lambda: bool(sending.wall.files))
    (file,) = sending.wall.files
    rows = rows_of(file.content)
    assert file.name == "followers-of-cafe-luna.csv"
    assert len(rows) == len({row["id"] for row in rows}) == FOLLOWERS
    assert list(rows[0])[:4] == ["id", "username", "name", "bio"]
    assert any(row["bio"].startswith("'=HYPERLINK") for row in rows), "no formula reaches a spreadsheet"
    assert not any(row["bio"].startswith(("=", "+", "-", "@")) for row in rows)
    assert all(row["joined"].endswith("+00:00") for row in rows)
    assert [card.title for _, card, _ in sending.wall.posted] == [outcome.title]
    assert "It is in the message below." in str(list(sending.wall.edited.values())[-1])


async def test_json_and_xlsx_come_too(sending: BotHarness) -> None:
    for form in ("json", "xlsx"):
        shown = await asked(sending, form=form, rows="60")
        await ended(sending, shown)
    await until(lambda: len(sending.wall.files) == 2)
    as_json, as_xlsx = sending.wall.files
    assert len(json.loads(as_json.content)) == 60
    assert as_xlsx.content.startswith(b"PK")


async def test_how_far_it_is_is_said(sending: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "STEP", 0.0)
    preview = await asked(sending)
    await sending.confirm(preview)
    await until(lambda: bool(sending.wall.files))
    queued = await _progress(sending)
    assert any("of about 3,120 profiles" in card and "credits so far" in card for card in queued)


async def _progress(house: BotHarness) -> list[str]:
    """What the message was to say meanwhile."""

    async def work(connection: Any) -> list[str]:
        query = select(deliveries.c.card).where(deliveries.c.dedup_key.startswith("n"))
        return [card_words(card_json.decode(card)) for card in (await connection.execute(query)).scalars()]

    return await house.app.database.read(work)


# --- what ends it early ------------------------------------------------------------------------------------


async def _read_pages(house: BotHarness, preview: Screen, pages: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Claim it, and read so many pages, as a process that dies then."""
    key = ref_of(preview.card, "Confirm").key
    claimed = await house.app.services.proposals.claim(HERE, key, ADMIN)
    assert claimed is not None
    performer = house.app.executor._performers[LISTING_FILE.name]
    for _ in range(pages):
        work = performer._understood(claimed)  # type: ignore[attr-defined]  # the real one
        found = await house.app.services.pages.reading(HERE, work.request.reading)
        page, _ = await performer._next(work, found)  # type: ignore[attr-defined]
        assert await house.app.services.pages.add(HERE, work.request.reading, page)
    return key


async def test_stop_gives_what_was_read_so_far(sending: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = await asked(sending)
    key = await _read_pages(sending, preview, 2, monkeypatch)
    stopped = await sending.press(ActionRef(STOP, key))
    assert stopped.card.title == "Stopping…"
    monkeypatch.undo()
    await sending.app.executor.recover()
    outcome = await sending.app.executor.outcome(HERE, key)
    assert "part of it" in outcome.title and "Stopped" in str(outcome) and "Ada" in str(outcome)
    await until(lambda: bool(sending.wall.files))
    assert len(rows_of(sending.wall.files[0].content)) == 600


async def test_going_on_pays_for_nothing_twice(sending: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = await asked(sending)
    before = await sending.credits()
    key = await _read_pages(sending, preview, 2, monkeypatch)
    await sending.press(ActionRef(STOP, key))
    monkeypatch.undo()
    await sending.app.executor.recover()
    partial = await sending.app.executor.outcome(HERE, key)
    again = await sending.press(partial, "Go on")
    assert "600 profiles were read before and are not paid for again." in str(again.card)
    assert "about 2,520 credits" in str(again.card)
    await sending.confirm(again)
    assert await spent(sending, before) == FOLLOWERS + 1, "and the account once more"
    outcome = await ended(sending, again)
    assert "about 2,520 credits now, 3,120 credits in all" in str(outcome)
    await until(lambda: len(sending.wall.files) == 2)
    rows = rows_of(sending.wall.files[1].content)
    assert len(rows) == len({row["id"] for row in rows}) == FOLLOWERS


async def test_without_credits_it_gives_what_they_reached(sending: BotHarness) -> None:
    await sending.control("credits", body={"balance": 721})  # the page above it, and the account
    preview = await asked(sending)
    outcome = await sending.confirm(preview)
    assert "Not enough Xquik credits" in str(outcome) and "credits" in str(outcome)
    assert ref_of(outcome, "Go on").name == reading.GO_ON
    await until(lambda: bool(sending.wall.files))
    assert len(rows_of(sending.wall.files[0].content)) == 700


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(500, "internal_error", "not answering"), (401, "unauthenticated", "did not accept the key")],
)
async def test_an_error_on_the_way_gives_what_was_read(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch, status: int, code: str, said: str
) -> None:
    preview = await asked(sending)
    key = await _read_pages(sending, preview, 1, monkeypatch)
    await sending.fault(method="GET", path="/x/users/*/followers", status=status, code=code, times=20)
    monkeypatch.undo()
    await sending.app.executor.recover()
    outcome = await sending.app.executor.outcome(HERE, key)
    assert said in str(outcome)
    await until(lambda: bool(sending.wall.files))
    assert len(rows_of(sending.wall.files[0].content)) == 300


async def test_an_error_before_the_first_page_is_a_failure_that_cost_nothing(house: BotHarness) -> None:
    preview = await asked(house)
    await house.fault(
        method="GET", path="/x/users/*/followers", status=422, code="x_target_not_found", times=1
    )
    outcome = await house.confirm(preview)
    assert outcome.title == "There is no file" and "Nothing was charged" in str(outcome)


async def test_an_answer_lost_before_the_first_page_is_not_told_as_free(house: BotHarness) -> None:
    preview = await asked(house)
    before = await house.credits()
    await house.fault(method="GET", path="/x/users/*/followers", answer_lost=True, times=1)
    outcome = str(await house.confirm(preview))
    assert "it may have been charged" in outcome and "Nothing was charged" not in outcome
    assert await house.credits() < before


# --- restarts ----------------------------------------------------------------------------------------------


async def test_a_restart_goes_on_behind_the_last_page(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await asked(sending)
    before = await sending.credits()
    key = await _read_pages(sending, preview, 4, monkeypatch)
    monkeypatch.undo()
    await sending.reopen()
    await sending.app.relay.start()
    await sending.app.executor.recover()
    await sending.app.executor.outcome(HERE, key)
    assert await spent(sending, before) == FOLLOWERS
    await until(lambda: bool(sending.wall.files))
    assert len(rows_of(sending.wall.files[0].content)) == FOLLOWERS


# --- whose it is -------------------------------------------------------------------------------------------


async def test_who_may_not_spend_can_neither_ask_nor_confirm(house: BotHarness) -> None:
    listed = await house.say(f"user followers @{WHO}")
    refused = await house.press(listed, BUTTON, actor=MEMBER)
    assert "may not" in refused.failure.title
    preview = await asked(house)
    pressed = await house.press(preview, "Confirm", actor=TEAM)
    assert "may not" in pressed.failure.title


async def test_somebody_who_may_not_spend_does_not_stop_it(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await asked(house)
    key = await _read_pages(house, preview, 1, monkeypatch)
    assert "may not" in (await house.press(ActionRef(STOP, key), actor=MEMBER)).failure.title
    assert "no longer stored" in str((await house.press(ActionRef(STOP, key), tenant=ELSEWHERE)).failure)


async def test_a_file_belongs_to_the_place_that_paid_for_it(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await asked(house)
    key = await _read_pages(house, preview, 1, monkeypatch)
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None
    read = stored.payload["reading"]
    pages = house.app.services.pages
    assert (await pages.reading(ELSEWHERE, read)).pages == 0
    assert await pages.page(ELSEWHERE, read, 1) == ()
    assert await pages.columns(ELSEWHERE, read) == ()


async def test_a_person_has_one_made_at_a_time(house: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = await asked(house)
    await _read_pages(house, preview, 1, monkeypatch)
    second = await asked(house)
    assert "Another list is being read into a file for you." in str(second.failure)


async def test_two_that_were_confirmed_take_turns(sending: BotHarness) -> None:
    """Both previews stood before either was confirmed."""
    first, second = await asked(sending, rows="400"), await asked(sending, rows="300", who="wikipedia")
    await sending.press(first, "Confirm")
    await sending.press(second, "Confirm")
    await ended(sending, first)
    await ended(sending, second)
    await until(lambda: len(sending.wall.files) == 2)
    assert [len(rows_of(file.content)) for file in sending.wall.files] == [400, 300]


# --- lists that cost nothing -------------------------------------------------------------------------------


async def test_a_list_that_costs_nothing_is_given_at_once(house: BotHarness) -> None:
    for number in range(30):
        await house.done(f"monitor keyword rocket{number}")
    listed = await house.say("monitor list")
    opened = await house.press(listed, BUTTON)
    assert [one.name for one in opened.form.inputs] == ["format"]
    given = await house.submit(opened, format="csv")
    (file,) = given.reply.files
    assert len(rows_of(file.content)) == 30
    assert file.name == "monitors.csv"


async def test_a_private_list_is_for_who_opened_it(house: BotHarness) -> None:
    await house.done('draft save "Hello"')
    listed = await house.say("draft list")
    other = await house.press(listed, BUTTON, actor=Actor("eve", "Eve", is_admin=True))
    assert "Somebody else opened this list." in str(other.failure)


async def test_no_list_is_paid_for_without_a_filter_that_it_was_opened_with(house: BotHarness) -> None:
    """An option that another version of the bot had."""
    state = {"path": ["user", "followers"], "values": {"user": ["@nasa"], "verified": ["yes"]}}
    states = house.app.services.states
    name = listing_files.FILE_HERE
    key = await states.keep(HERE, name, state, lifetime=60.0)
    refused = await house.press(ActionRef(name, key))
    assert "takes no more. It has no verified any more." in str(refused.failure)


def test_what_costs_credits_is_listed_for_who_may_spend() -> None:
    """Confirm asks for the permission of the kind, so no command may need another one."""
    listed = [(one, one.listing) for one in catalogue() if one.listing is not None and one.listing.columns]
    paid = [one for one, listing in listed if not listing.cost.free]
    assert "user followers" in {one.name for one in paid}
    assert all(one.needs == LISTING_FILE.permission and one.effect is Effect.SPEND for one in paid)
    assert listing_files.MOST_KEPT > reading.AT_ONCE and ProposalState.DONE.settled
