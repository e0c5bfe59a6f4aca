"""Whatever id comes back, the person gets an answer in time, and the log no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from bot.core.chat.ids import TenantId
from tests.adapters.logged import Logged, logged
from tests.adapters.slack.harness import SlackHarness
from tests.doubles.slack import payloads
from tests.doubles.slack.gestures import INTERACTIVE
from tests.doubles.slack.interaction import Interaction
from tests.doubles.slack.model import Message

# What a message of another version, or of nobody, may carry.
IDS = [
    *("", "x", "x1:", "x1::", "x1:thing.kept", "x1:thing.kept:", "x1:gone.action:k1", "x1:thing.kept:k1"),
    *('{"a": 1}', "[", "null", "\x00", "🏴", "x" * 255, "x1:thing.kept:" + "k" * 61, "x2:thing.kept:k1"),
    *("x1:form.command:gone", "x1:thing.kept:k1~7", "~1", "x1:thing.kept:k1\n"),
]
OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "x" * 75}
# What each kind of element brings along.
ELEMENTS: list[dict[str, Any]] = [
    {"type": "button", "value": ""},
    {"type": "button"},
    {"type": "overflow", "selected_option": OPTION},
    {"type": "static_select", "selected_option": OPTION},
    {"type": "static_select", "selected_option": None},
    {"type": "external_select", "selected_option": {"text": {"type": "plain_text", "text": "One"}}},
    {"type": "multi_static_select", "selected_options": [OPTION, OPTION]},
    {"type": "users_select", "selected_user": "U1"},
    {"type": "conversations_select", "selected_conversation": "C1"},
    {"type": "channels_select", "selected_channel": "C1"},
    {"type": "checkboxes", "selected_options": []},
    {"type": "radio_buttons", "selected_option": OPTION},
    {"type": "datepicker", "selected_date": None},
    {"type": "plain_text_input", "value": "<&>" * 1000},
    {"type": "of a later day"},
]
# Metadata of views: of other versions, of other apps, broken.
METADATA = [
    *("", "{", "[]", "null", "7", '"x"', "{}", '{"a": null}', '{"a": 7}', '{"a": "x1:gone"}', "x" * 3000),
    *('{"a": {"b": 1}}', '{"a": "x1:gone.action:k1"}', '{"a": "x1:thing.kept:k1"}', "[" * 3000),
    *('{"a": "x1:thing.kept:k1", "c": 7}', '{"a": "x1:thing.kept:k1", "at": "then"}'),
    *('{"a": "x1:thing.kept:k1", "u": [1]}', '{"a": "x1:thing.kept:k1", "t": {}, "m": 5}'),
]
STATES: list[dict[str, Any]] = [
    {"values": {}},
    {"values": {"gone": {"v": {"type": "plain_text_input", "value": None}}}},
    {"values": {"gone": {"v": {"type": "static_select", "selected_option": None}}}},
    {"values": {"gone": {}}},
    {},
]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def words(ix: Interaction) -> Message:
    """The answer: seen by the person alone where it happened in a channel, else a direct message."""
    return (await ix.wait_for(lambda one: [*one.ephemerals, *one.messages], 8.0))[-1]


async def is_told(ix: Interaction) -> None:
    """Words for the person alone, and an acknowledgement before Slack gives up."""
    told = await words(ix)
    assert "older version" in told.visible_text or "expired" in told.visible_text.lower(), told.visible_text
    assert ix.acked_in is not None and ix.acked_in < 3.0


async def act(house: SlackHarness, message: Message, action: dict[str, Any]) -> Interaction:
    """What Slack sends of a message that another version posted."""
    trigger = house.server.triggers.issue(house.ann)
    payload = payloads.frame("block_actions", house.ann, trigger.id) | payloads.place(message)
    about = {"block_id": "b", "action_ts": house.server.new_ts()}
    payload |= {"actions": [about | action], "state": {"values": {}}}
    return await house.ws._act(payload, house.ann, message, trigger.id)


async def submit(house: SlackHarness, changed: dict[str, Any]) -> Interaction:
    """What Slack sends of a view on the screen that another version opened."""
    view = await (await house.slash("thing say")).wait_for_view()
    trigger = house.server.triggers.issue(house.ann, view)
    payload = payloads.frame("view_submission", house.ann, trigger.id)
    payload |= {"view": {**view.payload(), **changed}, "response_urls": []}
    ix = house.server.interaction(INTERACTIVE, payload, house.ws, user=house.ann, accepts_payload=True)
    ix.view, ix.trigger_id = view, trigger.id
    return await house.server.deliver(ix)


async def test_every_element_of_a_message_is_answered(house: SlackHarness, said: Logged) -> None:
    message = await (await house.slash("thing post")).wait_for_message()
    elsewhere = TenantId("slack", "T999")
    key = await house.states.keep(elsewhere, "thing.kept", {"page": "2"}, lifetime=60.0)
    house.stage.seen.clear()
    ids = [*IDS, f"x1:thing.kept:{key}"]
    for number in range(max(len(ids), len(ELEMENTS))):
        action = {**deepcopy(ELEMENTS[number % len(ELEMENTS)]), "action_id": ids[number % len(ids)]}
        await is_told(await act(house, message, action))
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize("callback", ["xquik_form", "gone", "", "x" * 255])
async def test_every_form_is_answered(house: SlackHarness, said: Logged, callback: str) -> None:
    for number, metadata in enumerate(METADATA):
        view = {"callback_id": callback, "private_metadata": metadata, "state": STATES[number % len(STATES)]}
        await is_told(await submit(house, view))
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


async def test_the_form_of_slacks_own_menu_is_answered_whatever_is_in_it(
    house: SlackHarness, said: Logged
) -> None:
    for state in STATES:
        answered = await submit(house, {"callback_id": "xquik_run", "private_metadata": "{", "state": state})
        assert (await words(answered)).visible_text
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize("callback", ["gone", "", "xquik_gone", "x" * 255, '{"a":', "\x00"])
async def test_every_entry_of_a_menu_is_answered(house: SlackHarness, said: Logged, callback: str) -> None:
    message = await (await house.slash("thing post")).wait_for_message()
    await is_told(await house.ws.message_shortcut(house.ann, message, callback))
    await is_told(await house.ws.shortcut(house.ann, callback))
    assert house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize("action", ["", "gone", "xquik:command", "x" * 255, '{"a":'])
@pytest.mark.parametrize("typed", ["", "x" * 3000, "\x00", '{"a":'])
async def test_what_suggests_nothing_suggests_nothing(
    house: SlackHarness, said: Logged, action: str, typed: str
) -> None:
    payload = payloads.frame("block_suggestion", house.ann)
    payload |= {"action_id": action, "block_id": "b", "value": typed}
    ix = house.server.interaction(INTERACTIVE, payload, house.ws, user=house.ann, accepts_payload=True)
    await house.server.deliver(ix)
    assert ix.acked
    assert (ix.options != []) is (action == "xquik:command" and not typed)
    said.is_without_traceback()
