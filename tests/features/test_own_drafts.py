"""Drafts have an author: everyone keeps, sees and deletes their own, and the team sees all."""

from __future__ import annotations

import pytest

from bot.core.access import Actor
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import StorageUnavailable
from bot.storage.writes import draft_authors
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, BotHarness

EVE = Actor("eve", "Eve")


async def saved(house: BotHarness, text: str, actor: Actor) -> str:
    return field_of((await house.say(f'draft save "{text}"', actor)).card, "Id")


async def test_one_lists_and_opens_ones_own_alone(house: BotHarness) -> None:
    mine, theirs = await saved(house, "Mine", MEMBER), await saved(house, "Theirs", ADMIN)
    listed = (await house.say("draft list", MEMBER)).card
    assert listed.title == "Your drafts" and [row[-1] for row in rows_of(listed)] == [mine]
    assert "Theirs" not in words(listed)
    assert "Mine" in words((await house.say(f"draft show {mine}", MEMBER)).card)
    assert "No drafts yet" in words((await house.say("draft list", EVE)).card)
    whole = (await house.say("draft list", TEAM)).card
    assert {row[-1] for row in rows_of(whole)} == {mine, theirs}
    assert "Theirs" in words((await house.say(f"draft show {theirs}", TEAM)).card)


@pytest.mark.parametrize("verb", ["show", "delete"])
async def test_drafts_of_others_are_not_there_for_one(house: BotHarness, verb: str) -> None:
    theirs = await saved(house, "Theirs", ADMIN)
    requests = (await house.state())["requests"]
    hidden = await house.say(f"draft {verb} {theirs}", MEMBER)
    missing = await house.say(f"draft {verb} 999", MEMBER)
    assert hidden.failure.title == missing.failure.title == "Not found"
    assert words(hidden.failure).replace(theirs, "999") == words(missing.failure), "nobody learns which exist"
    assert (await house.state())["requests"] == requests
    assert "Theirs" in words((await house.say(f"draft show {theirs}")).card)


async def test_one_deletes_ones_own_without_a_grant(house: BotHarness) -> None:
    mine = await saved(house, "Mine", MEMBER)
    deleted = await house.say(f"draft delete {mine}", MEMBER)
    assert "Mine" in words(deleted.card)
    assert await house.app.services.draft_authors.of(HERE, MEMBER.id) == ()
    assert "No drafts yet" in words((await house.say("draft list")).card)


async def test_drafts_of_others_are_deleted_by_who_sees_them_and_may_publish(house: BotHarness) -> None:
    mine = await saved(house, "Mine", MEMBER)
    assert (await house.say(f"draft delete {mine}", TEAM)).outcome is InvocationOutcome.NOT_PERMITTED
    await house.say("policy grant publish to:user:eve")
    assert (await house.say(f"draft delete {mine}", EVE)).failure.title == "Not found"
    await house.say("policy grant publish to:user:tim")
    assert (await house.say(f"draft delete {mine}", TEAM)).outcome is InvocationOutcome.OK
    assert await house.app.services.draft_authors.of(HERE, MEMBER.id) == (), "the row goes with the draft"


async def test_who_may_publish_posts_ones_own_and_not_what_they_may_not_see(house: BotHarness) -> None:
    mine, theirs = await saved(house, "Mine", EVE), await saved(house, "Theirs", ADMIN)
    await house.say("policy grant publish to:user:eve")
    assert "Mine" in words((await house.say(f"draft post {mine}", EVE)).card)
    assert (await house.say(f"draft post {theirs}", EVE)).failure.title == "Not found"


async def test_ones_own_are_paged_and_nobody_else_turns_the_page(house: BotHarness) -> None:
    mine = [await saved(house, f"Number {number}", MEMBER) for number in range(12)]
    first = await house.say("draft list", MEMBER)
    assert [row[-1] for row in rows_of(first.card)] == mine[:1:-1]
    assert "Rows 1–10 of 12." in words(first.card)
    eves = await house.press(ref_of(first.card, "Next"), actor=EVE)
    assert eves.outcome is InvocationOutcome.NOT_PERMITTED
    assert "Number" not in words(eves.failure)
    second = await house.press(first, "Next", actor=MEMBER)
    assert second.reply.replace and second.card.title == "Your drafts"
    assert [row[-1] for row in rows_of(second.card)] == mine[1::-1]
    assert "Rows 11–12 of 12." in words(second.card)
    back = await house.press(second, "Back", actor=MEMBER)
    assert back.card.blocks == first.card.blocks


async def test_a_page_of_ones_own_that_was_deleted_elsewhere_leads_on(house: BotHarness) -> None:
    mine = [await saved(house, f"Number {number}", MEMBER) for number in range(12)]
    xquik = await house.app.services.xquik.of(HERE)
    for one in mine[2:]:
        await xquik.drafts.delete(one)
    first = await house.say("draft list", MEMBER)
    assert "Nothing is left of this page" in words(first.card)
    second = await house.press(first, "Next", actor=MEMBER)
    assert [row[-1] for row in rows_of(second.card)] == mine[1::-1]


async def test_back_to_the_first_page_is_decided_anew(house: BotHarness) -> None:
    """Who may see all since then sees all, and whose VIEW is gone sees their own."""
    for number in range(12):
        await saved(house, f"Theirs {number}", ADMIN)
    mine = [await saved(house, f"Mine {number}", TEAM) for number in range(12)]
    second = await house.press(await house.say("draft list", TEAM), "Next", actor=TEAM)
    await house.say("policy revoke view to:members")
    back = await house.press(second, "Back", actor=TEAM)
    assert back.card.title == "Your drafts"
    assert [row[-1] for row in rows_of(back.card)] == mine[:1:-1]


async def test_the_page_of_all_is_turned_by_who_may_see_all(house: BotHarness) -> None:
    for number in range(12):
        await saved(house, f"Number {number}", ADMIN)
    first = await house.say("draft list", TEAM)
    await house.say("policy revoke view to:members")
    refused = await house.press(first, "Next", actor=TEAM)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED


async def test_what_is_older_than_the_newest_page_of_the_account_is_found(house: BotHarness) -> None:
    mine = await saved(house, "Long ago", MEMBER)
    xquik = await house.app.services.xquik.of(HERE)
    for number in range(50):
        await xquik.drafts.create(f"Later {number}")
    assert [row[-1] for row in rows_of((await house.say("draft list", MEMBER)).card)] == [mine]


async def test_what_was_deleted_elsewhere_is_forgotten(house: BotHarness) -> None:
    kept, gone = await saved(house, "Kept", MEMBER), await saved(house, "Gone", MEMBER)
    asked = await saved(house, "Asked for", MEMBER)
    xquik = await house.app.services.xquik.of(HERE)
    for one in (gone, asked):
        await xquik.drafts.delete(one)
    assert (await house.say(f"draft show {asked}", MEMBER)).failure.title == "Not found"
    assert [row[-1] for row in rows_of((await house.say("draft list", MEMBER)).card)] == [kept]
    assert [one.draft for one in await house.app.services.draft_authors.of(HERE, MEMBER.id)] == [kept]


async def test_a_draft_of_before_is_of_nobody(house: BotHarness) -> None:
    xquik = await house.app.services.xquik.of(HERE)
    old = (await xquik.drafts.create("Of before")).id
    assert (await house.say(f"draft show {old}", MEMBER)).failure.title == "Not found"
    assert "Of before" in words((await house.say(f"draft show {old}", TEAM)).card)


async def test_one_person_keeps_only_so_many(house: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_authors, "MOST", 2)
    mine = [await saved(house, f"Number {number}", MEMBER) for number in range(2)]
    requests = (await house.state())["requests"]
    full = await house.say('draft save "One more"', MEMBER)
    assert "2 drafts" in words(full.failure) and "draft delete" in words(full.failure)
    assert (await house.state())["requests"] == requests
    await saved(house, "Somebody else", EVE)
    await house.say(f"draft delete {mine[0]}", MEMBER)
    await saved(house, "Room again", MEMBER)


async def test_a_draft_whose_author_could_not_be_written_down_is_saved_all_the_same(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unwritable(*_: object) -> None:
        raise StorageUnavailable("The database does not answer.")

    monkeypatch.setattr(house.app.services.draft_authors, "note", unwritable)
    card = (await house.say('draft save "Kept"', MEMBER)).card
    assert card.title == "Draft saved" and "as yours" in words(card)
    assert "Kept" in words((await house.say("draft list")).card)


async def test_a_scored_text_is_kept_as_ones_own(house: BotHarness) -> None:
    scored = await house.say("tweet score Hello", MEMBER)
    kept = field_of((await house.press(scored, "Save as draft", actor=MEMBER)).card, "Id")
    assert [row[-1] for row in rows_of((await house.say("draft list", MEMBER)).card)] == [kept]
