"""The operator page: its addresses, and who may open them."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Clock, Monotonic, RandomBytes
from bot.core.errors import StorageUnavailable
from bot.core.http.clients import ClientAddresses
from bot.core.ports import Remember, not_remembered
from bot.core.routes.dead_letters import DeadLetters
from bot.observability.loggers import log
from bot.observability.seldom import Seldom
from bot.relay.asking.operating import Operating
from bot.storage.places.claims import StoredClaims
from bot.web.operator.attempts import Attempts
from bot.web.operator.guard import (
    FORM_COOKIE,
    LOGIN,
    FormFields,
    OperatorGuard,
    open_form,
    signed_in,
    signed_in_form,
    unavailable,
)
from bot.web.operator.pages import (
    DeadView,
    confirm_page,
    dead_page,
    login_page,
    message_page,
    overview_page,
)
from bot.web.operator.rendering import counted
from bot.web.operator.sessions import COOKIE, LIFETIME, OperatorSessions, Session

PATH = "/operator"
STYLE = Path(__file__).with_name("style.css")
A_PAGE = 50
_ID_LIMIT = 500
_TEXT_LIMIT = 200


def operator_routes(
    token: SecretStr,
    operating: Operating,
    claims: StoredClaims,
    *,
    secure: bool,
    clock: Clock,
    clients: ClientAddresses | None = None,
    monotonic: Monotonic = time.monotonic,
    random: RandomBytes = secrets.token_bytes,
    remember: Remember = not_remembered,
) -> list[BaseRoute]:
    """Routes for an application of Starlette's. secure: cookies travel over https alone.

    clock: epoch seconds; clients: knows the proxies; random: that many random bytes. remember: told of
    what signs somebody in.
    """
    clients = clients or ClientAddresses()
    sessions = OperatorSessions(token, claims, clock, monotonic, random, remember)
    door = LoginPages(sessions, Attempts(monotonic), Seldom(monotonic=monotonic), clients, secure, random)
    pages = OperatorPages(sessions, operating, door, clock=clock)
    inner = Starlette(
        routes=[
            Route("/", signed_in(pages.overview), methods=["GET"]),
            Route("/login", door.login_form, methods=["GET"]),
            Route("/login", open_form(door.login), methods=["POST"]),
            Route("/logout", signed_in_form(pages.logout), methods=["POST"]),
            Route("/dead", signed_in(pages.dead), methods=["GET"]),
            Route("/replay", signed_in_form(pages.ask), methods=["POST"]),
            Route("/replay/confirmed", signed_in_form(pages.replay), methods=["POST"]),
            Route("/places", signed_in_form(pages.place), methods=["POST"]),
            Route("/style.css", _style, methods=["GET"]),
        ],
        exception_handlers={StorageUnavailable: _unavailable, HTTPException: _http_error},
    )
    return [Mount(PATH, OperatorGuard(inner, sessions, clients))]


class LoginPages:
    """The endpoints for who is not signed in. secure: cookies travel over https alone."""

    def __init__(
        self,
        sessions: OperatorSessions,
        attempts: Attempts,
        seldom: Seldom,
        clients: ClientAddresses,
        secure: bool,
        random: RandomBytes,
    ) -> None:
        self._sessions = sessions
        self._attempts = attempts
        self._seldom = seldom
        self._clients = clients
        self._secure = secure
        self._random = random
        self._log = log("bot.operator")

    async def login_form(self, _request: Request) -> Response:
        """Ask for the token."""
        return self._ask_for_token()

    async def login(self, request: Request, form: FormFields) -> Response:
        """Take the token, or say that it is wrong, or too often."""
        peer, headers = request.client.host if request.client else "", request.scope["headers"]
        address = self._clients.host(peer, headers)
        if not self._sessions.is_token(form.one("token")):
            return self._refused(self._clients.name(peer, headers), address)
        session, cookie = self._sessions.begin()
        self._log.info("signed in", address=address, session=session.id[:8])
        answer = RedirectResponse(f"{PATH}/", 303)
        answer.delete_cookie(FORM_COOKIE, path=PATH, secure=self._secure, httponly=True, samesite="strict")
        return self._with_cookie(answer, COOKIE, cookie, LIFETIME)

    def _refused(self, client: str, address: str) -> Response:
        wait = self._attempts.failed(client)
        if wait > 0:
            answer = self._ask_for_token("Too many wrong tokens. Try again in a minute.", 429)
            answer.headers["retry-after"] = str(round(wait) + 1)
            return answer
        count = self._seldom.due(client)
        if count is not None:
            self._log.warning("sign-in refused", address=address, not_logged_before=count)
        return self._ask_for_token("That is not the token.", 403)

    def forget(self, answer: Response) -> None:
        """Take the session's cookie away."""
        answer.delete_cookie(COOKIE, path=PATH, secure=self._secure, httponly=True, samesite="strict")

    def _ask_for_token(self, error: str = "", status: int = 200) -> Response:
        about = self._random(16).hex()
        answer = HTMLResponse(login_page(self._sessions.login_form(about), error), status)
        return self._with_cookie(answer, FORM_COOKIE, about, 3600)

    def _with_cookie(self, answer: Response, name: str, value: str, seconds: int) -> Response:
        answer.set_cookie(
            name, value, max_age=seconds, path=PATH, secure=self._secure, httponly=True, samesite="strict"
        )
        return answer


class OperatorPages:
    """The endpoints for who is signed in: each is given the session."""

    def __init__(
        self,
        sessions: OperatorSessions,
        operating: Operating,
        door: LoginPages,
        *,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._operating = operating
        self._door = door
        self._clock = clock
        self._log = log("bot.operator")

    async def logout(self, _form: FormFields, session: Session) -> Response:
        """End the session."""
        await self._sessions.end(session)
        self._log.info("signed out", session=session.id[:8])
        answer = RedirectResponse(LOGIN, 303)
        self._door.forget(answer)
        return answer

    async def overview(self, request: Request, session: Session) -> Response:
        """How everything does."""
        standing = await self._operating.standing()
        return HTMLResponse(overview_page(standing, self._sessions.form_token(session.id), _notice(request)))

    async def dead(self, request: Request, session: Session) -> Response:
        """A page of dead letters."""
        asked = request.query_params
        chosen, problem = _chosen(asked.get("tenant", ""), asked.get("reason", ""))
        before = _number(asked.get("before", ""))
        letters = () if problem else await self._operating.dead(chosen, A_PAGE + 1, before=before)
        _, matching = (chosen, 0) if problem else await self._operating.count(chosen)
        older = letters[A_PAGE - 1].id if len(letters) > A_PAGE else None
        tenant = asked.get("tenant", "").strip()[:_TEXT_LIMIT]
        further = urlencode({"tenant": tenant, "reason": chosen.reason, "before": older or 0})
        view = DeadView(
            chosen,
            tenant,
            letters[:A_PAGE],
            matching,
            older,
            f"{PATH}/dead?{further}",
            self._clock(),
            problem,
        )
        return HTMLResponse(dead_page(view, self._sessions.form_token(session.id), _notice(request)))

    async def ask(self, form: FormFields, session: Session) -> Response:
        """Say how many would be sent again, and ask."""
        ids = _numbers(form.all("id")) if form.one("what") == "chosen" else ()
        if form.one("what") == "chosen" and not ids:
            return _back("none")
        chosen, problem = _chosen(form.one("tenant"), form.one("reason"), ids)
        if problem:
            return HTMLResponse(message_page("That cannot be sent", problem), 400)
        fixed, number = await self._operating.count(chosen)
        if not number:
            return _back("replayed", 0)
        return HTMLResponse(
            confirm_page(fixed, form.one("tenant").strip(), number, self._sessions.form_token(session.id))
        )

    async def replay(self, form: FormFields, session: Session) -> Response:
        """Send them once more."""
        ids = _numbers(form.one("ids").split(","))
        upto = _number(form.one("upto"))
        chosen, problem = _chosen(form.one("tenant"), form.one("reason"), ids, upto)
        if problem or upto is None:
            return HTMLResponse(message_page("That cannot be sent", problem or "Start again."), 400)
        number = await self._operating.replay(chosen)
        self._said(session, "replayed dead letters", messages=number, tenant=form.one("tenant"))
        return _back("replayed", number)

    async def place(self, form: FormFields, session: Session) -> Response:
        """Pause a place, or let it go on."""
        try:
            tenant = TenantId.parse(form.one("tenant"))
        except ValueError as error:
            return HTMLResponse(message_page("That is not a channel", str(error)), 400)
        to = Destination(tenant, form.one("channel"), form.one("thread") or None)
        pausing = form.one("do") == "pause"
        routes = await (self._operating.pause(to) if pausing else self._operating.resume(to))
        self._said(session, "paused a place" if pausing else "resumed a place", place=str(to), routes=routes)
        return RedirectResponse(f"{PATH}/?notice={'paused' if pausing else 'resumed'}", 303)

    def _said(self, session: Session, what: str, **values: Any) -> None:
        self._log.info(what, session=session.id[:8], **values)


def _chosen(
    tenant: str, reason: str, ids: tuple[int, ...] = (), upto: int | None = None
) -> tuple[DeadLetters, str]:
    """What was asked for, and what is wrong with it."""
    reason = reason.strip()[:_TEXT_LIMIT]
    try:
        of = TenantId.parse(tenant.strip()) if tenant.strip() else None
    except ValueError as error:
        return DeadLetters(reason=reason), f"{error}."
    return DeadLetters(of, reason, ids, upto=upto), ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _numbers(texts: tuple[str, ...] | list[str]) -> tuple[int, ...]:
    return tuple(found for text in texts[:_ID_LIMIT] if (found := _number(text)) is not None)


def _back(notice: str, number: int | None = None) -> Response:
    asked = urlencode({"notice": notice} if number is None else {"notice": notice, "n": number})
    return RedirectResponse(f"{PATH}/dead?{asked}", 303)


def _notice(request: Request) -> str:
    """What was done, in words; addresses can be made by anybody, so only these."""
    number = _number(request.query_params.get("n", "")) or 0
    said = {
        "none": "Nothing was chosen.",
        "replayed": f"{counted(number, 'message is', 'messages are')} queued for another try.",
        "paused": "The channel is paused; what waits for it is kept.",
        "resumed": "The channel is on again.",
    }
    return said.get(request.query_params.get("notice", ""), "")


async def _style(_request: Request) -> Response:
    return FileResponse(STYLE, media_type="text/css")


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return unavailable()


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return HTMLResponse(message_page("There is no such page", "Nothing is served at this address."), status)
