"""What a person is given and may have deleted, and the whole place for who manages it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from bot.core.chat.ids import MessageRef
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.privacy import commands
from bot.features.privacy.stored import place_archive
from bot.storage.places.personal_tables import DELETED
from bot.storage.places.playground import PlaygroundLog
from tests.features.edge import buttons, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, BotHarness
from tests.relay.harness import until
from tests.storage.test_personal_data import everything

OK, NOT_PERMITTED = InvocationOutcome.OK, InvocationOutcome.NOT_PERMITTED
BEN, NAME = "ben-77441", "Benedict-77441"
PERSON = type(MEMBER)(BEN, NAME)


async def lived(house: BotHarness) -> None:
    """Somebody who did this and that."""
    await house.say(f"policy grant spend,publish to:user:{BEN}")
    await house.say("me timezone Europe/Berlin", PERSON)
    await house.say('draft save "Later"', PERSON)
    await house.confirm(await house.say('tweet post "Hello"', PERSON), PERSON)
    await house.say('tweet post "Never confirmed"', PERSON)
    await house.say("trends US", PERSON)


async def test_a_person_is_given_what_is_stored_about_them_and_nothing_of_others(house: BotHarness) -> None:
    await lived(house)
    await house.say("me timezone Asia/Tokyo")
    exported = await house.say("privacy export", PERSON)
    [file] = exported.reply.files
    rows = [json.loads(one) for one in file.content.decode().splitlines()]
    tables = {row["table"] for row in rows}
    assert {"timezones", "proposals", "draft_authors", "grants", "audit_records"} <= tables
    assert any(row.get("zone") == "Europe/Berlin" for row in rows)
    assert "Tokyo" not in file.content.decode() and '"ada"' not in file.content.decode()
    assert house.sandbox.api_key not in file.content.decode()
    done = {row["command"] for row in rows if row["table"] == "audit_records"}
    assert {"tweet post", "trends show"} <= done


async def test_a_person_is_deleted_after_confirm_and_the_record_still_holds(house: BotHarness) -> None:
    await lived(house)
    asked = await house.say("privacy delete", PERSON)
    said = words(asked.card)
    assert "rows are deleted" in said and "Permissions and rules for you stay" in said
    assert "Copies of the database" in said and "nobody can read any more" in said
    other = await house.press(ref_of(asked.card, "Delete"), actor=ADMIN)
    assert other.outcome is not OK and await everything(house.app.database, NAME)
    done = await house.press(asked, "Delete", actor=PERSON)
    assert done.reply.replace and "deleted" in done.card.title
    left = await everything(house.app.database, BEN)
    # What is still to be sent waits for the relay, which does not run here.
    assert {name for name, _, _ in left} == {"grants", "deliveries"}
    named = await everything(house.app.database, NAME)
    assert {name for name, _, _ in named} <= {"deliveries"}
    assert await everything(house.app.database, DELETED)
    audit = house.app.services.audit
    assert (await audit.checked(HERE)).faults == []
    shown = words((await house.say("audit recent")).card)
    assert "a deleted person" in shown and BEN not in shown and NAME not in shown
    # What was posted is still there to be answered and deleted, by whoever may.
    assert (await house.press(asked, "Delete", actor=PERSON)).outcome is not OK


async def test_even_who_may_nothing_here_may_see_and_delete_what_is_theirs(house: BotHarness) -> None:
    await house.say("policy deny use group:everyone")
    await house.say("policy revoke use group:everyone")
    assert (await house.say("radar", MEMBER)).outcome is NOT_PERMITTED
    assert (await house.say("privacy export", MEMBER)).outcome is OK
    asked = await house.say("privacy delete", MEMBER)
    assert (await house.press(asked, "Delete", actor=MEMBER)).outcome is OK


async def test_a_place_is_given_to_who_manages_and_sees_it_alone(house: BotHarness) -> None:
    await lived(house)
    await house.say("policy grant manage to:user:tim")
    await house.say("policy revoke view group:members")
    for person in (MEMBER, TEAM):
        assert (await house.say("privacy export of:place", person)).outcome is NOT_PERMITTED
        assert (await house.say("privacy delete of:place", person)).outcome is NOT_PERMITTED
    exported = await house.say("privacy export of:place")
    [file] = exported.reply.files
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = set(archive.namelist())
        texts = {name: archive.read(name).decode() for name in names}
    assert {"grants.jsonl", "proposals.jsonl", "secrets.jsonl", "audit_records.jsonl"} <= names
    assert "button_states.jsonl" not in names
    assert all(json.loads(one)["tenant"] == str(HERE) for text in texts.values() for one in text.splitlines())
    assert "ciphertext" not in texts["secrets.jsonl"] and "idempotency_key" not in texts["proposals.jsonl"]
    assert all(house.sandbox.api_key not in text for text in texts.values())
    assert "privacy export place" in words((await house.say("audit recent")).card)


async def test_a_place_is_deleted_after_confirm_and_others_are_not(house: BotHarness) -> None:
    await lived(house)
    await house.say("setup spending 7", tenant=ELSEWHERE)
    asked = await house.say("privacy delete of:place")
    assert "monitor pause" in words(asked.card)
    assert (await house.press(ref_of(asked.card, "Delete everything"), actor=TEAM)).outcome is not OK
    done = await house.press(asked, "Delete everything")
    assert "Everything here is deleted" in done.card.title
    assert [name for name, tenant, _ in await everything(house.app.database, str(HERE)) if tenant] == []
    assert not await house.app.services.keys.has_key(HERE)
    assert await house.app.services.spending.chosen(ELSEWHERE) == 7


async def test_what_is_under_way_and_not_paid_yet_is_told_of_before_a_place_is_deleted(
    house: BotHarness,
) -> None:
    quiet = words((await house.say("privacy delete of:place")).card)
    assert "has not ended" not in quiet and "top-up" not in quiet
    await house.confirm(await house.say("credits topup 25"))
    standing = await house.app.services.topups.open_of(HERE)
    key = ref_of((await house.say('tweet post "Soon"')).card, "Confirm").key
    assert await house.app.services.proposals.claim(HERE, key, ADMIN) is not None
    asked = await house.say("privacy delete of:place")
    done = await house.press(asked, "Delete everything")
    for said in (words(asked.card), words(done.card)):
        assert "1 write was confirmed and has not ended" in said
        assert standing is not None and f"credits status {standing.session}" in said


async def test_open_previews_that_go_are_told_of_before(house: BotHarness) -> None:
    await lived(house)
    before = words((await house.say("privacy delete", PERSON)).card)
    await house.say("policy grant publish to:user:" + PERSON.id)
    proposed = await house.say('tweet post "Soon"', PERSON)
    asked = await house.say("privacy delete", PERSON)
    assert "2 open previews of yours go too" in words(asked.card) and "1 open preview" in before
    await house.press(asked, "Delete", actor=PERSON)
    late = await house.press(ref_of(proposed.card, "Confirm"), actor=PERSON)
    assert "had their data deleted" in words(late.failure) and "Nothing was sent" in words(late.failure)


async def test_previews_that_are_void_say_so_and_what_was_sealed_in_them_is_erased(house: BotHarness) -> None:
    services = house.app.services
    await house.say(f"policy grant publish,private,spend to:user:{BEN}")
    await house.app.relay.start()
    proposed = await house.say('tweet post "Soon"', PERSON)
    key = ref_of(proposed.card, "Confirm").key
    await services.proposals.shown(key, MessageRef(proposed.place, "m77"))
    sealed = await house.say('dm send @nasa "For her alone"', PERSON)
    confirm = ref_of(sealed.card, "Confirm")
    asked = await house.say("privacy delete", PERSON)
    assert "they are void, and their messages say so" in words(asked.card)
    done = await house.press(asked, "Delete", actor=PERSON)
    assert "2 open previews of yours are void. Those that only you see may stand there" in words(done.card)
    await until(lambda: "m77" in house.wall.edited)
    told = words(house.wall.edited["m77"])
    assert "cannot be confirmed any more" in told and "Soon" not in told and NAME not in told
    assert buttons(house.wall.edited["m77"]) == []
    await until(lambda: sealed.card.title == "Withdrawn")
    late = await house.press(confirm, actor=PERSON)
    assert "had their data deleted" in words(late.failure) and "Nothing was sent" in words(late.failure)
    assert (await house.state())["writes"] == {}


async def test_the_channels_of_the_playground_stay_when_its_place_is_deleted(house: BotHarness) -> None:
    log, place = PlaygroundLog(house.app.database), HERE
    await log.create_channel(place, "general", name="general")
    await log.append(place, "general", author="ada", body="Hello", at=1.0)
    await house.press(await house.say("privacy delete of:place"), "Delete everything")
    assert [one.name for one in await log.channels(place)] == ["general"], "as on any platform"
    assert await log.page(place, "general", "ada") == (), "and nothing that was written in them"


async def test_a_question_that_expired_deletes_nothing(house: BotHarness) -> None:
    await lived(house)
    asked = await house.say("privacy delete", PERSON)
    house.clock.advance(11 * 60)
    assert (await house.press(asked, "Delete", actor=PERSON)).outcome is not OK
    assert len(await everything(house.app.database, NAME)) > 0


async def test_an_archive_with_little_room_has_whole_rows_and_says_which_tables_are_cut(
    house: BotHarness,
) -> None:
    await lived(house)
    personal = house.app.services.personal
    whole, small = io.BytesIO(), io.BytesIO()
    all_of_it = await place_archive(personal, HERE, whole)
    assert all_of_it.cut == () and all_of_it.rows > 10
    some = await place_archive(personal, HERE, small, most=2_000)
    assert some.cut and 0 < some.rows < all_of_it.rows
    with zipfile.ZipFile(whole) as full, zipfile.ZipFile(small) as part:
        assert set(part.namelist()) <= set(full.namelist())
        for name in part.namelist():
            lines = part.read(name).splitlines()
            assert lines == full.read(name).splitlines()[: len(lines)] and lines
            whole_table = len(lines) == len(full.read(name).splitlines())
            assert whole_table or name.removesuffix(".jsonl") in some.cut
        assert small.getbuffer().nbytes <= 2_000 + 150 * len(part.namelist()), "but for its directory"


async def test_what_was_used_of_a_budget_is_no_way_around_it(house: BotHarness) -> None:
    await house.say(f"policy grant spend,publish to:user:{BEN}")
    await house.say(f"credits budget 40 person:user:{BEN}")
    await house.confirm(await house.say('tweet post "One"', PERSON), PERSON)
    asked = await house.say("privacy delete", PERSON)
    assert "A budget for you stays" in words(asked.card)
    await house.press(asked, "Delete", actor=PERSON)
    refused = await house.press(await house.say('tweet post "Two"', PERSON), "Confirm", actor=PERSON)
    assert refused.failure.title == "The budget does not cover this"
    (row,) = [row for row in rows_of((await house.say("credits report person")).card) if "deleted" in row[0]]
    assert row[1] == "30"
    exported = await house.say("privacy export", PERSON)
    assert "deleted-" not in exported.reply.files[0].content.decode()


async def test_what_is_about_a_person_is_a_file_that_a_message_holds(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(house)
    whole = (await house.say("privacy export", PERSON)).reply.files[0].content
    monkeypatch.setattr(commands, "MOST_BYTES", len(whole) // 2)
    exported = await house.say("privacy export", PERSON)
    (file,) = exported.reply.files
    assert 0 < len(file.content) <= len(whole) // 2 and "a part alone" in words(exported.card)
    assert all(json.loads(one) for one in file.content.splitlines())


async def test_the_record_and_the_report_name_nobody_who_was_deleted(house: BotHarness) -> None:
    await house.say("policy grant spend to:user:ben")
    await house.say("credits budget 40 person:user:ben")
    await house.say("user show @nasa", MEMBER)
    await house.press(await house.say("privacy delete", MEMBER), "Delete", actor=MEMBER)
    told = words((await house.say("audit recent")).card)
    assert "credits budget credits:40 for a deleted person" in told and "?" not in told
    (row,) = rows_of((await house.say("credits report person")).card)
    assert row[0] == "people who were deleted"
