"""Whether a change of a profile says that something is so now."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.routes.event_readings import holds_now


@pytest.mark.parametrize(
    ("data", "so"),
    [
        ({"current": True}, True),
        ({"previous": True, "current": False}, False),
        ({"old": False, "new": True}, True),
        ({"before": "false", "after": "true"}, True),
        ({"current": "suspended"}, True),
        ({"current": " Available "}, False),
        ({"current": "hesap askıya alındı"}, True),
        ({"current": "停止"}, True),
        ({"current": "موقوف"}, True),
        ({"current": ""}, None),
        ({"current": 7}, None),
        ({"current": {"deep": True}}, None),
        ({"previous": True}, None),
        ({}, None),
        (None, None),
        ([True], None),
        ("true", None),
    ],
)
def test_what_the_data_says(data: Any, so: bool | None) -> None:
    assert holds_now(data) is so
