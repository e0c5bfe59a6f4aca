"""What extractions collected: listed, shown, exported; how one stands, and that it is cancelled."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from bot.cards.extractions import ENDED_EARLY, STATUSES
from bot.core.access import Actor
from bot.core.commands.declaring import Command
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import catalogue
from bot.features.extract import listed
from bot.features.extract.results import FORMATS
from bot.features.known import What
from bot.xquik.transport import client
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.examples import begun, ended
from tests.features.extractions import FOLLOWERS, collected, labels, state_of
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, TWEET, BotHarness


def command_of(name: str) -> Command[Any]:
    found = catalogue(()).command(tuple(name.split()))
    assert found is not None
    return found


# --- what was collected ------------------------------------------------------------------------------------


async def test_the_list_says_what_was_asked_for_and_filters_by_state_and_tool(house: BotHarness) -> None:
    await collected(house)
    await collected(house, f"extract run replies target:{TWEET} limit:3")
    await begun(house, targetUsername="nasa")
    rows = rows_of((await house.say("extract list")).card)
    assert [row[:5] for row in rows] == [
        ["#3", "Followers of an account", "–", "collecting", "0"],
        ["#2", "Replies to a tweet", "1893456789012345678", "done", "3"],
        ["#1", "Followers of an account", "@cafe_luna", "done", "12"],
    ]
    done = rows_of((await house.say("extract list status:done tool:followers")).card)
    assert [row[0] for row in done] == ["#1"]
    assert "No extraction is like that" in words((await house.say("extract list status:failed")).card)


async def test_the_list_takes_every_state_as_it_says_it(house: BotHarness) -> None:
    for outcome in ("success", "fail-late", "partial"):
        await house.control("extractions", body={"outcome": outcome})
        await collected(house)
    await house.confirm(await house.say(f"extract cancel {await begun(house)}"))
    await begun(house, targetUsername="nasa")
    said = {row[0]: row[3] for row in rows_of((await house.say("extract list")).card)}
    assert set(said.values()) == {"done", "failed", "ended early", "cancelled", "collecting"}
    for number, state in said.items():
        listed = rows_of((await house.say(f'extract list status:"{state}"')).card)
        assert number in [row[0] for row in listed]
        assert {row[3] for row in listed} <= {state, "ended early"}
    assert {*STATUSES.values(), ENDED_EARLY} == {*command_of("extract list").by_name["status"].said}


async def test_how_far_was_looked_for_those_that_ended_early_is_said_and_the_next_page_goes_on(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "_MOST_PAGES", 1)
    await house.control("extractions", body={"outcome": "partial"})
    await ended(house, await begun(house))
    for number in range(1, 16):
        await ended(house, await begun(house, resultsLimit=number))
    before = await house.requests("/extractions")
    first = await house.say('extract list status:"ended early"')
    said = words(first.card)
    assert "None of these ended early." in said and "Next looks at older ones" in said
    assert "15 extractions were looked through for this page, back to " in said
    second = await house.press(first, "Next")
    (row,) = rows_of(second.card)
    assert row[3] == "ended early" and "looked through" not in words(second.card), "that is the end"
    assert await house.requests("/extractions") == before + 2, "each page is asked for once"
    assert "looked through" not in words((await house.say("extract list status:failed")).card)


async def test_one_that_ended_early_says_how_far_was_looked_and_the_end_is_called_that(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "_MOST_PAGES", 1)
    for number in range(1, 16):
        await ended(house, await begun(house, resultsLimit=number))
    await house.control("extractions", body={"outcome": "partial"})
    await ended(house, await begun(house))
    first = await house.say('extract list status:"ended early"')
    assert len(rows_of(first.card)) == 1 and "15 extractions were looked through" in words(first.card)
    last = await house.press(first, "Next")
    assert "Nothing follows any more." in words(last.card)


async def test_people_are_shown_as_a_table_page_by_page(house: BotHarness) -> None:
    await collected(house)
    first = await house.say("extract show #1")
    assert first.card.title == "Results of extraction #1"
    assert "Followers of an account · @cafe_luna · 12 results" in words(first.card)
    second = await house.press(first, "Next")
    people = [row[0] for row in (*rows_of(first.card), *rows_of(second.card))]
    assert len(people) == 12 == len(set(people))
    followers = rows_of((await house.say("user followers @cafe_luna")).card)
    assert people[:5] == [row[0] for row in followers[:5]], "one world"


async def test_the_results_below_an_outcome_have_next_and_back(house: BotHarness) -> None:
    await house.say("policy grant spend to:everyone")
    card = await house.confirm(await house.say(FOLLOWERS, MEMBER), MEMBER)
    first = await house.press(card, "Show", actor=MEMBER)
    assert labels(first.card) == ["Export", "Next", "All as a file…"] and len(rows_of(first.card)) == 10
    second = await house.press(first, "Next", actor=MEMBER)
    assert len(rows_of(second.card)) == 2 and "Back" in labels(second.card)
    assert rows_of((await house.press(second, "Back", actor=MEMBER)).card) == rows_of(first.card)


async def test_tweets_are_shown_with_their_authors_and_figures(house: BotHarness) -> None:
    card = await collected(house, f"extract run replies target:{TWEET} limit:3 filters:order=oldest")
    shown = words((await house.press(card, "Show")).card)
    assert "♥" in shown and "Replies to a tweet · 1893456789012345678 · 3 results" in shown


async def test_an_empty_one_says_where_to_look(house: BotHarness) -> None:
    job = await begun(house)
    assert "extract status" in words((await house.say(f"extract show {job}")).card)
    line = "extract run followers target:@cafe_luna limit:5 filters:username=qqqq"
    card = await collected(house, line)
    assert field_of(card, "Results") == "0" and labels(card) == []


@pytest.mark.parametrize("format", FORMATS)
async def test_it_is_exported_in_each_format(house: BotHarness, format: str) -> None:
    await collected(house)
    (file,) = (await house.say(f"extract export #1 format:{format}")).reply.files
    assert file.name == f"extraction-1.{'md' if format == 'md-document' else format}"
    assert len(file.content) > 100


async def test_all_of_it_is_a_file_like_that_of_any_list(house: BotHarness) -> None:
    await collected(house, f"extract run replies target:{TWEET} limit:14")
    asked = await house.press(await house.say("extract show #1"), "All as a file…")
    (file,) = (await house.submit(asked, format="csv")).reply.files
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 14 and {row["verified"] for row in rows} <= {"true", "false"}
    assert rows[0]["tweet_url"].endswith(rows[0]["tweet_id"]) and rows[0]["likes"].isdecimal()


async def test_who_may_not_export_is_told_before_a_format_is_asked_for(house: BotHarness) -> None:
    card = await collected(house)
    refused = await house.press(card, "Export", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED and refused.names == ["fail"]


async def test_export_below_the_outcome_asks_for_the_format(house: BotHarness) -> None:
    card = await collected(house)
    asked = await house.press(card, "Export", actor=TEAM)
    (file,) = (await house.submit(asked, format="json")).reply.files
    assert file.name.endswith(".json")


async def test_one_that_is_under_way_is_not_exported_yet(house: BotHarness) -> None:
    job = await begun(house)
    assert "still under way" in words((await house.say(f"extract export {job}")).failure)


async def test_a_file_that_is_too_large_is_said_to_be(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collected(house)
    monkeypatch.setattr(client, "FILE_CAP", 100)
    too_large = (await house.say("extract export #1")).failure
    assert "larger than the 10 MiB" in words(too_large)
    assert "format:xlsx" in words(too_large)
    fetched = (await house.state())["operations"]["GET /extractions/{id}/export"]
    assert fetched == 1, "it would be as large the next time"
    packed = words((await house.say("extract export #1 format:xlsx")).failure)
    assert "format:xlsx" not in packed and "extract show" in packed and "dashboard" in packed


async def test_who_ran_it_sees_its_results_and_others_need_to_see_the_inside(house: BotHarness) -> None:
    await house.say("policy grant spend to:everyone")
    screen = await house.say(FOLLOWERS, MEMBER)
    card = await house.confirm(screen, MEMBER)
    assert len(rows_of((await house.press(card, "Show", actor=MEMBER)).card)) == 10
    other = MEMBER.__class__("eve", "Eve")
    for label in ("Show", "Export"):
        values = {"format": "csv"} if label == "Export" else None
        pressed = await house.press(ref_of(card, label), actor=other, values=values)
        assert pressed.outcome is InvocationOutcome.NOT_PERMITTED


# --- status and cancelling ---------------------------------------------------------------------------------


async def test_the_status_says_how_it_stands(house: BotHarness) -> None:
    job = await begun(house)
    running = (await house.say(f"extract status {job}")).card
    assert running.title == "Extraction #1 is under way" and labels(running) == ["Cancel it"]
    await ended(house, job)
    assert (await house.say("extract status #1")).card.title == "Extraction #1 is done"


async def test_it_has_its_number_and_can_be_cancelled_as_soon_as_it_was_confirmed(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    pressed = await house.press(screen, "Confirm")
    asked = await house.say("extract cancel #1")
    assert asked.card.title == "Cancel extraction #1?"
    again = await house.press(pressed.card, "Cancel it")
    assert again.card.title == "Cancel extraction #1?"


async def test_those_under_way_are_suggested_for_cancelling_and_those_over_for_export(
    house: BotHarness,
) -> None:
    await collected(house)
    await begun(house)
    await house.app.services.known.changed(HERE, What.EXTRACTIONS)

    async def offered(verb: str) -> list[str]:
        path = ("extract", verb)
        found = await house.app.dispatcher.suggest(house.invocation(ADMIN, HERE), path, "extraction", "")
        return [choice.value for choice in found]

    assert await offered("show") == ["#2", "#1"]
    assert await offered("cancel") == ["#2"]
    assert await offered("export") == ["#1"]


async def test_cancelling_asks_first_and_charges_nothing(house: BotHarness) -> None:
    job = await begun(house)
    asked = await house.say(f"extract cancel {job}")
    assert asked.card.title == "Cancel extraction #1?" and "is lost, and not charged" in words(asked.card)
    assert (await house.state())["operations"].get("DELETE /extractions/{id}", 0) == 0
    card = await house.confirm(asked)
    assert card.title == "Extraction #1 was cancelled"
    assert await house.credits() == 25_000
    assert "nothing to cancel" in words((await house.say(f"extract cancel {job}")).failure)


@pytest.mark.parametrize("status", [404, 429, 503])
async def test_what_was_cancelled_is_told_as_such_though_it_cannot_be_looked_at(
    house: BotHarness, status: int
) -> None:
    job = await begun(house)
    asked = await house.say(f"extract cancel {job}")
    await house.fault(method="GET", path="/extractions/*", status=status, times=9)
    card = await house.confirm(asked)
    assert card.title == "Extraction #1 was cancelled" and "no result was kept" in words(card)
    assert field_of(card, "Id") == job
    assert await state_of(house, asked) is ProposalState.DONE
    assert (await house.state())["operations"]["DELETE /extractions/{id}"] == 1


async def test_what_ended_before_it_could_be_cancelled_is_kept_and_told(house: BotHarness) -> None:
    job = await begun(house)
    asked = await house.say(f"extract cancel {job}")
    await ended(house, job)
    card = await house.confirm(asked)
    assert card.title == "The extraction was not cancelled" and "is over already" in words(card)
    assert "its run was charged: about 12 credits." in words(card)
    assert "Nothing was charged" not in words(card)


async def test_what_ended_without_a_result_before_it_could_be_cancelled_cost_nothing(
    house: BotHarness,
) -> None:
    await house.control("extractions", body={"outcome": "fail"})
    job = await begun(house)
    asked = await house.say(f"extract cancel {job}")
    await ended(house, job)
    card = await house.confirm(asked)
    assert "It collected nothing, and nothing was charged." in words(card)
    assert "was charged: about" not in words(card)


async def test_who_had_it_run_sees_how_it_stands_and_gets_its_file_by_command_too(house: BotHarness) -> None:
    await house.say("policy grant spend to:everyone")
    screen = await house.say(FOLLOWERS, MEMBER)
    ref = ref_of(screen.card, "Confirm")
    await house.press(ref, actor=MEMBER)
    await house.app.executor.outcome(HERE, ref.key)
    for line in ("extract status #1", "extract export #1", "extract show #1"):
        assert (await house.say(line, MEMBER)).outcome is InvocationOutcome.OK, line
        other = await house.say(line, Actor("eve", "Eve"))
        assert other.outcome is InvocationOutcome.NOT_PERMITTED, line


async def test_one_that_was_cancelled_meanwhile_is_told_as_such_where_it_was_confirmed(
    house: BotHarness,
) -> None:
    await house.fault(method="GET", path="/extractions/*", status=503, times=4)
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    await house.press(screen, "Confirm")
    await house.app.executor.sweep()
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None and stored.write_action
    xquik = await house.app.services.xquik.of(HERE)
    await xquik.extractions.cancel(stored.write_action)
    house.clock.advance(600.0)
    card = await house.app.executor.outcome(HERE, key)
    assert card.title == "Extraction #1 was cancelled" and "no result was kept" in words(card)
