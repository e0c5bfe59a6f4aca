"""Languages by the codes that X says and people write."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.core.routes.filtering import refusal
from bot.core.routes.filters import Languages


@pytest.mark.parametrize(
    ("said", "wanted", "passes"),
    [("en", "en", True), ("iw", "he", True), ("in", "id", True), ("id", "in", True), ("de", "en", False)],
)
def test_an_older_code_is_the_same_language(said: str, wanted: str, passes: bool) -> None:
    event = Event(1, TenantId("slack", "T1"), "tweet.new", "nasa", None, 1.0, 1.0, {"lang": said}, "e:1")
    assert (refusal((Languages((wanted,)),), event) is None) is passes


def test_a_language_that_is_not_told_passes_no_filter_for_one() -> None:
    event = Event(1, TenantId("slack", "T1"), "tweet.new", "nasa", None, 1.0, 1.0, {"lang": 3}, "e:1")
    assert refusal((Languages(("en",)),), event) is not None
