"""`/xquik …`, buttons and shortcuts: from the keyboard to the dispatcher and back."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from adapters.slack.interaction import of_event
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Buttons, Card
from bot.core.chat.ids import Destination, MessageRef
from bot.core.errors import NotFound
from bot.i18n.languages import PSEUDO
from bot.storage.engine.database import Database
from bot.storage.places.grants import Grants
from bot.storage.places.languages import StoredLanguages
from tests.adapters.slack.harness import TENANT, SlackHarness, running
from tests.conftest import ManualClock
from tests.doubles.slack import SlackServer


async def test_a_command_is_acknowledged_with_nothing_and_answered_to_the_person(
    either: SlackHarness,
) -> None:
    ix = await either.slash('thing say "hello there" times:3')
    answer = await ix.wait_for_ephemeral()
    assert (ix.acked_in or 9) < 1
    assert ix.ack is None
    assert answer.visible_text == "Done\nIt is done."
    assert answer.text == "Done\nIt is done."
    assert either.channel.messages == []
    name, args = either.stage.seen[0]
    assert (name, args.text, args.times) == ("thing say", "hello there", 3)


async def test_a_public_command_posts_as_the_bot_and_its_message_can_be_edited(either: SlackHarness) -> None:
    ix = await either.slash("thing post")
    message = await ix.wait_for_message()
    assert message.via == "chat.postMessage"
    assert message.user == either.ws.bot_user_id
    assert ix.ephemerals == []


async def test_the_word_payload_in_a_command_is_only_a_word(either: SlackHarness) -> None:
    await (await either.slash('thing say "the payload={} of a rocket"')).wait_for_ephemeral()
    assert either.stage.seen[0][1].text == "the payload={} of a rocket"


async def test_an_empty_line_is_answered_with_help(house: SlackHarness) -> None:
    help_card = await (await house.slash("")).wait_for_ephemeral()
    assert "What this bot can do" in help_card.visible_text


async def test_a_mistake_is_private_names_a_fix_and_leaves_nothing(house: SlackHarness) -> None:
    ix = await house.slash("thign post")
    error = await ix.wait_for_ephemeral()
    assert "Did you mean 'thing'?" in error.visible_text
    assert house.channel.messages == []


async def test_clients_rewrite_what_people_type_and_it_still_works(house: SlackHarness) -> None:
    text = "thing say “see <https://x.com/a|x.com/a> &amp; more” —times 2 where:<#C0001|alerts>"
    await (await house.slash(text)).wait_for_ephemeral()
    args = house.stage.seen[0][1]
    assert (args.text, args.times, args.where.id) == ("see https://x.com/a & more", 2, "C0001")


async def test_the_person_place_and_language_reach_the_command(house: SlackHarness) -> None:
    boss = house.ws.add_user("U2", "boss", owner=True, locale="fr-FR")
    await (await house.slash("thing say x")).wait_for_ephemeral()
    await (await house.slash("thing say x", boss)).wait_for_ephemeral()
    ann, owner = (call.invocation for call in house.stage.calls)
    assert (ann.actor.id, ann.actor.display_name, ann.actor.is_admin, ann.locale) == (
        "U1",
        "ann",
        False,
        "de-DE",
    )
    assert ann.place == Destination(TENANT, "C0001")
    assert (owner.actor.is_admin, owner.locale) == (True, "fr-FR")
    assert ann.id != owner.id


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Istanbul", "Europe/Istanbul"),
        ("America/Sao_Paulo", "America/Sao_Paulo"),
        ("Etc/UTC", "UTC"),
        ("EST", "EST"),
        ("posixrules", ""),
        ("Mars/Base", ""),
        ("", ""),
        (None, ""),
        (3, ""),
    ],
)
async def test_the_timezone_that_slack_tells_reaches_the_command(
    house: SlackHarness, told: Any, zone: str
) -> None:
    user = house.ws.add_user("U77", "zoe", tz=told)
    await (await house.slash("thing say x", user)).wait_for_ephemeral()
    assert house.stage.calls[-1].invocation.zone == zone


async def test_permissions_of_a_user_group_count_for_its_members(
    house: SlackHarness, storage: Database
) -> None:
    house.ws.add_usergroup("S1", "social", [house.ann])
    await Grants(storage).grant(TENANT, "role", "S1", Permission.SPEND)
    await (await house.slash("thing spend")).wait_for_ephemeral()
    assert house.stage.calls[0].invocation.actor.roles == frozenset({"S1"})
    ben = house.ws.add_user("U3", "ben")
    refused = await (await house.slash("thing spend", ben)).wait_for_ephemeral()
    assert "You may not" in refused.visible_text


async def test_an_admin_of_another_company_is_nobody_here(house: SlackHarness, storage: Database) -> None:
    """Through Slack Connect, `users.info` tells the flags of the person's own workspace."""
    await Grants(storage).grant(TENANT, "role", "S1", Permission.SPEND)
    theirs = {"enterprise_id": "E0009", "teams": ["T0009", "T0008"]}
    for person, enterprise in (("U7", None), ("U8", theirs)):
        guest = house.ws.add_user(
            person, "guest", admin=True, owner=True, home_team="T0009", enterprise=enterprise
        )
        house.ws.add_usergroup("S1", "social", [guest])
        for command in ("thing key", "thing spend"):
            refused = await (await house.slash(command, guest)).wait_for_ephemeral()
            assert "You may not" in refused.visible_text
        await (await house.slash("thing say x", guest)).wait_for_ephemeral()
        actor = house.stage.calls[-1].invocation.actor
        assert (actor.id, actor.is_admin, actor.is_member, actor.roles) == (person, False, False, frozenset())


def test_an_event_from_a_shared_channel_is_of_the_workspace_that_has_the_app() -> None:
    ours = [{"team_id": "T0001", "enterprise_id": None, "is_enterprise_install": False}]
    body = {"team_id": "T0009", "authorizations": ours, "event": {"user": "U7"}}
    assert of_event(body, 0.0).tenant == TENANT


async def test_an_account_of_the_same_organisation_keeps_its_rights(
    server: SlackServer, storage: Database
) -> None:
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"))
    account = {"enterprise_id": "E0001", "teams": ["T0009", "T0001"]}
    async with running(server, storage) as house:
        boss = house.ws.add_user("U7", "boss", admin=True, home_team="T0009", enterprise=account)
        await (await house.slash("thing say x", boss)).wait_for_ephemeral()
        actor = house.stage.calls[0].invocation.actor
        assert actor.is_admin and actor.is_member


@pytest.mark.parametrize("teams", [["T0009"], [], None, "T0001"], ids=str)
async def test_an_admin_elsewhere_in_the_organisation_is_nothing_here_by_that(
    server: SlackServer, storage: Database, teams: object
) -> None:
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"))
    account = {"enterprise_id": "E0001"} | ({} if teams is None else {"teams": teams})
    async with running(server, storage) as house:
        boss = house.ws.add_user("U7", "boss", admin=True, home_team="T0009", enterprise=account)
        house.ws.add_usergroup("S1", "social", [boss])
        await (await house.slash("thing say x", boss)).wait_for_ephemeral()
        actor = house.stage.calls[0].invocation.actor
        assert (actor.is_admin, actor.is_member, actor.roles) == (False, False, frozenset())


async def test_full_members_are_told_from_guests(house: SlackHarness) -> None:
    people: dict[str, tuple[dict[str, Any], bool]] = {
        "U2": ({}, True),
        "U3": ({"guest": "multi", "admin": True}, False),
        "U4": ({"guest": "single"}, False),
        "U5": ({"deleted": True, "owner": True}, False),
    }
    users = [house.ws.add_user(person, person.lower(), **facts) for person, (facts, _) in people.items()]
    house.ws.add_usergroup("S1", "social", users)
    for user in users:
        await (await house.slash("thing say x", user)).wait_for_ephemeral()
        actor = house.stage.calls[-1].invocation.actor
        assert (actor.id, actor.is_member, actor.is_admin) == (user.id, people[user.id][1], False)
        assert actor.roles == {"S1"}, "guests too may be in groups of the workspace"


async def test_a_demoted_admin_is_none_a_minute_later_wherever_the_wall_clock_went(
    server: SlackServer, storage: Database
) -> None:
    wall, ticks = ManualClock(), ManualClock()
    async with running(server, storage, clock=wall, ticks=ticks) as house:
        boss = house.ws.add_user("U7", "boss", admin=True)
        await (await house.slash("thing say x", boss)).wait_for_ephemeral()
        assert house.stage.calls[-1].invocation.actor.is_admin
        boss.admin, boss.guest = False, "multi"
        wall.advance(-23 * 3600)
        ticks.advance(61)
        await (await house.slash("thing say x", boss)).wait_for_ephemeral()
        actor = house.stage.calls[-1].invocation.actor
        assert (actor.is_admin, actor.is_member) == (False, False)


async def test_a_workspace_without_user_groups_is_served_all_the_same(house: SlackHarness) -> None:
    house.server.fail_next("usergroups.list", error="paid_teams_only")
    await (await house.slash("thing say x")).wait_for_ephemeral()
    assert house.stage.calls[0].invocation.actor.roles == frozenset()


async def test_people_are_looked_up_once_in_a_while(house: SlackHarness) -> None:
    for _ in range(3):
        await (await house.slash("thing say x")).wait_for_ephemeral()
    assert len(house.server.calls("users.info")) == 1
    assert len(house.server.calls("usergroups.list")) == 1


async def test_without_word_from_slack_a_person_has_no_privileges_but_an_answer(house: SlackHarness) -> None:
    boss = house.ws.add_user("U2", "boss", admin=True)
    house.server.fail_next("users.info", error="internal_error", times=1)
    refused = await (await house.slash("thing key", boss)).wait_for_ephemeral()
    assert "You may not" in refused.visible_text


async def test_what_may_not_be_done_is_refused_before_anything_runs(house: SlackHarness) -> None:
    refused = await (await house.slash("thing spend")).wait_for_ephemeral()
    assert "This needs spend" in refused.visible_text
    assert house.stage.seen == []


# --- deliveries that come twice --------------------------------------------------------------


async def test_a_command_delivered_twice_runs_once(either: SlackHarness) -> None:
    ix = await either.slash("thing post")
    await ix.wait_for_message()
    await either.server.redeliver(ix)
    other = await either.slash("thing say x")
    await other.wait_for_ephemeral()
    assert [name for name, _ in either.stage.seen] == ["thing post", "thing say"]
    assert len(either.channel.messages) == 1
    assert len(ix.acks) == 2


# --- buttons ---------------------------------------------------------------------------------


async def test_the_pressed_message_is_known_unless_only_one_person_sees_it(house: SlackHarness) -> None:
    house.stage.button()
    message = await (await house.slash("thing post")).wait_for_message()
    private = await (await house.slash("thing say x")).wait_for_ephemeral()
    for target in (message, private):
        await (await house.ws.press(target, "x1:thing.again:k1", house.ann)).wait_for_ephemeral()
    seen = [call.invocation.message for call in house.stage.calls[-2:]]
    assert seen == [MessageRef(Destination(TENANT, "C0001"), message.ts), None]


async def test_the_same_button_twice_in_a_message_does_the_same(house: SlackHarness) -> None:
    again = Button("Again", ActionRef("thing.again", "k1"))
    house.stage.card = Card("Two", (Buttons((again, again)),))
    message = await (await house.slash("thing post")).wait_for_message()
    first, second = message.action_ids
    for action_id in (first, second):
        await (await house.ws.press(message, action_id, house.ann)).wait_for_ephemeral()
    assert [args[0] for name, args in house.stage.seen if name == "pressed"] == [{"key": "k1"}] * 2


async def test_a_button_that_is_a_link_is_only_acknowledged(house: SlackHarness) -> None:
    house.stage.card = Card("Link", buttons=(Button("Open", url="https://x.com/nasa"),))
    message = await (await house.slash("thing post")).wait_for_message()
    ix = await house.ws.press(message, "url:0", house.ann)
    assert ix.acked
    await (await house.slash("thing say x")).wait_for_ephemeral()
    assert [name for name, _ in house.stage.seen] == ["thing post", "thing say"]


# --- shortcuts -------------------------------------------------------------------------------

TWEET = "https://x.com/nasa/status/1893456789012345678"


async def test_a_message_shortcut_shows_the_tweet_in_the_thread_it_was_used_in(house: SlackHarness) -> None:
    root = house.ws.say(house.ann, house.channel, "look")
    reply = house.ws.say(house.ann, house.channel, f"at <{TWEET}>", thread_ts=root.ts)
    ix = await house.ws.message_shortcut(house.ann, reply, "xquik_show_tweet")
    answer = await ix.wait_for_message()
    assert answer.thread_ts == root.ts
    assert house.stage.seen[0][1].tweet.id == "1893456789012345678"


async def test_a_message_shortcut_opens_the_form_of_what_is_missing(house: SlackHarness) -> None:
    message = house.ws.say(house.ann, house.channel, f"reply to {TWEET}?s=20")
    ix = await house.ws.message_shortcut(house.ann, message, "xquik_draft_reply")
    view = await ix.wait_for_view()
    await house.ws.submit_view(view, {"text": "Well done"})
    await house.server.wait_for(lambda: house.stage.seen)
    name, args = house.stage.seen[0]
    assert (name, args.tweet.id, args.text) == ("tweet reply", "1893456789012345678", "Well done")


async def test_a_message_without_a_tweet_is_told_so(house: SlackHarness) -> None:
    message = house.ws.say(house.ann, house.channel, "no link")
    ix = await house.ws.message_shortcut(house.ann, message, "xquik_show_tweet")
    assert "no link to a tweet" in (await ix.wait_for_ephemeral()).visible_text


async def test_the_global_shortcut_finds_a_command_and_runs_it(house: SlackHarness) -> None:
    view = await (await house.ws.shortcut(house.ann, "xquik_run")).wait_for_view()
    found = await house.ws.suggest(view, "xquik:command", house.ann, "thing sa")
    (option,) = found.options
    assert option["text"]["text"] == "thing say – Summary of thing say"
    entered = {"command": option, "options/value": "hello times:2", "place/value": "C0001"}
    await house.ws.submit_view(view, entered)
    (answer,) = await house.server.wait_for(lambda: house.ws.ephemerals)
    assert (answer.channel, answer.ephemeral_to) == (house.channel, "U1")
    assert house.stage.seen[0][1].times == 2


async def test_the_global_shortcut_says_commands_in_the_language_of_who_types(
    house: SlackHarness, storage: Database
) -> None:
    await StoredLanguages(storage, time.time).put(TENANT, "U1", PSEUDO)
    view = await (await house.ws.shortcut(house.ann, "xquik_run")).wait_for_view()
    for typed in ("thing say", "say šúḿḿáŕý", "say summary"):
        (option,) = (await house.ws.suggest(view, "xquik:command", house.ann, typed)).options
        assert option["text"]["text"].startswith("thing say – ⟦Šúḿḿáŕý óƒ ţĥíńĝ šáý")
        assert option["value"] == "thing say"


async def test_without_a_place_the_global_shortcut_answers_in_direct_messages(house: SlackHarness) -> None:
    view = await (await house.ws.shortcut(house.ann, "xquik_run")).wait_for_view()
    (option,) = (await house.ws.suggest(view, "xquik:command", house.ann, "thing post")).options
    await house.ws.submit_view(view, {"command": option})
    await house.server.wait_for(lambda: house.ann.dms)
    assert house.ann.dms[0].visible_text == "Done\nIt is done."


# --- the home tab, failures, the end ---------------------------------------------------------


async def test_the_home_tab_shows_what_the_bot_can_do(house: SlackHarness) -> None:
    await house.ws.event("app_home_opened", {"user": "U1", "channel": "D1", "tab": "home"})
    await house.server.wait_for(lambda: house.ann.home)
    assert house.ann.home is not None
    assert "/xquik thing" in house.ann.home.visible_text
    await house.ws.event("app_home_opened", {"user": "U1", "channel": "D1", "tab": "messages"})
    await (await house.slash("thing say x")).wait_for_ephemeral()
    assert len(house.server.calls("views.publish")) == 1


@pytest.mark.parametrize("audience", ["thing say x", "thing post"])
async def test_a_failure_is_private_and_leaves_nothing_in_the_channel(
    either: SlackHarness, audience: str
) -> None:
    either.stage.error = NotFound("There is no such tweet.")
    ix = await either.slash(audience)
    error = await ix.wait_for_ephemeral()
    assert "There is no such tweet." in error.visible_text
    assert "Traceback" not in error.visible_text
    assert either.channel.messages == []


async def test_a_stop_waits_for_what_is_under_way(server: SlackServer, storage: Database) -> None:
    async with running(server, storage) as house:
        house.stage.gate.clear()
        ix = await house.slash("thing post")
        await server.wait_for(lambda: house.stage.seen or server.calls("users.info"))
        stopping = asyncio.create_task(house.platform.stop())
        await asyncio.sleep(0)
        house.stage.gate.set()
        await stopping
        assert (await ix.wait_for_message()).visible_text == "Done\nIt is done."
        assert not house.platform.ready


async def test_it_connects_again_when_the_connection_is_cut(house: SlackHarness) -> None:
    assert house.platform.ready
    await house.server.cut_sockets()
    await house.server.wait_connected()
    await (await house.slash("thing say x")).wait_for_ephemeral()


# --- a link alone ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [f"<{TWEET}>", f"<{TWEET}?s=20&amp;t=1|x.com/nasa>", TWEET, f"\u2066<{TWEET}>\u2069"]
)
async def test_a_link_alone_offers_what_can_be_done_with_the_tweet(either: SlackHarness, text: str) -> None:
    offered = await (await either.slash(text)).wait_for_ephemeral()
    assert "A tweet by @nasa" in offered.visible_text
    show, reply = [one for one in offered.action_ids if one.startswith(("x1:offer.run", "x1:form."))]
    view = await (await either.ws.press(offered, reply, either.ann)).wait_for_view()
    await either.ws.submit_view(view, {"text": "Well done"})
    await either.server.wait_for(lambda: either.stage.seen)
    await either.ws.press(offered, show, either.ann)
    await either.server.wait_for(lambda: len(either.stage.seen) == 2)
    assert [(name, args.tweet.id) for name, args in either.stage.seen] == [
        ("tweet reply", TWEET[-19:]),
        ("tweet show", TWEET[-19:]),
    ]
