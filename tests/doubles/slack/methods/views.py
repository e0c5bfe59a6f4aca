"""``views.*``: modals and the home tab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..api import Call, Method
from ..blockkit import check_view, with_ids
from ..errors import Refused, broken, missing
from ..model import Json, User, View

if TYPE_CHECKING:
    from ..server import SlackServer
    from ..triggers import Trigger

VIEW_BYTES = 250_000
STACK = 3
"""A root modal and two pushed ones."""


def checked(view: Any, kind: str | None = None, *, error: str = "invalid_arguments") -> Json:
    """``view`` when it obeys the rules, else the refusal that lists what it breaks."""
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise broken("view_too_large")
    problems = check_view(view)
    if not problems and kind is not None and view["type"] != kind:
        problems = [f"[ERROR] must be one of: {kind} [json-pointer:/view/type]"]
    if problems:
        raise broken(error, *problems)
    return dict(view)


def _checked_arg(call: Call, kind: str | None = None) -> Json:
    view = call.decoded("view")
    if view is None:
        raise missing("view")
    made = checked(view, kind)
    kinds = {(block.get("element") or {}).get("type") for block in made.get("blocks", [])}
    if "file_input" in kinds and call.grant is not None and "files:read" not in call.grant.scopes:
        raise Refused("missing_scope", ("[ERROR] file_input needs files:read",))
    return made


def create(server: SlackServer, user: User, body: Json, *, trigger_id: str | None = None) -> View:
    """A new view of ``user``, not yet on any stack."""
    stamped = body | {"blocks": with_ids(body.get("blocks", []), lambda: server.new_id("b")[-5:])}
    view = View(server.new_id("V"), server.new_id("h"), stamped, user.workspace, user)
    view.root_id, view.seq, view.opened_by = view.id, server.next_seq(), trigger_id
    user.workspace.views[view.id] = view
    return view


def replace(server: SlackServer, view: View, body: Json) -> View:
    """A new state of the same view. What was entered stays for inputs that kept both their ids."""
    view.earlier.append(view.body)
    view.body = body | {"blocks": with_ids(body.get("blocks", []), lambda: server.new_id("b")[-5:])}
    view.hash = server.new_id("h")
    view.errors = {}
    ids = {b["block_id"] for b in view.body["blocks"]}
    view.values = {block: state for block, state in view.values.items() if block in ids}
    server.changes.notify()
    return view


def push(server: SlackServer, user: User, body: Json, trigger_id: str | None = None) -> View:
    """A view on top of the person's stack; refused beyond three."""
    if len(user.views) >= STACK:
        raise broken("push_limit_reached")
    view = create(server, user, body, trigger_id=trigger_id)
    if user.views:
        view.root_id, view.previous_id = user.views[0].id, user.views[-1].id
    user.views.append(view)
    server.changes.notify()
    return view


def close_all(user: User) -> None:
    for view in user.views:
        view.open = False
    user.views.clear()


def _trigger(call: Call) -> Trigger:
    (trigger_id,) = call.need("trigger_id")
    return call.server.triggers.use(str(trigger_id), call.workspaces)


def _check_external_id(call: Call, body: Json, own: View | None = None) -> None:
    external = body.get("external_id")
    if external and call.view(None, str(external)) not in (None, own):
        raise Refused("duplicate_external_id")  # also after an answer that was lost


def _open(call: Call) -> Json:
    call.need("trigger_id")
    body = _checked_arg(call, "modal")
    _check_external_id(call, body)
    trigger = _trigger(call)
    close_all(trigger.user)
    return {"view": push(call.server, trigger.user, body, trigger.id).payload()}


def _push(call: Call) -> Json:
    call.need("trigger_id")
    body = _checked_arg(call, "modal")
    _check_external_id(call, body)
    trigger = _trigger(call)
    if trigger.view is None or not trigger.view.open:
        raise broken("not_found", "[ERROR] views.push takes a trigger from inside an open modal")
    return {"view": push(call.server, trigger.user, body, trigger.id).payload()}


def _update(call: Call) -> Json:
    view_id, external_id = call.args.get("view_id"), call.args.get("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    body = _checked_arg(call)
    view = call.view(view_id, external_id)
    if view is None:
        raise Refused("not_found")
    if body["type"] != view.kind:
        raise broken(
            "invalid_arguments", "[ERROR] the type of a view cannot change [json-pointer:/view/type]"
        )
    _check_hash(call, view)
    _check_external_id(call, body, view)
    return {"view": replace(call.server, view, body).payload()}


def _check_hash(call: Call, view: View) -> None:
    if call.args.get("hash") and call.args["hash"] != view.hash:
        raise Refused("hash_conflict")


def _publish(call: Call) -> Json:
    (user_id,) = call.need("user_id")
    body = _checked_arg(call, "home")
    user = call.user(str(user_id))
    if user.home is None:
        user.home = create(call.server, user, body)
        call.server.changes.notify()
        return {"view": user.home.payload()}
    _check_hash(call, user.home)
    return {"view": replace(call.server, user.home, body).payload()}


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
