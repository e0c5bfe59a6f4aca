"""What somebody decides by has its room on every platform, and what has none comes as a file."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Block, Button, Card, Field, Fields, File, Priority, Quote, Text, Timestamp
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.ids import MessageRef
from bot.core.chat.whole import OWN_FILE, PREVIEW_FILE
from bot.core.text.invisible import marked
from bot.core.x.threads import MOST_PARTS
from bot.features.inbox.kinds import SEND
from bot.features.inbox.messages import LONGEST
from bot.features.shared.tweet_kinds import THREAD
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from bot.i18n.translator import ENGLISH_TRANSLATOR, translator
from tests.contracts import any_card
from tests.contracts.contract_commands import KEPT
from tests.contracts.decisions import CASES, LONG, Case, opened
from tests.contracts.harnesses import Ability, AdapterHarness, Shown, need, settled
from tests.contracts.screens import Drawn, Screen, letters
from tests.contracts.test_rendering_contract import harmless
from tests.fuzzing import examples

_SHORT = 200
_COUNTED = re.compile(r"… ([\d,]+) more characters?, in the file post\.txt")


def readable(words: str, drawn: Drawn) -> bool:
    return letters(words) in letters(drawn.text)


def held(files: tuple[File, ...], name: str) -> str:
    """The text of a file of that name, "" where there is none."""
    return next((file.content.decode() for file in files if file.name == name), "")


def pressable(card: Card) -> set[str]:
    """The labels of buttons that act."""
    return {button.label for button in card.buttons if button.action is not None}


def pressed(drawn: Drawn, screen: Screen) -> set[str]:
    """The labels that are drawn as buttons; a terminal prints them."""
    printed = set(re.findall(r"\[ ([^\]]+) \]", drawn.text)) if screen.name == "terminal" else set()
    return printed | set(drawn.buttons)


def own_is_there(own: str, drawn: Drawn, files: tuple[File, ...]) -> None:
    """The own text is whole on the screen, or begins there, with the count of the rest and the file."""
    if readable(own, drawn):
        return
    found = _COUNTED.search(drawn.text)
    assert found is not None, drawn.text[-600:]
    left = int(found[1].replace(",", ""))
    assert readable(own[: max(0, len(own) - left - 1)], drawn)
    assert 0 < left < len(own)
    assert held(files, OWN_FILE) == own


@pytest.mark.parametrize("name", CASES)
def test_every_kind_in_every_state_shows_what_is_decided(screen: Screen, name: str) -> None:
    case: Case = CASES[name]
    card = ENGLISH_TRANSLATOR.card(case.card)
    drawn, files = screen.draw(card), screen.files(card)
    harmless(card, drawn)
    for fact in case.facts:
        assert readable(fact, drawn), fact
    if case.own:
        own_is_there(marked(case.own), drawn, files)
    for url in case.media:
        if not readable(url, drawn):
            assert re.search(r"… [\d,]+ more( fields?)?, in the file preview\.txt", drawn.text)
            assert url in held(files, PREVIEW_FILE)
    assert pressable(case.card) <= pressed(drawn, screen)
    if drawn.fallback is not None:
        for fact in case.facts:
            assert letters(fact) in letters(drawn.fallback), fact


def test_every_part_of_the_longest_thread_is_on_the_screen_or_in_the_file(screen: Screen) -> None:
    parts = [f"Part{n:02d} " + "word " * 54 for n in range(MOST_PARTS)]
    card = ENGLISH_TRANSLATOR.card(opened(THREAD, {"account": "acme_inc", "parts": parts}, 750))
    drawn, files = screen.draw(card), screen.files(card)
    assert readable(f"{MOST_PARTS} of {MOST_PARTS}", drawn) or files
    for part in parts:
        assert readable(part, drawn) or letters(part) in letters(held(files, PREVIEW_FILE)), part[:6]


@pytest.mark.parametrize(
    "text", ["&" * LONGEST, "ab c" * (LONGEST // 4), "🚀" * (LONGEST // 2), "x\n" * 5_000]
)
def test_the_longest_message_to_one_person_is_shown_whole(screen: Screen, text: str) -> None:
    """In Slack a file beside what one person sees would last, so there all of it stands in the message."""
    payload = {"account": "acme_inc", "user_id": "7", "text": text}
    card = ENGLISH_TRANSLATOR.card(opened(SEND, payload, 10))
    drawn, files = screen.draw(card), screen.files(card)
    if screen.name == "slack":
        assert files == () and readable(text, drawn)
    else:
        own_is_there(text, drawn, files)


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if len(case.own) < _SHORT and not case.over]
)
def test_no_word_of_ours_is_cut_in_any_language(screen: Screen, name: str) -> None:
    """In the pseudo-locale, two fifths longer, each message stands between brackets, and so does what the
    platform's renderer says itself."""
    card = translator(PSEUDO).card(CASES[name].card)
    drawn = screen.draw(card)
    for text in filter(None, (drawn.text, drawn.fallback)):
        assert text.count(OPENING) == text.count(CLOSING)


_words = st.builds(
    lambda name, count: " ".join(f"{name}{n:04d}" for n in range(count)),
    st.sampled_from(("alpha", "beta", "gamma")),
    st.integers(1, 1500),
)
_essential = st.integers(1, 40).map(lambda n: " ".join(f"fact{n:02d}x{i:02d}" for i in range(n)))


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    own=st.integers(1, 2_500).map(lambda n: " ".join(f"own{i:05d}" for i in range(n))),
    quoted=_words,
    facts=st.lists(_essential, min_size=1, max_size=4),
    media=st.lists(st.integers(10, 1900).map(lambda n: f"https://img.example/{'m' * n}"), max_size=4),
    others=st.lists(any_card.blocks, max_size=12),
    order=st.randoms(use_true_random=False),
)
def test_any_card_with_confirm_shows_what_is_decided_or_counts_it(
    screen: Screen,
    own: str,
    quoted: str,
    facts: list[str],
    media: list[str],
    others: list[Block],
    order: object,
) -> None:
    fields = (Field("Account", ("@acme_inc",)), *(Field(f"Media {n}", (url,)) for n, url in enumerate(media)))
    blocks: list[Block] = [
        Quote(quoted, "NASA", priority=Priority.QUOTED),
        Quote(own, priority=Priority.OWN),
        Fields(fields, Priority.ESSENTIAL),
        *(Text((fact, " until ", Timestamp(1.7e9)), priority=Priority.ESSENTIAL) for fact in facts),
        *others,
    ]
    order.shuffle(blocks)  # type: ignore[attr-defined]
    confirm = Button("Confirm", ActionRef("pending.confirm", "k"))
    card = Card("Post this?", tuple(blocks), buttons=(confirm, Button("Cancel", ActionRef("c", "k"))))
    drawn, files = screen.draw(card), screen.files(card)
    harmless(card, drawn)
    assert {"Confirm", "Cancel"} <= pressed(drawn, screen)
    assert readable("@acme_inc", drawn)
    own_is_there(own, drawn, files)
    for words in (*facts, *media):
        if not readable(words, drawn):
            assert "in the file preview.txt" in drawn.text
            assert words in held(files, PREVIEW_FILE)
    if not media and screen.name in ("discord", "slack"):
        assert all(readable(fact, drawn) for fact in facts)


# --- the files arrive ------------------------------------------------------------------------

PREVIEW = CASES["a long reply with media, open"].card
HOLDS_ALL = ("playground", "terminal")


async def own_file_of(harness: AdapterHarness) -> None:
    """The whole text reaches the person: on the screen, or as a file."""
    if harness.name in HOLDS_ALL:
        return

    async def there() -> bool:
        return (await harness.files()).get(OWN_FILE) == LONG.encode()

    await settled(there)


def whole_on_screen(harness: AdapterHarness, message: Shown) -> None:
    if harness.name in HOLDS_ALL:
        assert letters(LONG) in letters(message.text)
    else:
        assert "in the file post.txt" in message.text


@pytest.mark.parametrize("command", ["try whisper", "try shout"])
async def test_what_a_preview_cannot_hold_reaches_the_person(harness: AdapterHarness, command: str) -> None:
    harness.stage.card = PREVIEW
    seen = await harness.command(command)
    message = (await harness.channel(1))[0] if command == "try shout" else await seen.told("Requested by Ada")
    whole_on_screen(harness, message)
    await own_file_of(harness)


async def test_a_preview_renewed_in_place_brings_its_text_along(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    harness.stage.button(KEPT, await harness.keep(KEPT, {"n": 1}))
    await harness.command("try shout")
    (message,) = await harness.channel(1)
    harness.stage.card, harness.stage.replace = PREVIEW, True
    await harness.press(message, "Press")

    async def renewed() -> bool:
        return "Requested by Ada" in (await harness.channel())[0].text

    await settled(renewed)
    whole_on_screen(harness, (await harness.channel())[0])
    await own_file_of(harness)


async def test_outcomes_posted_edited_and_told_bring_their_text_along(harness: AdapterHarness) -> None:
    done = CASES["a long reply with media, done"].card
    posted = await harness.messenger.post(harness.place, PREVIEW, "key1")
    assert isinstance(posted, Delivered)
    whole_on_screen(harness, (await harness.channel())[0])
    await own_file_of(harness)
    edited = await harness.messenger.edit(MessageRef(harness.place, posted.message), done)
    assert isinstance(edited, Delivered)
    message = (await harness.channel())[-1]
    assert "Charged: 30 credits." in message.text
    whole_on_screen(harness, message)
    await own_file_of(harness)
    assert isinstance(
        await harness.messenger.tell(harness.place.tenant, harness.person, done, "key2"), Delivered
    )
