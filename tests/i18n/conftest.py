"""The house of the features, for what is said in a chat."""

from __future__ import annotations

from tests.features.conftest import empty_bot, house

__all__ = ["empty_bot", "house"]
