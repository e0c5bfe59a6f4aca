"""What is kept of a draw: its rules, its times, who asked, and whom each backup replaced."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from bot.core.access import Actor
from bot.core.chat.cards import Card, File, InputKind
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.record import record_file
from bot.features.draw.cards.results import Evidence
from bot.xquik.models import DrawDetail
from tests.features.edge import Screen, buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TWEET, BotHarness

RULES = "min_followers:10 hashtags:giveaway winners:3 backups:2 unique:yes"
FORMATS = ["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"]


async def drawn(house: BotHarness, options: str = "winners:3 backups:2", asker: Actor = ADMIN) -> Card:
    """A draw that was run, asked for by one person and confirmed by Ada."""
    return await house.confirm(await house.say(f"draw run {TWEET} {options}", asker))


async def moved(house: BotHarness, on: Screen | Card, whom: str, actor: Actor = ADMIN) -> Screen:
    """The next backup, in place of that person."""
    asked = await house.press(on, "Next backup", actor=actor)
    return await house.press(asked.form.action, values={"replaces": whom}, actor=actor)


def names_of(card: Card) -> list[str]:
    """Everybody who was drawn, winners first."""
    return [row[1] for row in rows_of(card)]


# --- draw show -------------------------------------------------------------------------------


async def test_a_past_draw_shows_its_rules_its_times_and_who_asked(house: BotHarness) -> None:
    await house.say("policy grant spend to:user:ben")
    card = await drawn(house, RULES, MEMBER)
    shown = (await house.say(f"draw show {field_of(card, 'Draw id')}")).card
    assert field_of(shown, "Who could win") == "one entry per person; at least 10 followers; has #giveaway"
    assert field_of(shown, "Asked for") == "3 winners, 2 backups"
    assert "Requested by Ben. Confirmed by Ada. Charged: about 120 credits" in words(shown)
    times = [float(field_of(shown, name)) for name in ("Requested", "Confirmed", "Drawn")]
    assert times[0] <= times[1] <= times[2] + 1.0
    posted = words(card).replace("Looking it up cost 1 credit.\n", "")
    assert words(shown) == posted, "it is the same as what was posted"


async def test_what_was_kept_outlives_a_restart(house: BotHarness) -> None:
    card = await drawn(house, RULES)
    await moved(house, card, names_of(card)[1])
    before = words((await house.say(f"draw show {field_of(card, 'Draw id')}")).card)
    await house.reopen()
    assert words((await house.say(f"draw show {field_of(card, 'Draw id')}")).card) == before


async def test_a_draw_that_was_not_run_here_says_that_its_rules_are_not_known(house: BotHarness) -> None:
    identity = field_of(await drawn(house, RULES), "Draw id")
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    shown = (await house.say(f"draw show {identity}", tenant=ELSEWHERE)).card
    assert "was not run by this bot here" in words(shown)
    assert "Ada" not in words(shown) and "10 followers" not in words(shown)
    _, record = (await house.say(f"draw export {identity} format:txt", tenant=ELSEWHERE)).reply.files
    assert "Rules: not known" in record.content.decode()
    assert "Ada" not in record.content.decode()


# --- whom a backup replaces ------------------------------------------------------------------


async def test_the_next_backup_asks_whom_it_replaces(house: BotHarness) -> None:
    card = await drawn(house)
    people = names_of(card)
    form = (await house.press(card, "Next backup")).form
    assert form.title == f"{people[3]} moves up"
    [asked] = form.inputs
    assert (asked.label, asked.kind) == ("Who is replaced?", InputKind.CHOICE)
    assert [one.label for one in asked.choices] == [f"{n}. {name}" for n, name in enumerate(people[:3], 1)]
    screen = await house.press(form.action, values={"replaces": asked.choices[1].value})
    assert f"{people[3]} takes the place of {people[1]}." in words(screen.card)
    shown = (await house.say(f"draw show {field_of(card, 'Draw id')}")).card
    assert [row[3] for row in rows_of(shown)] == [
        "–",
        f"replaced by {people[3]}",
        "–",
        f"in place of {people[1]}",
        "waits",
    ]
    assert f"Moved up: {people[3]} in place of {people[1]} (by Ada, " in words(shown)


async def test_who_was_replaced_is_not_offered_again_and_who_moved_up_is(house: BotHarness) -> None:
    card = await drawn(house)
    people = names_of(card)
    first = await moved(house, card, people[0])
    [asked] = (await house.press(first, "Next backup")).form.inputs
    assert [one.label.split()[1] for one in asked.choices] == [people[1], people[2], people[3]]
    last = await moved(house, first, people[3])
    assert f"{people[4]} takes the place of {people[3]}." in words(last.card)
    shown = (await house.say(f"draw show {field_of(card, 'Draw id')}")).card
    assert rows_of(shown)[3][3] == f"in place of {people[0]}; replaced by {people[4]}"
    assert buttons(last.card) == [], "no backup is left"
    assert "Next backup" not in {one.label for one in buttons(shown)}


@pytest.mark.parametrize("way", ["{name}", "{bare}", "{upper}", " {name} ", "2", "#2", "w2", "２", "٢", "२"])
async def test_a_place_is_read_as_people_write_it(house: BotHarness, way: str) -> None:
    card = await drawn(house)
    name = names_of(card)[1]
    typed = way.format(name=name, bare=name[1:], upper=name.upper())
    assert f"takes the place of {name}." in words((await moved(house, card, typed)).card)


@pytest.mark.parametrize("typed", ["", "@nobody_at_all", "9", "b1", "ayşe", "मीना", "愛子", "w0", "x" * 80])
async def test_who_holds_no_place_is_refused_with_those_who_do(house: BotHarness, typed: str) -> None:
    card = await drawn(house)
    screen = await moved(house, card, typed)
    assert names_of(card)[0] in words(screen.failure)
    assert "Change it" in {one.label for one in buttons(screen.failure)}
    assert await house.app.services.backups.moved(HERE, field_of(card, "Draw id")) == ()


async def test_of_two_who_take_the_same_place_one_is_told(house: BotHarness) -> None:
    card = await drawn(house)
    people = names_of(card)
    forms = [(await house.press(card, "Next backup")).form for _ in range(2)]
    screens = await asyncio.gather(
        *(house.press(form.action, values={"replaces": people[0]}) for form in forms)
    )
    lost = next(one for one in screens if one.outcome is not InvocationOutcome.OK)
    assert "already moved up" in words(lost.failure)
    assert sum(one.outcome is InvocationOutcome.OK for one in screens) == 1
    assert len(await house.app.services.backups.moved(HERE, field_of(card, "Draw id"))) == 1


async def test_nobody_is_replaced_twice_and_no_backup_moves_up_twice(house: BotHarness) -> None:
    backups = house.app.services.backups
    assert await backups.move_up(HERE, "d", 1, ADMIN, "w1")
    assert not await backups.move_up(HERE, "d", 1, ADMIN, "w2"), "the same backup"
    assert not await backups.move_up(HERE, "d", 2, ADMIN, "w1"), "the same place"
    assert await backups.move_up(HERE, "d", 2, ADMIN, "b1")
    assert await backups.move_up(ELSEWHERE, "d", 1, ADMIN, "w1"), "another tenant's"
    assert [(one.position, one.replaces, one.by_name) for one in await backups.moved(HERE, "d")] == [
        (1, "w1", "Ada"),
        (2, "b1", "Ada"),
    ]


async def test_a_stale_button_names_who_moved_up_before_it_asks(house: BotHarness) -> None:
    card = await drawn(house)
    await moved(house, card, "1")
    assert f"{names_of(card)[3]} has already moved up" in words(
        (await house.press(card, "Next backup")).failure
    )


async def test_moving_a_backup_up_needs_the_permission_to_spend(house: BotHarness) -> None:
    card = await drawn(house)
    assert (await house.press(card, "Next backup", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    form = (await house.press(card, "Next backup")).form
    forced = await house.press(form.action, values={"replaces": "1"}, actor=MEMBER)
    assert forced.outcome is InvocationOutcome.NOT_PERMITTED


async def test_where_xquik_is_slow_whom_is_typed(house: BotHarness) -> None:
    card = await drawn(house)
    await house.fault(path="/draws/*", delay=4.0, times=1)
    [asked] = (await house.press(card, "Next backup")).form.inputs
    assert (asked.kind, asked.choices) == (InputKind.TEXT, ())
    await house.control("faults", method="DELETE")
    screen = await house.press(ref_of(card, "Next backup"), values={"replaces": names_of(card)[2]})
    assert f"takes the place of {names_of(card)[2]}." in words(screen.card)


# --- exports ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
async def test_every_export_keeps_rules_times_who_asked_and_who_was_replaced(
    house: BotHarness, form: str
) -> None:
    await house.say("setup timezone Asia/Kathmandu")
    card = await drawn(house, RULES)
    people = names_of(card)
    await moved(house, card, people[1])
    identity = field_of(card, "Draw id")
    before = await house.credits()
    for rows in ("winners", "entries"):
        file, record = (await house.say(f"draw export {identity} format:{form} rows:{rows}")).reply.files
        assert file.content and file.name != record.name
        text = record.content.decode().replace("\\", "")
        for said in (
            identity,
            TWEET,
            "at least 10 followers",
            "has #giveaway",
            "Ada (id ada)",
            f"{people[3]} in place of {people[1]}, by Ada (id ada)",
            f"replaced by {people[3]}",
        ):
            assert said in text, said
        assert text.count("+05:45") == 4, "requested, confirmed, drawn, moved up"
        assert "Asia/Kathmandu" in text
    assert await house.credits() == before, "exports are free"


async def test_the_button_gives_the_record_too(house: BotHarness) -> None:
    card = await drawn(house, RULES)
    _, record = (await house.press(card, "Export winners")).reply.files
    assert "at least 10 followers" in record.content.decode()


EVIDENCE = Evidence(
    tweet=None,
    filters=("has #a|b", "says *moon*"),
    winners=1,
    backups=1,
    requester="",
    requester_id="u1",
    confirmer="Ada",
    confirmer_id="u2",
    asked_at=1_700_000_000.0,
    confirmed_at=1_700_000_060.0,
    credits=12,
)
DETAIL = DrawDetail.from_body(
    {
        "draw": {"id": "=1+1", "totalEntries": 3, "validEntries": 2},
        "winners": [
            {"authorUsername": "ada", "position": 1, "tweetId": "5"},
            {"authorUsername": "bob", "position": 2, "isBackup": True},
        ],
    }
)
HOSTILE = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a\n=2,b",
    '"x",=3',
    "مها|x",
    "愛子`x`",
    "ए\u202eb",
    "<b>x",
]


def _made(name: str, form: str, moves: Sequence[Move] = ()) -> File:
    return record_file(DETAIL, moves, replace(EVIDENCE, requester=name), format=form, name="r")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_a_formula_or_another_row(name: str) -> None:
    rows = list(csv.reader(io.StringIO(_made(name, "csv").content.decode(), newline="")))
    assert len(rows) == len(list(csv.reader(io.StringIO(_made("Ada", "xlsx").content.decode(), newline=""))))
    for row in rows:
        assert len(row) == 2
        assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r")), row


@pytest.mark.parametrize("form", ["txt", "pdf", "md", "json"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_one_value_of_its_kind_of_file(name: str, form: str) -> None:
    text = _made(name, form).content.decode()
    plain = _made("Ada", form).content.decode()
    assert len(text.splitlines()) == len(plain.splitlines())
    if form == "json":
        said = json.loads(text)
        assert said["Rule"] == ["has #a|b", "says *moon*"]
        assert said["Requested by"].endswith("(id u1)")
    if form == "md":
        assert "|x" not in text.replace("\\|x", "") and "<b>" not in text


def test_old_moves_without_a_place_are_still_told() -> None:
    text = _made("Ada", "txt", (Move(1, None, "u9", "", 1_700_000_100.0),)).content.decode()
    assert "Moved up: @bob, by id u9, 2023-11-14T22:15:00+00:00" in text
    assert "moved up" in text


@pytest.mark.parametrize(
    ("zone", "named", "asked"),
    [
        ("", "UTC", "2023-11-14T22:13:20+00:00"),
        ("Europe/Berlin", "Europe/Berlin", "2023-11-14T23:13:20+01:00"),
        ("America/St_Johns", "America/St_Johns", "2023-11-14T18:43:20-03:30"),
        ("Asia/Kathmandu", "Asia/Kathmandu", "2023-11-15T03:58:20+05:45"),
        ("Etc/GMT-2", "UTC+2", "2023-11-15T00:13:20+02:00"),
    ],
)
def test_the_times_of_a_record_are_those_of_the_place_with_their_offset(
    zone: str, named: str, asked: str
) -> None:
    record = record_file(DETAIL, (), EVIDENCE, format="json", name="r", zone=zone)
    said = json.loads(record.content)
    assert (said["Timezone"], said["Requested"]) == (named, asked)


@pytest.mark.parametrize("given", ["latest", "#0", "son", "最新", "नवीनतम", "last", "#", "../1"])
@pytest.mark.parametrize("verb", ["show", "export"])
async def test_what_names_no_draw_leads_to_the_list(house: BotHarness, verb: str, given: str) -> None:
    failure = (await house.say(f"draw {verb} {given}")).failure
    assert failure.title == "Not found"
    assert "draw list" in words(failure)


async def test_buttons_that_a_person_may_not_press_are_not_shown(house: BotHarness) -> None:
    await house.confirm(await house.say(f"draw run {TWEET} winners:1 backups:2"))
    all_of_them = {one.label for one in buttons((await house.say("draw show #1")).card)}
    assert {"Export winners", "Next backup"} <= all_of_them
    seen = {one.label for one in buttons((await house.say("draw show #1", MEMBER)).card)}
    assert not seen & {"Export winners", "Next backup"}
    await house.say(f"policy grant spend user:{MEMBER.id}")
    seen = {one.label for one in buttons((await house.say("draw show #1", MEMBER)).card)}
    assert "Next backup" in seen and "Export winners" not in seen
