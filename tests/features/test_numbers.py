"""Draws and drafts are named by the numbers of the place, wherever their ids are taken."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import StorageUnavailable
from bot.storage.places.local_numbers import Numbered
from bot.storage.tables import local_numbers
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness


async def draw(house: BotHarness) -> str:
    """A draw that was run; its id."""
    return field_of(await house.confirm(await house.say(f"draw run {TWEET}")), "Draw id")


async def test_draws_are_numbered_as_they_are_made_and_shown_by_number(house: BotHarness) -> None:
    cards = [await house.confirm(await house.say(f"draw run {TWEET} winners:{n}")) for n in (1, 2)]
    assert [field_of(card, "Draw") for card in cards] == ["#1", "#2"]
    rows = rows_of((await house.say("draw list")).card)
    assert [(row[0], row[-1]) for row in rows] == [
        ("#2", field_of(cards[1], "Draw id")),
        ("#1", field_of(cards[0], "Draw id")),
    ]
    for written in ("#1", "＃１", "#١", "#१", "draw:#1"):
        shown = (await house.say(f"draw show {written}")).card
        assert field_of(shown, "Draw id") == rows[1][-1] and field_of(shown, "Draw") == "#1"
    file, *_ = (await house.say("draw export #2")).reply.files
    assert rows[0][-1] in file.name


async def test_what_was_there_before_is_numbered_from_the_oldest_on(house: BotHarness) -> None:
    """Made on the same Xquik account by somebody else."""
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    ids = [await draw(house) for _ in range(3)]
    rows = rows_of((await house.say("draw list", tenant=ELSEWHERE)).card)
    assert [(row[0], row[-1]) for row in rows] == [("#3", ids[2]), ("#2", ids[1]), ("#1", ids[0])]
    newer = await draw(house)
    shown = (await house.say(f"draw show {newer}", tenant=ELSEWHERE)).card
    assert field_of(shown, "Draw") == "#4"


async def test_a_number_alone_is_an_id(house: BotHarness) -> None:
    await draw(house)
    screen = await house.say("draw show 1")
    assert screen.failure.title == "Not found" and "draw show #1" in words(screen.failure)


@pytest.mark.parametrize("line", ["draw show #9", "draw export #9", "draft show #9", "draft delete #9"])
async def test_a_number_that_nothing_has_is_not_found(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.failure.title == "Not found"
    assert "#9" in words(screen.failure) and "list" in words(screen.failure)


async def test_numbers_of_another_place_are_not_found(house: BotHarness) -> None:
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    await draw(house)
    await house.say('draft save "Ours"')
    for line in ("draw show #1", "draft show #1", "draft delete #1", "draft post #1"):
        screen = await house.say(line, tenant=ELSEWHERE)
        assert screen.failure.title == "Not found" and "Ours" not in words(screen.failure)
    assert (await house.say("draft show #1")).outcome is InvocationOutcome.OK


async def test_drafts_go_by_number_from_save_to_delete(house: BotHarness) -> None:
    first = (await house.say('draft save "Erste Idee"')).card
    await house.say('draft save "İkinci fikir"')
    await house.say('draft save "तीसरा विचार"')
    assert field_of(first, "Draft") == "#1"
    rows = rows_of((await house.say("draft list")).card)
    assert [row[0] for row in rows] == ["#3", "#2", "#1"] and rows[2][-1] == field_of(first, "Id")
    assert "İkinci fikir" in words((await house.say("draft show #2")).card)
    proposed = await house.say("draft post #3")
    assert "तीसरा विचार" in words(proposed.card)
    assert ref_of(proposed.card, "Confirm")
    assert "İkinci fikir" in words((await house.say("draft delete #2")).card)
    assert (await house.say("draft show #2")).failure.title == "Not found"
    assert field_of((await house.say('draft save "第四"')).card, "Draft") == "#4", "never given again"


async def test_drafts_of_others_have_no_number_for_one(house: BotHarness) -> None:
    """A number is easier to guess than an id, and leads no further."""
    await house.say('draft save "Secret"', ADMIN)
    requests = (await house.state())["requests"]
    hidden = await house.say("draft show #1", MEMBER)
    missing = await house.say("draft show #7", MEMBER)
    assert words(hidden.failure) == words(missing.failure).replace("#7", "#1")
    assert (await house.state())["requests"] == requests
    assert "Secret" in words((await house.say("draft show #1", TEAM)).card)


async def test_what_was_done_is_told_where_no_number_can_be_stored(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = await draw(house)

    async def refuses(*_: object) -> dict[str, int]:
        raise StorageUnavailable("The disk is full.")

    monkeypatch.setattr(house.app.services.numbers, "give", refuses)
    saved = (await house.say('draft save "Kept"')).card
    assert saved.title == "Draft saved"
    assert rows_of((await house.say("draft list")).card)[0][0] == field_of(saved, "Id")
    assert rows_of((await house.say("draw list")).card)[0][0] == identity
    assert field_of((await house.say(f"draw show {identity}")).card, "Draw id") == identity


async def test_numbers_outlive_the_process(house: BotHarness) -> None:
    await house.say('draft save "Kept"')
    await house.reopen()
    assert "Kept" in words((await house.say("draft show #1")).card)
    tenant = house.invocation(ADMIN, ELSEWHERE).tenant
    assert await house.app.services.numbers.item(tenant, Numbered.DRAFT, 1) is None


async def _key(house: BotHarness, **of: str) -> str:
    return str((await house.control("keys", body=of))["key"])


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (f"draw run {TWEET}", ("draw show #1", "draw export #1")),
        ('draft save "Later"', ("draft show #1", "draft delete #1", "draft post #1")),
        (
            "extract run followers target:@nasa limit:5",
            ("extract status #1", "extract show #1", "extract export #1"),
        ),
    ],
)
async def test_a_number_of_another_key_says_so_and_comes_back_with_that_key(
    house: BotHarness, made: str, lines: tuple[str, ...]
) -> None:
    await house.done(made)
    assert (await house.say(lines[0])).outcome is InvocationOutcome.OK
    before = house.sandbox.api_key
    await house.give_key(HERE, await _key(house))
    for line in (*lines, *lines):
        said = words((await house.say(line)).failure)
        assert "#1 is of another Xquik key than the one that is stored here now" in said, line
        assert "setup key" in said and f"{line.split()[0]} list" in said
    await house.say(f"{lines[0].split()[0]} list")
    await house.give_key(HERE, before)
    assert (await house.say(lines[0])).outcome is InvocationOutcome.OK, "nothing of it was forgotten"


async def test_another_key_of_the_same_account_finds_its_numbers(house: BotHarness) -> None:
    drawn = await draw(house)
    await house.give_key(HERE, await _key(house, **{"for": house.sandbox.api_key}))
    assert field_of((await house.say("draw show #1")).card, "Draw id") == drawn
    # From now on it is of this one.
    assert not await house.app.services.numbers.is_elsewhere(HERE, Numbered.DRAW, drawn)


async def _unnoted(house: BotHarness) -> None:
    """As numbers stand that were given before the bot noted the key."""
    await house.app.database.write(
        lambda connection: connection.execute(update(local_numbers).values(key_hint=""))
    )


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (f"draw run {TWEET}", ("draw show #1", "draw export #1")),
        ('draft save "Later"', ("draft show #1", "draft delete #1", "draft post #1")),
        ("extract run followers target:@nasa limit:5", ("extract status #1", "extract export #1")),
    ],
)
async def test_a_number_of_before_keys_were_noted_may_be_of_another(
    house: BotHarness, made: str, lines: tuple[str, ...]
) -> None:
    await house.done(made)
    before = house.sandbox.api_key
    await _unnoted(house)
    await house.give_key(HERE, await _key(house))
    for line in (*lines, *lines):
        said = words((await house.say(line)).failure)
        assert "does not find #1" in said and "it may be of another one" in said, line
        assert "setup key" in said and f"{line.split()[0]} list" in said
    await house.say(f"{lines[0].split()[0]} list")
    await house.give_key(HERE, before)
    assert (await house.say(lines[0])).outcome is InvocationOutcome.OK, "nothing of it was forgotten"


async def test_drafts_of_before_keys_were_noted_stay_their_authors(house: BotHarness) -> None:
    await house.say("policy grant use to:user:ben")
    await house.say('draft save "Later"', MEMBER)
    before = house.sandbox.api_key
    await _unnoted(house)
    await house.give_key(HERE, await _key(house))
    await house.say("draft list", MEMBER)
    await house.give_key(HERE, before)
    assert "Later" in words((await house.say("draft list", MEMBER)).card)


async def test_what_is_gone_with_its_own_key_is_no_matter_of_keys(house: BotHarness) -> None:
    await house.done('draft save "Later"')
    for draft in list(house.sandbox.sandbox.drafts):
        house.sandbox.sandbox.drafts.delete(draft.id)
    assert "another Xquik key" not in words((await house.say("draft show #1")).failure)
