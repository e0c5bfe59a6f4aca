"""What the cards and files of draws say: only what is so, by local numbers and the reader's clock."""

from __future__ import annotations

import json

import pytest

from bot.core.chat.cards import Tone
from tests.features.edge import buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TWEET, BotHarness


async def drawn(house: BotHarness) -> str:
    """The id of a draw with backups, the first of this place."""
    card = await house.confirm(await house.say(f"draw run {TWEET} winners:2 backups:2"))
    return field_of(card, "Draw id")


# --- the rules of its tweet ------------------------------------------------------------------


async def test_a_taken_filter_is_no_inability_and_what_is_set_is_not_offered_again(house: BotHarness) -> None:
    screen = await house.say(f"draw run {TWEET} hashtags:#giveaway must_follow:@nasa")
    said = words(screen.card)
    assert "cannot check who follows" not in said
    assert "checks the followers of one account, here @nasa, not of @xquik" in said
    assert "The tweet also asks people to repost it." in said and "reply with" not in said
    added = words((await house.press(screen, "Add its rules")).card)
    assert "not of @xquik" in added


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("must_follow:@XQuik", "also asks people to repost it and reply with #giveaway"),
        ("must_retweet:yes", "also asks people to follow @xquik and reply with #giveaway"),
        ("hashtags:GIVEAWAY", "also asks people to follow @xquik and repost it"),
        ("hashtags:＃Giveaway must_retweet:yes", "also asks people to follow @xquik."),
        ("hashtags:#çekiliş", "The tweet asks people to follow @xquik, repost it and reply with #giveaway"),
    ],
)
async def test_only_the_rules_that_are_not_set_are_offered(
    house: BotHarness, options: str, left: str
) -> None:
    assert left in words((await house.say(f"draw run {TWEET} {options}")).card)


# --- a tweet that nobody answered ------------------------------------------------------------


async def test_a_draw_that_nobody_can_win_says_so_before_it_is_confirmed(house: BotHarness) -> None:
    post = await house.confirm(await house.say('tweet post "Nobody answers this"'))
    link = next(str(one.url) for one in buttons(post) if one.url)
    card = (await house.say(f"draw run {link}")).card
    assert "Nobody can win yet: nobody has replied to this tweet" in words(card)
    assert card.tone is Tone.WARNING
    assert "Nobody can win yet" not in words((await house.say(f"draw run {TWEET}")).card)


# --- local numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"])
async def test_an_export_goes_by_the_number_of_the_place(house: BotHarness, form: str) -> None:
    identity = await drawn(house)
    for named in ("#1", identity):
        reply = (await house.say(f"draw export {named} format:{form}")).reply
        assert reply.card.title == "Draw #1: winners"
        rows, record = reply.files
        assert rows.name.startswith(f"draw-1-{identity}-winners.")
        assert record.name.startswith(f"draw-1-{identity}-record.")
        kept = record.content.decode()
        assert "#1" in kept.replace("\\", "") and identity in kept.replace("\\", "")
        if form == "json":
            assert json.loads(kept)["Number"] == "#1"


async def test_a_backup_that_moves_up_names_the_draw_by_number(house: BotHarness) -> None:
    identity = await drawn(house)
    shown = (await house.say("draw show #1")).card
    asked = await house.press(shown, "Next backup")
    card = (await house.press(asked.form.action, values={"replaces": rows_of(shown)[0][1]})).card
    assert "draw #1" in words(card) and identity not in words(card)
    assert ref_of(card, "Next backup")


async def test_a_deleted_draft_is_named_by_its_number(house: BotHarness) -> None:
    for text in ("Erste Idee", "İkinci fikir"):
        await house.say(f'draft save "{text}"')
    assert field_of((await house.say("draft delete #2")).card, "Draft") == "#2"


@pytest.mark.parametrize("verb", ["draw show", "draw export", "draft show", "draft delete", "draft post"])
@pytest.mark.parametrize("digits", ["1", "٢", "12"])
async def test_bare_digits_that_are_no_id_hint_at_the_number(
    house: BotHarness, verb: str, digits: str
) -> None:
    failure = (await house.say(f"{verb} {digits}")).failure
    assert failure.title == "Not found"
    number = {"٢": "2"}.get(digits, digits)
    assert f"{verb.split()[0]} show #{number}." in words(failure)
    assert "#" not in words((await house.say(f"{verb} 1893456789012345678")).failure)


# --- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["show", "export"])
async def test_draws_are_suggested_by_the_clock_of_who_types(house: BotHarness, verb: str) -> None:
    await drawn(house)

    async def label(actor: object = ADMIN) -> str:
        invocation = house.invocation(actor, HERE)  # type: ignore[arg-type]
        (one,) = await house.app.dispatcher.suggest(invocation, ("draw", verb), "draw", "")
        return one.label

    assert (await label()).endswith(" UTC")
    await house.say("policy grant view to:user:ben")
    await house.say("setup timezone Asia/Kathmandu")
    await house.say("me timezone Asia/Tokyo")
    assert (await label()).endswith(" Asia/Tokyo")
    assert (await label(MEMBER)).endswith(" Asia/Kathmandu")


# --- long posts ------------------------------------------------------------------------------


async def test_long_that_is_not_needed_is_said_beside_the_length(house: BotHarness) -> None:
    for text in ("Hello there", "Merhaba dünya", "नमस्ते"):
        length = field_of((await house.say(f"tweet post {text} long:yes")).card, "Length")
        assert length.endswith("/280 (fits, so it is posted as a normal tweet)")
        assert field_of((await house.say(f"tweet post {text}")).card, "Length").endswith("/280")
    await house.say('draft save "Kısa"')
    drafted = await house.say("draft post #1 long:yes")
    assert "normal tweet" in field_of(drafted.card, "Length")
