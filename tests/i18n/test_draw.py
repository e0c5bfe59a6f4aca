"""What is said of draws, and stands in their records, is said whole in another language."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from bot.core.chat.cards import Card
from bot.core.x.draw_moves import Move
from bot.core.x.giveaways import Stated
from bot.features.draw.cards.record import record_file
from bot.features.draw.cards.results import Evidence, draw_card, next_backup_card
from bot.features.draw.cards.rules import rules_told
from bot.features.draw.cards.succession import PrizeHolder
from bot.features.draw.rules import RULES_LABEL
from bot.i18n.translator import translator
from bot.xquik.models import Draw, DrawDetail, Winner
from tests.features.edge import field_of, rows_of
from tests.features.harness import MEMBER, TWEET, BotHarness
from tests.i18n.driven import left_in, left_on
from tests.i18n.left_over import english_in

PLACES = [("w", number) for number in (1, 2)] + [("b", number) for number in range(1, 15)]
PEOPLE = tuple(
    Winner(position=number, author_username=f"{kind}{number}", tweet_id="17", is_backup=kind == "b")
    for kind, number in PLACES
)
DRAW = Draw(
    id="d7",
    status="completed",
    tweet_id="1893456789012345678",
    tweet_text="Win it",
    total_entries=90,
    valid_entries=9,
    tweet_reply_count=120,
    created_at="2026-11-08T09:00:00Z",
)
DETAIL = DrawDetail(draw=DRAW, winners=PEOPLE)
EVIDENCE = Evidence(None, ("…",), 2, 14, "ada", "U1", "ben", "U2", 1.0, 2.0, 90)
MOVES = (
    Move(1, "w1", "U1", "ada", 3.0),
    Move(2, "b1", "U1", "", 4.0),
    Move(3, None, "U1", "ada", 5.0),
    Move(4, None, "U1", "", 6.0),
    Move(5, "b3", "U1", "", 6.0),
    Move(99, "w2", "U1", "ada", 7.0),
)
VALUES = "ada ben failed xquik giveaway"


@pytest.mark.parametrize("moves", [(), MOVES, MOVES * 3])
@pytest.mark.parametrize("evidence", [None, EVIDENCE, replace(EVIDENCE, backups=0, confirmed_at=None)])
@pytest.mark.parametrize(
    "detail",
    [
        DETAIL,
        DrawDetail(draw=DRAW),
        DrawDetail(draw=DRAW, winners=()),
        DrawDetail(draw=DRAW, winners=PEOPLE[2:]),
        *(
            DrawDetail(
                draw=Draw(**{**{name: getattr(DRAW, name) for name in DRAW.__struct_fields__}, **change})
            )
            for change in (
                {"status": "failed", "valid_entries": 0},
                {"valid_entries": 0},
                {"valid_entries": 0, "total_entries": 0},
                {"valid_entries": 1, "total_entries": 130},
                {"tweet_reply_count": None},
            )
        ),
    ],
)
def test_a_result_is_a_message_whole(
    detail: DrawDetail, evidence: Evidence | None, moves: Sequence[Move]
) -> None:
    card = draw_card(detail, moves=moves, evidence=evidence, number=3)
    assert left_in(card, VALUES) == set()


def test_a_backup_that_moves_up_is_told_whole() -> None:
    for before in (None, PrizeHolder("w1", 1, "w1")):
        for left in (0, 1, 4):
            assert left_in(next_backup_card("#3", PEOPLE[2], before, 1, left)) == set()


@pytest.mark.parametrize(
    "rules",
    [
        Stated(follow=("nasa", "esa"), repost=True, hashtags=("win",), mentions=("ada", "ben")),
        Stated(follow=("nasa",), like=True, friends=True),
        Stated(like=True),
    ],
)
@pytest.mark.parametrize("follow", [None, "nasa", "jaxa"])
@pytest.mark.parametrize("label", ["", RULES_LABEL])
def test_the_rules_of_a_tweet_are_told_whole(rules: Stated, follow: str | None, label: str) -> None:
    for done in (Stated(), Stated(repost=True)):
        told = rules_told(rules, follow, label=label, done=done)
        assert told and left_in(Card("", told), "nasa esa jaxa win ada ben") == set()


@pytest.mark.parametrize("form", ["csv", "json", "md", "txt"])
@pytest.mark.parametrize("evidence", [None, EVIDENCE])
def test_a_record_is_in_the_language_of_who_asked_for_it(form: str, evidence: Evidence | None) -> None:
    rules = translator("en-XA").rules
    file = record_file(DETAIL, MOVES, evidence, format=form, name="r", number=3, zone="UTC", rules=rules)
    text = file.content.decode()
    assert "Ŵáíţš" in text or "ŵáíţš" in text
    if form == "json":
        assert json.loads(text)["Winner"][0].startswith("⟦"), "programs find the field by its name"
    values = f"{VALUES} https com status UTC csv value field Z d7 U1 U2"
    left = {word for part in text.splitlines() for word in english_in(part, values)}
    if form in ("md", "txt"):
        assert left == set()


async def test_a_draw_answers_in_messages(house: BotHarness) -> None:
    assert left_on(await house.say("draw list")) == set()
    preview = await house.say(f"draw run {TWEET} winners:2 backups:2")
    assert left_on(preview, "xquik giveaway") == set()
    assert left_on(await house.press(preview, RULES_LABEL), "xquik giveaway") == set()
    card = await house.confirm(await house.say(f"draw run {TWEET} winners:2 backups:2"))
    people = [row[1] for row in rows_of(card)]
    names = " ".join((*people, "xquik draw", field_of(card, "Draw id")))
    assert left_in(card, names) == set()
    assert left_on(await house.say("draw show #1"), names) == set()
    assert left_on(await house.say("draw list"), names) == set()
    asked = await house.press(card, "Next backup")
    assert left_on(asked, names) == set()
    for whom in ("nobody", "", people[0]):
        sent = await house.press(asked.form.action, values={"replaces": whom})
        assert left_on(sent, f"nobody {names}") == set()
    again = await house.press(asked.form.action, values={"replaces": people[1]})
    assert left_on(again, names) == set() and again.failure
    exported = await house.say("draw export #1 format:txt")
    assert left_on(exported, names) == set()
    for line in ("draw show 1", "draw show #99", "draw export xyzzyq"):
        assert left_on(await house.say(line), f"xyzzyq not found {names}") == set()
    await house.say("policy grant view to:user:ben")
    await house.say("me language en-XA", MEMBER)
    record = (await house.say("draw export #1 format:txt", MEMBER)).reply.files[1].content.decode()
    assert record.startswith("⟦") and "Winner:" not in record
