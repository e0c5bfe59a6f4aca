"""What is recorded of what people do, what is not, and how it is shown, given out and checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import check_lines
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, TWEET, BotHarness

OK, NOT_PERMITTED = InvocationOutcome.OK, InvocationOutcome.NOT_PERMITTED


async def records(house: BotHarness) -> list[tuple[str, str, str]]:
    """Event, command and outcome of every record, the oldest first; the chain must hold."""
    audit = house.app.services.audit
    assert (await audit.checked(HERE)).faults == []
    found = await audit.page(HERE, before=None, most=1_000)
    return [(one.body["event"], one.body.get("command", ""), one.body["outcome"]) for one in found[::-1]]


async def test_a_decision_and_its_outcome_are_recorded_with_the_charge(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Hello to everybody"')
    await house.confirm(proposed)
    assert await records(house) == [("confirmed", "tweet post", "ok"), ("outcome", "tweet post", "done")]
    done = (await house.app.services.audit.page(HERE, before=None, most=1))[0]
    assert done.body["credits"] > 0 and done.body["action"] and done.body["kind"] == "tweet.create"
    assert (done.person, done.name, done.body["channel"]) == ("ada", "Ada", "c2")
    assert "Hello" not in str(done) and str(proposed.card.buttons[0].action) not in str(done.body)


async def test_who_cancels_is_recorded_and_who_confirms_is_who_the_outcome_names(house: BotHarness) -> None:
    await house.say("policy grant publish to:user:ben")
    cancelled = await house.say('tweet post "One"')
    await house.press(ref_of(cancelled.card, "Cancel"), actor=MEMBER)
    await house.confirm(await house.say('tweet post "Two"'), MEMBER)
    found = (await house.app.services.audit.page(HERE, before=None, most=3))[::-1]
    assert [(one.body["event"], one.person) for one in found] == [
        ("cancelled", "ben"), ("confirmed", "ben"), ("outcome", "ben"),
    ]  # fmt: skip


async def test_a_change_of_settings_is_recorded_with_what_was_set(house: BotHarness) -> None:
    await house.say("policy deny draw run to:user:ben channel:#alerts")
    await house.say("setup spending 50")
    assert await records(house) == [("setting", "policy deny", "ok"), ("setting", "setup spending", "ok")]
    newest, before = await house.app.services.audit.page(HERE, before=None, most=2)
    assert newest.details == {"above": "50"} or "50" in str(newest.details)
    assert before.about == ("ben",) and before.details["what"] == "draw run"
    assert "ben" not in json.dumps(dict(before.body))


async def test_a_key_is_recorded_as_set_and_never_shown(house: BotHarness) -> None:
    opened = await house.say("setup key")
    await house.press(opened.form.action, values={"key": house.sandbox.api_key})
    assert ("setting", "setup key", "ok") in await records(house)
    found = await house.app.services.audit.page(HERE, before=None, most=9)
    assert all(house.sandbox.api_key not in str(one) for one in found)


async def test_a_setting_that_failed_is_recorded_as_that(house: BotHarness) -> None:
    await house.say("policy reset all")
    assert await records(house) == [("setting", "policy reset", "NotFound")]


async def test_reads_that_cost_are_recorded_and_others_are_not(house: BotHarness) -> None:
    for line in ("help", "radar", "draw list", "monitor list", "audit recent", "policy show"):
        await house.say(line)
    assert await records(house) == []
    await house.say(f"tweet show {TWEET}")
    shown = await house.say("user followers @nasa")
    await house.press(shown, "Next" if "Next" in words(shown.card) else shown.card.buttons[0].label)
    found = await records(house)
    assert found[:2] == [("read", "tweet show", "ok"), ("read", "user followers", "ok")]
    newest = (await house.app.services.audit.page(HERE, before=None, most=9))[-1]
    assert newest.body["credits"] == 1 and not newest.details


async def test_refused_attempts_at_what_publishes_or_manages_are_recorded_once(house: BotHarness) -> None:
    assert (await house.say('tweet post "No"', MEMBER)).outcome is NOT_PERMITTED
    assert (await house.say('tweet post "No"', MEMBER)).outcome is NOT_PERMITTED
    assert (await house.say("setup forget", MEMBER)).outcome is NOT_PERMITTED
    assert (await house.say("trends US", MEMBER)).outcome is NOT_PERMITTED, "that only costs"
    await house.app.dispatcher.suggest(house.invocation(MEMBER, HERE), ("relay", "edit"), "route", "")
    proposed = await house.say('tweet post "Yes"')
    await house.press(ref_of(proposed.card, "Confirm"), actor=MEMBER)
    assert await records(house) == [
        ("refused", "tweet post", "refused"),
        ("refused", "setup forget", "refused"),
    ]
    house.app.services.journal.forget_refusals()
    await house.press(ref_of(proposed.card, "Confirm"), actor=MEMBER)
    assert (await records(house))[-1] == ("refused", "tweet post", "refused")


async def test_recent_shows_who_what_and_how_it_ended_page_by_page(house: BotHarness) -> None:
    for number in range(1, 18):
        await house.say(f"setup spending {number}")
    first = await house.say("audit recent")
    assert len(rows_of(first.card)) == 15
    row = rows_of(first.card)[0]
    assert row[1] == "ada" and "setup spending" in row[2] and "17" in row[2] and row[3] == "ok"
    second = await house.press(first, "Next")
    assert len(rows_of(second.card)) == 2
    mine = await house.say("audit recent by:user:ben")
    assert "Nothing is recorded" in words(mine.card)
    assert (await house.say("audit recent", MEMBER)).outcome is NOT_PERMITTED
    assert "Nothing is recorded" in words((await house.say("audit recent", tenant=ELSEWHERE)).card)


async def test_an_export_can_be_checked_by_itself(house: BotHarness, tmp_path: Path) -> None:
    assert "Nothing is recorded" in words((await house.say("audit export")).failure)
    for number in range(1, 4):
        await house.say(f"setup spending {number}")
    exported = await house.say("audit export")
    [file] = exported.reply.files
    lines = file.content.decode().splitlines()
    head = json.loads(lines[-1])["head"]
    assert head in words(exported.card) and len(lines) == 4
    assert check_lines(lines, head).faults == []
    # As a text of its own: a hash may have the letters by chance.
    assert '"ada"' not in file.content.decode() and '"Ada"' not in file.content.decode()
    later = await house.say("audit export first:3")
    [file] = later.reply.files
    assert json.loads(file.content.decode().splitlines()[0])["number"] == 3
    assert "no record 9" in words((await house.say("audit export first:9")).failure)


async def test_verify_says_that_it_holds_and_where_it_does_not(house: BotHarness) -> None:
    await house.say("setup spending 5")
    await house.say("setup spending 6")
    assert "2 records, none changed" in (await house.say("audit verify")).card.title
    statement = text("UPDATE audit_records SET body = replace(body, 'ok', 'no') WHERE number = 1")
    await house.app.database.write(lambda c: c.execute(statement))
    broken = await house.say("audit verify")
    assert broken.card.title == "The record was changed" and "record 1" in words(broken.card)


async def test_what_cannot_be_noted_is_not_done(house: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.core.errors import StorageUnavailable

    async def full(_one: object) -> str:
        raise StorageUnavailable("the disk is full")

    monkeypatch.setattr(house.app.services.audit, "begin", full)
    before = (await house.state())["requests"]
    assert (await house.say("trends US")).outcome is not OK
    assert (await house.state())["requests"] == before


LOOKS = (
    "setup notices",
    "setup timezone",
    "setup language",
    "setup spending",
    "credits alert",
    "credits budget",
    "credits budget person:user:ben",
    "account mine",
    "me timezone",
    "me language",
    "relay filter alerts-nasa",
    "relay timing alerts-nasa",
)


@pytest.mark.parametrize("line", LOOKS)
async def test_how_settings_stand_is_only_looked_at(house: BotHarness, line: str) -> None:
    await house.confirm(await house.say("relay add channel:#alerts account:nasa"))
    before = await records(house)
    assert (await house.say(line)).outcome is OK
    assert await records(house) == before


@pytest.mark.parametrize(
    "line", ["setup forget", "monitor add esa", "support open subject:Hi message:Help", "credits topup 10"]
)
async def test_what_is_asked_before_it_is_done_is_no_change_yet(house: BotHarness, line: str) -> None:
    asked = await house.say(line)
    assert asked.outcome is OK and asked.card.buttons
    assert await records(house) == []
    query = text("SELECT count(*) FROM audit_intents")
    assert await house.app.database.write(lambda c: scalar(c, query)) == 0, "and nothing is left of it"


async def scalar(connection: AsyncConnection, query: TextClause) -> object:
    return (await connection.execute(query)).scalar_one()


async def test_what_is_asked_for_is_recorded_once_it_is_done(house: BotHarness) -> None:
    await house.press(await house.say("setup forget"), "Forget the key")
    assert await records(house) == [("setting", "setup forget", "ok")]


@pytest.mark.parametrize("line", ["privacy export of:place", "privacy delete of:place"])
async def test_refused_attempts_at_the_data_of_the_place_are_recorded(house: BotHarness, line: str) -> None:
    assert (await house.say(line, MEMBER)).outcome is NOT_PERMITTED
    assert await records(house) == [("refused", " ".join(line.split()[:2]), "refused")]


async def test_a_refused_deletion_of_somebodys_draft_is_recorded(house: BotHarness) -> None:
    await house.say("policy grant view to:user:ben")
    saved = await house.say('draft save "Mine"')
    number = field_of(saved.card, "Number") if "Number" in words(saved.card) else "1"
    before = await records(house)
    assert (await house.say(f"draft delete {number}", MEMBER)).outcome is NOT_PERMITTED
    assert ("refused", "draft delete", "refused") in (await records(house))[len(before) :]


async def test_what_a_write_looks_up_for_credits_is_recorded_and_what_it_does_not_is_not(
    house: BotHarness,
) -> None:
    before = await house.credits()
    await house.say("user follow @nasa")
    assert before - await house.credits() == 1
    assert await records(house) == [("read", "user follow", "ok")]
    newest = (await house.app.services.audit.page(HERE, before=None, most=1))[0]
    assert newest.body["credits"] == 1
    await house.say('tweet post "Hello"')
    assert len(await records(house)) == 1, "nothing was asked"


async def test_the_charge_of_a_write_is_shown_once(house: BotHarness) -> None:
    await house.confirm(await house.say('tweet post "Hello"'))
    ended, confirmed = [row[-1] for row in rows_of((await house.say("audit recent")).card)]
    assert ended == "done 30 credits" and confirmed == "ok (about 30 credits)"
