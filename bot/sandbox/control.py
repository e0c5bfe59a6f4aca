"""Steering a running sandbox from a test or a demo: ``/_control/…``, no key, loopback only."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.api import extractions
from bot.sandbox.api.eventtypes import OF_WEBHOOKS
from bot.sandbox.emitting import emit
from bot.sandbox.extracting import ENDINGS
from bot.sandbox.faults import rules_from
from bot.sandbox.happenings import Happenings
from bot.sandbox.inboxes import saved_post, written_message
from bot.sandbox.paperwork import begun_topup, ended_topups, opened_ticket
from bot.sandbox.post_happenings import PostHappenings
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import ApiKey, EventRecord, MonitorRecord, OrderedWrite
from bot.sandbox.state import DEFAULT_CUSTOMER, Sandbox
from bot.sandbox.writing import OUTCOMES

# What X may make of an account, and why a monitor of it stops then.
_STATES = {"protected": "x_account_protected", "unavailable": "x_user_not_found"}
_LOOPBACK = {"127.0.0.1", "::1", "testclient"}


class Control:
    """The control endpoints of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._happenings = Happenings(sandbox)
        self._of_posts = PostHappenings(sandbox)

    async def state(self, _: dict[str, Any]) -> Any:
        """Counts: writes performed by action, requests by path, and what is stored."""
        sandbox = self._sandbox
        performed = Counter(action.action for action in sandbox.actions if action.status == "success")
        return {
            "writes": dict(performed),
            "actions": dict(Counter(f"{action.action}:{action.status}" for action in sandbox.actions)),
            "requests": dict(sandbox.seen),
            "operations": dict(sandbox.performed),
            "tweets": sandbox.timeline.count(),
            "replies": sum(
                action.status == "success" and bool(action.payload.get("reply_to_tweet_id"))
                for action in sandbox.actions
            ),
            "events": len(sandbox.events),
            "deliveries": dict(Counter(delivery.status for delivery in sandbox.deliveries)),
            "monitors": len(sandbox.monitors),
            "webhooks": len(sandbox.webhooks),
            "drafts": len(sandbox.drafts),
            "draws": len(sandbox.draws),
            "tickets": len(sandbox.tickets),
            "ticket_replies": sum(len(ticket.messages) - 1 for ticket in sandbox.tickets),
            "closed_tickets": sum(ticket.status == "closed" for ticket in sandbox.tickets),
            "accounts": len(sandbox.accounts),
            "topups": len(sandbox.topups),
            "extractions": len(sandbox.extractions),
            "canceled_extractions": sum(job.status == "canceled" for job in sandbox.extractions),
            "credits": {customer.id: customer.balance for customer in sandbox.customers},
            "keys": sum(key.active for key in sandbox.keys),
            "streams": dict(+sandbox.streams),
            "now": sandbox.now(),
        }

    async def add_faults(self, body: Any) -> Any:
        try:
            self._sandbox.faults.add(rules_from(body))
        except ValueError as error:
            raise ApiProblem(400, "invalid_input", str(error)) from error
        return {"faults": self._sandbox.faults.listing()}

    async def list_faults(self, _: Any) -> Any:
        return {"faults": self._sandbox.faults.listing()}

    async def clear_faults(self, _: Any) -> Any:
        self._sandbox.faults.clear()
        return {"faults": []}

    async def emit(self, body: dict[str, Any]) -> Any:
        """One event now, for the monitor of ``username``, ``query`` or ``post``; made up without ``data``.

        With ``asked`` it happens only where the monitor reports its type; else the id is null.
        """
        monitor = self._monitor(body)
        kind = body.get("type", "tweet.new")
        if body.get("asked") and kind not in monitor.event_types:
            return {"id": None, "type": kind, "occurredAt": None}
        data = body.get("data")
        if data is None and monitor.kind == "post":
            happening = self._of_posts.make(kind, monitor)
            if happening is None:
                return {"id": None, "type": kind, "occurredAt": None}
            data = happening.data
        if data is None:
            person = self._sandbox.people.find(monitor.x_user_id or "xquik")
            if person is None:
                raise ApiProblem(404, "user_not_found", "X user not found")
            data = self._happenings.make(kind, person, words=monitor.query or "").data
        event = self._emitted(monitor, kind, data)
        return {"id": event.id, "type": event.type, "occurredAt": event.occurred_at}

    async def rename(self, body: dict[str, Any]) -> Any:
        """An account takes the handle ``renamed``. Monitors that report it say so, unless ``quietly``."""
        sandbox = self._sandbox
        person = sandbox.people.by_handle(str(body.get("username", "")))
        renamed = str(body.get("renamed", ""))
        if person is None:
            raise ApiProblem(404, "user_not_found", "X user not found")
        if not sandbox.people.is_free(renamed):
            raise ApiProblem(409, "invalid_username", f"Nobody can take the handle {renamed!r}.")
        happening = self._happenings.renaming(person, renamed)
        told = []
        for monitor in [one for one in sandbox.monitors if one.x_user_id == person.id]:
            if not body.get("quietly") and happening.type in monitor.event_types:
                told.append(self._emitted(monitor, happening.type, happening.data).id)
        return {"id": person.id, "username": renamed, "events": told}

    def _emitted(self, monitor: MonitorRecord, kind: str, data: dict[str, Any]) -> EventRecord:
        return emit(
            self._sandbox,
            monitor.owner,
            kind,
            data,
            monitor_id=monitor.id,
            monitor_kind=monitor.kind,
            username=monitor.username,
            query=monitor.query,
            every_webhook=kind not in OF_WEBHOOKS,
        )

    def _monitor(self, body: dict[str, Any]) -> MonitorRecord:
        owner = self._owner(body)
        name, query, post = str(body.get("username", "")).lower(), body.get("query"), body.get("post")
        for monitor in self._sandbox.monitors:
            if monitor.owner == owner and (
                monitor.post_id == post
                if post
                else monitor.query == query
                if query
                else (monitor.username or "").lower() == name
            ):
                return monitor
        raise ApiProblem(404, "not_found", "No monitor of that username or query.")

    def _owner(self, body: dict[str, Any]) -> str:
        """The customer meant by ``key``; the first one without."""
        if "key" not in body:
            return DEFAULT_CUSTOMER
        owner = self._sandbox.owner_of(str(body["key"]))
        if owner is None:
            raise ApiProblem(404, "not_found", "No such key.")
        return owner

    async def monitor(self, body: dict[str, Any]) -> Any:
        """Pause the monitor of ``username`` or ``query`` as Xquik does, for a ``reason``; with ``active``
        let it go on."""
        monitor = self._monitor(body)
        if body.get("active") is True:
            monitor.resume()
        elif isinstance(body.get("reason"), str):
            monitor.pause(body["reason"], self._sandbox.now())
        else:
            raise ApiProblem(400, "invalid_input", "Send a reason, or active: true.")
        self._sandbox.monitors.put(monitor)
        self._sandbox.announce()
        return {"id": monitor.id, "active": monitor.active, "reason": monitor.paused_reason}

    async def person(self, body: dict[str, Any]) -> Any:
        """X protects the account of ``username``, or has it no more: ``protected`` or ``unavailable``, true
        or false. Monitors tell it, where they report that, and those of everyone stop."""
        name, told = str(body.get("username", "")).lower(), 0
        what = next((one for one in _STATES if isinstance(body.get(one), bool)), None)
        if what is None:
            raise ApiProblem(400, "invalid_input", "Send protected or unavailable, true or false.")
        kind, reason, now = f"profile.{what}.changed", _STATES[what], body[what]
        for monitor in self._sandbox.monitors:
            if monitor.kind != "account" or (monitor.username or "").lower() != name:
                continue
            if monitor.active and kind in monitor.event_types:
                data = {"field": what, "userId": monitor.x_user_id, "username": monitor.username}
                change = {**data, "previous": not now, "current": now}
                emit(
                    self._sandbox,
                    monitor.owner,
                    kind,
                    change,
                    monitor_id=monitor.id,
                    monitor_kind="account",
                    username=monitor.username,
                )
                told += 1
            if now and monitor.active and body.get("stops", True):
                monitor.pause(reason, self._sandbox.now())
                self._sandbox.monitors.put(monitor)
        self._sandbox.announce()
        return {"told": told}

    async def credits(self, body: dict[str, Any]) -> Any:
        """Set ``balance``, or ``add`` to it, or say of ``topup`` whether it is off, on or stopped."""
        owner = self._owner(body)
        if body.get("topup") in {"off", "on", "stopped"}:
            customer = self._sandbox.credits.set_topup(owner, body["topup"])
        elif isinstance(body.get("balance"), int):
            customer = self._sandbox.credits.set_balance(owner, body["balance"])
        elif isinstance(body.get("add"), int):
            customer = self._sandbox.credits.add(owner, body["add"])
        else:
            raise ApiProblem(
                400, "invalid_input", "Send balance or add, a whole number of credits, or topup."
            )
        return {"balance": customer.balance}

    async def topup(self, body: dict[str, Any]) -> Any:
        """A checkout that was begun: ``dollars``, and its ``status``; with a ``session``
        that is the status which it has from now on; of "all" those that are not paid."""
        if "session" in body:
            return ended_topups(self._sandbox, self._owner(body), body)
        return begun_topup(self._sandbox, self._owner(body), body)

    async def ticket(self, body: dict[str, Any]) -> Any:
        """A support ticket: ``subject``, ``status``, and ``messages``, each a ``body`` and its ``sender``."""
        return opened_ticket(self._sandbox, self._owner(body), body)

    async def message(self, body: dict[str, Any]) -> Any:
        """A direct message ``from`` one account ``to`` another: its ``text``, ``media``: a picture's key."""
        return written_message(self._sandbox, body)

    async def bookmark(self, body: dict[str, Any]) -> Any:
        """The account ``username`` saves the ``post``; with ``saved`` false, not any more."""
        return saved_post(self._sandbox, body)

    async def add_key(self, body: dict[str, Any]) -> Any:
        """A new customer with a key; or, with ``for``, another key of the customer that has that one."""
        key = str(body.get("key") or "xq_" + secrets.token_hex(32))
        if any(known.id == key for known in self._sandbox.keys):
            raise ApiProblem(409, "invalid_input", "This key exists.")
        if "for" in body:
            owner = self._owner({"key": body["for"]})
            self._sandbox.keys.put(ApiKey(id=key, owner=owner))
        else:
            owner = self._sandbox.admit(key, credits=body.get("credits")).id
        return {"key": key, "customer": owner}

    async def revoke_key(self, body: dict[str, Any]) -> Any:
        key = self._sandbox.keys.get(str(body.get("key")))
        if key is None:
            raise ApiProblem(404, "not_found", "No such key.")
        key.active = False
        self._sandbox.keys.put(key)
        return {"key": key.id, "active": False}

    async def connect(self, body: dict[str, Any]) -> Any:
        """Connect an X account, or change of one that is the ``health``, how it is called, or whether it pays
        X (``premium``)."""
        account = self._sandbox.connect(
            self._owner(body), str(body.get("username", "")), str(body.get("health", "healthy"))
        )
        if isinstance(renamed := body.get("renamed"), str):
            account.username = renamed
        if isinstance(premium := body.get("premium"), bool):
            account.premium = premium
        self._sandbox.accounts.put(account)
        return {"id": account.id, "username": account.username, "health": account.health}

    async def disconnect(self, body: dict[str, Any]) -> Any:
        """Take a connected X account away."""
        owner, username = self._owner(body), str(body["username"])
        for account in [a for a in self._sandbox.accounts if (a.owner, a.username) == (owner, username)]:
            self._sandbox.accounts.delete(account.id)
            return {"disconnected": username}
        raise ApiProblem(404, "not_found", f"@{username} is not connected.")

    async def hide(self, body: dict[str, Any]) -> Any:
        """Who wrote a post hides a reply to it, or shows it again (``hidden`` false)."""
        hidden, post = body.get("hidden", True), self._sandbox.timeline.get(str(body.get("tweet")))
        if post is None or post.reply_to is None or not isinstance(hidden, bool):
            raise ApiProblem(404, "not_found", "No such reply.")
        self._sandbox.timeline.put(msgspec.structs.replace(post, hidden=hidden))
        return {"tweet": post.id, "hidden": hidden}

    async def outcomes(self, body: dict[str, Any]) -> Any:
        """How the next write (or the next ``times``) will go, and ``seconds`` until it ends once accepted."""
        outcome, times, seconds = body.get("outcome"), body.get("times", 1), body.get("seconds")
        if outcome not in OUTCOMES or not isinstance(times, int):
            raise ApiProblem(400, "invalid_input", f"outcome must be one of: {', '.join(OUTCOMES)}.")
        if seconds is not None and (not isinstance(seconds, int | float) or seconds < 0):
            raise ApiProblem(400, "invalid_input", "seconds must be a number of seconds, 0 or more.")
        self._sandbox.next_outcomes.extend([OrderedWrite(outcome, seconds)] * times)
        return {"next": [ordered.outcome for ordered in self._sandbox.next_outcomes]}

    async def extractions(self, body: dict[str, Any]) -> Any:
        """How the next extraction (or the next ``times``) will end."""
        outcome, times = body.get("outcome"), body.get("times", 1)
        if outcome not in ENDINGS or not isinstance(times, int):
            raise ApiProblem(400, "invalid_input", f"outcome must be one of: {', '.join(ENDINGS)}.")
        self._sandbox.next_extractions.extend([outcome] * times)
        return {"next": list(self._sandbox.next_extractions)}

    async def job(self, body: dict[str, Any]) -> Any:
        """An extraction that runs, and that nobody has looked at: its ``request``."""
        return {"id": extractions.begun(self._sandbox, self._owner(body), body["request"]).id}

    async def clock(self, body: dict[str, Any]) -> Any:
        """Move the clock forward by ``advance`` seconds; what falls due happens at once."""
        seconds = body.get("advance")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise ApiProblem(400, "invalid_input", "advance must be a number of seconds, 0 or more.")
        self._sandbox.advance(seconds)
        self._sandbox.announce()
        return {"now": self._sandbox.now()}


def _endpoint(action: Callable[[Any], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if request.client is None or request.client.host not in _LOOPBACK or "origin" in request.headers:
            return json_response({"error": "forbidden", "message": "Loopback only, and no browsers."}, 403)
        try:
            raw = await request.body()
            body = msgspec.json.decode(raw) if raw else {}
            if isinstance(body, dict):
                body |= request.path_params
            elif not request.scope["path"].endswith("/faults"):
                raise ApiProblem(400, "invalid_input", "Send a JSON object.")
            return json_response(await action(body))
        except msgspec.DecodeError as error:
            return ApiProblem(400, "invalid_json", str(error)).response()
        except ApiProblem as problem:
            return problem.response()

    return endpoint


def routes(sandbox: Sandbox) -> list[Route]:
    control = Control(sandbox)
    table: list[tuple[str, str, Callable[[Any], Awaitable[Any]]]] = [
        ("GET", "/state", control.state),
        ("GET", "/faults", control.list_faults),
        ("POST", "/faults", control.add_faults),
        ("DELETE", "/faults", control.clear_faults),
        ("POST", "/emit", control.emit),
        ("POST", "/credits", control.credits),
        ("POST", "/topups", control.topup),
        ("POST", "/tickets", control.ticket),
        ("POST", "/messages", control.message),
        ("POST", "/bookmarks", control.bookmark),
        ("POST", "/monitors", control.monitor),
        ("POST", "/people", control.person),
        ("POST", "/keys", control.add_key),
        ("DELETE", "/keys/{key}", control.revoke_key),
        ("POST", "/accounts", control.connect),
        ("DELETE", "/accounts/{username}", control.disconnect),
        ("POST", "/names", control.rename),
        ("POST", "/hidden", control.hide),
        ("POST", "/writes", control.outcomes),
        ("POST", "/extractions", control.extractions),
        ("POST", "/jobs", control.job),
        ("POST", "/clock", control.clock),
    ]
    return [Route(f"/_control{path}", _endpoint(action), methods=[method]) for method, path, action in table]
