"""What runs at Xquik once a person confirmed it: monitors, and the route that they are for. Pure.

The payload of such a proposal:

| key | |
|---|---|
| `monitors` | each `{"kind": a `Sort`, "watched", "events", "id"?, "why"?, "account"?, "name"?}` |
| `hourly` | credits that each costs an hour, as the preview said |
| `route`, `new` | the route to store with them, as `route_json.whole`, and whether it is a new one |
| `before` | the route as it stood, where it is changed |

Why is stored as `bot.core.chat.stored_texts` has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from bot.core.chat.stored_texts import as_stored, of_stored
from bot.core.messages.message import msg
from bot.core.routes import route_json
from bot.core.routes.route import Route

Sort: TypeAlias = Literal["account", "keyword", "post"]


class Start(msgspec.Struct, frozen=True):
    """A monitor that is to run. watched: a username without @, a search, or the id of a tweet. events: what
    it is to report at least. monitor: Xquik's id of the one that is paused, "" where there is none yet; why:
    it is, in Xquik's own word. account: X's id of the account, "" where it is not known: a username may
    change hands before it runs. name: what people call it, "" for nothing."""

    kind: Sort
    watched: str
    events: tuple[str, ...]
    monitor: str = ""
    why: str = ""
    account: str = ""
    name: str = ""

    @property
    def named(self) -> str:
        """As people know it: "@nasa", the search in quotes, or "tweet 20"."""
        if self.kind == "post":
            return msg("tweet {id}", id=self.watched)
        return f"@{self.watched}" if self.kind == "account" else f"“{self.watched}”"


class Plan(msgspec.Struct, frozen=True):
    """All that one Confirm starts. hourly: credits that each monitor costs an hour. new: the route is added;
    else it stands already, and is changed. before: as it stood then, None where that was not noted."""

    starts: tuple[Start, ...]
    hourly: int
    route: Route | None = None
    new: bool = False
    before: Route | None = None

    @property
    def cost(self) -> int:
        """Credits an hour for all of it."""
        return self.hourly * len(self.starts)


def payload_of(plan: Plan) -> dict[str, Any]:
    """The plan as a payload."""
    payload: dict[str, Any] = {"monitors": [_row(one) for one in plan.starts], "hourly": plan.hourly}
    if plan.route is not None:
        payload |= {"route": route_json.whole(plan.route), "new": plan.new}
    if plan.before is not None:
        payload["before"] = route_json.whole(plan.before)
    return payload


def plan_of(payload: Mapping[str, Any]) -> Plan:
    """The plan in a payload; KeyError, TypeError or ValueError when there is none in it."""
    starts = tuple(_start(row) for row in payload["monitors"])
    if not starts:
        raise ValueError("nothing is to be started")
    route, before = payload.get("route"), payload.get("before")
    return Plan(
        starts,
        int(payload["hourly"]),
        None if route is None else route_json.of_whole(route),
        bool(payload.get("new")),
        None if before is None else route_json.of_whole(before),
    )


def _row(start: Start) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": start.kind, "watched": start.watched, "events": list(start.events)}
    more = {
        "id": start.monitor,
        "why": as_stored(start.why),
        "account": start.account,
        "name": as_stored(start.name),
    }
    return row | {name: value for name, value in more.items() if value}


def _start(row: Mapping[str, Any]) -> Start:
    kind: Sort = "keyword" if row["kind"] == "keyword" else "post" if row["kind"] == "post" else "account"
    events = tuple(str(event) for event in row["events"])
    monitor, why, account = (str(row.get(name, "")) for name in ("id", "why", "account"))
    name = of_stored(str(row.get("name", "")))
    return Start(kind, str(row["watched"]), events, monitor, of_stored(why), account, name)
