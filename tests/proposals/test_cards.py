"""What people see: previews, what is under way, and how it ended."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from bot.core.chat import card_json
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    ButtonStyle,
    Card,
    Code,
    Field,
    Fields,
    Link,
    Priority,
    Quote,
    Text,
    Timestamp,
    Tone,
)
from bot.core.chat.words import card_words
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.shared.tweet_kinds import DELETE
from bot.features.shared.tweet_kinds import POST as POST_KIND
from bot.i18n.translator import ENGLISH_TRANSLATOR
from bot.proposals import previews as present
from tests.proposals.harness import CARDS, POST, TENANT, ProposalsHarness

HOSTILE = "@everyone <!channel> [x](https://evil.com) *bold* <script>"


def test_a_preview_shows_exactly_what_is_sent() -> None:
    payload = {
        "account": "@acme",
        "text": f"{HOSTILE} 日本",
        "reply_to_tweet_id": "77",
        "media": ["https://img.example/a.png", "https://img.example/b.png"],
    }
    card = present.write_preview(POST_KIND, payload)
    assert card.title == "Post this reply on X?"
    (quote,) = (b for b in card.blocks if isinstance(b, Quote))
    assert quote.text == payload["text"]
    (facts,) = (b for b in card.blocks if isinstance(b, Fields))
    assert Field("Account", ("@acme",)) in facts.items
    length = next(f for f in facts.items if f.name == "Length").value[0]
    # X counts each of the two characters of 日本 twice, and an address as 23.
    assert length == f"{len(HOSTILE) - len('https://evil.com') + 23 + 5}/280"
    assert [f.value[0] for f in facts.items if f.name.startswith("Media")] == payload["media"]
    shown = ENGLISH_TRANSLATOR.card(card)
    links = [p for b in shown.blocks if isinstance(b, Text) for p in b.line if isinstance(p, Link)]
    assert links == [Link("77", "https://x.com/i/status/77")]


def test_a_long_post_is_measured_against_its_own_limit() -> None:
    card = present.write_preview(POST_KIND, {**POST, "is_note_tweet": True})
    assert "/25000" in str(card.blocks)


def test_an_open_preview_has_its_price_its_expiry_and_the_buttons_that_decide_it() -> None:
    refs = {n: ActionRef(f"pending.{n}", "k") for n in ("confirm", "cancel", "edit")}
    preview = present.write_preview(POST_KIND, POST)
    card = present.open_card(
        POST_KIND,
        preview,
        requester="Ada",
        credits=30,
        expires_at=99.0,
        confirm=refs["confirm"],
        cancel=refs["cancel"],
        edit=refs["edit"],
    )
    assert [(b.label, b.action) for b in card.buttons] == [
        ("Confirm", refs["confirm"]),
        ("Edit", refs["edit"]),
        ("Cancel", refs["cancel"]),
    ]
    (terms,) = (b for b in ENGLISH_TRANSLATOR.card(card).blocks if isinstance(b, Text))
    said = "Requested by Ada. About 30 credits (an estimate). Can be confirmed until "
    assert terms.line == (said, Timestamp(99.0), ".")
    deletion = {"account": "acme", "tweet_id": "5"}
    preview = present.write_preview(DELETE, deletion)
    card = present.open_card(
        DELETE,
        preview,
        requester="Ada",
        credits=1,
        expires_at=99.0,
        confirm=refs["confirm"],
        cancel=refs["cancel"],
    )
    assert [b.label for b in card.buttons] == ["Confirm", "Cancel"]
    assert card.buttons[0].style is ButtonStyle.DANGER
    assert "https://x.com/i/status/5" in str(card.blocks)
    assert "About 1 credit (an estimate)" in str(card.blocks)


@pytest.mark.parametrize(
    ("account", "url"),
    [("@acme", "https://x.com/acme"), ("12345", "https://x.com/i/user/12345")],
)
def test_an_unknown_outcome_says_where_to_look(account: str, url: str) -> None:
    payload = {**POST, "account": account}
    card = present.unknown_card(
        POST_KIND, payload, detail="No word.", remedy="Look.", requester="Ann", by="Ann"
    )
    assert [(b.label, b.url) for b in card.buttons] == [("Check on X", url)]
    assert card.tone is Tone.WARNING


def test_a_finished_post_shows_who_wanted_it_and_what_was_charged() -> None:
    def card(by: str, charged: int) -> str:
        done = present.done_card(POST_KIND, POST, requester="Ann", by=by, made="9", charged=charged)
        return card_words(done)

    assert "Requested and confirmed by Ann. Charged: 32 credits." in card("Ann", 32)
    assert "Requested by Ann. Confirmed by Bob. Charged: 1 credit." in card("Bob", 1)
    assert "Nothing was charged." in card("Bob", 0)


@pytest.mark.parametrize(
    ("charged", "said"),
    [
        (0, "Nothing was charged."),
        (30, "Charged: 30 credits."),
        (None, "did not say whether anything was charged"),
    ],
)
def test_a_failure_says_whether_it_cost_anything(charged: int | None, said: str) -> None:
    card = present.failed_card(
        POST_KIND,
        POST,
        title="T",
        detail="D",
        remedy="R",
        requester="Ann",
        by="Bob",
        retry=None,
        charged=charged,
    )
    assert said in str(card)
    assert "Requested by Ann. Confirmed by Bob." in str(card)


TARGET = Quote("What was said", author="NASA (@nasa)", url="https://x.com/nasa/status/77")


def test_the_tweet_that_is_answered_or_deleted_is_quoted_and_found_again() -> None:
    payload = {**POST, "reply_to_tweet_id": "77"}
    reply = present.write_preview(POST_KIND, payload, TARGET)
    assert [b.text for b in reply.blocks if isinstance(b, Quote)] == [TARGET.text, POST["text"]]
    quoted = replace(TARGET, priority=Priority.QUOTED)
    assert present.target_of(reply) == quoted
    deletion = present.write_preview(DELETE, {"account": "acme", "tweet_id": "77"}, TARGET)
    assert present.target_of(deletion) == quoted
    assert present.target_of(present.write_preview(POST_KIND, POST)) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We launched :partyparrot:", [":partyparrot:"]),
        ("so <:pepe:123456789012345678> <@U012AB>", ["<:pepe:123456789012345678>", "<@U012AB>"]),
        ("We launched 🎉 at 10:30:45", []),
    ],
)
def test_notation_of_a_chat_is_named_before_it_is_posted(text: str, named: list[str]) -> None:
    card = ENGLISH_TRANSLATOR.card(present.write_preview(POST_KIND, {**POST, "text": text}))
    warned = [b for b in card.blocks if isinstance(b, Text) and "exactly like this" in str(b)]
    assert [part.text for b in warned for part in b.line if isinstance(part, Code)] == named
    assert (card.tone is Tone.WARNING) == bool(named)
    assert [b.text for b in card.blocks if isinstance(b, Quote)] == [text]


@pytest.mark.parametrize(
    ("text", "shown", "said"),
    [
        (
            "send to \u202egnp.exe",
            "send to ⟨U+202E⟩gnp.exe",
            "1 invisible character (U+202E), shown here as ⟨U+…⟩ and posted as it is.",
        ),
        (
            "\u2067abc\u2069",
            "⟨U+2067⟩abc⟨U+2069⟩",
            "2 invisible characters (U+2067, U+2069), shown here as ⟨U+…⟩ and posted as they are.",
        ),
        ("pay\u200dpal \u200d", "pay⟨U+200D⟩pal ⟨U+200D⟩", "(U+200D 2 times)"),
        ("hi\u3164", "hi⟨U+3164⟩", "1 invisible character (U+3164)"),
        ("tag\U000e0041", "tag⟨U+E0041⟩", "(U+E0041)"),
        ("a\u2800b" + "\u200b" * 1234, "a⟨U+2800⟩b⟨1234 × U+200B⟩", "1,235 invisible characters"),
    ],
)
def test_what_nobody_sees_is_shown_and_counted_before_it_is_public(text: str, shown: str, said: str) -> None:
    card = present.write_preview(POST_KIND, {**POST, "text": text})
    (quote,) = (b for b in card.blocks if isinstance(b, Quote))
    assert quote.text == shown
    assert said in str(card)
    assert ("in a different order" in str(card)) == any(c in text for c in "\u202e\u2067")
    assert card.tone is Tone.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 ❤️",
        "می\u200cخواهم",
        "क्\u200dष",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "שלום 日本",
    ],
)
def test_emoji_and_scripts_that_need_joiners_are_no_cause_for_a_warning(text: str) -> None:
    card = present.write_preview(POST_KIND, {**POST, "text": text})
    assert "Look twice" not in str(card)
    assert any(isinstance(b, Quote) and b.text == text for b in card.blocks)


async def test_every_state_has_a_card_and_every_card_survives_the_outbox(house: ProposalsHarness) -> None:
    key = await house.open({**POST, "text": HOSTILE})
    row = await house.row(key)
    problem = {"title": "T", "detail": HOSTILE, "remedy": "R", "code": "c", "again": True}
    for state in ProposalState:
        done = state is ProposalState.DONE
        result = {"tweet_id": "9", "charged": 30} if done else problem
        changed = structs.replace(row, state=state, result=result, decided_by_name="Bob")
        card = CARDS.standing(changed)
        assert card.title
        assert card_json.decode(card_json.encode(card)) == card
        assert HOSTILE in str(card)
        labels = [b.label for b in card.buttons]
        assert ("Try again" in labels) == (state is ProposalState.FAILED)
    assert (await house.store.get(TENANT, "nonsense")) is None


def test_presenters_are_pure() -> None:
    for _, function in inspect.getmembers(present, inspect.isfunction):
        assert not inspect.iscoroutinefunction(function)
    assert isinstance(present.expired_card(POST_KIND, Card("x"), requester="Ann", at=1.0), Card)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("tweet.thread", {"account": "acme", "parts": ["One.", "Two\u202e :tada:"]}),
        ("support.reply", {"ticket": "t1", "body": "Look\u202e :tada:"}),
        ("profile.edit", {"account": "acme", "name": "Acme\u202e :tada:"}),
    ],
)
def test_texts_of_every_kind_are_looked_at(kind: str, payload: dict[str, Any]) -> None:
    card = ENGLISH_TRANSLATOR.card(present.write_preview(PROPOSAL_KINDS[kind], payload))
    warned = [str(b) for b in card.blocks if isinstance(b, Text) and "Check this:" in str(b)]
    assert len(warned) == 2 and card.tone is Tone.WARNING
    assert "1 invisible character (U+202E)" in warned[0] and "in a different order" in warned[0]
    assert ":tada:" in warned[1] and "exactly like this" in warned[1]
    assert ("X show" in warned[0]) == ("on X" in warned[1]) == (kind != "support.reply")
