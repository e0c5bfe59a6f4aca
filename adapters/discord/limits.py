"""Discord's published limits, in one table, and how texts are measured and cut against them.

Sources: the component, message, modal and application-command references of Discord's developer
documentation.
"""

from __future__ import annotations

from typing import Final

from bot.core.text.graphemes import boundary
from bot.core.text.utf16 import utf16_units

# --- messages --------------------------------------------------------------------------------
COMPONENTS: Final = 40  # of a message, nested ones included
TEXT: Final = 4000  # characters in all text displays of a message together
ROW_BUTTONS: Final = 5
BUTTON_ROWS: Final = 5  # ours: more rows than this are no message but a wall
GALLERY_ITEMS: Final = 10
ALT_TEXT: Final = 1024
MEDIA_URL: Final = 2048
LINK_URL: Final = 512  # of a link button
BUTTON_LABEL: Final = 80
NONCE: Final = 25
REQUESTS_A_SECOND: Final = 45.0  # of all together; Discord takes 50
REQUESTS_AT_ONCE: Final = 5
# The same of several processes, so that none of any second is above, with what the way to the database makes
# of a moment.
SHARED_AT_ONCE: Final = 4
SHARED_A_SECOND: Final = REQUESTS_A_SECOND - SHARED_AT_ONCE - 1
CONTENT: Final = 2000  # characters of a message without Components V2
PINGS: Final = 25  # ours: roles that one message notifies; Discord takes 100
FILES: Final = 5  # ours; Discord takes 10, but they share the 40 components with the buttons
UPLOAD: Final = 10 * 1024 * 1024  # bytes, all files of a request, in a server without boosts
TITLE: Final = 256  # ours: a title is a line

# --- tables ----------------------------------------------------------------------------------
# Ours, in columns of monospaced text: an estimate of what a phone of 390 points shows of a code block inside
# the frame of a card. Figures in front of a row leave it half of that.
TABLE_WIDTH: Final = 36
FIGURES_WIDTH: Final = 18

# --- forums and threads ----------------------------------------------------------------------
THREAD_NAME: Final = 100
POST_TAGS: Final = 5

# --- modals ----------------------------------------------------------------------------------
MODAL_COMPONENTS: Final = 5
MODAL_TITLE: Final = 45
MODAL_LABEL: Final = 45
MODAL_DESCRIPTION: Final = 100
INPUT_VALUE: Final = 4000
SELECT_OPTIONS: Final = 25
CHANNELS: Final = 10  # ours, of one picker; Discord takes 25
OPTION_LABEL: Final = 100
OPTION_VALUE: Final = 100
PLACEHOLDER: Final = 150

# --- commands --------------------------------------------------------------------------------
ROOTS: Final = 100
ROOT_CHARACTERS: Final = 8000  # names, descriptions and values, each in its longest translation
MENU_ENTRIES: Final = (
    15  # of messages; since March 2026, where the tree of discord.py 2.7.1 still counts to 5
)
MENU_NAME: Final = 32
COMMAND_DESCRIPTION: Final = 100
COMMAND_OPTIONS: Final = 25
SUBCOMMANDS: Final = 25
COMMAND_CHOICES: Final = 25
CHOICE_NAME: Final = 100
CHOICE_VALUE: Final = 100
STRING_OPTION: Final = 6000
SAFE_INTEGER: Final = 2**53 - 1

# --- interactions ----------------------------------------------------------------------------
TOKEN_SECONDS: Final = 15 * 60.0
FIRST_ANSWER_SECONDS: Final = 3.0

ELLIPSIS: Final = "…"


def size(text: str) -> int:
    """The length of a text as Discord may count it: a character outside the basic plane is two.

    Whether Discord counts code points or UTF-16 units is not said; this is the larger of both.
    """
    return utf16_units(text)


def clip(text: str, limit: int) -> str:
    """`text` within `limit` by `size`, its end marked where it was cut."""
    if size(text) <= limit:
        return text
    kept, used = 0, size(ELLIPSIS)
    for character in text:
        used += size(character)
        if used > limit:
            break
        kept += 1
    return text[: boundary(text, kept)].rstrip() + ELLIPSIS
