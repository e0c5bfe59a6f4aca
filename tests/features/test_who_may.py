"""Who may do what: a decision for every command and button there is, and what people without VIEW see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Effect
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, BotHarness, open_house
from tests.features.test_asking import arrive

# Needs, and who sees the answer. What is not here fails: whoever adds a command decides it here too.
COMMANDS = {
    "help": ("use", "private"),
    "setup key": ("manage", "private"),
    "setup status": ("manage", "private"),
    "setup forget": ("manage", "private"),
    "setup notices": ("manage", "private"),
    "setup timezone": ("manage", "private"),
    "setup spending": ("manage", "private"),
    "setup language": ("manage", "private"),
    "me show": ("use", "private"),
    "me timezone": ("use", "private"),
    "me language": ("use", "private"),
    "account show": ("view", "private"),
    "account default": ("view", "private"),
    "account mine": ("publish", "private"),
    "account use": ("manage", "private"),
    "account forget": ("manage", "private"),
    "account identity": ("manage", "private"),
    "account language": ("manage", "private"),
    "account disconnect": ("manage", "private"),
    "credits show": ("view", "private"),
    "credits status": ("view", "private"),
    "credits topup": ("manage", "private"),
    "credits budget": ("manage", "private"),
    "credits alert": ("manage", "private"),
    "credits report": ("view", "private"),
    "subscribe link": ("manage", "private"),
    "support list": ("view", "private"),
    "support show": ("view", "private"),
    "support file": ("view", "private"),
    "support open": ("manage", "private"),
    "support reply": ("manage", "private"),
    "support close": ("manage", "private"),
    "draw run": ("spend", "channel"),
    "draw show": ("use", "channel"),
    "draw list": ("view", "private"),
    "draw export": ("view", "private"),
    "draw check": ("spend", "channel"),
    "media subtitles": ("spend", "channel"),
    "link resolve": ("spend", "channel"),
    "broadcast show": ("spend", "channel"),
    "broadcast live": ("spend", "channel"),
    "trends suggest": ("spend", "channel"),
    "trends story": ("spend", "channel"),
    "link embed": ("spend", "channel"),
    "media get": ("spend", "channel"),
    "media list": ("view", "private"),
    "media upload": ("publish", "channel"),
    "media export": ("view", "private"),
    "trends show": ("spend", "channel"),
    "trends history": ("spend", "channel"),
    "trends places": ("spend", "channel"),
    "radar show": ("use", "channel"),
    "tweet show": ("spend", "channel"),
    "tweet quotes": ("spend", "channel"),
    "tweet search": ("spend", "channel"),
    "tweet translate": ("spend", "channel"),
    "tweet insights": ("spend", "channel"),
    "tweet action": ("view", "private"),
    "article show": ("spend", "channel"),
    "tweet top": ("spend", "channel"),
    "tweet thread": ("spend", "channel"),
    "tweet replies": ("spend", "channel"),
    "tweet retweeters": ("spend", "channel"),
    "tweet likers": ("view,spend", "private"),
    "tweet compose": ("use", "private"),
    "tweet refine": ("use", "private"),
    "tweet score": ("use", "private"),
    "tweet post": ("publish", "channel"),
    "tweet reply": ("publish", "channel"),
    "tweet delete": ("publish", "channel"),
    "tweet thread-post": ("publish", "channel"),
    "tweet unlike": ("publish", "channel"),
    "tweet unrepost": ("publish", "channel"),
    "user follow": ("publish", "channel"),
    "user unfollow": ("publish", "channel"),
    "user remove-follower": ("publish", "channel"),
    "profile show": ("view,spend", "private"),
    "profile edit": ("publish", "channel"),
    "profile avatar": ("publish", "channel"),
    "profile banner": ("publish", "channel"),
    "community create": ("publish", "channel"),
    "community join": ("publish", "channel"),
    "community leave": ("publish", "channel"),
    "community delete": ("publish", "channel"),
    "user show": ("spend", "channel"),
    "user tweets": ("spend", "channel"),
    "user followers": ("spend", "channel"),
    "user replies": ("spend", "channel"),
    "user media": ("spend", "channel"),
    "user mentions": ("spend", "channel"),
    "user following": ("spend", "channel"),
    "user verified": ("spend", "channel"),
    "user mutuals": ("spend", "channel"),
    "user search": ("spend", "channel"),
    "user compare": ("spend", "channel"),
    "user latest": ("spend", "channel"),
    "user check": ("spend", "channel"),
    "user highlights": ("spend", "channel"),
    "user similar": ("spend", "channel"),
    "user affiliates": ("spend", "channel"),
    "article list": ("spend", "channel"),
    "user insights": ("spend", "channel"),
    "user translate": ("spend", "channel"),
    "user likes": ("view,spend", "private"),
    "tweet like": ("publish", "channel"),
    "tweet repost": ("publish", "channel"),
    "tweet quote": ("publish", "channel"),
    "analyze sentiment": ("spend", "channel"),
    "analyze classify": ("spend", "channel"),
    "analyze brand": ("spend", "channel"),
    "analyze news": ("spend", "channel"),
    "analyze market": ("spend", "channel"),
    "analyze score": ("spend", "channel"),
    "extract estimate": ("use", "private"),
    "extract run": ("spend", "channel"),
    "extract status": ("use", "private"),  # one's own
    "extract list": ("view", "private"),
    "extract show": ("use", "private"),  # one's own
    "extract export": ("use", "private"),  # one's own
    "extract cancel": ("spend", "channel"),
    "style analyze": ("spend", "channel"),
    "style list": ("view", "private"),
    "style show": ("view", "private"),
    "style compare": ("view", "private"),
    "style performance": ("view,spend", "private"),
    "style save": ("manage", "private"),
    "style delete": ("view,manage", "private"),
    "draft save": ("use", "private"),
    "draft list": ("use", "private"),  # one's own
    "draft show": ("use", "private"),  # one's own
    "draft delete": ("use", "private"),  # one's own
    "draft post": ("publish", "channel"),
    "monitor add": ("manage", "private"),
    "monitor keyword": ("manage", "private"),
    "monitor post": ("manage", "private"),
    "monitor edit": ("manage", "private"),
    "monitor metrics": ("view", "private"),
    "monitor list": ("view", "private"),
    "monitor pause": ("manage", "private"),
    "monitor resume": ("manage", "private"),
    "monitor remove": ("manage", "private"),
    "events recent": ("view", "private"),
    "events show": ("view", "private"),
    "hook status": ("view", "private"),
    "hook deliveries": ("view", "private"),
    "hook test": ("manage", "private"),
    "hook resume": ("manage", "private"),
    "relay add": ("manage", "private"),
    "relay list": ("use", "private"),  # the names of this channel's
    "relay show": ("view", "private"),
    "relay edit": ("manage", "private"),
    "relay pause": ("manage", "private"),
    "relay resume": ("manage", "private"),
    "relay remove": ("manage", "private"),
    "relay test": ("manage", "private"),
    "relay filter": ("manage", "private"),
    "relay look": ("manage", "private"),
    "relay timing": ("manage", "private"),
    "relay preview": ("view", "private"),
    "relay why": ("view", "private"),
    "relay status": ("view", "private"),
    "relay replay": ("manage", "private"),
    "relay mute": ("manage", "private"),
    "relay unmute": ("manage", "private"),
    "relay mutes": ("view", "private"),
    "policy show": ("view", "private"),
    "policy grant": ("manage", "private"),
    "policy revoke": ("manage", "private"),
    "policy list": ("view", "private"),
    "policy allow": ("manage", "private"),
    "policy deny": ("manage", "private"),
    "policy reset": ("manage", "private"),
    "policy test": ("use", "private"),  # of oneself, here; of others for view alone
    "audit recent": ("manage", "private"),
    "audit export": ("manage", "private"),
    "audit verify": ("manage", "private"),
    "privacy export": ("", "private"),  # of oneself; of the place for manage and view alone
    "privacy delete": ("", "private"),
    "bookmarks show": ("private,spend", "confidential"),
    "bookmarks folders": ("private,spend", "confidential"),
    "timeline show": ("private,spend", "confidential"),
    "notifications show": ("private,spend", "confidential"),
    "dm history": ("private,spend", "confidential"),
    "dm send": ("private,publish", "confidential"),
    "dm delete": ("private,publish", "confidential"),
    **{
        f"{group} {verb}": ("spend", "channel")
        for group, verbs in (
            (
                "community",
                (
                    *("show", "members", "moderators", "tweets", "media", "insights", "search", "find"),
                    *("popular", "suggested", "topics"),
                ),
            ),
            ("list", ("show", "tweets", "members", "followers", "search", "owned", "memberships")),
            ("space", ("show", "search", "replay")),
        )
        for verb in verbs
    },
}
ACTIONS = {
    "setup.forget": ("manage", "private"),
    "privacy.delete": ("", "private"),  # of oneself; of the place for manage and view alone
    "account.forget_mine": ("publish", "private"),
    "draw.export": ("view", "private"),
    "extract.filters": ("use", "private"),
    "extract.show": ("use", "private"),  # one's own
    "extract.export": ("use", "private"),  # one's own
    "extract.cancel": ("spend", "channel"),
    "draw.backup": ("spend", "channel"),
    "tweet.propose": ("publish", "channel"),
    "draft.keep": ("use", "private"),
    "draft.post": ("publish", "channel"),
    "draft.delete": ("use", "private"),  # one's own; those of others need more
    "posted.reply": ("publish", "channel"),
    "posted.delete": ("publish", "channel"),
    "event.reply": ("publish", "channel"),
    "event.like": ("publish", "channel"),
    "event.repost": ("publish", "channel"),
    "event.more": ("use", "private"),  # of a message of this channel
    "event.quote": ("publish", "channel"),
    "event.mute": ("manage", "private"),
    "event.unmute": ("manage", "private"),
    "event.why": ("use", "private"),  # of a message of this channel
    "event.space": ("spend", "channel"),
    "event.broadcast": ("spend", "channel"),
    "space.replay": ("spend", "channel"),
    "relay.pause": ("manage", "private"),
    "relay.resume": ("manage", "private"),
    "relay.test": ("manage", "private"),
    "relay.preview": ("view", "private"),
    "relay.missed": ("manage", "private"),
    "relay.replay": ("manage", "private"),
    "silence.resume": ("manage", "private"),
    "silence.why": ("use", "private"),  # why: for view or manage alone
    # What a proposal or a file needs is looked up by its kind, and by the command that it came of.
    "pending.confirm": ("", "private"),
    "pending.partly": ("", "private"),
    "pending.offer": ("", "private"),
    "pending.edit": ("", "private"),
    "pending.account": ("", "private"),
    "pending.cancel": ("", "private"),
    "pending.retry": ("", "private"),
    "pending.stop": ("", "private"),
    "list.file": ("", "private"),
    "list.filehere": ("", "channel"),
    "list.on": ("", "channel"),
}
# What completes options, and of what a command needs one where the values tell of the inside.
SUGGESTIONS = {
    "topics": set[str](),  # of what one may run
    "regions": set[str](),
    "x_places": set[str](),
    "events": set[str](),
    "post_events": set[str](),
    "any_events": set[str](),
    "routes": {"view", "manage"},
    "filters": {"manage"},
    "tags": {"manage"},
    "accounts": {"view", "private", "publish", "manage"},
    # These look themselves whether the person may see them (tests/features/test_pickers.py).
    **{
        name: set[str]()
        for name in (
            "draws",
            "drafts",
            "extractions",
            "extractions_over",
            "extractions_running",
            "extraction_targets",
            "monitors",
            "x_lists",
            "x_communities",
            "watched",
            "watched_tweets",
            "others",
            "tweets",
            "writes",
            "folders",
            "searches",
            "seen",
            "styles",
            "muted",
            "people",
            "community_topics",
            "posted",
            "recent_events",
            "tickets",
            "webhooks",
        )
    },
    # The same for everybody.
    **{
        name: set[str]()
        for name in (
            "extraction_filters",
            "languages",
            "countries",
            "digests",
            "bursts",
            "hours",
            "missed",
            "groups",
            "pings",
            "timezones",
            "deeds",
        )
    },
}


@pytest_asyncio.fixture
async def relayed(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A tweet relayed to #alerts by one route; another route goes to #social alone."""
    async with open_house(tmp_path, empty_bot) as house:
        await house.done("relay add channel:#alerts account:nasa name:space")
        await house.done("relay add channel:#social account:nasa contains:merger name:secret-deal")
        await house.app.relay.start()
        await arrive(house, 1, tweet="1893456789012345678", author={"username": "nasa"})
        yield house
        await house.app.relay.stop(1.0)


def test_every_command_and_button_has_its_decision(house: BotHarness) -> None:
    known = house.app.dispatcher.catalogue
    assert {c.name: (",".join(c.needs.names()), c.audience.value) for c in known} == COMMANDS
    assert {a.name: (",".join(a.needs.names()), a.audience.value) for a in known.actions} == ACTIONS
    assert set(known.suggestions) == set(SUGGESTIONS)
    assert set(known.menus) == {"accounts", "connected"}


def test_what_needs_view_is_told_to_the_person_alone(house: BotHarness) -> None:
    for one in (*house.app.dispatcher.catalogue, *house.app.dispatcher.catalogue.actions):
        assert "view" not in one.needs.names() or one.audience is Audience.PRIVATE, one.name
        assert ("private" in one.needs.names()) is (one.audience is Audience.CONFIDENTIAL), one.name


def test_names_are_suggested_only_where_they_may_be_seen(house: BotHarness) -> None:
    for command in house.app.dispatcher.catalogue:
        for parameter in command.parameters:
            wanted = SUGGESTIONS.get(parameter.suggest or "", set())
            if parameter.menu is not None:
                wanted = {"view", "private", "publish", "manage"}
            assert not wanted or wanted & set(command.needs.names()), (command.name, parameter.name)


INSIDE = [name for name, (needs, _) in COMMANDS.items() if needs == "view"]


@pytest.mark.parametrize("name", INSIDE)
async def test_the_inside_is_for_the_team(house: BotHarness, name: str) -> None:
    command = house.app.dispatcher.catalogue.command(tuple(name.split()))
    assert command is not None and command.effect is Effect.READ
    refused = await house.say(command.examples[0], MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "to see the team's drafts, balance, monitors" in words(refused.failure)
    assert "policy grant view to:@role" in words(refused.failure)
    assert (await house.say(command.examples[0], TEAM)).outcome is not InvocationOutcome.NOT_PERMITTED
    await house.say("policy grant view to:user:ben")
    assert (await house.say(command.examples[0], MEMBER)).outcome is not InvocationOutcome.NOT_PERMITTED
    await house.say("policy revoke view to:user:ben")
    await house.say("policy revoke view to:members")
    for person in (MEMBER, TEAM):
        assert (await house.say(command.examples[0], person)).outcome is InvocationOutcome.NOT_PERMITTED


async def test_who_may_manage_does_not_see_the_inside_by_that(house: BotHarness) -> None:
    await house.say("policy grant manage to:user:ben")
    assert (await house.done("monitor add nasa", MEMBER)).outcome is InvocationOutcome.OK
    assert (await house.say("monitor list", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED


async def test_routes_are_listed_by_name_where_they_lead(relayed: BotHarness) -> None:
    mine = (await relayed.say("relay list", MEMBER, channel="c1")).card
    assert rows_of(mine) == [["space"]]
    assert "secret-deal" not in words(mine) and "nasa" not in words(mine)
    nothing = words((await relayed.say("relay list", MEMBER, channel="c2")).card)
    assert "space" not in nothing and "No route sends here" in nothing
    whole = words((await relayed.say("relay list", TEAM, channel="c2")).card)
    assert "space" in whole and "secret-deal" in whole


async def test_why_tells_a_member_of_this_channel_alone(relayed: BotHarness) -> None:
    card = relayed.wall.posted[0][1]
    more = await relayed.press(card, "More…", actor=MEMBER, channel="c1")
    why = words((await relayed.press(more, "Why am I seeing this?", actor=MEMBER, channel="c1")).card)
    assert "space" in why and "took it" in why
    assert "secret-deal" not in why and "merger" not in why
    whole = words((await relayed.press(more, "Why am I seeing this?", actor=TEAM, channel="c1")).card)
    assert "secret-deal" in whole and "merger" in whole, "the team is told of routes that refuse too"


@pytest.mark.parametrize("action", ["event.more", "event.why"])
async def test_a_message_of_another_channel_cannot_be_asked_about_by_counting(
    relayed: BotHarness, action: str
) -> None:
    """The ids behind the buttons are numbers."""
    key = ref_of(relayed.wall.posted[0][1], "More…").key
    screen = await relayed.press(ActionRef(action, key), actor=MEMBER, channel="c3")
    assert "Nothing about it was posted in this channel" in words(screen.failure)
    assert "Tweet 1" not in words(screen.failure)
    assert (
        await relayed.press(ActionRef(action, key), actor=TEAM, channel="c3")
    ).outcome is InvocationOutcome.OK


async def test_help_shows_what_one_may_run(house: BotHarness) -> None:
    mine = {row[0]: row[1] for row in rows_of((await house.say("help", MEMBER)).card)}
    assert mine["draft"] == "save, list, show, delete" and mine["relay"] == "list"
    assert not {"setup", "account", "credits", "monitor", "trends"} & set(mine)
    assert mine["policy"] == "test"
    whole = {row[0] for row in rows_of((await house.say("help", ADMIN)).card)}
    assert whole == {group.name for group in house.app.dispatcher.catalogue.groups}
    said = words((await house.say("help", MEMBER)).card)
    assert "are not shown" in said and "not shown" not in words((await house.say("help", ADMIN)).card)
    drafts = words((await house.say("help draft", MEMBER)).card)
    assert "draft save" in drafts and "draft post" not in drafts and "1 command is not shown" in drafts


@pytest.mark.parametrize("line", ["help monitor", "help monitor list", "help setup key"])
async def test_help_on_what_one_may_not_run_names_the_permission(house: BotHarness, line: str) -> None:
    refused = await house.say(line, MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "policy grant" in words(refused.failure)


async def test_topics_are_suggested_to_who_may_run_them(house: BotHarness) -> None:
    dispatcher = house.app.dispatcher
    found = await dispatcher.suggest(house.invocation(MEMBER, HERE), ("help",), "topic", "")
    assert {"draft", "draft save", "radar"} <= {choice.value for choice in found}
    assert not any(choice.value.startswith(("monitor", "setup", "policy show")) for choice in found)


async def test_the_policy_shows_view_and_the_members_of_a_workspace(house: BotHarness) -> None:
    card = (await house.say("policy show", TEAM)).card
    assert ["everyone", "use"] in rows_of(card)
    assert ["members (no guests)", "view"] in rows_of(card)
    assert ["admins", "use, view, private, spend, publish, manage"] in rows_of(card)
    assert "view: " in words(card)
    changed = (await house.say("policy grant spend to:members")).card
    assert ["members (no guests)", "view, spend"] in rows_of(changed)


async def test_where_there_are_no_full_members_nothing_is_granted_to_them(house: BotHarness) -> None:
    server = HERE.__class__("discord", "900")
    assert not any("members" in row[0] for row in rows_of((await house.say("policy", tenant=server)).card))
    refused = await house.say("policy grant view to:members", tenant=server)
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD and "Slack" in words(refused.failure)


async def test_what_needs_a_permission_is_not_told_by_its_suggestions(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:hidden")
    for path in (("relay", "show"), ("relay", "preview"), ("relay", "pause"), ("relay", "replay")):
        found = await house.app.dispatcher.suggest(house.invocation(MEMBER, HERE), path, "route", "")
        assert found == (), path
    assert await house.app.dispatcher.suggest(house.invocation(TEAM, HERE), ("relay", "show"), "route", "")
