"""Forms: opened before anything else, within the trigger's three seconds, and read back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.slack import forms, limits
from adapters.slack.interaction import SlackInteraction
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice, Form, Input, InputKind
from tests.adapters.slack.harness import SlackHarness
from tests.doubles.slack import NotSubmittable, check_view

OCCASION = SlackInteraction("T1", None, org_wide=False, user="U1", user_name="ann", channel="C1")


async def test_what_is_missing_is_asked_in_a_form_as_the_very_first_answer(either: SlackHarness) -> None:
    ix = await either.slash("thing say times:3 mood:glad")
    view = await ix.wait_for_view()
    assert view.opened_by == ix.trigger_id
    assert ix.response_posts == []
    assert [m.method for m in either.server.requests if m.method.startswith("views")] == ["views.open"]
    assert view.title == "Thing say"
    assert "Summary of thing say" in view.visible_text
    with pytest.raises(NotSubmittable):
        await either.ws.submit_view(view)
    answered = await either.ws.submit_view(view, {"text": "two words", "where": "C0001"})
    assert (await answered.wait_for_ephemeral()).visible_text == "Done\nIt is done."
    args = either.stage.seen[0][1]
    assert (args.text, args.times, args.mood, args.loud, args.where.id) == (
        "two words", 3, "glad", False, "C0001",
    )  # fmt: skip
    assert either.ann.views == []


async def test_an_answer_to_a_form_goes_where_the_command_was_given(house: SlackHarness) -> None:
    outside = house.ws.add_channel("C0002", "elsewhere", member=False)
    view = await (await house.slash("thing say", channel=outside)).wait_for_view()
    answered = await house.ws.submit_view(view, {"text": "x"})
    answer = await answered.wait_for_ephemeral()
    assert (answer.channel, answer.via) == (outside, "response_url")


async def test_a_secret_is_asked_in_a_form_and_never_shown_again(house: SlackHarness) -> None:
    boss = house.ws.add_user("U2", "boss", admin=True)
    view = await (await house.slash("thing key", boss)).wait_for_view()
    assert "nobody is looking over your shoulder" in view.visible_text
    answered = await house.ws.submit_view(view, {"key": "xq_very_secret"})
    answer = await answered.wait_for_ephemeral()
    assert house.stage.seen[0][1].key.get_secret_value() == "xq_very_secret"
    assert "xq_very_secret" not in str(answer.blocks) + view.private_metadata


async def test_a_secret_in_the_line_is_refused(house: SlackHarness) -> None:
    boss = house.ws.add_user("U2", "boss", admin=True)
    view = await (await house.slash("thing key key:xq_oops", boss)).wait_for_view()
    assert "xq_oops" not in str(view.body)


async def test_a_form_handed_in_twice_runs_once(either: SlackHarness) -> None:
    view = await (await either.slash("thing say")).wait_for_view()
    sent = await either.ws.submit_view(view, {"text": "once"})
    await sent.wait_for_ephemeral()
    await either.server.redeliver(sent)
    await (await either.slash("thing post")).wait_for_message()
    assert [name for name, _ in either.stage.seen] == ["thing say", "thing post"]


async def test_a_button_can_open_a_form_and_its_message_is_still_known(house: SlackHarness) -> None:
    house.stage.button(name="thing.write")
    message = await (await house.slash("thing post")).wait_for_message()
    view = await (await house.ws.press(message, "x1:thing.write:k1", house.ann)).wait_for_view()
    house.stage.replace = True
    await house.ws.submit_view(view, {"text": "new"})
    await house.server.wait_for(lambda: message.edits)
    assert house.stage.seen[-1] == ("pressed", ({"key": "k1"}, {"text": "new"}))
    pressed = house.stage.calls[-1].invocation.message
    assert pressed is not None
    assert pressed.message == message.ts


async def test_no_form_opens_for_those_who_may_not_use_it(house: SlackHarness) -> None:
    refused = await (await house.slash("thing key")).wait_for_ephemeral()
    assert "You may not" in refused.visible_text
    assert house.ann.views == []


# --- three seconds ---------------------------------------------------------------------------


async def test_a_late_form_finds_its_place_held_by_a_loading_view(house: SlackHarness) -> None:
    house.states.gate = asyncio.Event()
    ix = await house.slash("thing say")
    await house.pauses.until(limits.LOADING_AFTER)
    house.pauses.end()
    view = await ix.wait_for_view()
    assert view.title == "One moment"
    house.server.trigger_lifetime = -1.0  # the three seconds are over
    house.states.gate.set()
    await house.server.wait_for(lambda: view.title == "Thing say")
    await (await house.ws.submit_view(view, {"text": "late"})).wait_for_ephemeral()
    assert house.stage.seen[0][1].text == "late"


async def test_a_loading_view_that_was_closed_is_not_opened_again(house: SlackHarness) -> None:
    house.states.gate = asyncio.Event()
    ix = await house.slash("thing say")
    await house.pauses.until(limits.LOADING_AFTER)
    house.pauses.end()
    view = await ix.wait_for_view()
    await house.ws.close_view(view)
    house.states.gate.set()
    await house.server.wait_for(lambda: house.server.calls("views.update"))
    await (await house.slash("thing post")).wait_for_message()
    assert (house.ann.views, ix.ephemerals) == ([], [])


async def test_a_refusal_takes_the_place_of_a_loading_view(house: SlackHarness) -> None:
    house.states.gate = asyncio.Event()
    house.server.fail_next("users.info", delay=0.3)
    ix = await house.slash("thing key")
    house.pauses.end()
    view = await ix.wait_for_view()
    await house.server.wait_for(lambda: "You may not" in view.visible_text)
    assert ix.ephemerals == []


async def test_a_form_that_comes_too_late_is_told(house: SlackHarness) -> None:
    house.states.gate = asyncio.Event()
    ix = await house.slash("thing say")
    await house.pauses.until(limits.LOADING_AFTER)
    house.server.fail_next("views.open", error="expired_trigger_id")
    house.states.gate.set()
    told = await ix.wait_for_ephemeral()
    assert "within three seconds" in told.visible_text


# --- views -----------------------------------------------------------------------------------


def test_every_kind_of_input_is_a_valid_view() -> None:
    choices = (Choice("A", "a"),)
    inputs = tuple(
        Input(kind.value, f"The {kind.value}", kind, kind is InputKind.TEXT, hint="a hint", choices=choices)
        for kind in InputKind
    )
    view = forms.view(Form("F" * 60, ActionRef("a", "k"), inputs, "S" * 40, "note " * 600), OCCASION)
    assert check_view(view) == []
    kinds = [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"]
    assert kinds == [
        "plain_text_input", "plain_text_input", "plain_text_input", "plain_text_input", "static_select",
        "static_select", "conversations_select", "users_select", "file_input",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        (Input("n", "N", InputKind.INTEGER, value="7"), "initial_value", "7"),
        (Input("n", "N", InputKind.INTEGER, value="10k"), "initial_value", "10k"),
        (Input("n", "N", InputKind.BOOLEAN, value="true"), "initial_option", "yes"),
        (Input("n", "N", InputKind.BOOLEAN, value="no"), "initial_option", "no"),
        (Input("n", "N", InputKind.CHOICE, value="b", choices=(Choice("B", "b"),)), "initial_option", "b"),
        (Input("n", "N", InputKind.CHOICE, value="z", choices=(Choice("B", "b"),)), "initial_option", None),
        (Input("n", "N", InputKind.CHANNEL, value="<#C123|x>"), "initial_conversation", "C123"),
        (Input("n", "N", InputKind.CHANNEL), "default_to_current_conversation", True),
        # What may stay open is not filled in by itself, and what is no id is not lost.
        (Input("n", "N", InputKind.CHANNEL, False), "default_to_current_conversation", None),
        (Input("n", "N", InputKind.CHANNEL, value="#alerts"), "initial_value", "#alerts"),
        (Input("n", "N", InputKind.CHANNEL, value="#a, <#C1|b>", many=True), "initial_value", "#a, <#C1|b>"),
        (
            Input("n", "N", InputKind.CHANNEL, value="<#C001|a>, C002", many=True),
            "initial_conversations",
            ["C001", "C002"],
        ),
        (Input("n", "N", InputKind.SECRET, value="hush"), "initial_value", None),
        (Input("n", "N", InputKind.TEXT, value="abcdef", max_length=3), "initial_value", "abc"),
    ],
)
def test_what_was_given_is_filled_in(given: Input, kind: str, shown: object) -> None:
    view = forms.view(Form("F", ActionRef("a", "k"), (given,)), OCCASION)
    assert check_view(view) == []
    found = view["blocks"][0]["element"].get(kind)
    assert (found["value"] if isinstance(found, dict) else found) == shown


@pytest.mark.parametrize("count", [limits.OPTIONS, limits.OPTIONS + 1])
def test_more_choices_than_a_select_takes_are_typed(count: int) -> None:
    choices = tuple(Choice(str(n), str(n)) for n in range(count))
    view = forms.view(
        Form("F", ActionRef("a", "k"), (Input("n", "N", InputKind.CHOICE, choices=choices),)), OCCASION
    )
    assert check_view(view) == []
    expected = "static_select" if count <= limits.OPTIONS else "plain_text_input"
    assert view["blocks"][0]["element"]["type"] == expected


@pytest.mark.parametrize("length", [limits.INPUT_TEXT, limits.INPUT_TEXT + 1])
def test_a_text_longer_than_a_field_is_cut_and_said_to_be(length: int) -> None:
    given = Input("n", "N", InputKind.PARAGRAPH, value="x" * length, max_length=25_000)
    view = forms.view(Form("F", ActionRef("a", "k"), (given,)), OCCASION)
    assert check_view(view) == []
    assert ("cut off" in view["blocks"][0].get("hint", {}).get("text", "")) is (length > limits.INPUT_TEXT)


def test_a_text_longer_than_a_field_stays_as_it_is_where_something_else_is_asked() -> None:
    long = Input("text", "Text", InputKind.PARAGRAPH, value="x" * (limits.INPUT_TEXT + 1))
    other = Input("account", "Account", value="acme")
    view = forms.view(Form("F", ActionRef("a", "k"), (long, other)), OCCASION)
    assert [block["block_id"] for block in view["blocks"]] == ["account"]


def test_a_view_without_our_memory_is_not_ours() -> None:
    for metadata in ("", "null", "[]", "{}", '{"a": "other"}', '{"a": 1}'):
        assert forms.recall(metadata, OCCASION) is None
    kept = forms.remember(ActionRef("a", "k"), OCCASION)
    opened = forms.recall(kept, OCCASION)
    assert opened is not None
    assert (opened.action, opened.interaction.channel) == (ActionRef("a", "k"), "C1")


def test_in_direct_messages_nobody_else_sees_what_was_pressed() -> None:
    assert replace(OCCASION, channel="D0001", message="1.2").alone
    assert not any(replace(OCCASION, channel=channel, message="1.2").alone for channel in ("C1", "G1", ""))
