"""Cards as Block Kit, sent to a Slack that checks every limit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import limits
from adapters.slack.escape import clean, escape, web_address
from adapters.slack.inline import weight
from adapters.slack.plain import fallback
from adapters.slack.render import blocks
from bot.core.chat.cards import (
    Bold,
    Button,
    Card,
    Code,
    Fields,
    Gallery,
    Link,
    Media,
    Quote,
    Table,
    Text,
    Tone,
)
from bot.core.chat.cards import Field as CardField
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.ids import Destination
from tests.adapters.slack.harness import TENANT, SlackHarness
from tests.contracts import any_card
from tests.contracts.cards import CARDS, HOSTILE_TEXTS, PHOTO, TITLE, X, action, links_of
from tests.doubles.slack import Message, check_blocks, check_view
from tests.doubles.slack.reading import visible_text
from tests.fuzzing import examples

TO = Destination(TENANT, "C0001")


def problems(card: Card, *, pictures: bool = True) -> list[str]:
    return check_blocks(blocks(card, pictures=pictures), "message")


async def posted(house: SlackHarness, card: Card) -> Message:
    result = await house.platform.messenger.post(TO, card, "k1")
    assert isinstance(result, Delivered)
    return house.channel.messages[-1]


async def test_every_card_is_taken_pings_nobody_and_links_only_where_it_says(house: SlackHarness) -> None:
    for name, card in CARDS.items():
        message = await posted(house, card)
        assert TITLE in message.visible_text, name
        assert message.text.startswith(TITLE), name
        assert message.pings == [], name
        assert {url for url, _ in message.links} <= links_of(card), name
    # Each was taken at once, as it is: no second form had to be tried.
    assert len(house.server.calls("chat.postMessage")) == len(CARDS)


@pytest.mark.parametrize("name", CARDS)
def test_every_card_can_stand_in_a_modal_and_without_pictures(name: str) -> None:
    card = CARDS[name]
    title = {"type": "plain_text", "text": "x"}
    assert (
        check_view({"type": "modal", "title": title, "blocks": blocks(card, most=limits.VIEW_BLOCKS)}) == []
    )
    bare = blocks(card, pictures=False)
    assert check_blocks(bare, "message") == []
    assert "image" not in {block["type"] for block in bare}


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_is_shown_as_it_is_written(text: str) -> None:
    card = Card(TITLE, (Quote(text), Text((text,)), Fields((CardField("name", (text,)),))))
    assert visible_text("", blocks(card)).count(clean(text)) == 3


def test_characters_that_deceive_are_taken_out_and_scripts_keep_theirs() -> None:
    assert clean("a\u202eb\u2066c\x00\x1bd\r\ne\u2028f\ud800") == "abcd\ne\nf"
    assert clean("👩‍🚀 می‌خواهم") == "👩‍🚀 می‌خواهم"


def test_a_subtle_line_is_grey_only_where_its_characters_mean_nothing() -> None:
    tame = Card(TITLE, (Text(("Type ", Code("help draw"), " or see ", Link("X", X)), subtle=True),))
    wild = Card(TITLE, (Text(("*not bold*",), subtle=True),))
    assert [block["type"] for block in blocks(tame)] == ["header", "context"]
    assert blocks(tame)[1]["elements"][0]["text"] == f"Type `help draw` or see <{X}|X>"
    assert [block["type"] for block in blocks(wild)] == ["header", "rich_text"]


def test_what_is_cut_is_said() -> None:
    rows = tuple(((f"row {n}",), ("x",)) for n in range(limits.LIST_ITEMS + 3))
    assert "… 3 more" in visible_text("", blocks(Card(TITLE, (Table(("a", "b"), rows),))))
    total = Table(("a", "b"), rows[:2], total=1_002)
    assert "… 1,000 more" in visible_text("", blocks(Card(TITLE, (total,))))
    pictures = tuple(Media(PHOTO, "p") for _ in range(limits.PICTURES + 3))
    assert "… 3 more" in visible_text("", blocks(Card(TITLE, (Gallery(pictures),))))
    quote = visible_text("", blocks(Card(TITLE, (Quote("q" * 20_000),))))
    assert "more characters" in quote
    parts = Card(TITLE, tuple(Text((f"part {n}",)) for n in range(60)))
    assert "more parts do not fit" in visible_text("", blocks(parts))


@pytest.mark.parametrize("surplus", [0, 1])
def test_limits_hold_at_the_edge_and_one_past_it(surplus: int) -> None:
    title = Card("t" * (limits.HEADER + surplus))
    assert problems(title) == []
    assert visible_text("", blocks(title)).endswith("…") is bool(surplus)
    label = Card(TITLE, buttons=(Button("b" * (limits.BUTTON_TEXT + surplus), action()),))
    assert problems(label) == []
    row = Card(TITLE, buttons=tuple(Button("b", action(n)) for n in range(limits.ACTIONS + surplus)))
    assert len(blocks(row)) == 2 + surplus
    assert problems(row) == []
    # header, one paragraph a block, and one block kept for the word about the rest
    many = Card(TITLE, tuple(Text(("p",)) for _ in range(limits.MESSAGE_BLOCKS - 2 + surplus)))
    assert len(blocks(many)) <= limits.MESSAGE_BLOCKS
    assert (" fit in a message" in visible_text("", blocks(many))) is bool(surplus)


def test_sensitive_pictures_are_links() -> None:
    card = Card(TITLE, (Gallery((Media(PHOTO, "Something"),), sensitive=True),))
    made = blocks(card)
    assert "image" not in {block["type"] for block in made}
    assert "Marked as sensitive" in visible_text("", made)


def test_the_tone_shows_in_the_title_and_words_only_in_the_fallback() -> None:
    card = Card("Oops", tone=Tone.DANGER)
    assert blocks(card)[0]["text"]["text"] == "⛔ Oops"
    assert fallback(card) == "Oops"


@pytest.mark.parametrize("name", any_card.CARDS)
def test_every_shared_card_keeps_the_rules(name: str) -> None:
    assert problems(any_card.CARDS[name]) == []
    assert problems(any_card.CARDS[name], pictures=False) == []
    assert check_blocks(blocks(any_card.CARDS[name], tables=True), "message") == []
    assert fallback(any_card.CARDS[name])


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=400))
def test_any_text_anywhere_keeps_the_rules(text: str) -> None:
    card = Card(
        TITLE + text,
        (
            Text((text, Bold(text), Code(text), Link(text, X))),
            Text((text, Code(text), Link(text, X)), subtle=True),
            Quote(text, text, X, PHOTO, X, 1.0),
            Fields((CardField(text, (text,)),)),
            Table((text, text, text), (((text,), (text,), (text,)),)),
        ),
        buttons=(Button(text, action()),),
    )
    for tables in (False, True):
        made = blocks(card, tables=tables)
        assert check_blocks(made, "message") == []
        assert weight(made) <= limits.MESSAGE_TEXT
    assert "<!" not in fallback(card)


@given(st.text())
def test_escaping_touches_three_characters_and_can_be_undone(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("<>")
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://x.com/a", True),
        ("http://x.com", True),
        ("HTTPS://x.com", True),
        ("javascript:alert(1)", False),
        ("https://x.com/<!channel>", False),
        ("https://x.com/a|b", False),
        ("https://[", False),
        ("https://x.com/" + "a" * limits.URL, False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, taken: bool) -> None:
    assert (web_address(url) is not None) is taken
