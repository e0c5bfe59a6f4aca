"""The local Slack, driven by the real slack-bolt in both of its modes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from tests.doubles.slack import Channel, NotSubmittable, SlackServer, User, Workspace
from tests.doubles.slack.samples import actions, button, modal, plain, section, select, text_input

EVENTS = "http://bot.test/slack/events"
Json = dict[str, Any]


@dataclass(slots=True)
class Office:
    """A server with one workspace, one channel and one person; ``seen`` is what the bot noticed."""

    server: SlackServer
    ws: Workspace
    channel: Channel
    ann: User
    seen: list[Any] = field(default_factory=list)

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.ws.bot_token, base_url=self.server.api_url)

    def rules_broken(self) -> list[str]:
        return [violation.rule for violation in self.server.violations]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with SlackServer() as server:
        ws = server.add_workspace("T0001")
        yield Office(server, ws, ws.add_channel("C0001", "alerts"), ws.add_user("U1", "ann", locale="de-DE"))


CARD = [section("A card"), actions(button(value="42"), select())]


def make_app(office: Office) -> AsyncApp:
    """A bot with a command that posts, a button that opens a form, and a form that answers."""
    app = AsyncApp(client=office.client, signing_secret=office.server.signing_secret)
    add_commands(office, app)
    add_forms(office, app)
    return app


def add_commands(office: Office, app: AsyncApp) -> None:
    @app.command("/xquik")
    async def command(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack(f"working on {command['text']}")
        await client.chat_postMessage(channel=command["channel_id"], text="A card", blocks=CARD)

    @app.command("/mute")
    async def mute() -> None:
        """Never acknowledges."""

    @app.action("x1:open:k")
    async def pressed(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))
        await respond("opening", replace_original=False)

    @app.action("pick")
    async def picked(ack: Any, action: Json) -> None:
        await ack()
        office.seen.append(action["selected_option"]["value"])


def add_forms(office: Office, app: AsyncApp) -> None:
    @app.view("form")
    async def submitted(ack: Any, view: Json, body: Json, client: AsyncWebClient) -> None:
        text = view["state"]["values"]["what"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"what": "not that"})
        elif text == "more":
            await ack(response_action="push", view=modal(text_input(), title=plain("More")))
        else:
            await ack()
            await client.chat_postEphemeral(channel="C0001", user=body["user"]["id"], text=f"got {text}")

    @app.options("find")
    async def options(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(payload["value"]), "value": "1"}])

    @app.shortcut("compose")
    async def compose(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(text_input()))

    @app.event("app_home_opened")
    async def home(body: Json, request: Any) -> None:
        office.seen.append((body["event_id"], request.headers.get("x-slack-retry-num")))


def serve(office: Office, app: AsyncApp) -> None:
    adapter = AsyncSlackRequestHandler(app)
    paths = {"/slack/events": "POST", "/slack/install": "GET", "/slack/oauth_redirect": "GET"}
    routes = [Route(path, adapter.handle, methods=[method]) for path, method in paths.items()]
    office.server.events_url, office.server.events_app = EVENTS, Starlette(routes=routes)


@pytest.fixture
async def socket_bot(office: Office) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(make_app(office), office.ws.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt's own lack of hints
    await office.server.wait_connected()
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]  # bolt's own lack of hints


@pytest.fixture
def http_bot(office: Office) -> AsyncApp:
    app = make_app(office)
    serve(office, app)
    return app


@pytest.fixture(params=["socket_bot", "http_bot"])
def bot(request: pytest.FixtureRequest) -> Any:
    """The same bot over Socket Mode and over HTTP."""
    return request.getfixturevalue(request.param)


# interactions, in both modes


async def test_a_command_is_acknowledged_and_posts_a_card(office: Office, bot: Any) -> None:
    ix = await office.ws.slash(office.ann, office.channel, "/xquik", "draw run")
    card = await ix.wait_for_message()
    assert (ix.acked_in or 9) < 3
    assert [m.text for m in ix.ephemerals] == ["working on draw run"]
    assert office.channel.messages == [card]
    assert card.visible_text.startswith("A card\nOpen")
    assert office.server.violations == []


async def open_form(office: Office) -> Any:
    await office.ws.slash(office.ann, office.channel, "/xquik", "x")
    (card,) = await office.channel.wait_for_messages(1)
    return await office.ws.press(card, "x1:open:k", office.ann)


async def test_a_button_opens_a_form_and_the_form_answers(office: Office, bot: Any) -> None:
    pressed = await open_form(office)
    view = await pressed.wait_for_view()
    assert office.ann.views == [view]

    await office.ws.submit_view(view, {"what/text": "bad"})
    assert view.errors == {"what": "not that"}

    await office.ws.submit_view(view, {"text": "more"})
    assert [v.title for v in office.ann.views] == ["A form", "More"]

    sent = await office.ws.submit_view(office.ann.views[-1], {"what": "good"})
    assert (await sent.wait_for_ephemeral()).text == "got good"
    assert office.ann.views == [view]
    assert await office.ws.close_view(view) is None
    assert office.ann.views == []
    assert [post["text"] for post in pressed.response_posts] == ["opening"]
    assert office.server.violations == []


async def test_a_person_can_only_do_what_a_client_offers(office: Office, http_bot: AsyncApp) -> None:
    view = await (await open_form(office)).wait_for_view()
    with pytest.raises(NotSubmittable):
        await office.ws.submit_view(view, {})
    with pytest.raises(LookupError, match="what/text"):
        await office.ws.submit_view(view, {"nothing/there": "x"})
    card = office.channel.messages[0]
    with pytest.raises(LookupError, match="x1:open:k"):
        await office.ws.press(card, "x1:other:k", office.ann)
    with pytest.raises(LookupError, match="'0', '1'"):
        await office.ws.press(card, "pick", office.ann, "7")


async def test_selects_shortcuts_and_suggestions_arrive(office: Office, bot: Any) -> None:
    await office.ws.slash(office.ann, office.channel, "/xquik", "x")
    (card,) = await office.channel.wait_for_messages(1)
    await office.ws.press(card, "pick", office.ann, "1")
    assert await office.server.wait_for(lambda: office.seen) == ["1"]

    opened = await office.ws.shortcut(office.ann, "compose")
    assert (await opened.wait_for_view()).callback_id == "form"
    opened = await office.ws.message_shortcut(office.ann, card, "compose")
    assert (await opened.wait_for_view()).open

    external = {"type": "external_select", "action_id": "find"}
    await office.client.chat_postMessage(channel="C0001", text="x", blocks=[actions(external)])
    ix = await office.ws.suggest(office.channel.messages[-1], "find", office.ann, "na")
    assert [option["text"]["text"] for option in ix.options] == ["na"]
    assert office.server.violations == []


async def test_a_redelivered_event_is_the_same_event(office: Office, bot: Any) -> None:
    ix = await office.ws.event("app_home_opened", {"user": "U1", "channel": "D1", "tab": "home"})
    await office.server.redeliver(ix)
    await office.server.wait_for(lambda: len(office.seen) == 2)
    assert [event_id for event_id, _ in office.seen] == [ix.payload["event_id"]] * 2
    assert office.seen[1][1] == ["1"]
    assert [ack.delivery for ack in ix.acks] == [0, 1]


async def test_a_missing_acknowledgement_is_noted(office: Office, bot: Any) -> None:
    office.server.ack_limit = 0.2
    ix = await office.ws.slash(office.ann, office.channel, "/mute")
    assert ix.acked_in is None
    assert office.rules_broken() == ["not_acknowledged"]


async def test_a_late_handler_goes_on_though_its_acknowledgement_is_lost(office: Office, bot: Any) -> None:
    office.server.ack_limit = 0.1
    office.server.fail_next("auth.test", delay=0.3, times=2)
    ix = await office.ws.slash(office.ann, office.channel, "/xquik", "x")
    assert not ix.acked
    assert (await ix.wait_for_message()).text == "A card"
    assert ix.ephemerals == []


# Socket Mode


async def test_the_client_reconnects_when_asked_and_when_cut(
    office: Office, socket_bot: AsyncSocketModeHandler
) -> None:
    await office.server.ask_to_reconnect()
    assert (await office.ws.slash(office.ann, office.channel, "/xquik", "1")).acked
    await office.server.cut_sockets()
    await office.server.wait_connected()
    assert (await office.ws.slash(office.ann, office.channel, "/xquik", "2")).acked
    assert office.server.sockets.connections_made == 3
    assert office.server.violations == []


async def test_an_envelope_without_acknowledgement_can_be_sent_again(
    office: Office, socket_bot: AsyncSocketModeHandler
) -> None:
    office.server.ack_limit = 0.2
    ix = await office.ws.slash(office.ann, office.channel, "/mute")
    assert await office.server.resend_unacked() == [ix]
    assert ix.deliveries == 2
    other = await office.ws.slash(office.ann, office.channel, "/xquik", "x")
    assert other.acked
    assert list(office.server.sockets.unacked.values()) == [ix]


# HTTP mode


async def test_only_a_fresh_signature_of_the_right_secret_is_accepted(
    office: Office, http_bot: AsyncApp
) -> None:
    server = office.server
    body = (await office.ws.slash(office.ann, office.channel, "/xquik", "x")).raw_body
    stale = int(server.clock()) - 400
    statuses = [
        (await server.post(body, headers)).status_code
        for headers in (
            server.sign(body),
            server.sign(body, secret="another"),
            server.sign(body, timestamp=stale),
            server.sign(body + b"&x=1"),
        )
    ]
    assert statuses == [200, 401, 401, 401]
    assert await server.verify_url()


# the Web API's rules


async def refusal(call: Any) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def test_invalid_blocks_are_refused_as_slack_does_and_recorded(office: Office) -> None:
    blocks = [actions(button(text="x" * 76))]
    error = await refusal(office.client.chat_postMessage(channel="C0001", text="x", blocks=blocks))
    assert error.response["error"] == "invalid_blocks"
    assert error.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
    ]
    assert office.rules_broken() == ["invalid_blocks"]
    assert office.channel.messages == []


@pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")
async def test_a_message_without_fallback_text_is_posted_and_recorded(office: Office) -> None:
    await office.client.chat_postMessage(channel="C0001", blocks=[section()])
    assert len(office.channel.messages) == 1
    assert office.rules_broken() == ["no_text_fallback"]


async def test_too_much_text_in_all_is_refused(office: Office) -> None:
    at_limit = [section("x" * 2600) for _ in range(5)]
    await office.client.chat_postMessage(channel="C0001", text="x", blocks=at_limit)
    error = await refusal(
        office.client.chat_postMessage(channel="C0001", text="x", blocks=[*at_limit, section("x")])
    )
    assert error.response["error"] == "msg_blocks_too_long"


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (lambda o: o.channel.kick_bot(), "not_in_channel"),
        (lambda o: o.channel.archive(), "is_archived"),
        (lambda o: o.ws.channels.clear(), "channel_not_found"),
        (lambda o: o.ws.revoke_tokens(), "token_revoked"),
        (lambda o: o.ws.deactivate(), "account_inactive"),
        (lambda o: o.server.grants.clear(), "invalid_auth"),
        (lambda o: o.server.fail_next("chat.postMessage", error="fatal_error"), "fatal_error"),
    ],
)
async def test_a_state_that_nobody_could_know_is_a_refusal_and_no_violation(
    office: Office, prepare: Callable[[Office], None], error: str
) -> None:
    prepare(office)
    refused = await refusal(office.client.chat_postMessage(channel="C0001", text="x"))
    assert refused.response["error"] == error
    assert [r.error for r in office.server.refusals] == [error]
    assert office.server.violations == []


async def test_scopes_are_needed_and_unknown_methods_are_told(office: Office) -> None:
    error = await refusal(office.client.conversations_history(channel="C0001"))
    assert (error.response["error"], error.response["needed"][:16]) == ("missing_scope", "channels:history")
    office.ws.grant_scopes("channels:history")
    assert (await office.client.conversations_history(channel="C0001"))["messages"] == []
    await refusal(office.client.api_call("chat.shout"))
    await refusal(office.client.api_call("files.upload"))
    assert office.rules_broken() == ["missing_scope", "unknown_method", "method_deprecated"]


async def test_a_retry_handler_obeys_a_429(office: Office) -> None:
    client = office.client
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    office.server.fail_next("chat.postMessage", status=429)
    started = time.monotonic()
    await client.chat_postMessage(channel="C0001", text="x")
    assert time.monotonic() - started >= 1
    assert [r.status for r in office.server.calls("chat.postMessage")] == [429, 200]
    assert office.server.violations == []


async def test_a_channel_takes_one_message_a_second_and_notes_who_does_not_wait(office: Office) -> None:
    now = [1_000.0]
    office.server.clock, office.server.channel_rate = (lambda: now[0]), 1.0
    post = office.client.chat_postMessage
    await post(channel="C0001", text="1")
    error = await refusal(post(channel="C0001", text="2"))
    assert (error.response.status_code, error.response.headers["Retry-After"]) == (429, "1")
    assert office.server.violations == []
    await refusal(post(channel="C0001", text="2"))
    assert office.rules_broken() == ["ratelimited"]
    now[0] += 1
    await post(channel="C0001", text="2")
    assert [m.text for m in office.channel.messages] == ["1", "2"]


async def test_a_call_can_be_cut_before_and_after_it_is_performed(office: Office) -> None:
    client = office.client
    client.retry_handlers.clear()
    for fault, texts in (("cut", []), ("lost", ["x"])):
        office.server.fail_next("chat.postMessage", **{fault: True})
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel="C0001", text="x", client_msg_id="m1")
        assert [m.text for m in office.channel.messages] == texts
    office.server.dedupe_client_msg_id = True
    again = await client.chat_postMessage(channel="C0001", text="x", client_msg_id="m1")
    assert [m.ts for m in office.channel.messages] == [again["ts"]]


async def test_updates_keep_what_they_do_not_mention(office: Office) -> None:
    client = office.client
    tag = {"event_type": "delivery", "event_payload": {"id": "1"}}
    sent = await client.chat_postMessage(channel="C0001", text="1", blocks=[section()], metadata=tag)
    at = {"channel": "C0001", "ts": sent["ts"]}
    await client.chat_update(**at, text="2", blocks=[section("New")])
    message = office.channel.messages[0]
    assert (message.text, message.visible_text, message.metadata) == ("2", "New", tag)
    await client.chat_update(**at, text="3")
    assert (message.visible_text, [edit.text for edit in message.edits]) == ("3", ["1", "2"])
    bad = await refusal(client.chat_update(**at, text="4", metadata={"event_type": "x"}))
    assert bad.response["error"] == "invalid_metadata_schema"
    await client.chat_delete(**at)
    assert (office.channel.messages, office.channel.history) == ([], [message])


async def test_pings_are_found_wherever_slack_would_ping(office: Office) -> None:
    run = {"type": "rich_text_section", "elements": [
        {"type": "text", "text": "<!here> is not parsed, "}, {"type": "user", "user_id": "U2"},
        {"type": "broadcast", "range": "channel"},
    ]}  # fmt: skip
    blocks = [
        section("<@U1> <!subteam^S1> <!date^1^x|y> <https://x.com|a>"),
        {"type": "rich_text", "elements": [run]},
    ]
    await office.client.chat_postMessage(channel="C0001", text="&lt;!everyone&gt; <!here|x>", blocks=blocks)
    message = office.channel.messages[0]
    assert message.pings == ["<!here>", "<@U1>", "<!subteam^S1>", "<@U2>", "<!channel>"]
    assert message.links == [("https://x.com", "a")]
    await office.client.chat_postMessage(channel="C0001", text="@channel @ann a@b.c")
    await office.client.chat_postMessage(channel="C0001", text="@channel @ann", link_names=True)
    assert [m.pings for m in office.channel.messages[1:]] == [[], ["<!channel>", "<@ann>"]]


async def test_files_are_uploaded_in_two_steps_and_shared(office: Office) -> None:
    done = await office.client.files_upload_v2(
        filename="a.csv", content="a,b", channel="C0001", initial_comment="Here", title="A"
    )
    (message,) = office.channel.messages
    assert (message.text, message.files[0].content, message.files[0].title) == ("Here", b"a,b", "A")
    assert done["files"][0]["id"] == message.files[0].id
    assert office.server.violations == []


async def test_people_channels_and_direct_messages_are_found(office: Office) -> None:
    client = office.client
    user = await client.users_info(user="U1", include_locale=True)
    assert (user["user"]["locale"], user["user"]["is_admin"]) == ("de-DE", False)
    opened = await client.conversations_open(users="U1")
    await client.chat_postMessage(channel=opened["channel"]["id"], text="hello")
    await client.chat_postMessage(channel="U1", text="again")
    assert [m.text for m in office.ann.dms] == ["hello", "again"]
    office.ws.add_channel("G1", "secret", private=True, member=False)
    assert [c["id"] for c in (await client.conversations_list())["channels"]] == ["C0001"]
    assert (await refusal(client.conversations_info(channel="G1"))).response["error"] == "channel_not_found"
    assert (await client.team_info())["team"]["id"] == (await client.auth_test())["team_id"] == "T0001"


# views and response_urls


async def test_a_trigger_opens_one_modal_and_only_for_three_seconds(office: Office) -> None:
    now = [1_000.0]
    office.server.clock = lambda: now[0]
    view = modal(section())
    first, second = (office.server.triggers.issue(office.ann).id for _ in range(2))
    opened = await office.client.views_open(trigger_id=first, view=view)
    now[0] += 3.1
    errors = [
        (await refusal(office.client.views_open(trigger_id=t, view=view))).response["error"]
        for t in (first, second, "stranger")
    ]
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]
    stale = {"view_id": opened["view"]["id"], "hash": "old", "view": view}
    assert (await refusal(office.client.views_update(**stale))).response["error"] == "hash_conflict"
    fresh = {**stale, "hash": opened["view"]["hash"], "view": modal(section("Loaded"))}
    await office.client.views_update(**fresh)
    assert office.ann.views[0].visible_text == "Loaded"
    await office.client.views_publish(user_id="U1", view={"type": "home", "blocks": [section("Home")]})
    assert office.ann.home is not None
    assert office.ann.home.visible_text == "Home"


async def test_a_response_url_works_five_times_and_replaces_its_message(office: Office) -> None:
    await office.client.chat_postMessage(channel="C0001", text="old", blocks=CARD)
    (card,) = office.channel.messages
    url, _ = office.server.response_urls.issue(office.channel, "U1", card)
    bodies: list[Json] = [
        {"text": "new", "replace_original": True},
        {"text": "private"},
        {"text": "public", "response_type": "in_channel"},
        {"delete_original": True},
        {"text": "five"},
        {"text": "six"},
    ]
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(url, json=body)).status for body in bodies]
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert (card.text, card.blocks, card.deleted) == ("new", [], True)
    assert [m.text for m in office.channel.messages] == ["public"]
    assert [m.text for m in office.ws.ephemerals] == ["private", "five"]
    assert office.rules_broken() == ["used_url"]


# installing


@pytest.mark.parametrize("org_wide", [False, True])
async def test_bolt_installs_over_oauth_and_serves_the_workspace(tmp_path: Any, org_wide: bool) -> None:
    async with SlackServer() as server:
        ws = server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"), installed=False)
        office = Office(server, ws, ws.add_channel("C0001", "alerts"), ws.add_user("U1", "ann"))
        settings = AsyncOAuthSettings(
            client_id=server.client_id, client_secret=server.client_secret, scopes=["commands", "chat:write"],
            installation_store=FileInstallationStore(base_dir=str(tmp_path / "installs")),
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
        )  # fmt: skip
        app = AsyncApp(
            client=AsyncWebClient(base_url=server.api_url), signing_secret=server.signing_secret,
            oauth_settings=settings,
        )  # fmt: skip
        serve(office, app)

        @app.command("/hi")
        async def hi(ack: Any, say: Any) -> None:
            await ack()
            await say("hello")

        allowed = await server.authorize("http://bot.test/slack/install", ws, office.ann, org_wide=org_wide)
        assert allowed.scopes == ("commands", "chat:write")
        back = await server.get(
            f"http://bot.test/slack/oauth_redirect?{allowed.query_string}", {"Cookie": allowed.cookie_header}
        )
        assert back.status_code == 200
        server.null_team = org_wide
        ix = await ws.slash(office.ann, office.channel, "/hi")
        assert (await ix.wait_for_message()).text == "hello"
        assert server.is_org_wide(ws) is org_wide
        assert server.violations == []


async def test_an_uninstalled_app_is_told_and_its_token_is_dead(office: Office) -> None:
    app = make_app(office)
    serve(office, app)

    @app.event("app_uninstalled")
    @app.event("tokens_revoked")
    async def gone(event: Json) -> None:
        office.seen.append(event["type"])

    events = await office.ws.uninstall(tokens_first=True)
    assert [ix.payload["event"]["type"] for ix in events] == ["tokens_revoked", "app_uninstalled"]
    await office.server.wait_for(lambda: len(office.seen) == 2)
    assert (await refusal(office.client.auth_test())).response["error"] == "account_inactive"
