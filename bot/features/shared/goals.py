"""What a tweet should achieve."""

from __future__ import annotations

from typing import Literal

Goal = Literal["engagement", "followers", "authority", "conversation"]
