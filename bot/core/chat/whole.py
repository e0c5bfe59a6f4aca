"""What a message cannot hold of a card, as files that go with it. Pure.

Only cards that somebody decides by get them: those with a part of a priority (`bot.core.chat.cards`). The
first text of one's own comes as `post.txt` and the first quoted one as `quoted.txt`, each exactly as it
stands in the card; whatever else is cut is in `preview.txt`, which has the whole card in words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from bot.core.chat.cards import Card, File, Picker, Priority, Quote, priority_of
from bot.core.chat.words import card_words

OWN_FILE: Final = "post.txt"
QUOTED_FILE: Final = "quoted.txt"
PREVIEW_FILE: Final = "preview.txt"
_PLAIN: Final = "text/plain; charset=utf-8"  # no message: a type of files
MOST: Final = 3
"""Files that a card can have."""


def names(card: Card) -> Mapping[int, str]:
    """The file that would hold each block, by its position; none for a card that nobody decides by."""
    # A choice keeps its room, but it is no text that could be cut.
    texts = [block for block in card.blocks if not isinstance(block, Picker)]
    if all(priority_of(block) is Priority.ORDINARY for block in texts):
        return {}
    found: dict[int, str] = {}
    taken: set[str] = set()
    for position, block in enumerate(card.blocks):
        name = PREVIEW_FILE
        if isinstance(block, Quote) and block.priority is Priority.OWN:
            name = OWN_FILE
        elif isinstance(block, Quote) and block.priority is Priority.QUOTED:
            name = QUOTED_FILE
        found[position] = PREVIEW_FILE if name in taken else name
        taken.add(name)
    return found


def files(card: Card, cut: Collection[int], left_out: Collection[int] = ()) -> tuple[File, ...]:
    """The files for the blocks at these positions, each once, one's own text first. left_out: positions
    of blocks of which a message shows nothing at all."""
    if not cut and not left_out:
        return ()
    named = names(card)
    wanted = {named[position]: position for position in sorted(cut, reverse=True) if position in named}
    if named and left_out:
        wanted.setdefault(PREVIEW_FILE, min(left_out))
    order = (OWN_FILE, QUOTED_FILE, PREVIEW_FILE)
    return tuple(_file(card, name, wanted[name]) for name in order if name in wanted)


def _file(card: Card, name: str, position: int) -> File:
    block = card.blocks[position]
    text = block.text if isinstance(block, Quote) and name != PREVIEW_FILE else card_words(card)
    return File(name, _PLAIN, text.encode("utf-8", "replace"))
