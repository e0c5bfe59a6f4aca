"""Tweets shown, and proposals to post, reply and delete: exactly what will be sent, then Confirm."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards.figures import plural
from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.text.invisible import marked, unseen
from tests.features.edge import buttons, field_of, ref_of, words
from tests.features.harness import MEMBER, TWEET, BotHarness, open_house, with_accounts


async def test_a_tweet_is_shown_with_its_figures_for_one_credit(house: BotHarness) -> None:
    card = (await house.say(f"tweet {TWEET}")).card
    assert card.title == "Tweet by @xquik"
    assert field_of(card, "Replies") == "120"
    assert await house.credits() == 24_999


async def test_confirm_posts_exactly_once_what_was_shown(house: BotHarness) -> None:
    text = "Hello “X” & <friends>\nsecond line"
    proposed = await house.say(f'tweet post text:"{text}"')
    assert text in words(proposed.card)
    assert field_of(proposed.card, "Account") == "@xquik_demo"
    card = await house.confirm(proposed)
    assert card.title == "Posted on X"
    assert text in words(card)
    assert (await house.state())["writes"] == {"create_tweet": 1}
    late = await house.press(ref_of(proposed.card, "Confirm"))
    assert "already confirmed this" in words(late.failure)
    assert (await house.state())["writes"] == {"create_tweet": 1}
    link = buttons(card)[0].url
    assert link is not None
    shown = await house.say(f"tweet show {link}")
    assert "second line" in words(shown.card)


async def test_a_reply_and_a_deletion_are_confirmed_too(house: BotHarness) -> None:
    proposed = await house.say(f'tweet reply {TWEET} text:"Well done"')
    assert proposed.card.title == "Post this reply on X?"
    answered, own = (block for block in proposed.card.blocks if isinstance(block, Quote))
    assert "@xquik" in answered.author
    assert own.text == "Well done"
    card = await house.confirm(proposed)
    link = str(buttons(card)[0].url)
    deletion = await house.say(f"tweet delete {link}")
    assert deletion.card.tone == "warning"
    (shown,) = (block for block in deletion.card.blocks if isinstance(block, Quote))
    assert (shown.text, "@xquik_demo" in shown.author) == ("Well done", True)
    assert (await house.confirm(deletion)).title == "Deleted from X"
    assert (await house.state())["writes"] == {"create_tweet": 1, "delete_tweet": 1}
    assert (await house.say(f"tweet show {link}")).failure.title == "Not found"


async def test_only_a_tweet_of_the_acting_account_can_be_deleted(house: BotHarness) -> None:
    screen = await house.say(f"tweet delete {TWEET}")
    assert "This tweet is by @xquik, and @xquik_demo can delete only its own tweets" in words(screen.failure)
    assert not (await house.state())["writes"]


@pytest.mark.parametrize("line", ["tweet delete {}", 'tweet reply {} text:"Hello"'])
async def test_what_is_not_there_is_neither_answered_nor_deleted(house: BotHarness, line: str) -> None:
    screen = await house.say(line.format("1111111111111111111"))
    assert screen.failure.title == "Not found"


async def test_what_is_wrong_is_told_before_a_credit_is_spent_on_looking(house: BotHarness) -> None:
    before = await house.credits()
    await house.say(f'tweet reply {TWEET} text:"{"x" * 281}"')
    await house.say(f'tweet reply {TWEET} text:"Hello" account:nobody')
    assert await house.credits() == before


async def test_an_edit_that_is_too_long_keeps_what_was_typed(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Hello"')
    form = (await house.press(proposed, "Edit")).form
    refused = await house.press(form.action, values={"text": "y" * 300})
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    again = (await house.press(refused.failure, "Change it")).form
    assert again.inputs[0].value == "y" * 300
    renewed = await house.press(again.action, values={"text": "y" * 280})
    assert "y" * 280 in words(renewed.card)


async def test_an_edit_after_the_preview_expired_shows_what_was_typed(house: BotHarness) -> None:
    form = (await house.press(await house.say('tweet post "Hello"'), "Edit")).form
    house.clock.advance(16 * 60)
    over = await house.press(form.action, values={"text": "My careful words"})
    assert over.failure.title == "This has expired"
    assert "My careful words" in words(over.failure)


NOTHING = ("\u3164", "\u2800\u2800", "\u200b \ufeff", "\u115f\u1160\uffa0", "\U000e0041\ufe0f")


@pytest.mark.parametrize("text", NOTHING)
async def test_a_text_that_nobody_sees_is_no_text(house: BotHarness, text: str) -> None:
    """As an argument, in a form and as an edit it is refused: to whoever gave it, it is not missing."""
    given = await house.say(f'tweet post text:"{text}"')
    assert "consists only of invisible characters" in words(given.failure)
    asked = await house.say("tweet post")
    assert [one.name for one in asked.form.inputs if one.required] == ["text"]
    sent = await house.submit(asked, text=text)
    assert sent.failure.about == "text"
    assert "consists only of invisible characters" in words(sent.failure)
    proposed = await house.say('tweet post "Something"')
    edited = await house.press(ref_of(proposed.card, "Edit"), values={"text": text})
    assert "consists only of invisible characters" in words(edited.failure)
    assert not (await house.state())["writes"]


@pytest.mark.parametrize("text", ["pay\u200bpal\u3164", "a\u2800b", "send \u202egnp.exe"])
async def test_what_nobody_sees_is_shown_warned_of_and_posted_as_it_is(house: BotHarness, text: str) -> None:
    proposed = await house.say(f'tweet post text:"{text}"')
    (own,) = (block for block in proposed.card.blocks if isinstance(block, Quote))
    assert own.text == marked(text) != text
    assert f"{plural(sum(unseen(text).values()), 'invisible character')}" in words(proposed.card)
    card = await house.confirm(proposed)
    shown = await house.say(f"tweet show {buttons(card)[0].url}")
    (posted,) = (block for block in shown.card.blocks if isinstance(block, Quote))
    assert posted.text == text
    kept = await house.say(f'draft save text:"{text}"')
    assert marked(text) in words(kept.card)


async def test_line_ends_are_one_kind_and_half_a_character_is_refused(house: BotHarness) -> None:
    proposed = await house.say('tweet post text:"one\r\ntwo\rthree"')
    (own,) = (block for block in proposed.card.blocks if isinstance(block, Quote))
    assert own.text == "one\ntwo\nthree"
    half = await house.say('tweet post text:"half \ud83d"')
    assert "half a character" in words(half.failure)


async def test_a_quote_is_the_quoted_address_at_the_end(house: BotHarness) -> None:
    proposed = await house.say(f'tweet post "Look at this" quote:{TWEET}')
    assert f"Look at this {TWEET}" in words(proposed.card)


async def test_cancel_and_edit_send_nothing(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Helo"')
    form = (await house.press(proposed, "Edit")).form
    assert form.inputs[0].value == "Helo"
    edited = await house.press(form.action, values={"text": "Hello"})
    assert "Hello" in words(edited.card)
    void = await house.press(ref_of(proposed.card, "Confirm"))
    assert "newer preview" in words(void.failure)
    cancelled = await house.press(edited, "Cancel")
    assert "Nothing was sent" in words(cancelled.card)
    assert not (await house.state())["writes"]


async def test_only_who_may_publish_presses_confirm(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Hello"')
    screen = await house.press(proposed, "Confirm", actor=MEMBER)
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED
    assert not (await house.state())["writes"]
    assert (await house.confirm(proposed)).title == "Posted on X"


async def test_a_preview_expires(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Hello"')
    house.clock.advance(16 * 60)
    assert (await house.press(proposed, "Confirm")).failure.title == "This has expired"
    assert not (await house.state())["writes"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [("x" * 280, True), ("x" * 281, False), ("字" * 140, True), ("字" * 141, False)],
)
async def test_the_limit_is_280_characters_as_x_counts(house: BotHarness, text: str, fits: bool) -> None:
    screen = await house.say(f"tweet post {text}")
    assert (screen.outcome is InvocationOutcome.OK) is fits
    if not fits:
        assert "280 fit" in words(screen.failure)
        long = await house.say(f"tweet post {text} long:yes")
        assert field_of(long.card, "Length").endswith("/25000")


@pytest.mark.parametrize(
    "line",
    [
        'tweet post "{}"',
        "tweet post text:{}",
        'tweet reply 1893456789012345678 text:"{}"',
        'draft save "{}"',
        'tweet score "{}"',
    ],
)
async def test_a_text_of_unseen_characters_is_refused_by_their_numbers(house: BotHarness, line: str) -> None:
    screen = await house.say(line.format("\u3164\u200b\u2800"))
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    said = words(screen.failure)
    assert "text consists only of invisible characters (U+3164, U+200B, U+2800)" in said
    assert "needs text" not in said


@pytest.mark.parametrize(
    ("media", "said"),
    [
        ("http://a.example/b.png", "not a public https link"),
        ("file.png", "not a public https link"),
        ("https://a.example/b.mp4,https://a.example/c.png", "one MP4"),
        (",".join(f"https://a.example/{n}.png" for n in range(5)), "at most 4"),
    ],
)
async def test_media_that_x_would_refuse_is_refused_before_confirm(
    house: BotHarness, media: str, said: str
) -> None:
    screen = await house.say(f'tweet post "Hello" media:{media}')
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert said in words(screen.failure)


async def test_media_is_listed_and_priced(house: BotHarness) -> None:
    screen = await house.say('tweet post "Hello" media:https://a.example/1.png,https://a.example/2.png')
    assert field_of(screen.card, "Media 2") == "https://a.example/2.png"
    assert "About 34 credits" in words(screen.card)


async def test_without_a_connected_account_it_says_where_to_connect_one(
    tmp_path: Path, empty_bot: Path
) -> None:
    async with open_house(tmp_path, empty_bot, config=with_accounts()) as house:
        screen = await house.say('tweet post "Hello"')
        assert "dashboard" in words(screen.failure)


async def test_with_several_accounts_one_has_to_be_named(tmp_path: Path, empty_bot: Path) -> None:
    async with open_house(tmp_path, empty_bot, config=with_accounts("brand", "support")) as house:
        (picker,) = (await house.say('tweet post "Hello"')).form.inputs
        assert [choice.label for choice in picker.choices] == ["@brand", "@support"]
        named = await house.say('tweet post "Hello" account:@Support')
        assert field_of(named.card, "Account") == "@support"
        other = await house.say('tweet post "Hello" account:nasa')
        assert "not connected" in words(other.failure)


@pytest.mark.parametrize("health", ["needsReauth", "locked", "suspended", "inactive"])
async def test_an_account_that_cannot_act_is_told_before_confirm(house: BotHarness, health: str) -> None:
    await house.control("accounts", body={"username": "xquik_demo", "health": health})
    screen = await house.say('tweet post "Hello"')
    assert screen.failure.title == "The X account cannot be used right now"


@pytest.mark.parametrize(
    ("marker", "title"),
    [
        ("[pending]", "Posted on X"),
        ("[fail-later]", "Not posted"),
        ("[reject]", "Not posted"),
        ("[ambiguous]", "It is not known whether this was posted"),
    ],
)
async def test_every_end_of_a_write_is_told(house: BotHarness, marker: str, title: str) -> None:
    card = await house.confirm(await house.say(f'tweet post "Hello {marker}"'))
    assert card.title == title


async def test_a_key_revoked_between_preview_and_confirm_posts_nothing(house: BotHarness) -> None:
    proposed = await house.say('tweet post "Hello"')
    await house.fault(path="/x/tweets", method="POST", status=401, code="invalid_api_key")
    card = await house.confirm(proposed)
    assert card.title == "Not posted"
    assert "setup key" in words(card)
    assert not (await house.state())["writes"]
