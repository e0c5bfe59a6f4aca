"""Which language a browser asks for."""

from __future__ import annotations

import pytest

from bot.core.http.languages import first_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de-AT"),
        ("tr;q=0.3", "tr"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", "en"),
        ("*", "en"),
        ("<script>", "en"),
        ("../../x", "en"),
        ("a" * 10_000, "en"),
    ],
)
def test_the_first_one_counts_where_it_is_one(header: str, language: str) -> None:
    assert first_language(header) == language
