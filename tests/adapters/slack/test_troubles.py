"""Whatever Slack does (an outage, a rate limit, a lost answer) is a line in the log and a word to people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.storage.engine.database import Database
from tests.adapters.logged import Logged, logged
from tests.adapters.slack.harness import Pauses, SlackHarness, running
from tests.doubles.slack import SlackServer
from tests.journeys.run.harness import until

SHORT = [
    {"status": 500},
    {"status": 503},
    {"status": 429},
    {"status": 502, "body": "<html>Bad Gateway</html>"},
    {"error": "internal_error"},
    {"error": "ratelimited"},
    {"cut": True},
    {"lost": True},
    {"status": 200, "body": "<html>It works</html>"},
    {"status": 200, "body": ""},
    {"status": 200, "body": "[1]"},
    {"status": 200, "body": "null"},
]
LASTING = [{"status": 500}, {"status": 429}, {"cut": True}, {"error": "fatal_error"}]
REFUSALS = [{"error": "invalid_auth"}, {"error": "channel_not_found"}]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


@pytest.mark.parametrize("fault", SHORT, ids=str)
async def test_a_form_that_slack_breaks_down_over_opens_within_the_triggers_life(
    house: SlackHarness, said: Logged, fault: dict[str, Any]
) -> None:
    house.pauses.end()
    house.server.enforce_retry_after = False  # its waits are faked
    house.server.fail_next("views.open", **fault)
    view = await (await house.slash("thing say")).wait_for_view()
    await house.server.wait_for(lambda: view.title == "Thing say")  # after "One moment", if that was faster
    answered = await house.ws.submit_view(view, {"text": "x"})
    assert (await answered.wait_for_ephemeral()).visible_text == "Done\nIt is done."
    await until(lambda: len(house.observer.outcomes) == 2)  # written down once the answer was taken
    assert [outcome for _, outcome in house.observer.outcomes] == ["form", "ok"]
    said.is_without_traceback()


@pytest.mark.parametrize("fault", LASTING, ids=str)
async def test_a_form_that_slack_never_opens_is_said_to_the_person(
    house: SlackHarness, said: Logged, fault: dict[str, Any]
) -> None:
    house.pauses.end()
    house.server.enforce_retry_after = False
    house.server.fail_next("views.open", times=50, **fault)
    told = await (await house.slash("thing say")).wait_for_ephemeral()
    assert "Slack did not open the form" in told.visible_text
    assert 1 < len(house.server.calls("views.open")) <= 10
    assert len(said.lines("a form could not be opened")) == 1
    said.is_without_traceback()


async def test_a_wait_that_outlasts_the_trigger_is_not_waited_for(house: SlackHarness, said: Logged) -> None:
    house.server.fail_next("views.open", status=429, headers={"Retry-After": "30"})
    told = await (await house.slash("thing say")).wait_for_ephemeral()
    assert "Slack did not open the form" in told.visible_text
    assert len(house.server.calls("views.open")) == 1
    said.is_without_traceback()


async def test_the_form_of_slacks_own_menu_is_said_not_to_open_too(house: SlackHarness, said: Logged) -> None:
    house.pauses.end()
    house.server.fail_next("views.open", times=50, status=500)
    await house.ws.shortcut(house.ann, "xquik_run")
    await house.server.wait_for(lambda: house.ann.dms)
    assert "Slack did not open the form" in house.ann.dms[-1].visible_text
    said.is_without_traceback()


@pytest.mark.parametrize("fault", [*SHORT, *REFUSALS], ids=str)
@pytest.mark.parametrize("line", ["thing post", "thing say x", "thing say"])
async def test_whatever_slack_answers_to_everything_leaves_no_traceback(
    house: SlackHarness, said: Logged, fault: dict[str, Any], line: str
) -> None:
    house.pauses.end()
    house.server.fail_next("*", times=1_000, **fault)
    house.server.enforce_retry_after = False  # its waits are faked
    await house.slash(line)
    await until(lambda: house.observer.outcomes)
    house.server.faults.clear()
    answered = await house.slash("thing say again")
    await answered.wait_for_ephemeral()
    said.is_without_traceback()


async def test_a_follow_up_that_is_lost_is_a_line(house: SlackHarness, said: Logged) -> None:
    house.pauses.end()
    for way in ("chat.postEphemeral", "conversations.open", "chat.postMessage"):
        house.server.fail_next(way, times=50, error="channel_not_found")
    house.server.fail_next("response_url", times=50, status=404, body="expired_url")
    await house.slash("thing say x")
    await until(lambda: said.lines("could not be given"))
    said.is_without_traceback()


async def test_an_outage_at_the_start_is_a_line_a_try_and_ends_by_itself(
    server: SlackServer, storage: Database, said: Logged
) -> None:
    server.fail_next("*", times=6, status=500)
    at_once = Pauses()
    at_once.end()
    async with running(server, storage, pauses=at_once) as house:
        answered = await house.slash("thing say x")
        await answered.wait_for_ephemeral()
    tries = said.lines("Slack gives no connection")
    assert 1 <= len(tries) <= 6
    said.is_without_traceback()


async def test_an_address_whose_ticket_is_spent_is_not_tried_for_ever(
    server: SlackServer, storage: Database, said: Logged
) -> None:
    """Where the address was had and the connection broke: the SDK goes on with the same ticket."""
    server.sockets.spent_tickets = 1
    async with running(server, storage) as house:
        await (await house.slash("thing say x")).wait_for_ephemeral()
    said.is_without_traceback()


# --- what this version does not have --------------------------------------------------------------


async def test_a_button_and_a_menu_entry_of_an_older_version_are_answered(
    house: SlackHarness, said: Logged
) -> None:
    house.stage.button(name="thing.write")
    message = await (await house.slash("thing post")).wait_for_message()
    message.blocks[-1]["elements"][0]["action_id"] = "an old id without a name"
    pressed = await house.ws.press(message, "an old id without a name", house.ann)
    assert "older version of the bot" in (await pressed.wait_for_ephemeral()).visible_text
    asked = await house.ws.message_shortcut(house.ann, message, "xquik_gone")
    assert "older version of the bot" in (await asked.wait_for_ephemeral()).visible_text
    said.is_without_traceback()
