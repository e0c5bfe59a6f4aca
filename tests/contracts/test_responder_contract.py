"""What every adapter's `Responder` does with a command, a button and a form.

What a platform has not got (and why) is the table `harnesses.LACKS`:

    playground   deliveries come once; the bot may post in every channel
    terminal     one person, who waits: nothing is private or late, and nothing printed can be pressed
"""

from __future__ import annotations

import pytest

from bot.core import errors
from bot.core.chat.cards import Card, File
from bot.core.errors import BotError
from tests.contracts.contract_commands import KEPT, LOUD, WRITE
from tests.contracts.harnesses import IN_TIME, Ability, AdapterHarness, AsTyped, Shown, need, settled

DONE = "It is done."
CSV = File("winners.csv", "text/csv", b"name\nann\n")
BOTH = pytest.mark.parametrize("command", ["try whisper", "try shout"])


async def posted(harness: AdapterHarness, name: str, key: str = "k1") -> Shown:
    """A public message of the bot with a button."""
    kept, (before, files, replace) = (
        len(harness.stage.ran),
        (harness.stage.card, harness.stage.files, harness.stage.replace),
    )
    harness.stage.button(name, key)
    harness.stage.files, harness.stage.replace = (), False
    count = len(await harness.channel())
    await harness.command("try shout")
    message = (await harness.channel(count + 1))[-1]
    harness.stage.card, harness.stage.files, harness.stage.replace = before, files, replace
    del harness.stage.ran[kept:]
    return message


# --- who sees what ---------------------------------------------------------------------------


async def test_a_private_answer_is_seen_by_that_person_alone(harness: AdapterHarness) -> None:
    need(harness, Ability.PRIVACY)
    await (await harness.command("try whisper")).told(DONE)
    assert await harness.channel() == []


@pytest.mark.parametrize(("command", "alone"), [("try shout", False), ("try whisper", True)])
async def test_a_press_tells_whether_others_see_the_message_too(
    harness: AdapterHarness, command: str, alone: bool
) -> None:
    """By whose clock it is drawn anew (`bot.core.commands.readers`)."""
    need(harness, Ability.BUTTONS, Ability.PRIVACY)
    harness.stage.button(KEPT, await harness.keep(KEPT, {"n": 1}))
    seen = await harness.command(command)
    message = await seen.told("One button.") if alone else (await harness.channel(1))[0]
    await harness.press(message, "Press")

    async def pressed() -> bool:
        return harness.stage.names[-1] == "pressed"

    await settled(pressed)
    invocation = harness.stage.invocation
    assert invocation is not None
    assert (invocation.message is None or invocation.alone) is alone


async def test_a_public_answer_is_a_message_of_the_bot_in_the_channel(harness: AdapterHarness) -> None:
    await harness.command("try shout")
    (message,) = await harness.channel(1)
    assert DONE in message.text
    assert message.by_bot
    assert message.pings == ()


async def test_where_the_bot_cannot_post_the_person_gets_the_answer_with_a_word_why(
    harness: AdapterHarness,
) -> None:
    need(harness, Ability.CLOSING)
    await harness.close_channel()
    told = await (await harness.command("try shout")).told(DONE)
    assert "Only you see this" in told.text
    assert await harness.channel() == []


# --- in time ---------------------------------------------------------------------------------


@BOTH
async def test_a_slow_command_is_acknowledged_in_time(harness: AdapterHarness, command: str) -> None:
    need(harness, Ability.DEADLINE)
    harness.stage.gate.clear()
    seen = await harness.command(command)
    assert seen.acknowledged_in is not None
    assert seen.acknowledged_in < IN_TIME
    assert await harness.channel() == []
    harness.stage.gate.set()
    if command == "try shout":
        await harness.channel(1)
    else:
        await seen.told(DONE)


@BOTH
async def test_progress_breaks_nothing_and_stays_out_of_the_channel(
    harness: AdapterHarness, command: str
) -> None:
    harness.stage.progress = tuple(Card(f"Step {n}") for n in range(12))
    seen = await harness.command(command)
    if command == "try shout":
        messages = await harness.channel(1)
    else:
        await seen.told(DONE)
        messages = await harness.channel()
    assert not any("Step" in message.text for message in messages)


# --- failures --------------------------------------------------------------------------------

ERRORS = tuple(
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BotError) and kind is not BotError
)


@BOTH
async def test_every_failure_is_private_and_traceless(harness: AdapterHarness, command: str) -> None:
    """After the acknowledgement: a command that ran, and failed."""
    for kind in ERRORS:
        harness.stage.error = kind(f"This is a {kind.__name__}.")
        told = await (await harness.command(command)).told(f"This is a {kind.__name__}.")
        assert "Traceback" not in told.text
        assert await harness.channel() == []


async def test_a_refusal_before_anything_ran_is_private_and_traceless(harness: AdapterHarness) -> None:
    await (await harness.command("try spend")).told("You may not")
    assert harness.stage.ran == []
    assert await harness.channel() == []


@BOTH
async def test_what_nobody_foresaw_is_told_without_details(harness: AdapterHarness, command: str) -> None:
    harness.stage.error = RuntimeError("secret words")
    told = await (await harness.command(command)).told("went wrong inside the bot")
    assert "secret words" not in told.text
    assert "Traceback" not in told.text
    assert await harness.channel() == []


async def test_a_failure_is_escaped_like_every_text(harness: AdapterHarness) -> None:
    harness.stage.error = errors.NotFound("@everyone <@1> <!channel> [free](https://evil.example/a)")
    told = await (await harness.command("try shout")).told("@")
    assert told.pings == ()
    assert told.links == frozenset()


# --- files -----------------------------------------------------------------------------------


@BOTH
async def test_files_arrive(harness: AdapterHarness, command: str) -> None:
    harness.stage.files = (CSV,)
    seen = await harness.command(command)
    if command == "try shout":
        await harness.channel(1)
    else:
        await seen.told(DONE)

    async def there() -> bool:
        return bool(await harness.files())

    await settled(there)
    assert await harness.files() == {CSV.name: CSV.content}


# --- deliveries that come twice --------------------------------------------------------------


async def test_a_command_delivered_twice_runs_once(harness: AdapterHarness) -> None:
    need(harness, Ability.DUPLICATES)
    seen = await harness.command("try shout")
    await harness.channel(1)
    await harness.redeliver(seen)
    await (await harness.command("try whisper")).told(DONE)
    assert harness.stage.names == ["try shout", "try whisper"]
    assert len(await harness.channel()) == 1


async def test_a_press_delivered_twice_runs_once(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS, Ability.DUPLICATES)
    message = await posted(harness, LOUD)
    seen = await harness.press(message, "Press")
    await harness.channel(2)
    await harness.redeliver(seen)
    await (await harness.command("try whisper")).told(DONE)
    assert harness.stage.names == ["pressed", "try whisper"]
    assert len(await harness.channel()) == 2


async def test_a_command_delivered_again_to_the_next_process_does_not_run(harness: AdapterHarness) -> None:
    need(harness, Ability.DUPLICATES)
    seen = await harness.command("try shout")
    await harness.channel(1)
    await harness.restart()
    await harness.redeliver(seen)
    await (await harness.command("try whisper")).told(DONE)
    assert harness.stage.names == ["try shout", "try whisper"]


# --- buttons ---------------------------------------------------------------------------------


async def test_a_button_works_after_a_restart(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    message = await posted(harness, KEPT, await harness.keep(KEPT, {"page": 2}))
    await harness.restart()
    await (await harness.press(message, "Press")).told(DONE)
    assert harness.stage.ran == [("pressed", ({"page": 2}, {}))]


@pytest.mark.parametrize("name", [KEPT, "try.of_an_older_version"])
async def test_a_button_that_is_no_longer_valid_says_so_privately(harness: AdapterHarness, name: str) -> None:
    need(harness, Ability.BUTTONS)
    message = await posted(harness, name, "nothing-stored")
    told = await (await harness.press(message, "Press")).told("has expired")
    assert told.buttons == ()
    assert harness.stage.ran == []
    assert len(await harness.channel()) == 1


async def test_an_answer_can_take_the_place_of_the_pressed_message(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    message = await posted(harness, LOUD)
    harness.stage.card, harness.stage.replace = Card("Page 2"), True
    await harness.press(message, "Press")

    async def turned() -> bool:
        return "Page 2" in (await harness.channel())[0].text

    await settled(turned)
    (replaced,) = await harness.channel()
    assert replaced.buttons == ()


async def test_a_failed_press_is_private_and_leaves_the_message_as_it_was(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    message = await posted(harness, LOUD)
    harness.stage.error, harness.stage.replace = errors.NotFound("There is no such thing."), True
    await (await harness.press(message, "Press")).told("There is no such thing.")
    (same,) = await harness.channel()
    assert (same.text, same.buttons) == (message.text, message.buttons)


# --- forms -----------------------------------------------------------------------------------


async def test_what_is_missing_is_asked_in_a_form_as_the_very_first_answer(harness: AdapterHarness) -> None:
    seen = await harness.command("try say", times=3)
    form = await seen.form()
    assert "Try say" in form.title
    assert form.before == ()
    await (await harness.submit(form, {"text": "two words"})).told(DONE)
    ((name, args),) = harness.stage.ran
    assert (name, args.text, args.times) == ("try say", "two words", 3)


async def test_a_button_opens_its_form_as_the_very_first_answer(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    message = await posted(harness, WRITE)
    form = await (await harness.press(message, "Press")).form()
    assert (form.title, form.before) == ("Write", ())
    await (await harness.submit(form, {"text": "mine"})).told(DONE)
    assert harness.stage.ran == [("pressed", ({"key": "k1"}, {"text": "mine"}))]


async def test_a_form_outlives_the_process_that_opened_it(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    form = await (await harness.command("try say", times=3)).form()
    await harness.restart()
    await (await harness.submit(form, {"text": "late"})).told(DONE)
    assert [(args.text, args.times) for _, args in harness.stage.ran] == [("late", 3)]


async def test_a_form_with_a_wrong_value_keeps_what_was_typed(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS)
    form = await (await harness.command("try say")).form()
    failed = await harness.submit(form, {"text": "precious", "times": "12"})
    told = await failed.told("times")
    again = await harness.again(told, form, {"text": "precious", "times": "12"})
    assert again.filled["text"] == "precious"
    await (await harness.submit(again, {"times": "4"})).told(DONE)
    assert [(args.text, args.times) for _, args in harness.stage.ran] == [("precious", 4)]


# --- groups under a root -----------------------------------------------------------------------


async def test_a_rare_group_is_found_below_its_root(harness: AdapterHarness) -> None:
    await (await harness.command("more archive dig", text="deep", times=2)).told(DONE)
    await harness.command("more archive bury")
    assert "It is done." in (await harness.channel(1))[0].text
    assert harness.stage.names == ["archive dig", "archive bury"]
    assert harness.stage.ran[0][1].text == "deep"


async def test_what_is_missing_below_a_root_is_asked_in_a_form(harness: AdapterHarness) -> None:
    form = await (await harness.command("more archive dig", times=3)).form()
    assert "Archive dig" in form.title
    await (await harness.submit(form, {"text": "two words"})).told(DONE)
    ((name, args),) = harness.stage.ran
    assert (name, args.text, args.times) == ("archive dig", "two words", 3)


# --- what is typed ---------------------------------------------------------------------------

LISTS = pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"launch window","landing"', ("launch window", "landing")),
        ("“son dakika”,“deprem, sel”", ("son dakika", "deprem, sel")),
        ("«окно запуска», посадка", ("окно запуска", "посадка")),
        ("عاجل، إطلاق", ("عاجل", "إطلاق")),
        ("発売、新製品,https://a.example/1,2", ("発売", "新製品", "https://a.example/1,2")),
    ],
)


@LISTS
async def test_a_list_is_read_alike_wherever_it_is_typed(
    harness: AdapterHarness, text: str, words: tuple[str, ...]
) -> None:
    await (await harness.command("try list", text="x", words=AsTyped(text))).told(DONE)
    form = await (await harness.command("try list")).form()
    await (await harness.submit(form, {"text": "x", "words": text})).told(DONE)
    assert [args.words for _, args in harness.stage.ran] == [words, words]


async def test_a_stray_quote_is_named_wherever_it_is_typed(harness: AdapterHarness) -> None:
    await (await harness.command("try list", text="x", words=AsTyped('"launch,landing'))).told(
        "is never closed"
    )
    form = await (await harness.command("try list")).form()
    await (await harness.submit(form, {"text": "x", "words": "“launch,landing"})).told("is never closed")
    assert harness.stage.ran == []


async def test_curly_quotes_are_straight_in_a_search_wherever_it_is_typed(harness: AdapterHarness) -> None:
    await (
        await harness.command("try list", text="x", words=AsTyped("a"), search="from:nasa “space x”")
    ).told(DONE)
    form = await (await harness.command("try list")).form()
    await (await harness.submit(form, {"text": "x", "words": "it’s", "search": "“son dakika” lang:tr"})).told(
        DONE
    )
    assert [(args.words, args.search) for _, args in harness.stage.ran] == [
        (("a",), 'from:nasa "space x"'),
        (("it’s",), '"son dakika" lang:tr'),
    ]


async def test_a_number_in_a_form_is_read_as_people_write_it(harness: AdapterHarness) -> None:
    for given in ("٣", "3", "３", "3.0", "३"):
        form = await (await harness.command("try say")).form()
        await (await harness.submit(form, {"text": "x", "times": given})).told(DONE)
    form = await (await harness.command("try say")).form()
    await (await harness.submit(form, {"text": "x", "times": "1k"})).told("1000 is out of range")
    assert [args.times for _, args in harness.stage.ran] == [3] * 5
