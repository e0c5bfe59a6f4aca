"""``trigger_id``: the right to open one modal, within three seconds of what the person did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import broken
from .model import User, View

if TYPE_CHECKING:
    from .server import SlackServer
    from .workspace import Workspace


@dataclass(slots=True)
class Trigger:
    id: str
    user: User
    issued_at: float
    view: View | None = None
    """The modal it was issued in, which views.push needs."""
    used: bool = False


class Triggers:
    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: User, view: View | None = None) -> Trigger:
        modal = view if view is not None and view.kind == "modal" else None
        trigger = Trigger(self._server.new_id("trigger."), user, self._server.clock(), modal)
        self._issued[trigger.id] = trigger
        return trigger

    def use(self, trigger_id: str, workspaces: Iterable[Workspace]) -> Trigger:
        """The trigger, now spent; raises what Slack answers to an unknown, old or spent one."""
        trigger = self._issued.get(trigger_id)
        if trigger is None or trigger.user.workspace not in workspaces:
            raise broken("invalid_trigger_id")
        if trigger.used:
            raise broken("exchanged_trigger_id")
        if self._server.clock() - trigger.issued_at > self._server.trigger_lifetime:
            raise broken("expired_trigger_id")
        trigger.used = True
        return trigger
