"""The stored settings of a route keep their keys, whatever the fields are called now."""

from __future__ import annotations

import json

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.core.routes.route_json import decode, encode
from bot.core.routes.schedule import Schedule

PLAIN = Route(id="r", name="r", destination=Destination(TenantId("slack", "T1"), "C1"))


def test_a_schedule_is_stored_as_it_was_when_it_was_called_a_rhythm() -> None:
    stored = '{"rhythm": {"timezone": "Europe/Berlin", "digest": "0 18 * * *", "per_hour": 20}}'
    route = decode(stored, PLAIN)
    assert route.schedule == Schedule(timezone="Europe/Berlin", digest="0 18 * * *", per_hour=20)
    assert set(json.loads(encode(route))) == {"rhythm"}
    assert decode(encode(route), PLAIN) == route
