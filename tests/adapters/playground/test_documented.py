"""Every endpoint of the page stands in its document."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.playground import interactions

_ROOT = Path(interactions.__file__).resolve().parents[2]


def test_every_endpoint_is_documented() -> None:
    served = set(re.findall(r'Route\("(/api/\w+)', Path(interactions.__file__).read_text("utf-8")))
    told = set(re.findall(r"`(?:GET|POST) (/api/\w+)", (_ROOT / "docs" / "playground.md").read_text("utf-8")))
    assert served and served == told
