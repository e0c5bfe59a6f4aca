"""News stories that X writes itself, and how each has changed."""

from __future__ import annotations

from typing import Final

from bot.sandbox.world.people import WORLD_START

STORY_ID: Final = "1890000000000000001"
_HOUR: Final = 3_600.0
_TOLD: Final = (
    ("Launch planned for tonight", "A rocket is to lift off in the evening, weather allowing."),
    ("Launch delayed by wind", "The window moved by two hours. Viewers share pictures of the pad."),
    (
        "Launch delayed again",
        "A sensor. @everyone **wait** [here](https://evil.example) &amp; now",
    ),
    ("Liftoff after two delays", "The rocket left the pad; both boosters came back."),
    ("Liftoff seen from three countries", "Pictures of the plume come from far away."),
)

STORIES: Final = {
    STORY_ID: tuple(
        (f"{int(STORY_ID) + 10 + number}", WORLD_START + number * _HOUR, headline, text)
        for number, (headline, text) in enumerate(_TOLD)
    )
}
"""By id: each version with its id, when it was written (seconds since the epoch), its headline, its text."""
