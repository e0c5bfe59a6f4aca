"""The endpoints of the page. Answers are JSON; refusals are `{"error": code, "message": words}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.playground import bodies, limits, mentions
from adapters.playground.board import DIRECT, Board, as_data
from adapters.playground.bodies import InReplyTo
from adapters.playground.declarations import declare, declare_actions
from adapters.playground.echo import shown
from adapters.playground.files import download, handed_in
from adapters.playground.guard import PageSessions
from adapters.playground.hub import PageEvent
from adapters.playground.interaction import (
    Refusal,
    action_of,
    channel_name,
    given_in,
    locale_of,
    message_of,
    number_of,
    read_json,
    text_of,
    zone_of,
)
from adapters.playground.page_words import page_words
from adapters.playground.responder import PlaygroundResponder
from adapters.playground.runs import Run, Runs
from adapters.playground.settings import PlaygroundSettings, Visitor
from adapters.playground.stream import stream
from adapters.playground.texts import texts_of
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import PICKED
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock, RandomBytes
from bot.core.commands.entry import Commands
from bot.core.messages.message import msg
from bot.core.messages.speaking import speaking
from bot.core.ports import Attaching, Recovering
from bot.core.stores import PlaygroundMessage
from bot.core.times.zone_words import zone_name
from bot.core.x.references import find_posts
from bot.i18n.translator import Translator


class Visit(msgspec.Struct, frozen=True):
    """Who asks, and from which channel."""

    person: Visitor
    channel: str


class Api:
    """Everything the page asks for."""

    def __init__(
        self,
        commands: Commands,
        board: Board,
        runs: Runs,
        sessions: PageSessions,
        settings: PlaygroundSettings,
        *,
        clock: Clock,
        random: RandomBytes,
        recovery: Recovering | None = None,
        attaching: Attaching | None = None,
    ) -> None:
        """recovery: told of channels that are made; attaching: takes in files, None where none are taken."""
        self._commands = commands
        self._board = board
        self._runs = runs
        self._sessions = sessions
        self._settings = settings
        self._clock = clock
        self._random = random
        self._recovery = recovery
        self._attaching = attaching

    def routes(self) -> list[Route]:
        """The routes below /api."""
        return [
            Route("/api/state", self.state),
            Route("/api/messages", self.messages),
            Route("/api/stream", self.stream),
            Route("/api/files/{file}", self.file),
            Route("/api/command", self.command, methods=["POST"]),
            Route("/api/upload", self.upload, methods=["POST"]),
            Route("/api/press", self.press, methods=["POST"]),
            Route("/api/act", self.act, methods=["POST"]),
            Route("/api/form", self.form, methods=["POST"]),
            Route("/api/suggest", self.suggest, methods=["POST"]),
            Route("/api/channels", self.create_channel, methods=["POST"]),
            Route("/api/dismiss", self.dismiss, methods=["POST"]),
        ]

    # --- reading -----------------------------------------------------------------------------

    async def state(self, request: Request) -> Response:
        """What the page needs to start: the place, its people, the commands, the CSRF token."""
        session = self._sessions.session(request)
        known = session is not None
        session = session or self._sessions.start()
        person = self._settings.person(request.query_params.get("person", ""))
        reader = (person or self._settings.people[0]).id
        language = await self._board.reader(reader, locale_of(request.headers))
        response = JSONResponse(
            {
                "name": self._settings.name,
                "bot": self._settings.bot_name,
                "direct": DIRECT,
                "zone": zone_name(told) if (told := zone_of(request)) else "",
                "x_pages": self._settings.x_pages,
                "csrf": self._sessions.token(session),
                "people": [{"id": p.id, "name": p.name, "admin": p.is_admin} for p in self._settings.people],
                "channels": await self._channels(reader, language),
                "commands": declare(self._commands.catalogue, language),
                "actions": declare_actions(self._commands.catalogue, language),
                "language": language.language,
                "words": page_words(language),
            }
        )
        if not known:
            self._sessions.remember(request, response, session)
        return response

    async def messages(self, request: Request) -> Response:
        """A page of a channel, oldest first: the newest, or those before an id."""
        person = self._person(request.query_params.get("person"))
        channel = request.query_params.get("channel", "")
        if not await self._board.exists(channel):
            raise Refusal(404, "channel", msg("There is no such channel."))
        before = number_of(request.query_params.get("before", ""))
        found = await self._board.log.page(
            self._board.tenant, channel, person.id, before=before, limit=limits.PAGE + 1
        )
        return JSONResponse(
            {"messages": [as_data(m) for m in found[-limits.PAGE :]], "more": len(found) > limits.PAGE}
        )

    async def stream(self, request: Request) -> Response:
        """Everything that happens from now on."""
        person = self._person(request.query_params.get("person"))
        return stream(request, self._board, self._runs, person.id)

    async def file(self, request: Request) -> Response:
        """A file that came with a message, as a download."""
        person = self._person(request.query_params.get("person"))
        stored = await self._board.log.file(self._board.tenant, request.path_params["file"], person.id)
        if stored is None:
            raise Refusal(404, "file", msg("There is no such file."))
        return download(stored.name, stored.content_type, stored.content)

    # --- doing -------------------------------------------------------------------------------

    async def command(self, request: Request) -> Response:
        """Run a line. The line is shown to its author; answers come over the stream."""
        data = await read_json(request)
        visit = await self._visit(data)
        text = (
            text_of(data, "text", limits.COMMAND, msg("This command")).strip().removeprefix("/").strip()
            or "help"
        )
        self._admit(visit)
        line = shown(self._commands.catalogue, text)
        meant = mentions.in_line(text, self._settings.people, self._commands.catalogue)
        said = await self._board.say(visit.channel, visit.person.id, f"/{line}")
        return await self._run(
            request,
            visit,
            lambda invocation, responder: self._commands.run_text(invocation, meant, responder),
            asked=said.id,
        )

    async def upload(self, request: Request) -> Response:
        """Keep a picture or video for a form; the answer has the value that stands for it there."""
        query = request.query_params
        visit = await self._visit({"person": query.get("person"), "channel": query.get("channel")})
        self._admit(visit)
        invocation = self._invocation(request, visit)
        return await handed_in(self._attaching, invocation, request)

    async def press(self, request: Request) -> Response:
        """Press a button, or choose in a menu, of a message that stands where the person sees it."""
        data = await read_json(request)
        visit = await self._visit(data)
        ref = action_of(data)
        self._admit(visit)
        pressed = await self._pressed(data, visit, ref)
        values = None if data.get(PICKED) is None else {PICKED: text_of(data, PICKED, 200)}
        return await self._run(
            request,
            visit,
            lambda invocation, responder: self._commands.press(invocation, ref, responder, values),
            pressed=pressed,
            asked=pressed.id,
        )

    async def act(self, request: Request) -> Response:
        """Choose an entry of the menu of a message, whoever wrote it."""
        data = await read_json(request)
        visit = await self._visit(data)
        key, known = text_of(data, "action", 80), self._commands.catalogue.message_actions
        offer = next((offer for action, offer in known if action.key == key), None)
        if offer is None:
            raise Refusal(404, "action", msg("There is no such entry in this menu."))
        self._admit(visit)
        message = await self._pressed(data, visit, None)
        if bodies.is_withheld(message.body):
            raise Refusal(
                409,
                "withheld",
                msg(
                    "What that message showed to you alone is not kept, so nothing can be looked up in it. "
                    "Send the link of the tweet as a line: it offers the same."
                ),
            )
        posts = find_posts(*texts_of(message.body))
        return await self._run(
            request,
            visit,
            lambda invocation, responder: self._commands.on_message(invocation, offer, posts, responder),
            asked=message.id,
        )

    async def form(self, request: Request) -> Response:
        """Hand in a form that a command or button opened."""
        data = await read_json(request)
        visit = await self._visit(data)
        ref = action_of(data)
        values = data.get("values")
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise Refusal(400, "values", msg("The values of a form must be text."))
        values = mentions.in_form(values, self._settings.people)
        self._admit(visit)
        pressed = None
        if data.get("message") is not None:
            pressed = await self._pressed(data, visit, None)
        # Known only by what the page says, and no more than a number to it: one it may see.
        asked = None if data.get("asked") is None else message_of(data, "asked")
        if asked is not None and await self._board.visible(asked, visit.person.id) is None:
            asked = None
        return await self._run(
            request,
            visit,
            lambda invocation, responder: self._commands.press(invocation, ref, responder, values),
            pressed=pressed,
            asked=asked,
            in_form=True,
        )

    async def suggest(self, request: Request) -> Response:
        """Values for the option a person is typing."""
        data = await read_json(request)
        visit = await self._visit(data)
        path = data.get("path")
        if not isinstance(path, list) or not all(isinstance(word, str) for word in path):
            raise Refusal(400, "path", msg("The path of a command is a list of words."))
        invocation = self._invocation(request, visit)
        reader = await self._board.reader(visit.person.id, invocation.locale)
        option, typed = text_of(data, "option", 80), text_of(data, "typed", 200)
        with speaking(reader.rules):  # what is typed is compared with it
            found = await self._commands.suggest(invocation, tuple(path), option, typed, given_in(data))
        choices = reader.choices(found)
        return JSONResponse({"choices": [{"label": c.label, "value": c.value} for c in choices]})

    async def create_channel(self, request: Request) -> Response:
        """Add a channel."""
        data = await read_json(request)
        self._person(data.get("person"))
        name = channel_name(text_of(data, "name", 80, msg("The name")))
        topic = text_of(data, "topic", 200, msg("The topic")).strip() if data.get("topic") else ""
        if not await self._board.log.create_channel(self._board.tenant, name, name=name, topic=topic):
            raise Refusal(409, "name", msg("There is a channel #{name} already.", name=name))
        channel = {"id": name, "name": name, "topic": topic, "latest": 0}
        self._board.hub.publish(PageEvent("channel", channel))
        if self._recovery is not None:
            await self._recovery.look_again(self._board.tenant, name)
        return JSONResponse(channel, status_code=201)

    async def dismiss(self, request: Request) -> Response:
        """Take away a message that only this person sees."""
        data = await read_json(request)
        person = self._person(data.get("person"))
        if not await self._board.dismiss(message_of(data), person.id):
            raise Refusal(404, "message", msg("That message is gone already."))
        return JSONResponse({"status": "done"})

    # --- shared ------------------------------------------------------------------------------

    def _admit(self, visit: Visit) -> None:
        """Refuse somebody who comes too often, and everybody at the end, before anything is stored."""
        if self._runs.closed:
            raise Refusal(
                503, "restarting", msg("The bot is restarting. Nothing was done; try again in a minute.")
            )
        if refused := self._commands.admit(self._board.tenant, visit.person.id):
            both = msg("{detail} {remedy}", detail=refused.detail, remedy=refused.remedy)
            raise Refusal(429, "too_often", both)

    async def _run(
        self,
        request: Request,
        visit: Visit,
        work: Callable[[Invocation, PlaygroundResponder], Awaitable[object]],
        *,
        pressed: PlaygroundMessage | None = None,
        asked: int | None = None,
        in_form: bool = False,
    ) -> Response:
        invocation = self._invocation(request, visit, pressed)
        person = visit.person.id
        origin = None if asked is None else InReplyTo(asked, person)
        run = Run(invocation.id, person, visit.channel, in_form, origin)
        responder = PlaygroundResponder(invocation, run, self._runs, self._board)

        async def worked() -> None:
            await work(invocation, responder)
            run.language = (await self._board.reader(person, invocation.locale)).language

        first = await self._runs.start(run, worked)
        return JSONResponse(first, status_code=500 if first["status"] == "broken" else 200)

    def _invocation(
        self, request: Request, visit: Visit, pressed: PlaygroundMessage | None = None
    ) -> Invocation:
        person, place = visit.person, Destination(self._board.tenant, visit.channel)
        return Invocation(
            id=self._random(8).hex(),
            actor=person.actor,
            place=place,
            received_at=self._clock(),
            locale=locale_of(request.headers),
            message=None if pressed is None else MessageRef(place, str(pressed.id)),
            zone=zone_of(request),
            alone=pressed is not None and bool(pressed.viewer),
        )

    async def _channels(self, person: str, reader: Translator) -> list[dict[str, Any]]:
        """The channels with the newest id the person sees in each, for unread marks."""
        found: list[dict[str, Any]] = []
        for channel in await self._board.log.channels(self._board.tenant):
            latest = await self._latest(channel.id, person)
            seed = next((one for one in self._settings.channels if one.id == channel.id), None)
            found.append(
                {
                    "id": channel.id,
                    "name": channel.name,
                    # What it was made with is stored in English.
                    "topic": reader.words(seed.topic)
                    if seed and seed.topic == channel.topic
                    else channel.topic,
                    "latest": latest,
                    "hint": reader.words(seed.hint) if seed else "",
                    "groups": list(seed.groups) if seed else [],
                }
            )
        found.append({"id": DIRECT, "name": "", "topic": "", "latest": await self._latest(DIRECT, person)})
        return found

    async def _latest(self, channel: str, person: str) -> int:
        newest = await self._board.log.page(self._board.tenant, channel, person, limit=1)
        return newest[-1].id if newest else 0

    def _person(self, given: object) -> Visitor:
        person = self._settings.person(given) if isinstance(given, str) else None
        if person is None:
            raise Refusal(400, "person", msg("There is no such person here."))
        return person

    async def _visit(self, data: Mapping[str, Any]) -> Visit:
        person = self._person(data.get("person"))
        channel = text_of(data, "channel", 80)
        if not await self._board.exists(channel):
            raise Refusal(404, "channel", msg("There is no such channel."))
        return Visit(person, channel)

    async def _pressed(
        self, data: Mapping[str, Any], visit: Visit, ref: ActionRef | None
    ) -> PlaygroundMessage:
        """The message a press comes from. A page may show an older state of it than the log."""
        number = message_of(data)
        message = await self._board.visible(number, visit.person.id)
        if message is None or message.channel != visit.channel:
            raise Refusal(404, "message", msg("That message is gone."))
        if ref is not None and str(ref) not in bodies.actions(message.body):
            raise Refusal(409, "changed", msg("That message has changed; look at it again."))
        return message
