"""What the journeys without a vendor's chat share with the tests of commands."""

from __future__ import annotations

from tests.features.conftest import empty_bot

__all__ = ["empty_bot"]
