"""Short links of X, by the code behind t.co, and where they lead."""

from __future__ import annotations

from typing import Final

SHORT_LINKS: Final = {
    "Xe1nm2pkSX": "https://www.nasa.gov/humans-in-space/artemis/",
    "aB3dE5fG7h": "https://x.com/xquik/status/1893456789012345678",
    "h0sT1leL1nk": "https://evil.example/login?next=@everyone&q=[x](https://evil.example)",
}
