"""What the commands of the operator have in common."""

from __future__ import annotations

import pytest

from bot.xquik.transport import client
from bot.xquik.transport.retry import RetryRules


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an Xquik that is not there: it is asked once."""
    monkeypatch.setattr(client, "RetryRules", lambda: RetryRules(deadline=0.0))
